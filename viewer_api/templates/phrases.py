"""`/api/v1/phrases`: short texts that are called up by a few letters."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from reading_queue.templates import phrases
from reading_queue.templates.library import may_change
from reading_queue.templates.phrases import Known, Wanted
from storage.db.queries.tasks import get_task
from storage.db.session import UnitOfWork
from viewer_api.auth.service import Caller
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.schemas import Page
from viewer_api.templates.schemas import PhraseIn, PhraseOut, PhraseQuery

router = APIRouter(prefix="/api/v1/phrases", tags=["templates"], responses=refusals(401, 403))

PhraseId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,64}$", max_length=64)]


@router.get("", responses=refusals(404))
def find_phrases(asked: Annotated[PhraseQuery, Query()], caller: CallerDep, services: ServicesDep) -> Page[PhraseOut]:
    """By code, pinyin, initials or words, those that the caller uses most first; with `task` those for its exam."""
    with services.database.read(caller.scope) as work:
        found = phrases.find(work, caller.actor, _wanted(work, asked), asked.limit)
    return Page(items=[_out(one, caller) for one in found], next=None)


@router.post("", status_code=201)
def create_phrase(body: PhraseIn, caller: CallerDep, services: ServicesDep) -> PhraseOut:
    """One's own, or by the manager the county's or a department's."""
    with services.database.write(caller.scope) as work:
        return _out(phrases.create(work, caller.actor, body.place(), body.text()), caller)


@router.put("/{phrase_id}", responses=refusals(404))
def change_phrase(phrase_id: PhraseId, body: PhraseIn, caller: CallerDep, services: ServicesDep) -> PhraseOut:
    """Other words; the phrase stays where it is."""
    with services.database.write(caller.scope) as work:
        return _out(phrases.change(work, caller.actor, phrase_id, body.text()), caller)


@router.delete("/{phrase_id}", status_code=204, responses=refusals(404))
def delete_phrase(phrase_id: PhraseId, caller: CallerDep, services: ServicesDep) -> Response:
    """Reports keep their words."""
    with services.database.write(caller.scope) as work:
        phrases.delete(work, caller.actor, phrase_id)
    return Response(status_code=204)


@router.post("/{phrase_id}/used", status_code=204, responses=refusals(404))
def note_use(phrase_id: PhraseId, caller: CallerDep, services: ServicesDep) -> Response:
    """Count it, so that it comes first the next time."""
    with services.database.write(caller.scope) as work:
        phrases.note_use(work, caller.actor, phrase_id)
    return Response(status_code=204)


def _wanted(work: UnitOfWork, asked: PhraseQuery) -> Wanted:
    if asked.task is None:
        return Wanted(asked.q, section=asked.section)
    task = get_task(work, asked.task)
    return Wanted(asked.q, task.modality, task.study.body_part.upper(), asked.section)


def _out(known: Known, caller: Caller) -> PhraseOut:
    return PhraseOut.of(known, may_change=may_change(caller.actor, known.place))
