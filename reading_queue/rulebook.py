"""The county's rules: chapters of data in editions, each in force from a moment on, none ever changed once published."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import func, select

from storage.audit import AuditEntry, record
from storage.db.models import RuleEdition
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


@dataclass(frozen=True)
class Chapter(Generic[T]):
    """One kind of rules. `parse` makes what the product works with out of JSON, and raises `Invalid` naming what is wrong."""

    kind: RuleKind
    shipped: Mapping[str, Any]
    parse: Callable[[Mapping[str, Any]], T]


@dataclass(frozen=True)
class Edition(Generic[T]):
    """A chapter as it is in force from `effective_from` on."""

    version: int
    effective_from: datetime
    content: T


def in_force(work: UnitOfWork, chapter: Chapter[T], at: datetime | None = None) -> Edition[T]:
    """The edition in force at `at`, or now: of those that began by then the one published last."""
    moment = at or work.now
    began = [row for row in editions(work, chapter.kind) if row.effective_from <= moment]
    return _opened(chapter, max(began, key=lambda row: (row.effective_from, row.version))) if began else _first(chapter)


def edition(work: UnitOfWork, chapter: Chapter[T], version: int) -> Edition[T]:
    """That edition, also after it has been replaced. Raises `NotFound`."""
    if version == SHIPPED:
        return _first(chapter)
    found = [row for row in editions(work, chapter.kind) if row.version == version]
    if not found:
        raise NotFound(f"There is no edition {version} of the rules for {chapter.kind}.")
    return _opened(chapter, found[0])


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


def _first(chapter: Chapter[T]) -> Edition[T]:
    return Edition(SHIPPED, _ALWAYS, chapter.parse(chapter.shipped))


def _opened(chapter: Chapter[T], row: RuleEdition) -> Edition[T]:
    return Edition(row.version, row.effective_from, chapter.parse(row.content))
