"""`/api/v1/studies/{uid}/notes`: the conversation of clinic and centre on a study."""

from typing import Annotated

from fastapi import APIRouter, Path

from reading_queue import notes
from reading_queue.notes import Line
from storage.db.models import Study
from storage.db.queries.studies import study_by_uid
from storage.db.session import UnitOfWork
from storage.domain.reading import InstitutionKind
from viewer_api.auth.service import Caller
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.notes.schemas import ConversationOut, LineKind, LineOut, NoteIn, NotesSeenIn, SeenOut
from viewer_api.openapi import refusals

router = APIRouter(prefix="/api/v1/studies", tags=["notes"], responses=refusals(401, 403, 404))

Uid = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[0-9.]+$", examples=["1.2.840.113619.2.55.3"])]


@router.get("/{study_instance_uid}/notes")
def show_conversation(study_instance_uid: Uid, caller: CallerDep, services: ServicesDep) -> ConversationOut:
    """Notes, questions, answers and retakes in their order."""
    with services.database.read(caller.scope) as work:
        return _conversation(work, study_by_uid(work, study_instance_uid), caller)


@router.post("/{study_instance_uid}/notes", status_code=201, responses=refusals(422))
def write_note(study_instance_uid: Uid, body: NoteIn, caller: CallerDep, services: ServicesDep) -> ConversationOut:
    """Write to the other side, which is told."""
    with services.database.write(caller.scope) as work:
        study = study_by_uid(work, study_instance_uid)
        notes.write_note(work, caller.actor, study, body.text)
        return _conversation(work, study, caller)


@router.post("/{study_instance_uid}/notes/seen", status_code=204)
def mark_notes_seen(study_instance_uid: Uid, body: NotesSeenIn, caller: CallerDep, services: ServicesDep) -> None:
    """The caller has these notes before his eyes."""
    with services.database.write(caller.scope) as work:
        notes.mark_seen(work, caller.actor, study_by_uid(work, study_instance_uid), body.up_to)


def _conversation(work: UnitOfWork, study: Study, caller: Caller) -> ConversationOut:
    return ConversationOut(items=[_line_out(line, caller) for line in notes.conversation(work, study)])


def _line_out(line: Line, caller: Caller) -> LineOut:
    return LineOut(
        kind=LineKind(line.kind),
        id=line.note_id,
        at=line.at,
        name=line.name,
        side=InstitutionKind(line.side) if line.side else None,
        mine=line.username == caller.actor.username,
        text=line.text,
        code=line.code,
        seen_by=[SeenOut(name=seen.name, at=seen.at) for seen in line.seen],
    )
