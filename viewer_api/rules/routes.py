"""`/api/v1/rules`: the county's rules, edition by edition, for those who run the centre."""

from fastapi import APIRouter

from reading_queue import rulebook
from reading_queue.chapters import chapter_of
from storage.domain.rulebook import RuleKind
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.rules import service
from viewer_api.rules.schemas import ChapterOut, ContentIn, EditionOut, PreviewOut, PublishIn, RulesOut

router = APIRouter(prefix="/api/v1/rules", tags=["rules"], responses=refusals(401, 403))


@router.get("")
def list_rules(caller: CallerDep, services: ServicesDep) -> RulesOut:
    """Every chapter, with the edition in force and the next one."""
    with services.database.read(caller.scope) as work:
        return RulesOut(items=service.chapter_lines(work))


@router.get("/{kind}", responses=refusals(404))
def show_rules(kind: RuleKind, caller: CallerDep, services: ServicesDep) -> ChapterOut:
    """A chapter with all its editions: what they say, who published them, when and why."""
    with services.database.read(caller.scope) as work:
        return service.chapter_out(work, chapter_of(kind))


@router.post("/{kind}", status_code=201, responses=refusals(404, 422))
def publish_rules(kind: RuleKind, body: PublishIn, caller: CallerDep, services: ServicesDep) -> EditionOut:
    """Put a new edition into force, now or from a later moment on. What was opened under an older one keeps it."""
    chapter = chapter_of(kind)
    with services.database.write(caller.scope) as work:
        row = rulebook.publish(
            work, caller.actor, chapter, body.content, effective_from=body.effective_from, note=body.note
        )
        return service.published_out(work, chapter, row)


@router.post("/{kind}/preview", responses=refusals(404, 422))
def preview_rules(kind: RuleKind, body: ContentIn, caller: CallerDep, services: ServicesDep) -> PreviewOut:
    """Whether the content makes sense; for service times, how many of the last 30 days' tasks would be on time under it."""
    with services.database.read(caller.scope) as work:
        return service.preview(work, chapter_of(kind), body.content)
