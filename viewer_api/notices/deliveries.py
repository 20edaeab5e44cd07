"""`/api/v1/deliveries`, `/api/v1/webhooks`, `/api/v1/dead-letters`: what left the house, what could not, and trying again."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from reading_queue import dead_letters
from reading_queue.notices import redriving, webhooks
from reading_queue.partner_secrets import secret_of
from storage.db.models import DeadLetter, NoticeDelivery, Webhook
from storage.db.queries import notices, people
from storage.domain.hints import LetterState
from storage.domain.notices import Urgency
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.notices.schemas import (
    CountOut,
    DeliveryOut,
    DeliveryQuery,
    LetterOut,
    LetterQuery,
    NewWebhookOut,
    RedriveIn,
    ReplayIn,
    WebhookIn,
    WebhookOut,
    WebhookPatch,
)
from viewer_api.openapi import refusals
from viewer_api.schemas import Page

router = APIRouter(prefix="/api/v1", tags=["notices"], responses=refusals(401, 403))

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_TOLD_DIGITS = 4


@router.get("/deliveries")
def list_deliveries(asked: Annotated[DeliveryQuery, Query()], services: ServicesDep) -> Page[DeliveryOut]:
    """What left the house or tries to, the newest first."""
    with services.database.read() as work:
        rows = notices.deliveries(work, asked.state, asked.channel or "", asked.limit + 1, asked.cursor)
        items = [_delivery_out(row) for row in rows[: asked.limit]]
    return Page(items=items, next=str(items[-1].id) if len(rows) > asked.limit else None)


@router.post("/deliveries/redrive")
def redrive_deliveries(body: RedriveIn, caller: CallerDep, services: ServicesDep) -> CountOut:
    """Try again what was given up."""
    with services.database.write() as work:
        return CountOut(count=redriving.redrive(work, caller.actor, body.ids))


@router.get("/webhooks")
def list_webhooks(services: ServicesDep) -> Page[WebhookOut]:
    """The systems that are told, by name."""
    with services.database.read() as work:
        return Page(items=[_webhook_out(hook, code) for hook, code in notices.webhooks(work)])


@router.post("/webhooks", status_code=201, responses=refusals(409, 422))
def register_webhook(body: WebhookIn, caller: CallerDep, services: ServicesDep) -> NewWebhookOut:
    """Tell a system from now on. The secret is shown this once."""
    with services.database.write() as work:
        institution = people.institution_by_code(work, body.institution).id if body.institution else None
        hook = webhooks.register(
            work,
            caller.actor,
            services.seals,
            name=body.name,
            url=body.url,
            secret=body.secret,
            kinds=body.kinds,
            institution_id=institution,
        )
        return NewWebhookOut(
            **_webhook_out(hook, body.institution).model_dump(), secret=secret_of(hook).opened(services.seals)
        )


@router.patch("/webhooks/{webhook_id}", responses=refusals(404, 422))
def change_webhook(webhook_id: RowId, body: WebhookPatch, caller: CallerDep, services: ServicesDep) -> WebhookOut:
    """Another address, secret or choice of kinds; or off."""
    changes = body.model_dump(exclude_unset=True)
    with services.database.write() as work:
        webhooks.change(work, caller.actor, services.seals, webhook_id, changes)
        [(hook, code)] = [line for line in notices.webhooks(work) if line[0].id == webhook_id]
        return _webhook_out(hook, code)


@router.post("/webhooks/{webhook_id}/replay", responses=refusals(404))
def replay_webhook(webhook_id: RowId, body: ReplayIn, caller: CallerDep, services: ServicesDep) -> CountOut:
    """Send everything after a number again."""
    with services.database.write() as work:
        return CountOut(count=redriving.replay(work, caller.actor, webhook_id, after=body.after))


@router.get("/dead-letters")
def list_dead_letters(asked: Annotated[LetterQuery, Query()], services: ServicesDep) -> Page[LetterOut]:
    """Tasks of the workers that failed for good, the newest first."""
    states = tuple(LetterState) if asked.all else (LetterState.OPEN,)
    with services.database.read() as work:
        rows = dead_letters.letters(work, states, asked.limit + 1, asked.cursor)
        items = [_letter_out(row) for row in rows[: asked.limit]]
    return Page(items=items, next=str(items[-1].id) if len(rows) > asked.limit else None)


@router.post("/dead-letters/{letter_id}/redrive", responses=refusals(404, 409))
def redrive_letter(letter_id: RowId, caller: CallerDep, services: ServicesDep) -> LetterOut:
    """Give it to the workers once more."""
    with services.database.write() as work:
        return _letter_out(dead_letters.redrive(work, caller.actor, letter_id))


@router.post("/dead-letters/{letter_id}/dismiss", responses=refusals(404, 409))
def dismiss_letter(letter_id: RowId, caller: CallerDep, services: ServicesDep) -> LetterOut:
    """Nothing more is to be done about it."""
    with services.database.write() as work:
        return _letter_out(dead_letters.dismiss(work, caller.actor, letter_id))


def _delivery_out(row: NoticeDelivery) -> DeliveryOut:
    if row.webhook is not None:
        to = row.webhook.name
    else:
        to = row.user.display_name if row.user is not None else f"…{row.address[-_TOLD_DIGITS:]}"
    plain = ("id", "channel", "state", "attempts", "created_at", "next_attempt_at", "sent_at")
    return DeliveryOut(
        **{name: getattr(row, name) for name in (*plain, "last_error", "last_error_at")},
        kind=row.notice.kind,
        urgency=Urgency(row.notice.urgency),
        to=to,
    )


def _webhook_out(hook: Webhook, institution: str | None) -> WebhookOut:
    plain = ("id", "name", "url", "kinds", "active", "last_seq", "created_at")
    return WebhookOut(**{name: getattr(hook, name) for name in plain}, institution=institution)


def _letter_out(row: DeadLetter) -> LetterOut:
    plain = ("id", "task", "args", "state", "error", "attempts", "deaths", "first_at", "last_at", "decided_at")
    return LetterOut(**{name: getattr(row, name) for name in plain})
