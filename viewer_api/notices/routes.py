"""`/api/v1/notices`: what the caller is told, and where he is reached."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from reading_queue.notices.preferences import Preferences, keep_preferences, preferences_of, reach
from reading_queue.notices.wording import sentence
from storage.audit import AuditEntry, record
from storage.db.models import User
from storage.db.queries import notices, people
from storage.db.queries.notices import NoticeLine
from storage.db.session import UnitOfWork
from storage.domain.notices import Channel, Urgency
from storage.domain.reading import Role
from storage.settings import Settings
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.notices.schemas import (
    ContactIn,
    ContactOut,
    NoticeOut,
    NoticePage,
    NoticeQuery,
    QuietHoursIn,
    SeenIn,
    UnseenOut,
    WishesIn,
    WishesOut,
)
from viewer_api.openapi import refusals
from viewer_api.schemas import Page

router = APIRouter(prefix="/api/v1", tags=["notices"], responses=refusals(401, 403))

_WISHES = ("off", "muted", "quiet_hours")


@router.get("/notices")
def list_notices(asked: Annotated[NoticeQuery, Query()], caller: CallerDep, services: ServicesDep) -> NoticePage:
    """The caller's own, the newest first."""
    with services.database.read() as work:
        lines = notices.notices_of(work, caller.user.id, asked.limit + 1, unseen_only=asked.unseen, before=asked.cursor)
        unseen = notices.unseen_of(work, caller.user.id)
    shown = lines[: asked.limit]
    following = str(shown[-1].recipient.id) if len(lines) > asked.limit else None
    return NoticePage(items=list(map(_notice_out, shown)), next=following, unseen=unseen.all, urgent=unseen.urgent)


@router.post("/notices/seen")
def mark_seen(body: SeenIn, caller: CallerDep, services: ServicesDep) -> UnseenOut:
    """The caller has seen these; an urgent one must be named."""
    with services.database.write() as work:
        latest = notices.notices_of(work, caller.user.id, 1)
        up_to = latest[0].recipient.id if latest else 0
        notices.mark_seen(work, caller.user.id, body.ids, up_to)
        unseen = notices.unseen_of(work, caller.user.id)
    return UnseenOut(unseen=unseen.all, urgent=unseen.urgent)


@router.get("/notices/preferences")
def show_preferences(caller: CallerDep, services: ServicesDep) -> WishesOut:
    """Where the caller is reached, and what he wants."""
    with services.database.read() as work:
        return _wishes_out(work.session.get_one(User, caller.user.id), services.settings)


@router.put("/notices/preferences", responses=refusals(422))
def set_preferences(body: WishesIn, caller: CallerDep, services: ServicesDep) -> WishesOut:
    """Keep all of it; what is not given is off or empty."""
    with services.database.write() as work:
        user = work.session.get_one(User, caller.user.id)
        reach(user, email=body.email, mobile=body.mobile)
        keep_preferences(user, body.model_dump(mode="json", include=set(_WISHES)))
        _note(work, caller.actor.username, user)
        return _wishes_out(user, services.settings)


@router.get("/admin/contacts")
def list_contacts(services: ServicesDep) -> Page[ContactOut]:
    """Where everybody is reached."""
    with services.database.read() as work:
        return Page(items=[_contact_out(user) for user in notices.reached(work)])


@router.patch("/admin/contacts/{username}", responses=refusals(404, 422))
def change_contact(
    username: Annotated[str, Path(max_length=64)], body: ContactIn, caller: CallerDep, services: ServicesDep
) -> ContactOut:
    """For somebody who does not do it himself; it stands in the audit trail."""
    with services.database.write() as work:
        user = people.user_by_name(work, username)
        reach(user, email=body.email, mobile=body.mobile)
        _note(work, caller.actor.username, user)
        return _contact_out(user)


def _note(work: UnitOfWork, who: str, user: User) -> None:
    reached = {"email": bool(user.email), "mobile": bool(user.mobile)}
    record(work.session, AuditEntry(work.now, who, "user.reach", f"user:{user.id}", reached))


def _notice_out(line: NoticeLine) -> NoticeOut:
    notice = line.notice
    return NoticeOut(
        id=notice.id,
        kind=notice.kind,
        urgency=Urgency(notice.urgency),
        params=notice.params,
        text=sentence(notice.kind, "zh", notice.params),
        task_id=notice.task_id,
        study_instance_uid=line.study_instance_uid,
        critical_case_id=notice.critical_case_id,
        created_at=notice.created_at,
        seen_at=line.recipient.seen_at,
    )


def _wishes_out(user: User, settings: Settings) -> WishesOut:
    wishes: Preferences = preferences_of(user)
    quiet = wishes.quiet_hours
    return WishesOut(
        email=user.email,
        mobile=user.mobile,
        off=list(wishes.off),
        muted=list(wishes.muted),
        quiet_hours=QuietHoursIn(begins=quiet.begins, ends=quiet.ends) if quiet else None,
        channels=[channel for channel, on in ((Channel.EMAIL, settings.smtp), (Channel.SMS, settings.sms_url)) if on],
    )


def _contact_out(user: User) -> ContactOut:
    return ContactOut(
        username=user.username,
        name=user.display_name,
        role=Role(user.role),
        institution=user.institution.code,
        institution_name=user.institution.name,
        email=user.email,
        mobile=user.mobile,
    )
