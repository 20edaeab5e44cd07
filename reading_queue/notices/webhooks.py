"""Other systems that are told: who they are, and the secret that they check messages with."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from reading_queue.partner_secrets import sealed_for
from reading_queue.service.actors import Actor
from storage.audit import AuditEntry, record
from storage.db.models import Webhook
from storage.db.session import UnitOfWork
from storage.domain.errors import Conflict, Forbidden, InvalidField, NotFound
from storage.domain.reading import Role
from storage.sealing import Seals

OPERATORS = frozenset({Role.MANAGER, Role.ADMIN})
_SECRET_BYTES = 32
_SHORTEST_SECRET = 16
_AS_THEY_ARE = ("kinds", "institution_id", "active")


def register(
    work: UnitOfWork,
    actor: Actor,
    seals: Seals,
    *,
    name: str,
    url: str,
    secret: str = "",
    kinds: Sequence[str] | None = None,
    institution_id: int | None = None,
) -> Webhook:
    """Tell a system from now on; without a secret it is given one. Raises `InvalidField`, and `Conflict` for a name in use."""
    require_operator(actor)
    if not name.strip():
        raise InvalidField("name", "is needed.")
    if work.session.execute(select(Webhook.id).where(Webhook.name == name.strip())).first() is not None:
        raise Conflict("A webhook of this name is there already.")
    hook = Webhook(
        name=name.strip(),
        url=_checked_url(url),
        secret="",
        kinds=None if kinds is None else list(kinds),
        institution_id=institution_id,
        created_at=work.now,
    )
    work.session.add(hook)
    work.session.flush()
    hook.secret = sealed_for(seals, hook, _checked_secret(secret or secrets.token_hex(_SECRET_BYTES)))
    _note(work, actor, "webhook.register", hook, {"name": hook.name, "kinds": hook.kinds})
    return hook


def change(work: UnitOfWork, actor: Actor, seals: Seals, webhook_id: int, changes: Mapping[str, Any]) -> Webhook:
    """Of `url`, `kinds`, `institution_id`, `active` and `secret` those that are given."""
    require_operator(actor)
    hook = webhook(work, webhook_id)
    for name in _AS_THEY_ARE:
        if name in changes:
            setattr(hook, name, changes[name])
    if "url" in changes:
        hook.url = _checked_url(changes["url"])
    if "secret" in changes:
        hook.secret = sealed_for(seals, hook, _checked_secret(changes["secret"]))
    _note(work, actor, "webhook.change", hook, {"changed": sorted(changes)})
    return hook


def webhook(work: UnitOfWork, webhook_id: int) -> Webhook:
    """Locked. Raises `NotFound`."""
    query = select(Webhook).where(Webhook.id == webhook_id).with_for_update()
    found = work.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such webhook.")
    return found


def require_operator(actor: Actor) -> None:
    """Raise `Forbidden` for everybody who does not run the service."""
    if actor.role not in OPERATORS:
        raise Forbidden("Only the manager or an administrator may do this.")


def _checked_url(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidField("url", "must begin with https:// or http:// and name a host.")
    return url.strip()


def _checked_secret(secret: str) -> str:
    if len(secret) < _SHORTEST_SECRET:
        raise InvalidField("secret", f"must have {_SHORTEST_SECRET} characters at least.")
    return secret


def _note(work: UnitOfWork, actor: Actor, action: str, hook: Webhook, detail: dict[str, Any]) -> None:
    record(work.session, AuditEntry(work.now, actor.username, action, f"webhook:{hook.id}", detail))
