"""`/fhir`: read, search and, for orders, create and update (FHIR R4 3.1)."""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Path, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from storage.audit import AuditEntry, record
from storage.db.queries.orders import order_by_id
from storage.db.session import UnitOfWork
from storage.domain.errors import BadRequest, NotFound
from storage.ingest.times import time_zone
from storage.orders.placing import cancel_order, change_order, lock_institution, place_order
from viewer_api.auth.service import Caller
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.fhir.capability import capability_statement
from viewer_api.fhir.kinds import Context, Kind
from viewer_api.fhir.negotiation import (
    FORM,
    json_answer,
    require_json,
    resource_answer,
    sent_resource,
)
from viewer_api.fhir.orders_in import changes_of, institution_code, is_to_be_cancelled, new_order, reason_of
from viewer_api.fhir.outcomes import FHIR_JSON
from viewer_api.fhir.parameters import row_key
from viewer_api.fhir.registry import KINDS
from viewer_api.fhir.resources.diagnostic_report import DIAGNOSTIC_REPORT, version_of
from viewer_api.fhir.resources.service_request import SERVICE_REQUEST
from viewer_api.fhir.search import Asked, Page, Parameters, find, link_to, read, rendered, understand
from viewer_api.fhir.terms import Resource, instant
from viewer_api.http import matches
from viewer_api.openapi import Responses
from viewer_api.orders.service import institution_of
from viewer_api.services import Services

router = APIRouter(prefix="/fhir", tags=["fhir"], dependencies=[Depends(require_json)])

_REFUSALS = {401: "Log in first.", 403: "Not for this role.", 406: "JSON alone is sent.", 503: "The database is away."}
_OUTCOME: dict[str, Any] = {FHIR_JSON: {"example": {"resourceType": "OperationOutcome", "issue": []}}}


def _responses(*more: tuple[int, str]) -> Responses:
    """OperationOutcome for every refusal."""
    told = {**_REFUSALS, **dict(more)}
    found: Responses = {status: {"description": text, "content": _OUTCOME} for status, text in sorted(told.items())}
    return {200: {"content": {FHIR_JSON: {}}, "description": "JSON"}, **found}


FhirId = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9.\-]+$")]
_MISSING = (404, "There is no such resource here.")
_WRONG = (400, "A parameter makes no sense.")
_UNUSABLE = (422, "The resource cannot be an order; the issues say why.")


@router.get("/metadata", response_class=Response, responses={200: {"content": {FHIR_JSON: {}}, "description": "JSON"}})
def capabilities(request: Request) -> Response:
    """What this server can do; open to everybody."""
    return json_answer(capability_statement(base_of(request)))


def base_of(request: Request) -> str:
    """The address of `/fhir` as the client called it."""
    return f"{request.url.scheme}://{request.url.netloc}/fhir"


def _search_by_address(kind: Kind) -> Callable[..., Response]:
    def search(request: Request, caller: CallerDep, services: ServicesDep) -> Response:
        return _search(request, caller, services, kind, request.query_params.multi_items())

    search.__doc__ = f"Search: {kind.about}. docs/fhir.md has the parameters."
    return search


def _search_by_form(kind: Kind) -> Callable[..., Any]:
    async def search(request: Request, caller: CallerDep, services: ServicesDep) -> Response:
        sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if sent not in ("", FORM):
            raise HTTPException(415, f"Search parameters are sent as {FORM}.")
        try:
            form = parse_qsl((await request.body()).decode(), keep_blank_values=True, max_num_fields=100)
        except ValueError:
            raise BadRequest("The form cannot be read.") from None
        asked = [*request.query_params.multi_items(), *form]
        return await run_in_threadpool(_search, request, caller, services, kind, asked)

    search.__doc__ = f"Search, with the parameters in a form so that they stand in no address: {kind.about}."
    return search


def _read_one(kind: Kind) -> Callable[..., Response]:
    def read_one(fhir_id: FhirId, request: Request, caller: CallerDep, services: ServicesDep) -> Response:
        with services.database.read(caller.scope) as work:
            context = _context(work, request, services)
            resource = _resource(context, kind, _key(fhir_id))
        _note(services, caller, kind, fhir_id)
        return resource_answer(request, resource)

    read_one.__doc__ = f"Read one: {kind.about}."
    return read_one


for _kind in KINDS.values():
    _more: dict[str, Any] = {"response_class": Response}
    router.add_api_route(
        f"/{_kind.name}",
        _search_by_address(_kind),
        methods=["GET"],
        operation_id=f"fhir_search_{_kind.name}",
        responses=_responses(_WRONG),
        **_more,
    )
    router.add_api_route(
        f"/{_kind.name}/_search",
        _search_by_form(_kind),
        methods=["POST"],
        operation_id=f"fhir_post_search_{_kind.name}",
        responses=_responses(_WRONG, (415, "A form is wanted.")),
        **_more,
    )
    router.add_api_route(
        f"/{_kind.name}/{{fhir_id}}",
        _read_one(_kind),
        methods=["GET"],
        operation_id=f"fhir_read_{_kind.name}",
        responses=_responses(_MISSING),
        **_more,
    )


@router.get(
    "/DiagnosticReport/{fhir_id}/_history/{version_id}", response_class=Response, responses=_responses(_MISSING)
)
def read_version(
    fhir_id: FhirId, version_id: FhirId, request: Request, caller: CallerDep, services: ServicesDep
) -> Response:
    """One signed version of a report."""
    with services.database.read(caller.scope) as work:
        context = _context(work, request, services)
        found = read(context, DIAGNOSTIC_REPORT, _key(fhir_id))
        if found is None:
            raise NotFound("There is no such resource.")
        resource = version_of(context, found.row, _key(version_id))
    _note(services, caller, DIAGNOSTIC_REPORT, fhir_id)
    return resource_answer(request, resource)


@router.post(
    "/ServiceRequest",
    status_code=201,
    response_class=Response,
    responses=_responses(_WRONG, (412, "Several orders fit If-None-Exist."), (415, "JSON is wanted."), _UNUSABLE),
)
async def place(request: Request, caller: CallerDep, services: ServicesDep) -> Response:
    """Place an order; with `If-None-Exist` only where none fits."""
    resource = await _sent(request)
    return await run_in_threadpool(_place, request, caller, services, resource)


@router.put(
    "/ServiceRequest/{fhir_id}",
    response_class=Response,
    responses=_responses(
        _MISSING, _WRONG, (409, "It has been started."), (412, "It has been changed since."), _UNUSABLE
    ),
)
async def change(fhir_id: FhirId, request: Request, caller: CallerDep, services: ServicesDep) -> Response:
    """Change an order, or cancel it by the status `revoked`; with `If-Match` only the version that was seen."""
    resource = await _sent(request)
    return await run_in_threadpool(_change, request, caller, services, resource, fhir_id)


async def _sent(request: Request) -> Resource:
    resource = await sent_resource(request)
    if resource.get("resourceType") != SERVICE_REQUEST.name:
        raise BadRequest("The body is not a ServiceRequest.")
    return resource


def _place(request: Request, caller: Caller, services: Services, resource: Resource) -> Response:
    with services.database.write(caller.scope) as work:
        context = _context(work, request, services)
        institution = institution_of(work, caller, institution_code(work, resource))
        lock_institution(work, institution.id)
        known = _known(context, request.headers.get("if-none-exist", ""))
        zone = time_zone(services.settings.time_zone)
        if known is None:
            order = place_order(
                work, institution, new_order(work, resource, institution), author=_author(caller), zone=zone
            )
            work.session.flush()
        key = order.id if known is None else known
        placed = _resource(context, SERVICE_REQUEST, key)
    location = f"{context.base}/ServiceRequest/{key}"
    return resource_answer(request, placed, 201 if known is None else 200, location)


def _known(context: Context, criteria: str) -> int | None:
    """The one order that fits `If-None-Exist` (R4 3.1.0.8.1)."""
    if not criteria:
        return None
    asked = understand(SERVICE_REQUEST, parse_qsl(criteria.removeprefix("?")), context, strict=True)
    if not asked.conditions:
        raise BadRequest("If-None-Exist needs a search parameter, identifier say.")
    found = find(context, asked).resources
    if len(found) > 1:
        raise HTTPException(412, "Several orders fit If-None-Exist.")
    return int(found[0]["id"]) if found else None


def _change(request: Request, caller: Caller, services: Services, resource: Resource, fhir_id: str) -> Response:
    if resource.get("id") != fhir_id:
        raise BadRequest("The id of the resource is not that of the address.")
    with services.database.write(caller.scope) as work:
        context = _context(work, request, services)
        order = order_by_id(work, _key(fhir_id), lock=True)
        seen = request.headers.get("if-match", "")
        if seen and not matches(seen, f'W/"{order.version}"'):
            raise HTTPException(412, f"The order has been changed since: its version is {order.version}.")
        if is_to_be_cancelled(resource, order):
            cancel_order(work, order, reason_of(resource), author=_author(caller))
        else:
            change_order(work, order, changes_of(work, resource, order), author=_author(caller))
        work.session.flush()
        changed = _resource(context, SERVICE_REQUEST, order.id)
    return resource_answer(request, changed)


def _search(request: Request, caller: Caller, services: Services, kind: Kind, parameters: Parameters) -> Response:
    strict = "handling=strict" in request.headers.get("prefer", "").replace(" ", "")
    with services.database.read(caller.scope) as work:
        context = _context(work, request, services)
        asked = understand(kind, parameters, context, strict=strict)
        page = find(context, asked)
        bundle = _bundle(context, asked, page)
    found = [f"{one['resourceType']}/{one['id']}" for one in (*page.resources, *page.included)]
    if kind.subject and found:
        with services.database.write() as work:
            detail = {"found": found}
            record(work.session, AuditEntry(work.now, _author(caller), "fhir_searched", f"fhir:{kind.name}", detail))
    return json_answer(bundle, headers={"Cache-Control": "no-store"})


def _bundle(context: Context, asked: Asked, page: Page) -> Resource:
    links = [{"relation": "self", "url": link_to(asked, context.base)}]
    if page.after is not None:
        links.append({"relation": "next", "url": link_to(asked, context.base, page.after)})
    entries = [
        *(_entry(context, one, "match") for one in page.resources),
        *(_entry(context, one, "include") for one in page.included),
    ]
    bundle: Resource = {
        "resourceType": "Bundle",
        "type": "searchset",
        "timestamp": instant(context.work.now),
        "link": links,
    }
    if page.total is not None:
        bundle["total"] = page.total
    return {**bundle, "entry": entries} if entries else bundle


def _entry(context: Context, resource: Resource, mode: str) -> Resource:
    url = f"{context.base}/{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": url, "resource": resource, "search": {"mode": mode}}


def _resource(context: Context, kind: Kind, key: int) -> Resource:
    found = read(context, kind, key)
    if found is None:
        raise NotFound("There is no such resource.")
    return rendered(context, kind, [found])[0]


def _context(work: UnitOfWork, request: Request, services: Services) -> Context:
    return Context(work, base_of(request), time_zone(services.settings.time_zone))


def _key(text: str) -> int:
    key = row_key(text)
    if key is None:
        raise NotFound("There is no such resource.")
    return key


def _note(services: Services, caller: Caller, kind: Kind, key: str) -> None:
    if kind.audited_as:
        services.opened.note(caller, kind.audited_as, f"{kind.subject}:{key}")


def _author(caller: Caller) -> str:
    return caller.known_as
