"""Peer review: taking the next one, giving a score, and the quick score of an earlier report while its next study is read."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, or_, select

from reading_queue.notices import About, Audience, notify
from reading_queue.quality.chapter import QUALITY
from reading_queue.rulebook import in_force
from reading_queue.service.guards import readable_modalities
from reading_queue.transitions import HELD_STATES, ISSUED_STATES
from storage.audit import AuditEntry, record
from storage.db.models import PeerReview, ReadingTask, Report, ReportVersion, Study
from storage.db.queries.persons import are_one_person
from storage.db.session import UnitOfWork
from storage.domain.errors import Conflict, Forbidden, Invalid, NotAllowedFromState, NotFound
from storage.domain.quality import DrawnBy, Radpeer, ReviewState
from storage.domain.reading import ReportKind, Role

if TYPE_CHECKING:
    from reading_queue.service.actors import Actor

TO_AMEND = frozenset({Radpeer.MISSED_SIGNIFICANT, Radpeer.MISINTERPRETED})
"""Scores after which the report itself should be looked at again."""


def next_review(work: UnitOfWork, actor: "Actor") -> PeerReview | None:
    """Take the oldest review that the actor may give: his own open one first, never of a report that he wrote or signed."""
    _require_reviewer(actor)
    query = select(PeerReview).where(_may_take(work, actor)).order_by(PeerReview.state, PeerReview.id)
    review = work.session.execute(query.limit(1).with_for_update(of=PeerReview, skip_locked=True)).scalar_one_or_none()
    if review is not None and not (review.state == ReviewState.TAKEN and review.reviewer_id == actor.user_id):
        review.state, review.reviewer_id, review.taken_at = ReviewState.TAKEN, actor.user_id, work.now
        work.session.flush()
    return review


def waiting_for(work: UnitOfWork, actor: "Actor", limit: int = 100) -> Sequence[PeerReview]:
    """The reviews that the actor may give, in the order in which he will get them."""
    _require_reviewer(actor)
    query = select(PeerReview).where(_may_take(work, actor)).order_by(PeerReview.state, PeerReview.id).limit(limit)
    return work.session.execute(query).scalars().all()


def submit_review(work: UnitOfWork, actor: "Actor", review_id: int, score: Radpeer, comment: str = "") -> PeerReview:
    """Give the score. A discrepancy needs words; its author is told them, and not whose they are."""
    _require_reviewer(actor)
    query = select(PeerReview).where(PeerReview.id == review_id).with_for_update(of=PeerReview)
    review = work.session.execute(query).scalar_one_or_none()
    if review is None:
        raise NotFound("There is no such review.")
    if review.state != ReviewState.TAKEN or review.reviewer_id != actor.user_id:
        raise NotAllowedFromState("This review is not in your hands.")
    _give(work, actor, review, score, comment)
    return review


def score_prior(
    work: UnitOfWork, actor: "Actor", task_id: int, report_id: int, score: Radpeer, comment: str = ""
) -> PeerReview:
    """The reader of a study scores the report of an earlier one of the same person. Each report gets one such score."""
    task, prior = _task(work, task_id), _task(work, _task_of_report(work, report_id))
    if task.reader_id != actor.user_id or task.state not in HELD_STATES:
        raise Forbidden("An earlier report is scored by whoever has the next study in hand.")
    if actor.user_id in (prior.author_id, prior.signer_id):
        raise Forbidden("Nobody reviews a report that he wrote or signed.")
    _require_comparable(work, task, prior)
    review = _prior_review(work, task, prior)
    _give(work, actor, review, score, comment)
    return review


def reviewed_version(work: UnitOfWork, review: PeerReview) -> ReportVersion:
    """The version that was drawn. Raises `NotFound`."""
    query = select(ReportVersion).join(Report).where(Report.task_id == review.task_id)
    version = work.session.execute(query.where(ReportVersion.version == review.version)).scalar_one_or_none()
    if version is None:
        raise NotFound("There is no such report.")
    return version


def _give(work: UnitOfWork, actor: "Actor", review: PeerReview, score: Radpeer, comment: str) -> None:
    words = comment.strip()
    if score is not Radpeer.CONCUR and not words:
        raise Invalid("A discrepancy needs a comment for the author.")
    review.state, review.done_at, review.score, review.comment = ReviewState.DONE, work.now, score, words
    review.reviewer_id = actor.user_id
    work.session.add(review)
    work.session.flush()
    record(
        work.session, AuditEntry(work.now, actor.username, "peer_review.given", f"review:{review.id}", {"score": score})
    )
    if score is not Radpeer.CONCUR:
        _tell(work, review, score)


def _tell(work: UnitOfWork, review: PeerReview, score: Radpeer) -> None:
    about, params = (
        About(task_id=review.task_id, study_id=review.study_id),
        {"score": str(score), "modality": review.modality},
    )
    author = Audience(users=frozenset({review.author_id}))
    notify(work, "quality.discrepancy", author, about, key=f"quality.discrepancy:{review.id}", params=params)
    if score in TO_AMEND:
        both = Audience(users=frozenset({review.author_id, review.signer_id}))
        notify(work, "quality.amend", both, about, key=f"quality.amend:{review.id}", params=params)


def _may_take(work: UnitOfWork, actor: "Actor") -> ColumnElement[bool]:
    held = timedelta(hours=in_force(work, QUALITY).content.peer_review.held_hours)
    free = or_(
        PeerReview.state == ReviewState.WAITING,
        and_(
            PeerReview.state == ReviewState.TAKEN,
            or_(PeerReview.reviewer_id == actor.user_id, PeerReview.taken_at <= work.now - held),
        ),
    )
    foreign = and_(PeerReview.author_id != actor.user_id, PeerReview.signer_id != actor.user_id)
    modalities = readable_modalities(actor)
    return and_(free, foreign) if modalities is None else and_(free, foreign, PeerReview.modality.in_(modalities))


def _require_reviewer(actor: "Actor") -> None:
    if actor.role is not Role.AUDITOR:
        raise Forbidden("Reviews are given by auditing physicians.")


def _require_comparable(work: UnitOfWork, task: ReadingTask, prior: ReadingTask) -> None:
    study, earlier = work.session.get_one(Study, task.study_id), work.session.get_one(Study, prior.study_id)
    if prior.state not in ISSUED_STATES or task.study_id == prior.study_id:
        raise Invalid("Only the signed report of an earlier study can be scored.")
    if study.patient_id != earlier.patient_id and not are_one_person(
        work.session, study.patient_id, earlier.patient_id
    ):
        raise Invalid("The two studies are not of one person.")


def _prior_review(work: UnitOfWork, task: ReadingTask, prior: ReadingTask) -> PeerReview:
    query = select(PeerReview.id).where(PeerReview.task_id == prior.id, PeerReview.drawn_by == DrawnBy.PRIOR)
    if work.session.execute(query).scalar_one_or_none() is not None:
        raise Conflict("Somebody has scored this report already.")
    version = _signed_version(work, prior)
    return PeerReview(
        institution_id=prior.institution_id,
        task_id=prior.id,
        study_id=prior.study_id,
        version=version.version,
        modality=prior.modality,
        author_id=version.author_id,
        signer_id=version.signer_id,
        drawn_by=DrawnBy.PRIOR,
        drawn_at=work.now,
        state=ReviewState.TAKEN,
        taken_at=work.now,
        while_task_id=task.id,
    )


def _signed_version(work: UnitOfWork, task: ReadingTask) -> ReportVersion:
    query = select(ReportVersion).join(Report).where(Report.task_id == task.id).order_by(ReportVersion.version.desc())
    version = work.session.execute(query.limit(1)).scalar_one_or_none()
    if version is None or version.kind == ReportKind.WITHDRAWN:
        raise NotFound("There is no such report.")
    return version


def _task_of_report(work: UnitOfWork, report_id: int) -> int:
    task_id = work.session.execute(select(Report.task_id).where(Report.id == report_id)).scalar_one_or_none()
    if task_id is None:
        raise NotFound("There is no such report.")
    return task_id


def _task(work: UnitOfWork, task_id: int) -> ReadingTask:
    query = select(ReadingTask).where(ReadingTask.id == task_id).with_for_update(of=ReadingTask)
    task = work.session.execute(query, execution_options={"populate_existing": True}).scalar_one_or_none()
    if task is None:
        raise NotFound("There is no such task.")
    return task
