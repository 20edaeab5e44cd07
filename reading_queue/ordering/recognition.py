"""What the clinic decides about an earlier examination: it stands for the new one, or it is repeated and why. And the figure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from reading_queue.ordering.chapter import ORDERS, OrderRules
from reading_queue.ordering.checks import Earlier
from reading_queue.rulebook import in_force
from reading_queue.service.actors import Actor
from storage.audit import AuditEntry, record
from storage.db.models import Institution, RecognitionChoice
from storage.db.session import UnitOfWork
from storage.domain.errors import InvalidField, NotFound, RecognitionUndecided


class Decision(StrEnum):
    """RECOGNISED: no new examination. REPEATED: done again, with a reason."""

    RECOGNISED = "recognised"
    REPEATED = "repeated"


@dataclass(frozen=True)
class Reason:
    """Why an examination is repeated."""

    code: str
    text: str = ""


@dataclass(frozen=True)
class RecognitionFigure:
    """Of an institution in a span: how often it recognised, and how often it repeated, by reason."""

    institution: str
    recognised: int
    repeated: int
    reasons: Mapping[str, int]

    @property
    def share(self) -> float | None:
        """Recognised among all that could have been; None where there were none."""
        total = self.recognised + self.repeated
        return self.recognised / total if total else None


def recognise(work: UnitOfWork, actor: Actor, institution: Institution, one: Earlier) -> RecognitionChoice:
    """The earlier examination will do: no order is placed. Recognised again within its days, it is the same choice."""
    known = select(RecognitionChoice).where(
        RecognitionChoice.institution_id == institution.id,
        RecognitionChoice.earlier_study_id == one.study.id,
        RecognitionChoice.decision == Decision.RECOGNISED,
        RecognitionChoice.at >= work.now - one.rule.span,
    )
    found = work.session.execute(known.order_by(RecognitionChoice.id).limit(1)).scalar_one_or_none()
    return found or _write(work, actor, institution, one, Decision.RECOGNISED, Reason(""), None)


def note_repeated(
    work: UnitOfWork,
    actor: Actor,
    institution: Institution,
    found: Sequence[Earlier],
    reason: Reason | None,
    rules: OrderRules,
    order_id: int,
) -> None:
    """An order was placed although there is something to recognise. Raises `RecognitionUndecided`, or `InvalidField`."""
    if reason is None:
        if rules.must_choose and found:
            raise RecognitionUndecided("An earlier examination could be recognised: recognise it, or say why not.")
        return
    checked = _checked(reason, rules)
    for one in found:
        _write(work, actor, institution, one, Decision.REPEATED, checked, order_id)


def choice_by_id(work: UnitOfWork, choice_id: int) -> RecognitionChoice:
    """Raise `NotFound` when there is no such choice in scope."""
    query = select(RecognitionChoice).where(RecognitionChoice.id == choice_id)
    found = work.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such choice.")
    return found


def require_shared(work: UnitOfWork, choice: RecognitionChoice) -> None:
    """Raise `NotFound` unless whoever recognised the examination may read its report now."""
    if choice.decision != Decision.RECOGNISED or not in_force(work, ORDERS).content.share_reports:
        raise NotFound("There is no report to this choice.")


def figures(work: UnitOfWork, begins: datetime, ends: datetime) -> list[RecognitionFigure]:
    """Of every institution in scope that had something to choose from `begins` up to `ends`, by its code."""
    choice = RecognitionChoice
    query = (
        select(Institution.code, choice.decision, choice.reason_code, func.count(choice.id))
        .join(Institution, Institution.id == choice.institution_id)
        .where(choice.at >= begins, choice.at < ends)
        .group_by(Institution.code, choice.decision, choice.reason_code)
        .order_by(Institution.code)
    )
    counted: dict[str, list[tuple[str, str, int]]] = {}
    for code, decision, reason, count in work.session.execute(query):
        counted.setdefault(code, []).append((decision, reason, count))
    return [_figure(code, lines) for code, lines in counted.items()]


def _figure(code: str, lines: Iterable[tuple[str, str, int]]) -> RecognitionFigure:
    recognised, reasons = 0, dict[str, int]()
    for decision, reason, count in lines:
        if decision == Decision.RECOGNISED:
            recognised += count
        else:
            reasons[reason] = reasons.get(reason, 0) + count
    return RecognitionFigure(code, recognised, sum(reasons.values()), reasons)


def _checked(reason: Reason, rules: OrderRules) -> Reason:
    known = rules.reason(reason.code)
    if known is None:
        raise InvalidField("repeat.code", f"must be one of {', '.join(one.code for one in rules.reasons)}.")
    text = reason.text.strip()
    if known.free_text and not text:
        raise InvalidField("repeat.text", "is missing: this reason needs words.")
    return Reason(reason.code, text)


def _write(
    work: UnitOfWork,
    actor: Actor,
    institution: Institution,
    one: Earlier,
    decision: Decision,
    reason: Reason,
    order_id: int | None,
) -> RecognitionChoice:
    choice = RecognitionChoice(
        institution_id=institution.id,
        order_id=order_id,
        earlier_study_id=one.study.id,
        exam=one.rule.name,
        decision=decision,
        reason_code=reason.code,
        reason=reason.text,
        decided_by_id=actor.user_id,
        at=work.now,
        detail={"days": one.rule.days, "is_own": one.is_own, "report_id": one.report_id},
    )
    work.session.add(choice)
    work.session.flush()
    detail = {"decision": str(decision), "study": one.study.id, "reason": reason.code, "order": order_id}
    record(work.session, AuditEntry(work.now, actor.username, "recognition_decided", f"study:{one.study.id}", detail))
    return choice
