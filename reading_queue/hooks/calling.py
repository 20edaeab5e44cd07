"""Whose turn it is to be called: one result after the other, each until it is taken, one worker for each destination."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, delete, or_, select, update
from sqlalchemy.orm import joinedload

from reading_queue.hooks.addresses import test_networks
from reading_queue.hooks.body import body_of, body_of_test
from reading_queue.hooks.sending import Call, Outcome, send
from reading_queue.notices import About, Audience, notify
from reading_queue.partner_secrets import SealedSecret, old_secret_of, secret_of
from reading_queue.results.chapter import RESULTS
from reading_queue.rulebook import in_force
from storage.db.models import HookAttempt, Institution, ResultHook
from storage.db.queries.orders import order_of_study
from storage.db.queries.results import get_result
from storage.db.session import Database, Hint, UnitOfWork
from storage.domain.clock import Clock, SystemClock
from storage.domain.errors import NotFound
from storage.domain.identifiers import new_uid
from storage.domain.notices import Urgency
from storage.domain.reading import Role
from storage.sealing import Seals
from storage.settings import Settings

_log = logging.getLogger(__name__)

CLAIM = timedelta(minutes=2)
"""After this time a worker that has not said how it went counts as lost."""

AT_ONCE = 50
"""Calls that one task makes; then others have their turn."""

FIRST_WAIT, LONGEST_WAIT, _DOUBLINGS = timedelta(seconds=15), timedelta(hours=6), 11
REFUSED_FOR_LONG, SAID_GONE = "refused_for_long", "gone"
"""Why nothing is sent any more (`ResultHook.paused_because`); empty where a person paused it."""

_HINTED_AT_ONCE = 200


@dataclass(frozen=True)
class Errand:
    """A call that this worker alone makes, and of which result: 0 for a test."""

    hook_id: int
    token: str
    seq: int
    call: Call


def call_hooks(database: Database, settings: Settings, institution_id: int, clock: Clock | None = None) -> None:
    """Make the calls that are due to the systems of an institution."""
    test, clock = test_networks(settings.hook_test_networks), clock or SystemClock()
    with database.read() as work:
        due = select(ResultHook.id).where(ResultHook.institution_id == institution_id)
        hooks = work.session.execute(due.order_by(ResultHook.id)).scalars().all()
    if hooks:
        call = partial(send, clock=clock, test=test, seals=Seals.of(settings))
        for hook_id in hooks:
            _call_hook(database, settings.public_url, hook_id, call)


def call_waiting(database: Database, _settings: Settings) -> None:
    """Hint at the institutions whose systems are due to be called, and forget old attempts."""
    with database.write() as work:
        query = select(ResultHook.institution_id).join(Institution).where(or_(_has_result(work), _has_test(work)))
        for institution_id in work.session.execute(query.distinct().limit(_HINTED_AT_ONCE)).scalars():
            work.after_commit(Hint("call_hooks", (institution_id,)))
        oldest = work.now - timedelta(days=in_force(work, RESULTS).content.log_days)
        work.session.execute(delete(HookAttempt).where(HookAttempt.at < oldest))


def _call_hook(database: Database, public_url: str, hook_id: int, call: Callable[[Call], Outcome]) -> None:
    for _ in range(AT_ONCE):
        with database.write() as work:
            errand = _claim(work, hook_id, public_url)
        if errand is None:
            return
        outcome = call(errand.call)
        with database.write() as work:
            _settle(work, errand, outcome)
        if outcome.error:
            _log.warning("Hook %s did not take result %s: %s.", hook_id, errand.seq, outcome.error)
            return


def _claim(work: UnitOfWork, hook_id: int, public_url: str) -> Errand | None:
    """The next call; nobody else makes one there until it is settled, or `CLAIM` is over."""
    query = select(ResultHook).join(Institution).where(ResultHook.id == hook_id)
    query = query.where(or_(_has_result(work), _has_test(work))).options(joinedload(ResultHook.institution))
    locked = query.with_for_update(of=ResultHook, skip_locked=True)
    hook = work.session.execute(locked, execution_options={"populate_existing": True}).scalar_one_or_none()
    if hook is None:
        return None
    hook.claimed_until, hook.claim_token = work.now + CLAIM, new_uid()
    if hook.test_wanted_at is not None:
        body = body_of_test(hook.institution.code)
        key = f"{hook.institution.code}-test-{int(hook.test_wanted_at.timestamp())}"
        return Errand(hook.id, hook.claim_token, 0, Call(hook.url, keys_of(hook), key, body))
    result = get_result(work, hook.institution_id, hook.delivered_seq + 1)
    body = body_of(result, order_of_study(work, result.study_id), hook.wanted, public_url)
    key = f"{hook.institution.code}-{result.seq}"
    return Errand(hook.id, hook.claim_token, result.seq, Call(hook.url, keys_of(hook), key, body))


def keys_of(hook: ResultHook) -> list[tuple[str, SealedSecret]]:
    """Those that a call is signed with, the newer first."""
    older = [(hook.old_key_id, old_secret_of(hook))] if hook.old_key_id else []
    return [(hook.key_id, secret_of(hook)), *older]


def _settle(work: UnitOfWork, errand: Errand, outcome: Outcome) -> None:
    hook = work.session.get(ResultHook, errand.hook_id, with_for_update=True, populate_existing=True)
    if hook is None:
        raise NotFound("There is no such hook.")
    work.session.add(
        HookAttempt(
            institution_id=hook.institution_id,
            hook_id=hook.id,
            seq=errand.seq,
            at=work.now,
            milliseconds=outcome.milliseconds,
            status=outcome.status,
            error=outcome.error,
        )
    )
    # Somebody else has the claim by now, or a person has set the hook to another number: what he said counts.
    mine = ResultHook.id == hook.id, ResultHook.claim_token == errand.token
    free: dict[str, Any] = {"claimed_until": None, "claim_token": ""}
    if errand.seq == 0:
        work.session.execute(update(ResultHook).where(*mine).values(**free, test_wanted_at=None))
    elif not outcome.error:
        _note_taken(work, errand, mine, free)
    else:
        _note_refused(work, hook, outcome, mine, free)


def _note_taken(work: UnitOfWork, errand: Errand, mine: tuple[ColumnElement[bool], ...], free: dict[str, Any]) -> None:
    values = {"delivered_seq": errand.seq, "delivered_at": work.now, "next_try_at": work.now, "failing_since": None}
    at_its_place = ResultHook.delivered_seq == errand.seq - 1
    work.session.execute(
        update(ResultHook).where(*mine, at_its_place).values(**values, **free, attempts=0, last_error="")
    )


def _note_refused(
    work: UnitOfWork, hook: ResultHook, outcome: Outcome, mine: tuple[ColumnElement[bool], ...], free: dict[str, Any]
) -> None:
    since = hook.failing_since or work.now
    wait = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(hook.attempts, _DOUBLINGS)))
    values = {"attempts": hook.attempts + 1, "last_error": outcome.error, "failing_since": since}
    because = SAID_GONE if outcome.is_gone else ""
    if work.now - since >= timedelta(days=in_force(work, RESULTS).content.call_days):
        because = REFUSED_FOR_LONG
    stop = {"paused": True, "paused_because": because} if because else {}
    changed = work.session.execute(
        update(ResultHook).where(*mine).values(**values, **free, **stop, next_try_at=work.now + wait)
    )
    if because and cast("CursorResult[Any]", changed).rowcount:
        _tell_of_end(work, hook, because)


def _tell_of_end(work: UnitOfWork, hook: ResultHook, because: str) -> None:
    key = f"hook.stopped:{hook.id}:{hook.delivered_seq}:{int(work.now.timestamp())}"
    params = {"name": hook.name, "because": because, "waiting_from": hook.delivered_seq + 1}
    clinic = Audience(roles=frozenset({Role.CLINIC}), institution_id=hook.institution_id)
    managers = Audience(roles=frozenset({Role.MANAGER, Role.ADMIN}))
    notify(work, "hook.stopped", clinic, About(), key=key, urgency=Urgency.NORMAL, params=params)
    notify(work, "hook.stopped", managers, About(), key=f"{key}:county", urgency=Urgency.NORMAL, params=params)


def _is_free(work: UnitOfWork) -> ColumnElement[bool]:
    return or_(ResultHook.claimed_until.is_(None), ResultHook.claimed_until <= work.now)


def _has_result(work: UnitOfWork) -> ColumnElement[bool]:
    return (
        ResultHook.paused.is_(False)
        & (ResultHook.next_try_at <= work.now)
        & (Institution.result_seq > ResultHook.delivered_seq)
        & _is_free(work)
    )


def _has_test(work: UnitOfWork) -> ColumnElement[bool]:
    return ResultHook.test_wanted_at.is_not(None) & _is_free(work)
