"""The county's rules: chapters of data in editions, each in force from a moment on, none ever changed once published."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select

from storage.audit import AuditEntry, record
from storage.db.models import RuleEdition
from storage.db.queries.rulebook import VERSION_IN_FORCE
from storage.db.session import UnitOfWork
from storage.domain.errors import Forbidden, Invalid, NotFound
from storage.domain.reading import Role
from storage.domain.rulebook import RuleKind

if TYPE_CHECKING:
    from reading_queue.service.actors import Actor

T = TypeVar("T")

PUBLISHERS = frozenset({Role.MANAGER, Role.ADMIN})
SHIPPED = 0
"""The version of what the product ships, in force until the county publishes an edition of its own."""

_ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)

_KNOWN: WeakKeyDictionary[Engine, dict[tuple[RuleKind, int], tuple["Chapter[Any]", "Edition[Any]"]]] = (
    WeakKeyDictionary()
)
"""Editions as this process has parsed them, by database: one that is published never changes."""


@dataclass(frozen=True)
class Chapter(Generic[T]):
    """One kind of rules. `parse` makes what the product works with out of JSON, and raises `Invalid` naming what is wrong.

    `reopen`, where a chapter has it, reads editions of earlier releases in its place, as far as they still make sense.
    """

    kind: RuleKind
    shipped: Mapping[str, Any]
    parse: Callable[[Mapping[str, Any]], T]
    reopen: Callable[[Mapping[str, Any]], T] | None = None


@dataclass(frozen=True)
class Edition(Generic[T]):
    """A chapter as it is in force from `effective_from` on."""

    version: int
    effective_from: datetime
    content: T


def in_force(work: UnitOfWork, chapter: Chapter[T], at: datetime | None = None) -> Edition[T]:
    """The edition in force at `at`, or now: of those that began by then the one published last.

    Which one that is, is asked each time, in a statement that reads its number alone; what it says is parsed once.
    """
    values = {"kind": chapter.kind, "now": at or work.now}
    return edition(work, chapter, work.session.execute(VERSION_IN_FORCE, values).scalar() or SHIPPED)


def edition(work: UnitOfWork, chapter: Chapter[T], version: int) -> Edition[T]:
    """That edition, also after it has been replaced. Raises `NotFound`."""
    known = _KNOWN.setdefault(work.session.get_bind().engine, {})
    of, found = known.get((chapter.kind, version), (None, None))
    if found is not None and of is chapter:
        return cast("Edition[T]", found)
    opened, may_vanish = _read(work, chapter, version)
    if not may_vanish:
        known[chapter.kind, version] = chapter, opened
    return opened


def editions(work: UnitOfWork, kind: RuleKind) -> list[RuleEdition]:
    """Every edition that the county has published, the oldest first."""
    query = select(RuleEdition).where(RuleEdition.kind == kind).order_by(RuleEdition.version)
    return list(work.session.execute(query).scalars())


def publish(
    work: UnitOfWork,
    actor: "Actor",
    chapter: Chapter[Any],
    content: Mapping[str, Any],
    *,
    effective_from: datetime | None = None,
    note: str = "",
) -> RuleEdition:
    """Put a new edition into force, now or later. Raises `Invalid` for what cannot be read, or for a moment that has passed."""
    if actor.role not in PUBLISHERS or actor.user_id is None:
        raise Forbidden("Only the county's manager changes the rules.")
    begins = effective_from or work.now
    if begins < work.now:
        raise Invalid("Rules cannot be changed for the past: effective_from must not lie before now.")
    chapter.parse(content)
    last = work.session.execute(select(func.max(RuleEdition.version)).where(RuleEdition.kind == chapter.kind)).scalar()
    row = RuleEdition(
        kind=chapter.kind,
        version=(last or SHIPPED) + 1,
        effective_from=begins,
        content=dict(content),
        note=note.strip(),
        published_by_id=actor.user_id,
        published_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    detail = {"version": row.version, "effective_from": begins.isoformat(), "note": row.note}
    record(work.session, AuditEntry(work.now, actor.username, "rules.publish", f"rules:{chapter.kind}", detail))
    return row


def _read(work: UnitOfWork, chapter: Chapter[T], version: int) -> tuple[Edition[T], bool]:
    """The edition, and whether this very transaction may have published it, and may still be rolled back."""
    if version == SHIPPED:
        return Edition(SHIPPED, _ALWAYS, chapter.parse(chapter.shipped)), False
    query = select(RuleEdition).where(RuleEdition.kind == chapter.kind, RuleEdition.version == version)
    row = work.session.execute(query).scalar_one_or_none()
    if row is None:
        raise NotFound(f"There is no edition {version} of the rules for {chapter.kind}.")
    content = (chapter.reopen or chapter.parse)(row.content)
    return Edition(row.version, row.effective_from, content), row.published_at >= work.now
