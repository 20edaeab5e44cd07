"""Months: open ones are reckoned when somebody looks, closed ones are kept as they were, hashed, one tied to the one before."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reading_queue.rulebook import SHIPPED, edition, editions
from reading_queue.service import Actor
from reading_queue.settlement.chapter import SETTLEMENT
from reading_queue.settlement.lines import Line, LineKind, PriceList, Prices, reckon
from storage.audit import AuditEntry, record
from storage.db.models import RuleEdition, SettlementDispute, SettlementLine, SettlementMonth
from storage.db.queries import settlement as rows
from storage.db.session import UnitOfWork
from storage.domain.canonical import canonical_json, sha256_hex
from storage.domain.errors import Conflict, Forbidden, InvalidField
from storage.domain.reading import Role

SETTLERS = frozenset({Role.MANAGER, Role.ADMIN})
FIRST = "0" * 64
"""What the first closed month names as the hash before it."""

_MONTH = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])")
_SAME = (
    "kind", "at", "institution_id", "task_id", "version", "modality", "priority", "item", "edition", "reader_id",
    "signer_id", "fee", "read_pay", "audit_pay", "corrects_id", "words",
)  # fmt: skip


@dataclass(frozen=True)
class Statement:
    """A month's lines, of one clinic or of all; `closed` is None while it may still change."""

    month: str
    lines: Sequence[Line]
    closed: SettlementMonth | None


def month_of(work: UnitOfWork, moment: datetime) -> str:
    """The county's month, as `2026-03`."""
    return f"{moment.astimezone(work.zone):%Y-%m}"


def span_of(work: UnitOfWork, month: str) -> tuple[datetime, datetime]:
    """From its first moment to before the next month's. Raises `InvalidField`."""
    found = _MONTH.fullmatch(month)
    if found is None:
        raise InvalidField("month", "must be a month such as 2026-03.")
    year, number = int(found[1]), int(found[2])
    begin = datetime(year, number, 1, tzinfo=work.zone)
    end = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=work.zone)
    return begin.astimezone(UTC), end.astimezone(UTC)


def statement(work: UnitOfWork, month: str, institution_id: int | None = None) -> Statement:
    """A month as it was closed, or as it stands now."""
    begin, end = span_of(work, month)
    closed = rows.closed_month(work, month)
    if closed is not None:
        return Statement(month, [_kept(row) for row in rows.lines_of(work, month, institution_id)], closed)
    return Statement(month, _reckoned(work, begin, end, institution_id), None)


def closes_from(work: UnitOfWork, month: str) -> datetime:
    """When the month may be closed at the earliest, by the rules in force at its end."""
    _, end = span_of(work, month)
    return end + timedelta(hours=price_lists(work)(end).rules.close_after_hours)


def close(work: UnitOfWork, actor: Actor, month: str) -> SettlementMonth:
    """Freeze the month's lines. Raises `Forbidden`, `Conflict` when it is closed, not over, or an earlier one is open."""
    if actor.role not in SETTLERS or actor.user_id is None:
        raise Forbidden("Only the county's manager closes a month.")
    if work.now < closes_from(work, month):
        raise Conflict("The month cannot be closed yet.")
    months = rows.closed_months(work)
    if any(one.month >= month for one in months):
        raise Conflict("This month, or a later one, has been closed already.")
    lines = statement(work, month).lines
    previous = months[0].sha256 if months else FIRST
    made = SettlementMonth(
        month=month,
        closed_at=work.now,
        closed_by_id=actor.user_id,
        lines=len(lines),
        fee=sum(line.fee for line in lines),
        sha256=fingerprint(month, lines, previous),
        previous_sha256=previous,
    )
    work.session.add(made)
    work.session.flush()
    work.session.add_all(_row(month, number, line) for number, line in enumerate(lines, start=1))
    work.session.flush()
    detail = {"lines": made.lines, "fee": made.fee, "sha256": made.sha256}
    record(work.session, AuditEntry(work.now, actor.username, "settlement.close", f"settlement:{month}", detail))
    return made


def is_intact(work: UnitOfWork, closed: SettlementMonth) -> bool:
    """Whether the lines of a closed month are those that it was closed with."""
    lines = [_kept(row) for row in rows.lines_of(work, closed.month)]
    return fingerprint(closed.month, lines, closed.previous_sha256) == closed.sha256


def fingerprint(month: str, lines: Sequence[Line], previous: str) -> str:
    """SHA-256 over the canonical JSON of the lines and the hash of the month before."""
    told = [{name: _told(getattr(line, name)) for name in _SAME} for line in lines]
    return sha256_hex(canonical_json({"month": month, "previous_sha256": previous, "lines": told}))


def price_lists(work: UnitOfWork) -> Prices:
    """What was in force at any moment: of the editions that had begun by then, the one published last."""
    begun = sorted(editions(work, SETTLEMENT.kind), key=lambda row: row.effective_from)
    moments = [row.effective_from for row in begun]

    def at(moment: datetime) -> PriceList:
        candidates: Sequence[RuleEdition] = begun[: bisect_right(moments, moment)]
        version = max((row.version for row in candidates), default=SHIPPED)
        return PriceList(version, edition(work, SETTLEMENT, version).content)

    return at


def _reckoned(work: UnitOfWork, begin: datetime, end: datetime, institution_id: int | None) -> list[Line]:
    signed = rows.signed_in(work, begin, end, institution_id)
    given_up = rows.given_up_in(work, begin, end, institution_id)
    lines = reckon(signed, given_up, price_lists(work), begin)
    granted = [_correction(one) for one in rows.granted_in(work, begin, end, institution_id)]
    return sorted([*lines, *granted], key=lambda line: (line.at, line.task_id, line.version))


def _correction(granted: SettlementDispute) -> Line:
    of = granted.line
    return Line(
        LineKind.CORRECTION,
        granted.answered_at or granted.asked_at,
        of.institution_id,
        of.task_id,
        of.version,
        of.modality,
        of.priority,
        of.item,
        of.edition,
        of.reader_id,
        of.signer_id,
        granted.fee,
        granted.read_pay,
        granted.audit_pay,
        corrects_id=of.id,
        words=granted.answer or granted.words,
    )


def _kept(row: SettlementLine) -> Line:
    values = {name: getattr(row, name) for name in _SAME}
    return Line(**{**values, "kind": LineKind(row.kind)}, id=row.id)


def _row(month: str, number: int, line: Line) -> SettlementLine:
    return SettlementLine(month=month, number=number, **{name: getattr(line, name) for name in _SAME})


def _told(value: object) -> object:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
