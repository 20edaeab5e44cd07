"""`/api/v1/audit`."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from sqlalchemy import func, select

from reading_queue.access import ACCESS
from reading_queue.rulebook import in_force
from storage.audit_anchors import Anchors
from storage.audit_export import as_csv, as_jsonl
from storage.db.models import AuditArchive, AuditEvent, AuditHead
from storage.db.queries import audit
from storage.db.queries.audit import AuditQuery
from viewer_api.audit.schemas import AuditAsked, AuditFound, AuditLine, AuditSearch, AuditState
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import Responses, refusals
from viewer_api.services import Services

router = APIRouter(prefix="/api/v1/audit", tags=["audit"])

_OVERDUE_AFTER = 3
_EXPORT: Responses = {
    200: {"content": {"application/x-ndjson": {}, "text/csv": {}}, "description": "The links, the first first."},
    **refusals(401, 403),
}


class ExportAsked(AuditAsked):
    """Which part, and in which form."""

    format: Literal["jsonl", "csv"] = "jsonl"


@router.post("/search", responses=refusals(401, 403))
def search_audit(asked: AuditSearch, caller: CallerDep, services: ServicesDep) -> AuditFound:
    """Who did what, to which patient or study, when, and how it ended. The search stands on the trail itself."""
    services.opened.note(caller, "audit_searched", "list:audit")
    with services.database.read() as work:
        found = audit.search(work, asked.wanted(asked.patient), asked.limit, asked.cursor)
        names = audit.names_of(work, [event.actor for event in found])
        items = [_line(event, names.get(event.actor, "")) for event in found]
    return AuditFound(items=items, next=found[-1].seq if len(found) == asked.limit else None)


@router.get("/export", response_class=StreamingResponse, responses=_EXPORT)
def export_audit(asked: Annotated[ExportAsked, Query()], caller: CallerDep, services: ServicesDep) -> StreamingResponse:
    """The trail with its hashes: `countyread verify audit --export FILE` checks it anywhere."""
    services.opened.note(caller, "audit_exported", "list:audit")
    is_csv = asked.format == "csv"
    headers = {"Content-Disposition": f'attachment; filename="audit.{asked.format}"'}
    media = "text/csv; charset=utf-8" if is_csv else "application/x-ndjson"
    return StreamingResponse(_lines(services, asked.wanted(), is_csv=is_csv), headers=headers, media_type=media)


@router.get("/state", responses=refusals(401, 403))
def show_state(services: ServicesDep) -> AuditState:
    """How long the chain is, and whether it is anchored as often as it should be."""
    anchors = Anchors.of(services.settings).all()
    last = anchors[-1] if anchors else None
    with services.database.read() as work:
        head = work.session.execute(select(AuditHead)).scalar_one()
        every = timedelta(minutes=in_force(work, ACCESS).content.audit.anchor_minutes)
        archived = work.session.execute(select(func.max(AuditArchive.last_seq))).scalar()
        return AuditState(
            links=head.seq,
            head=head.sha256,
            anchored_at=last.taken_at if last else None,
            anchored_links=last.seq if last else 0,
            archived_links=archived or 0,
            overdue=last is None or work.now - last.taken_at > _OVERDUE_AFTER * every,
        )


def _lines(services: Services, asked: AuditQuery, *, is_csv: bool) -> Iterator[str]:
    with services.database.read() as work:
        events = audit.stream(work, asked)
        yield from as_csv(events) if is_csv else as_jsonl(events)


def _line(event: AuditEvent, name: str) -> AuditLine:
    return AuditLine(
        seq=event.seq,
        at=event.at,
        actor=event.actor,
        name=name,
        action=event.action,
        subject=event.subject,
        outcome=str(event.detail.get("outcome") or "done"),
        detail=event.detail,
        sha256=event.sha256,
    )
