"""At the door of every route: who shows what, and whether it opens."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastapi import Request

from reading_queue.service import Actor
from storage.db.models import ApiKey, Study
from storage.db.queries import access
from storage.db.queries.consultations import require_asked
from storage.db.session import Database, Scope
from storage.domain.accounts import Duty
from storage.domain.accounts import Scope as KeyScope
from storage.domain.errors import DutyFirst, Forbidden, Masked, NotAuthenticated, NotFound
from storage.domain.reading import Role
from viewer_api.auth.caller import Caller, Visitor, scope_of
from viewer_api.auth.service import authenticate
from viewer_api.auth.tokens import COOKIE, KEY_PREFIX, SHARE_COOKIE, VISIT_PREFIX, token_hash
from viewer_api.grouped_writes import GroupedWrites
from viewer_api.permissions import MASKABLE, OWN_ACCOUNT, PEOPLE_ONLY, ROLES, SEES_IMAGES, SHARED
from viewer_api.scopes import opens

_REFUSED = "Your role does not allow this."
_IDLE_HEADER = "countyread-idle"
_MAX_IDLE = 24 * 3600.0
_FOREIGN = frozenset({"cross-site"})


@dataclass(frozen=True)
class Asked:
    """A request at the door. `idle` is for how long the person has not touched anything, None where nobody knows."""

    route: str
    method: str
    params: Mapping[str, str]
    token: str | None
    idle: float | None
    visitor: Visitor

    @classmethod
    def of(cls, request: Request, visitor: Visitor) -> "Asked":
        """What matters of a request."""
        route = f"{request.method} {request.scope['route'].path}"
        token, idle = _shown(request)
        return cls(route, request.method, request.path_params, token, idle, visitor)

    @property
    def study(self) -> str | None:
        """The study that the path names."""
        return self.params.get("study_instance_uid")


def admit(database: Database, writes: GroupedWrites, asked: Asked) -> Caller:
    """Who asks, if the route opens for him. Raises `NotAuthenticated` or `Forbidden`."""
    token = asked.token or ""
    if token.startswith(KEY_PREFIX):
        return _machine(database, writes, asked, token)
    if token.startswith(VISIT_PREFIX):
        return _visit(database, asked, token)
    return _person(database, asked)


def _person(database: Database, asked: Asked) -> Caller:
    caller = authenticate(database, asked.token, asked.idle)
    if caller.duty != Duty.NONE and asked.route not in OWN_ACCOUNT:
        raise DutyFirst(_duty_words(caller.duty))
    _require_role(caller, asked)
    if caller.masked and asked.route not in MASKABLE and caller.role != Role.REGULATOR:
        raise Masked("This session hides who patients are; log in again to see it.")
    if asked.study is not None and caller.role in (Role.CONSULTANT, Role.CLINIC):
        return _to_one_study(database, caller, asked, asked.study)
    return caller


def _to_one_study(database: Database, caller: Caller, asked: Asked, study: str) -> Caller:
    """With the sight of the clinic whose study it is, where one study alone opens the door: a consultant's, an emergency's."""
    with database.read() as work:
        if caller.role == Role.CONSULTANT:
            return replace(caller, scope=Scope(require_asked(work, caller.user.institution_id, study)))
        if asked.method != "GET" or ROLES[asked.route] != SEES_IMAGES:
            return caller
        glass = access.open_glass_for(work, caller.user.id, study)
        if glass is None:
            return caller
        return replace(
            caller, scope=Scope(glass.study.institution_id), known_as=f"{caller.known_as}:emergency:{glass.id}"
        )


def _machine(database: Database, writes: GroupedWrites, asked: Asked, token: str) -> Caller:
    with database.read() as work:
        key = access.key_by_secret(work, token_hash(token))
        if key is None:
            raise NotAuthenticated("There is no such API key, or it has ended.")
        caller, now = _key_caller(key), work.now
    if not opens(caller.key_scopes or (), asked.route) or asked.route in PEOPLE_ONLY:
        raise Forbidden("The scopes of this API key do not open this route.")
    _require_role(caller, asked)
    if access.key_wants_note(key, now, asked.visitor.address):
        writes.write(lambda work: access.note_key_use(work, key.id, asked.visitor.address))
    return caller


def _key_caller(key: ApiKey) -> Caller:
    role = Role(key.user.role)
    scopes = frozenset(KeyScope(scope) for scope in key.scopes)
    return Caller(
        key.user,
        Actor.of(key.user),
        scope_of(key.user, role),
        role,
        key.secret_sha256,
        key.expires_at or key.created_at,
        key_scopes=scopes,
        known_as=f"key:{key.prefix}",
    )


def _visit(database: Database, asked: Asked, token: str) -> Caller:
    """Somebody with a link: no person of ours, who sees what a consultant would of that one study."""
    with database.read() as work:
        visit = access.visit_by_token(work, token_hash(token))
        if visit is None:
            raise NotAuthenticated("The link has ended.")
        link = visit.share_link
        shared = work.session.get_one(Study, link.study_id).study_instance_uid
    if asked.route not in SHARED:
        raise Forbidden("The link shows one study and nothing else.")
    if asked.study != shared:
        raise NotFound("There is no such study.")
    actor = replace(Actor.of(link.created_by), role=Role.CONSULTANT)
    return Caller(
        link.created_by,
        actor,
        Scope(link.institution_id),
        Role.CONSULTANT,
        visit.token_sha256,
        visit.expires_at,
        known_as=f"share:{link.id}",
    )


def _require_role(caller: Caller, asked: Asked) -> None:
    roles = ROLES.get(asked.route)
    if roles is None or caller.role not in roles:
        raise Forbidden(_REFUSED)


def _duty_words(duty: Duty) -> str:
    if duty == Duty.PASSWORD:
        return "Choose a password of your own first."
    return "Set up a second factor first."


def _shown(request: Request) -> tuple[str | None, float | None]:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip(), _idle(request.headers.get(_IDLE_HEADER, "0"))
    # A cookie travels with forged requests too: it opens only what changes nothing, and nothing that another site asks for.
    if request.method not in ("GET", "HEAD") or request.headers.get("sec-fetch-site") in _FOREIGN:
        return None, None
    return request.cookies.get(COOKIE) or request.cookies.get(SHARE_COOKIE), None


def _idle(text: str) -> float | None:
    return min(float(text), _MAX_IDLE) if text.isascii() and text.isdigit() else None
