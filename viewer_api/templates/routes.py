"""`/api/v1/templates`: the templates that a reader may use, and their changing."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from reading_queue.ecg.suggested import suggested_values
from reading_queue.templates import library
from reading_queue.templates.fitting import Exam
from reading_queue.templates.library import Entry
from reading_queue.templates.rendering import render
from reading_queue.templates.shipped import FORMAT
from storage.db.queries.tasks import get_task
from storage.domain.templates import Level
from viewer_api.auth.service import Caller
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.schemas import Page
from viewer_api.templates.schemas import (
    FittingOut,
    PlaceIn,
    RenderedOut,
    RenderIn,
    TemplateChange,
    TemplateFile,
    TemplateIn,
    TemplateOut,
    fitting_out,
    template_fields,
)

router = APIRouter(prefix="/api/v1/templates", tags=["templates"], responses=refusals(401, 403))

TemplateIdPath = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,64}$", max_length=64)]
TaskQuery = Annotated[int | None, Query(ge=1, le=2**63 - 1)]


@router.get("", responses=refusals(404))
def list_templates(
    caller: CallerDep, services: ServicesDep, for_task: TaskQuery = None, level: Level | None = None
) -> Page[FittingOut]:
    """With `for_task` what may be used for that exam, best first; else everything in use, perhaps of one level."""
    with services.database.read(caller.scope) as work:
        if for_task is None:
            entries = [one for one in library.visible(work, caller.actor) if level in (None, one.place.level)]
            return Page(items=[_listed(one, caller) for one in entries], next=None)
        task = get_task(work, for_task)
        fits = [
            replace(fit, start={**fit.start, **suggested_values(work, task.study_id, fit.entry.template)})
            for fit in library.fitting(work, caller.actor, Exam.of(task.study, task.modality))
        ]
        items = [
            fitting_out(fit, suggested=number == 0 and fit.score > 0, may_change=_may_change(fit.entry, caller))
            for number, fit in enumerate(fits)
        ]
        return Page(items=items, next=None)


@router.post("", status_code=201, responses=refusals(409))
def create_template(body: TemplateIn, caller: CallerDep, services: ServicesDep) -> TemplateOut:
    """A new template: one's own, or by the manager the county's or a department's."""
    with services.database.write(caller.scope) as work:
        return _out(library.create(work, caller.actor, body.place(), body.content, body.key), caller)


@router.get("/{template_id}", responses=refusals(404))
def show_template(template_id: TemplateIdPath, caller: CallerDep, services: ServicesDep) -> TemplateOut:
    """One template in use, with all that its form needs."""
    with services.database.read(caller.scope) as work:
        return _out(library.entry(work, caller.actor, template_id), caller)


@router.put("/{template_id}", responses=refusals(404, 409))
def change_template(
    template_id: TemplateIdPath, body: TemplateChange, caller: CallerDep, services: ServicesDep
) -> TemplateOut:
    """A new edition; reports keep the one that they were made with."""
    with services.database.write(caller.scope) as work:
        return _out(library.change(work, caller.actor, template_id, body.content, body.version), caller)


@router.delete("/{template_id}", status_code=204, responses=refusals(404))
def withdraw_template(template_id: TemplateIdPath, caller: CallerDep, services: ServicesDep) -> Response:
    """Take it out of use; its editions are kept."""
    with services.database.write(caller.scope) as work:
        library.withdraw(work, caller.actor, template_id)
    return Response(status_code=204)


@router.post("/{template_id}/copy", status_code=201, responses=refusals(404, 409))
def copy_template(template_id: TemplateIdPath, body: PlaceIn, caller: CallerDep, services: ServicesDep) -> TemplateOut:
    """The same template to be changed elsewhere; there it takes the other's place."""
    with services.database.write(caller.scope) as work:
        return _out(library.copy(work, caller.actor, template_id, body.place()), caller)


@router.get("/{template_id}/file", responses=refusals(404))
def export_template(
    template_id: TemplateIdPath, caller: CallerDep, services: ServicesDep, response: Response
) -> TemplateFile:
    """The template as a file, to be imported elsewhere with POST."""
    with services.database.read(caller.scope) as work:
        found = library.entry(work, caller.actor, template_id)
    response.headers["Content-Disposition"] = f'attachment; filename="template-{found.key}.json"'
    return TemplateFile(format=FORMAT, key=found.key, version=found.version, content=dict(found.content))


@router.post("/{template_id}/render", responses=refusals(404))
def render_template(
    template_id: TemplateIdPath, body: RenderIn, caller: CallerDep, services: ServicesDep
) -> RenderedOut:
    """What the template says about these values."""
    with services.database.read(caller.scope) as work:
        found = library.entry(work, caller.actor, template_id)
    return RenderedOut.of(render(found.template, body.values, body.language))


def _may_change(entry: Entry, caller: Caller) -> bool:
    return library.may_change(caller.actor, entry.place)


def _out(entry: Entry, caller: Caller) -> TemplateOut:
    return TemplateOut(**template_fields(entry, may_change=_may_change(entry, caller)))


def _listed(entry: Entry, caller: Caller) -> FittingOut:
    return FittingOut(**template_fields(entry, may_change=_may_change(entry, caller)), suggested=False, start={})
