"""Statements as the interface tells them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import select

from reading_queue.rulebook import edition, in_force
from reading_queue.settlement import months
from reading_queue.settlement.chapter import SETTLEMENT, Item
from reading_queue.settlement.lines import Line, LineKind, Sum, earned
from reading_queue.settlement.months import Statement
from storage.db.models import Institution, SettlementDispute, User
from storage.db.queries import people
from storage.db.queries import settlement as rows
from storage.db.session import UnitOfWork
from storage.domain.reading import Priority, Role
from viewer_api.auth.service import Caller
from viewer_api.settlement.schemas import DisputeOut, EarnedLine, ItemLine, LineOut, LinePage, PlaceLine, StatementOut

_COUNTED = {
    "readings": LineKind.READING,
    "duplicates": LineKind.DUPLICATE,
    "amendments": LineKind.AMENDMENT,
    "withdrawals": LineKind.WITHDRAWAL,
    "unreadable": LineKind.UNREADABLE,
    "corrections": LineKind.CORRECTION,
}
_SHOWN_MONTHS = 24


def asked_statement(work: UnitOfWork, caller: Caller, month: str | None, institution: str) -> Statement:
    """The month that was asked for, of whom the caller may see. Raises `NotFound`."""
    wanted = people.institution_by_code(work, institution).id if institution else None
    own = caller.scope.institution_id
    return months.statement(work, month or months.month_of(work, work.now), own if own is not None else wanted)


def statement_out(work: UnitOfWork, caller: Caller, found: Statement) -> StatementOut:
    """A month with its sums."""
    closed, is_clinic = found.closed, caller.role == Role.CLINIC
    closes_from = months.closes_from(work, found.month)
    return StatementOut(
        month=found.month,
        months=_months(work, found.month),
        closed_at=closed.closed_at if closed else None,
        closed_by=closed.closed_by.display_name if closed else "",
        sha256=closed.sha256 if closed else "",
        intact=months.is_intact(work, closed) if closed and not is_clinic else None,
        closes_from=closes_from,
        disputes_until=_disputes_until(work, found),
        may_close=not is_clinic and closed is None and work.now >= closes_from,
        fee=sum(line.fee for line in found.lines),
        clinics=_places(work, found.lines),
        items=_items(work, found.lines),
        readers=[] if is_clinic else _readers(work, found.lines),
    )


def lines_out(work: UnitOfWork, caller: Caller, found: Statement, after: int, limit: int) -> LinePage:
    """A part of a month's lines, in their order."""
    part = found.lines[after : after + limit]
    end = after + len(part)
    return LinePage(items=line_out(work, caller, part), next=end if end < len(found.lines) else None)


def line_out(work: UnitOfWork, caller: Caller, lines: Sequence[Line]) -> list[LineOut]:
    """Lines with the names that people know."""
    places, names = _institutions(work), _names(work, lines)
    said = {one.line_id: one for one in rows.disputes_about(work, [line.id for line in lines if line.id is not None])}
    is_clinic = caller.role == Role.CLINIC
    return [
        LineOut(
            id=line.id,
            kind=line.kind,
            at=line.at,
            **_place(places[line.institution_id]),
            task_id=line.task_id,
            version=line.version,
            modality=line.modality,
            priority=Priority(line.priority),
            item=line.item,
            **_item_names(_item(work, line)),
            edition=line.edition,
            reader_name=names.get(line.reader_id or 0, ""),
            signer_name=names.get(line.signer_id or 0, ""),
            fee=line.fee,
            read_pay=None if is_clinic else line.read_pay,
            audit_pay=None if is_clinic else line.audit_pay,
            corrects_id=line.corrects_id,
            words=line.words,
            dispute=_standing(said.get(line.id or 0)),
        )
        for line in lines
    ]


def dispute_out(one: SettlementDispute) -> DisputeOut:
    """An objection with what it is about."""
    return DisputeOut(
        id=one.id,
        line_id=one.line_id,
        month=one.line.month,
        **_place(one.institution),
        task_id=one.line.task_id,
        line_fee=one.line.fee,
        words=one.words,
        asked_by=one.asked_by.display_name,
        asked_at=one.asked_at,
        granted=one.granted,
        answer=one.answer,
        answered_at=one.answered_at,
        fee=one.fee,
    )


def readers_out(work: UnitOfWork, lines: Iterable[Line]) -> list[EarnedLine]:
    """What each reader earned, who earned most first."""
    return _readers(work, lines)


def _months(work: UnitOfWork, shown: str) -> list[str]:
    present = months.month_of(work, work.now)
    year, number = int(present[:4]), int(present[5:])
    last = [divmod(year * 12 + number - 1 - back, 12) for back in range(_SHOWN_MONTHS)]
    return sorted({shown, *(f"{one:04d}-{month + 1:02d}" for one, month in last)}, reverse=True)


def _disputes_until(work: UnitOfWork, found: Statement) -> Any:
    if found.closed is None:
        return None
    days = months.price_lists(work)(found.closed.closed_at).rules.dispute_days
    return found.closed.closed_at + timedelta(days=days)


def _places(work: UnitOfWork, lines: Iterable[Line]) -> list[PlaceLine]:
    by_place: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_place[line.institution_id].append(line)
    places, rules = _institutions(work), in_force(work, SETTLEMENT).content
    found = []
    for place_id, own in by_place.items():
        place, whole = places[place_id], Sum.of(own)
        contract = rules.contract_of(place.code)
        told: dict[str, Any] = {name: whole.counts[kind] for name, kind in _COUNTED.items()}
        told |= {**_place(place), "contract": contract.zh if contract else "", "fee": whole.fee}
        found.append(PlaceLine(**told, contract_en=contract.en if contract else ""))
    return sorted(found, key=lambda one: one.institution)


def _items(work: UnitOfWork, lines: Iterable[Line]) -> list[ItemLine]:
    by_item: defaultdict[str, list[Line]] = defaultdict(list)
    named: dict[str, dict[str, str]] = {}
    for line in lines:
        by_item[line.item].append(line)
        named[line.item] = _item_names(_item(work, line))
    return [
        ItemLine(
            item=code,
            name=named[code]["item_name"],
            name_en=named[code]["item_name_en"],
            readings=sum(line.kind is LineKind.READING for line in own),
            fee=sum(line.fee for line in own),
        )
        for code, own in sorted(by_item.items(), key=lambda item: -sum(line.fee for line in item[1]))
        if code
    ]


def _readers(work: UnitOfWork, lines: Iterable[Line]) -> list[EarnedLine]:
    found = earned(lines)
    users = work.session.execute(select(User).where(User.id.in_(found))).scalars()
    made = [EarnedLine(username=user.username, name=user.display_name, **vars(found[user.id])) for user in users]
    return sorted(made, key=lambda one: (-(one.read_pay + one.audit_pay), one.username))


def _item(work: UnitOfWork, line: Line) -> Item | None:
    items = edition(work, SETTLEMENT, line.edition).content.items if line.item else ()
    return next((item for item in items if item.code == line.item), None)


def _item_names(item: Item | None) -> dict[str, str]:
    return {"item_name": item.zh if item else "", "item_name_en": item.en if item else ""}


def _institutions(work: UnitOfWork) -> dict[int, Institution]:
    return {row.id: row for row in work.session.execute(select(Institution)).scalars()}


def _names(work: UnitOfWork, lines: Iterable[Line]) -> dict[int, str]:
    ids = {one for line in lines for one in (line.reader_id, line.signer_id) if one is not None}
    return dict(work.session.execute(select(User.id, User.display_name).where(User.id.in_(ids))).all())


def _place(place: Institution) -> dict[str, str]:
    return {"institution": place.code, "institution_name": place.name, "institution_name_en": place.name_en}


def _standing(dispute: SettlementDispute | None) -> Literal["", "open", "granted", "refused"]:
    if dispute is None:
        return ""
    return "open" if dispute.granted is None else "granted" if dispute.granted else "refused"
