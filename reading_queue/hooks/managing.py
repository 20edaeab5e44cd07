"""What people do to the hooks of an institution: make, change, pause, try, set to a number, change keys."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from reading_queue.hooks.addresses import Network, checked_url
from reading_queue.hooks.body import checked_wishes
from reading_queue.partner_secrets import sealed_for
from reading_queue.service.actors import Actor
from storage.audit import AuditEntry, record
from storage.db.models import HookAttempt, Institution, ResultHook
from storage.db.session import Hint, UnitOfWork
from storage.domain.errors import Conflict, InvalidField, NotFound
from storage.sealing import Seals

_SECRET_BYTES, _KEY_ID_BYTES = 32, 4
_MOST = 5
"""Of one institution."""


@dataclass(frozen=True)
class Means:
    """What hooks are made with here: what seals their secrets, and the networks of our own that may be called."""

    seals: Seals
    test: Sequence[Network]


def make_hook(
    work: UnitOfWork,
    actor: Actor,
    means: Means,
    institution: Institution,
    *,
    name: str,
    url: str,
    wanted: Sequence[str],
    after: int | None = None,
) -> ResultHook:
    """A hook that is called with the results after number `after`; with those to come where it is None. Its secret is new."""
    if not 0 <= (after or 0) <= institution.result_seq:
        raise InvalidField("after", f"must be from 0 to {institution.result_seq}.")
    if len(list_hooks(work, institution.id)) >= _MOST:
        raise Conflict(f"An institution has {_MOST} systems to call at most.")
    hook = ResultHook(
        institution_id=institution.id,
        institution=institution,
        name=name.strip(),
        url=checked_url(url, means.test),
        wanted=checked_wishes(wanted),
        key_id=_new_key_id(),
        secret="",
        delivered_seq=institution.result_seq if after is None else after,
        next_try_at=work.now,
        attempts=0,
        paused=False,
        version=1,
        created_at=work.now,
        created_by_id=actor.user_id,
    )
    _flush_as_own(work, hook)
    hook.secret = sealed_for(means.seals, hook, _new_secret())
    _note(work, actor, hook, "made", wanted=hook.wanted)
    work.after_commit(Hint("call_hooks", (institution.id,)))
    return hook


def change_hook(
    work: UnitOfWork, actor: Actor, hook: ResultHook, changes: dict[str, Any], version: int, test: Sequence[Network]
) -> None:
    """Change `name`, `url`, `wanted` or `paused`. Raises `Conflict` when `version` is not the present one."""
    if version != hook.version:
        raise Conflict(f"The hook has been changed since: its version is {hook.version}. Load it again.")
    if "url" in changes:
        changes["url"] = checked_url(changes["url"], test)
    if "wanted" in changes:
        changes["wanted"] = checked_wishes(changes["wanted"])
    if changes.get("paused") is False and hook.paused:
        _begin_anew(work, hook)
    for name, value in changes.items():
        setattr(hook, name, value)
    hook.version += 1
    _flush_as_own(work, hook)
    _note(work, actor, hook, "changed", fields=sorted(changes))
    work.after_commit(Hint("call_hooks", (hook.institution_id,)))


def replay(work: UnitOfWork, actor: Actor, hook: ResultHook, after: int) -> int:
    """Call again with everything after number `after`; returns how many results that are now."""
    last = hook.institution.result_seq
    if not 0 <= after <= last:
        raise InvalidField("after", f"must be from 0 to {last}.")
    hook.delivered_seq = after
    # A call that is on its way is not to move the number that a person has just set.
    hook.claimed_until, hook.claim_token = None, ""
    _begin_anew(work, hook)
    hook.version += 1
    _note(work, actor, hook, "replayed", after=after)
    work.after_commit(Hint("call_hooks", (hook.institution_id,)))
    return last - after


def want_test(work: UnitOfWork, actor: Actor, hook: ResultHook) -> None:
    """Have a call made that tells nothing, paused or not; how it went is in the log."""
    hook.test_wanted_at = work.now
    _note(work, actor, hook, "tried")
    work.after_commit(Hint("call_hooks", (hook.institution_id,)))


def change_keys(work: UnitOfWork, actor: Actor, seals: Seals, hook: ResultHook) -> None:
    """A new secret; calls are signed with the old one too until `retire_key`. Raises `Conflict` where two are in use."""
    if hook.old_key_id:
        raise Conflict("Two keys are in use: retire the old one first.")
    hook.old_key_id, hook.old_secret = hook.key_id, hook.secret
    hook.key_id, hook.secret = _new_key_id(), sealed_for(seals, hook, _new_secret())
    hook.version += 1
    _note(work, actor, hook, "key_changed", key=hook.key_id)


def retire_key(work: UnitOfWork, actor: Actor, hook: ResultHook) -> None:
    """The old key signs no more."""
    _note(work, actor, hook, "key_retired", key=hook.old_key_id)
    hook.old_key_id = hook.old_secret = ""
    hook.version += 1


def remove_hook(work: UnitOfWork, actor: Actor, hook: ResultHook) -> None:
    """Call it no more; its log goes with it, what was done to it stays on the audit trail."""
    for attempt in attempts_of(work, hook.id, limit=None):
        work.session.delete(attempt)
    work.session.flush()
    work.session.delete(hook)
    _note(work, actor, hook, "removed")


def hook_by_id(work: UnitOfWork, hook_id: int, *, lock: bool = False) -> ResultHook:
    """Raise `NotFound` when there is no such hook in scope."""
    query = select(ResultHook).where(ResultHook.id == hook_id).options(joinedload(ResultHook.institution))
    found = work.session.execute(query.with_for_update(of=ResultHook) if lock else query).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such hook.")
    return found


def list_hooks(work: UnitOfWork, institution_id: int | None = None) -> Sequence[ResultHook]:
    """Those in scope, or of one institution."""
    query = (
        select(ResultHook)
        .options(joinedload(ResultHook.institution))
        .order_by(ResultHook.institution_id, ResultHook.id)
    )
    if institution_id is not None:
        query = query.where(ResultHook.institution_id == institution_id)
    return work.session.execute(query).scalars().all()


def attempts_of(
    work: UnitOfWork, hook_id: int, *, before: int | None = None, limit: int | None = 50
) -> Sequence[HookAttempt]:
    """The log, the last first."""
    query = select(HookAttempt).where(HookAttempt.hook_id == hook_id).order_by(HookAttempt.id.desc())
    if before is not None:
        query = query.where(HookAttempt.id < before)
    return work.session.execute(query.limit(limit)).scalars().all()


def _begin_anew(work: UnitOfWork, hook: ResultHook) -> None:
    hook.next_try_at, hook.attempts, hook.failing_since = work.now, 0, None
    hook.last_error = hook.paused_because = ""


def _flush_as_own(work: UnitOfWork, hook: ResultHook) -> None:
    try:
        with work.session.begin_nested():
            work.session.add(hook)
            work.session.flush()
    except IntegrityError as error:
        raise InvalidField("url", "is called for this institution already.") from error


def _new_secret() -> str:
    return secrets.token_urlsafe(_SECRET_BYTES)


def _new_key_id() -> str:
    return f"k{secrets.token_hex(_KEY_ID_BYTES)}"


def _note(work: UnitOfWork, actor: Actor, hook: ResultHook, what: str, **detail: Any) -> None:
    told = {"institution": hook.institution.code, **detail}
    record(work.session, AuditEntry(work.now, actor.username, f"result_hook_{what}", f"result_hook:{hook.id}", told))
