"""What clinic and centre write to each other about a study, in one conversation with questions, answers and retakes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from reading_queue.notices import About, Audience, notify
from reading_queue.service.actors import Actor
from storage.audit import AuditEntry, record
from storage.db.models import Institution, ReadingTask, Study, StudyNote, StudyNoteSeen, TaskEvent, User
from storage.db.queries.tasks import tasks_of_study
from storage.db.session import UnitOfWork
from storage.db.upsert import insert_missing
from storage.domain.errors import Forbidden, InvalidField
from storage.domain.reading import Action, InstitutionKind, Role

LONGEST = 2000
"""Characters of a note."""

NOTE = "note"
_SPOKEN = (Action.ASK, Action.ANSWER, Action.RETURN, Action.RETAKEN)
_CENTRE = frozenset({Role.RADIOLOGIST, Role.AUDITOR, Role.MANAGER})
_WRITERS = _CENTRE | {Role.CLINIC, Role.CONSULTANT}


@dataclass(frozen=True)
class Seen:
    """Who has had a note before his eyes, and when first."""

    name: str
    at: datetime


@dataclass(frozen=True)
class Line:
    """One line of the conversation. `kind` is "note", or the step of the task that said it; `code` a retake's reason.

    `side` is the kind of the speaker's institution, empty for the system. `note_id` is None for what is no note.
    """

    kind: str
    at: datetime
    name: str
    username: str
    side: str
    text: str
    code: str = ""
    note_id: int | None = None
    seen: tuple[Seen, ...] = ()


def write_note(work: UnitOfWork, actor: Actor, study: Study, text: str) -> StudyNote:
    """Keep a note and tell the other side. Raises `Forbidden`, and `InvalidField` for an empty or endless text."""
    if actor.role not in _WRITERS or actor.user_id is None:
        raise Forbidden("Your role writes no notes.")
    words = text.strip()
    if not 0 < len(words) <= LONGEST:
        raise InvalidField("text", f"must have 1 to {LONGEST} characters.")
    note = StudyNote(
        institution_id=study.institution_id, study_id=study.id, author_id=actor.user_id, text=words, at=work.now
    )
    work.session.add(note)
    work.session.flush()
    record(work.session, AuditEntry(work.now, actor.username, "study.note", f"study:{study.id}", {"note": note.id}))
    _tell_the_other_side(work, actor, study, note)
    return note


def mark_seen(work: UnitOfWork, actor: Actor, study: Study, up_to: int) -> None:
    """The actor has the notes of others up to this one before his eyes."""
    others = select(StudyNote.id).where(
        StudyNote.study_id == study.id, StudyNote.id <= up_to, StudyNote.author_id != actor.user_id
    )
    rows = [
        {"note_id": note_id, "user_id": actor.user_id, "institution_id": study.institution_id, "at": work.now}
        for note_id in work.session.execute(others.order_by(StudyNote.id)).scalars()
    ]
    insert_missing(work.session, StudyNoteSeen, rows, StudyNoteSeen.id)


def conversation(work: UnitOfWork, study: Study) -> list[Line]:
    """Everything that was said about the study, the oldest first."""
    lines = [*_notes(work, study), *_spoken(work, study)]
    return sorted(lines, key=lambda line: (line.at, line.note_id or 0))


def _notes(work: UnitOfWork, study: Study) -> list[Line]:
    query = select(StudyNote).where(StudyNote.study_id == study.id).options(joinedload(StudyNote.author))
    notes = work.session.execute(query.order_by(StudyNote.id)).scalars().all()
    seen = _seen(work, [note.id for note in notes])
    return [
        Line(
            NOTE,
            note.at,
            note.author.display_name,
            note.author.username,
            note.author.institution.kind,
            note.text,
            note_id=note.id,
            seen=tuple(seen.get(note.id, ())),
        )
        for note in notes
    ]


def _seen(work: UnitOfWork, note_ids: Sequence[int]) -> dict[int, list[Seen]]:
    query = select(StudyNoteSeen).where(StudyNoteSeen.note_id.in_(note_ids)).options(joinedload(StudyNoteSeen.user))
    found: dict[int, list[Seen]] = {}
    for row in work.session.execute(query.order_by(StudyNoteSeen.id)).scalars():
        found.setdefault(row.note_id, []).append(Seen(row.user.display_name, row.at))
    return found


def _spoken(work: UnitOfWork, study: Study) -> list[Line]:
    """What the steps of its tasks said."""
    query = (
        select(TaskEvent, User, Institution.kind)
        .join(ReadingTask, ReadingTask.id == TaskEvent.task_id)
        .outerjoin(User, User.id == TaskEvent.actor_id)
        .outerjoin(Institution, Institution.id == User.institution_id)
        .where(ReadingTask.study_id == study.id, TaskEvent.action.in_(_SPOKEN))
    )
    return [
        Line(
            event.action,
            event.at,
            _name(user),
            event.actor,
            side or "",
            event.reason,
            code=str(event.detail.get("code") or ""),
        )
        for event, user, side in work.session.execute(query.order_by(TaskEvent.id))
    ]


def _name(user: User | None) -> str:
    """Empty for the system."""
    return "" if user is None else user.display_name


def _tell_the_other_side(work: UnitOfWork, actor: Actor, study: Study, note: StudyNote) -> None:
    audience = _centre_side(work, study) if actor.institution_kind == InstitutionKind.CLINIC else _clinic_side(study)
    tasks = tasks_of_study(work, study.id)
    about = About(task_id=tasks[0].id if tasks else None, study_id=study.id)
    notify(work, "study.note", audience, about, key=f"study.note:{note.id}")


def _clinic_side(study: Study) -> Audience:
    return Audience(roles=frozenset({Role.CLINIC}), institution_id=study.institution_id)


def _centre_side(work: UnitOfWork, study: Study) -> Audience:
    """Who has the case in hand or has written about it; the manager when nobody has."""
    hands = {
        user
        for task in tasks_of_study(work, study.id)
        for user in (task.reader_id, task.preferred_reader_id, task.author_id, task.signer_id)
    }
    query = select(StudyNote.author_id).join(User, User.id == StudyNote.author_id)
    writers = work.session.execute(query.where(StudyNote.study_id == study.id, User.role.in_(_CENTRE))).scalars()
    users = frozenset(user for user in {*hands, *writers} if user is not None)
    return Audience(users=users) if users else Audience(roles=frozenset({Role.MANAGER}))
