"""What is said against a line of a closed month, and what becomes of it: never a change, a line of its own."""

from dataclasses import dataclass
from datetime import timedelta

from reading_queue.service import Actor
from reading_queue.settlement.months import SETTLERS, price_lists
from storage.audit import AuditEntry, record
from storage.db.models import SettlementDispute
from storage.db.queries import settlement as rows
from storage.db.session import UnitOfWork
from storage.domain.errors import Conflict, Forbidden, InvalidField
from storage.domain.reading import Role


@dataclass(frozen=True)
class Amounts:
    """What a line is changed by, in hundredths: less than nothing where it was too much."""

    fee: int = 0
    read_pay: int = 0
    audit_pay: int = 0

    @property
    def is_nothing(self) -> bool:
        return not (self.fee or self.read_pay or self.audit_pay)


def dispute(work: UnitOfWork, actor: Actor, line_id: int, words: str) -> SettlementDispute:
    """A clinic objects to a line of its own, within the days that the rules give. Raises `Forbidden`, `NotFound`, `Conflict`."""
    if actor.role != Role.CLINIC or actor.user_id is None:
        raise Forbidden("Only the clinic objects to its statement.")
    line = rows.line(work, line_id)
    closed = rows.closed_month(work, line.month)
    if closed is None:
        raise Conflict("The month is open.")
    if work.now > closed.closed_at + timedelta(days=price_lists(work)(closed.closed_at).rules.dispute_days):
        raise Conflict("The days in which a statement may be objected to have passed.")
    if any(one.granted is None for one in rows.disputes_about(work, [line_id])):
        raise Conflict("This line has been objected to already.")
    made = _made(work, actor, line_id, line.institution_id, words)
    _note(work, actor, "settlement.dispute", made)
    return made


def answer(
    work: UnitOfWork, actor: Actor, dispute_id: int, words: str, *, granted: bool, by: Amounts | None = None
) -> SettlementDispute:
    """The centre answers; where it grants, `by` becomes a correction in the month of now. Raises `Conflict` the second time."""
    _require_settler(actor)
    found = rows.dispute(work, dispute_id)
    if found.granted is not None:
        raise Conflict("This objection has been answered already.")
    _answer(work, actor, found, words, granted=granted, by=by or Amounts())
    return found


def correct(work: UnitOfWork, actor: Actor, line_id: int, words: str, by: Amounts) -> SettlementDispute:
    """The centre corrects a line of a closed month by itself, at any time."""
    _require_settler(actor)
    line = rows.line(work, line_id)
    made = _made(work, actor, line_id, line.institution_id, words)
    _answer(work, actor, made, words, granted=True, by=by)
    return made


def _require_settler(actor: Actor) -> None:
    if actor.role not in SETTLERS:
        raise Forbidden("Only the county's manager corrects a statement.")


def _made(work: UnitOfWork, actor: Actor, line_id: int, institution_id: int, words: str) -> SettlementDispute:
    if not words.strip():
        raise InvalidField("words", "must say why.")
    made = SettlementDispute(
        institution_id=institution_id,
        line_id=line_id,
        words=words.strip(),
        asked_by_id=actor.user_id,
        asked_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    work.session.refresh(made)
    return made


def _answer(
    work: UnitOfWork, actor: Actor, found: SettlementDispute, words: str, *, granted: bool, by: Amounts
) -> None:
    if granted and by.is_nothing:
        raise InvalidField("fee", "or another amount must say by what the line is corrected.")
    if not granted and not words.strip():
        raise InvalidField("words", "must say why.")
    found.granted, found.answer = granted, words.strip()
    found.answered_by_id, found.answered_at = actor.user_id, work.now
    if granted:
        found.fee, found.read_pay, found.audit_pay = by.fee, by.read_pay, by.audit_pay
    work.session.flush()
    _note(work, actor, "settlement.correct" if granted else "settlement.refuse", found)


def _note(work: UnitOfWork, actor: Actor, action: str, found: SettlementDispute) -> None:
    detail = {"line": found.line_id, "month": found.line.month, "fee": found.fee}
    record(work.session, AuditEntry(work.now, actor.username, action, f"settlement_dispute:{found.id}", detail))
