"""The draw for peer review: by a number that follows from the seed and the signature, so that drawing again draws the same."""

from datetime import datetime

from sqlalchemy import func, select

from reading_queue.quality.chapter import QUALITY, ReviewRules
from reading_queue.rulebook import in_force
from storage.db.models import PeerReview, Report, SignedExam
from storage.db.session import Database, UnitOfWork
from storage.domain.canonical import sha256_hex
from storage.domain.quality import DrawnBy, ReviewState
from storage.settings import Settings

_DIGITS = 13
"""Hexadecimal digits of the hash that a float holds without loss."""


def draw_number(seed: str, task_id: int, seq: int) -> float:
    """A number from 0 up to 1, evenly spread over signatures, the same for the same seed and signature (event `seq`)."""
    drawn = int(sha256_hex(f"{seed}:{task_id}:{seq}".encode())[:_DIGITS], 16)
    return drawn / float(1 << (4 * _DIGITS))


def draw(work: UnitOfWork, exam: SignedExam, rules: ReviewRules) -> PeerReview | None:
    """The review of a case that has just been signed, when it is drawn."""
    if exam.modality in rules.always:
        return _open(work, exam, DrawnBy.ALWAYS)
    return _open(work, exam, DrawnBy.SHARE) if exam.draw < rules.share(exam.modality) else None


def top_up_reviews(database: Database, _settings: Settings) -> None:
    """Towards the end of a month: draw more of the authors who have had too few cases reviewed."""
    with database.write() as work:
        rules = in_force(work, QUALITY).content.peer_review
        today = work.now.astimezone(work.zone)
        if today.day >= rules.top_up_from_day:
            top_up(work, rules, today.replace(day=1, hour=0, minute=0, second=0, microsecond=0))


def top_up(work: UnitOfWork, rules: ReviewRules, since: datetime) -> int:
    """Draw each author up to the minimum out of what was signed `since`, the lowest numbers first. Returns how many."""
    drawn = 0
    for author_id, have in _counted(work, since):
        lacking = rules.minimum_per_month - have
        if lacking > 0:
            drawn += sum(
                _open(work, exam, DrawnBy.MINIMUM) is not None for exam in _lowest(work, author_id, since, lacking)
            )
    return drawn


def _counted(work: UnitOfWork, since: datetime) -> list[tuple[int, int]]:
    """Every author of the time, with how many of his cases were drawn."""
    query = (
        select(SignedExam.author_id, func.count(PeerReview.id))
        .outerjoin(PeerReview, PeerReview.task_id == SignedExam.task_id)
        .where(SignedExam.signed_at >= since)
        .group_by(SignedExam.author_id)
    )
    return [(author_id, have) for author_id, have in work.session.execute(query)]


def _lowest(work: UnitOfWork, author_id: int, since: datetime, count: int) -> list[SignedExam]:
    reviewed = select(PeerReview.task_id)
    query = (
        select(SignedExam)
        .where(SignedExam.author_id == author_id, SignedExam.signed_at >= since, SignedExam.task_id.not_in(reviewed))
        .order_by(SignedExam.draw, SignedExam.task_id)
        .limit(count)
    )
    return list(work.session.execute(query).scalars())


def _open(work: UnitOfWork, exam: SignedExam, why: DrawnBy) -> PeerReview:
    last = work.session.execute(select(Report.last_version).where(Report.task_id == exam.task_id)).scalar_one_or_none()
    # A draw happens in the transaction of the signature, just before its version is written; a top-up long after.
    version = (last or 0) + 1 if why is not DrawnBy.MINIMUM else last or 1
    review = PeerReview(
        institution_id=exam.institution_id,
        task_id=exam.task_id,
        study_id=exam.study_id,
        version=version,
        modality=exam.modality,
        author_id=exam.author_id,
        signer_id=exam.signer_id,
        drawn_by=why,
        drawn_at=work.now,
        state=ReviewState.WAITING,
    )
    work.session.add(review)
    work.session.flush()
    return review
