"""A reader's own rules: before those of the county, and in place of those whose key they have."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from reading_queue.hanging.checking import read_protocols
from reading_queue.hanging.stored import LeftOut, read_stored, with_left_out
from reading_queue.hanging.vocabulary import Protocol
from reading_queue.service.actors import Actor
from storage.audit import AuditEntry, record
from storage.db.models import OwnHanging
from storage.db.session import UnitOfWork
from storage.domain.errors import Conflict, Forbidden
from storage.domain.reading import Role

READERS = frozenset({Role.RADIOLOGIST, Role.AUDITOR})


@dataclass(frozen=True)
class OwnRules:
    """As they were last saved; version 0 of a reader who never has."""

    version: int = 0
    protocols: tuple[Protocol, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def own_rules(work: UnitOfWork, actor: Actor) -> OwnRules:
    """The reader's rules in his order; other people have none."""
    row = work.session.execute(select(OwnHanging).where(OwnHanging.user_id == actor.user_id)).scalar_one_or_none()
    return OwnRules() if row is None else _opened(row)


def save_rules(
    work: UnitOfWork,
    actor: Actor,
    *,
    version: int,
    protocols: Sequence[Mapping[str, Any]],
    forget: Collection[int] = (),
) -> OwnRules:
    """Keep these in place of version `version`; none of them is to go back to the county's.

    Rules that are left out because they are not read any more are kept as they are, but for those whose places are in
    `forget` and those whose key one of `protocols` has.

    Raises `InvalidFields`, `Forbidden`, and `Conflict` when the rules have been saved elsewhere since that version.
    """
    if actor.role not in READERS or actor.user_id is None:
        raise Forbidden("Rules for hanging are kept for those who read.")
    wanted = read_protocols({"protocols": list(protocols)})
    row = _held(work, actor.user_id, version)
    held = _opened(row)
    before, now = _by_key(held.protocols), _by_key(wanted)
    kept = [one for one in held.left_out if one.at not in forget and one.word("key") not in now]
    row.content = with_left_out([one.model_dump(mode="json") for one in wanted], kept)
    row.version, row.changed_at = version + 1, work.now
    work.session.flush()
    detail = {
        "version": row.version,
        "rules": [one.key for one in wanted],
        "changed": sorted(key for key, one in now.items() if before.get(key) != one),
        "removed": sorted(before.keys() - now.keys()),
        "forgotten": len(held.left_out) - len(kept),
    }
    record(work.session, AuditEntry(work.now, actor.username, "hanging.save", f"hanging:{actor.username}", detail))
    return _opened(row)


def drop_rules(work: UnitOfWork, actor: Actor) -> OwnRules:
    """Go back to the county's rules. Raises `Forbidden`."""
    held = own_rules(work, actor)
    return save_rules(work, actor, version=held.version, protocols=(), forget=[one.at for one in held.left_out])


def _opened(row: OwnHanging) -> OwnRules:
    found = read_stored(row.content)
    return OwnRules(row.version, found.protocols, found.left_out)


def _by_key(protocols: Sequence[Protocol]) -> dict[str, Protocol]:
    return {one.key: one for one in protocols}


def _held(work: UnitOfWork, user_id: int, version: int) -> OwnHanging:
    """The row for the rest of the transaction, if it still is at that version."""
    if version == 0:
        _begin(work, user_id)
    query = select(OwnHanging).where(OwnHanging.user_id == user_id, OwnHanging.version == version).with_for_update()
    row = work.session.execute(query).scalar_one_or_none()
    if row is None:
        raise Conflict("These rules have been changed elsewhere: look at them again.")
    return row


def _begin(work: UnitOfWork, user_id: int) -> None:
    try:
        with work.session.begin_nested():
            work.session.add(OwnHanging(user_id=user_id, version=0, content={"protocols": []}, changed_at=work.now))
    except IntegrityError as error:
        raise Conflict("These rules have been changed elsewhere: look at them again.") from error
