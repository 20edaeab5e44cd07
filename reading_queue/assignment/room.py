"""The reading room at one moment: who asks, who else is on duty, what each may have, and how the work is spread."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from reading_queue.assignment.cases import Case, Reader, Work
from reading_queue.assignment.rules import NEVER_FREE, AssignmentRules


class Room:
    """What a choice for `reader` sees. `readers` are all who are on duty; he himself may be among them."""

    def __init__(self, reader: Reader, readers: Sequence[Reader], now: datetime, rules: AssignmentRules) -> None:
        self.reader = reader
        self._reserved = rules.reserved
        self.now = now
        self.rules = rules
        self.others = [other for other in readers if other.id != reader.id and other.on_duty]
        self.less_loaded = [
            other for other in self.others if other.present and other.minutes_in_hand < reader.minutes_in_hand
        ]
        self._by_id = {other.id: other for other in self.others}
        at_work = [reader, *(other for other in self.others if other.present)]
        expected = sum(one.share for one in at_work)
        self.part_rvu = sum(one.done_rvu for one in at_work) * reader.share / expected if expected else reader.done_rvu

    @property
    def owed_rvu(self) -> float:
        """The weighted work that the reader owes to the others; negative when he has done more than his part."""
        return self.reader.carried_rvu + self.part_rvu - self.reader.done_rvu

    @property
    def audit_share(self) -> float:
        """The part of auditing in his weighted work of the day; the share that is aimed at before he has done any."""
        done = self.reader.done_rvu
        return self.reader.audit_rvu / done if done else self.rules.figures["audit_share_percent"] / 100

    def may_have(self, case: Case) -> bool:
        """Whether the reader may be given the case at all."""
        if not is_fit(self.reader, case) or not self._is_in_his_field(case):
            return False
        return is_on_shift(self.reader, case) or self.is_open_to_all(case)

    def is_open_to_all(self, case: Case) -> bool:
        """Whether a fit reader gets the case off his shift too: kept for him, open to all, or urgent with nobody there for it."""
        if not self.rules.only_on_duty or case.owed is not None or case.open_to_all:
            return True
        return is_urgent(case) and not self._any_other(lambda other: is_fit(other, case) and is_on_shift(other, case))

    def leaves(self, case: Case) -> bool:
        """Whether he should leave an urgent case, for a moment, to a colleague who has less in hand than he."""
        if not self.less_loaded or not is_urgent(case) or case.kept_for == self.reader.id:
            return False
        if self.now - case.waiting_since >= timedelta(seconds=self.rules.figures["leave_seconds"]):
            return False
        return any(is_fit(other, case) and is_on_shift(other, case) for other in self.less_loaded)

    def prefers(self, case: Case) -> float:
        """The minutes that are granted for a routine case, or taken when negative."""
        figures, minutes = self.rules.figures, 0.0
        if case.prior_reader == self.reader.id:
            minutes += figures["prior_minutes"]
        elif case.prior_reader is not None and self._would_get(self._by_id.get(case.prior_reader), case):
            minutes -= figures["prior_minutes"] / 2
        if case.subspecialty and case.subspecialty in self.reader.subspecialties:
            minutes += figures["subspecialty_minutes"]
        if case.work is Work.AUDIT:
            lack = figures["audit_share_percent"] / 100 - self.audit_share
            minutes += figures["audit_first_minutes"] + figures["audit_balance_minutes"] * lack
        return minutes + self.balances(case)

    def balances(self, case: Case) -> float:
        """The minutes for the balance of work: who owes work gets the heavier cases first, who is ahead the lighter ones."""
        figures = self.rules.figures
        owed = max(-1.0, min(1.0, self.owed_rvu / figures["deficit_limit_rvu"]))
        minutes = owed * figures["balance_minutes_per_rvu"] * case.rvu
        return max(-figures["balance_limit_minutes"], min(figures["balance_limit_minutes"], minutes))

    def ends_in_time(self, case: Case) -> bool:
        """Whether he can have read it when it is due, after what he has in hand."""
        return self.now + timedelta(minutes=self.reader.minutes_in_hand + case.minutes) <= case.due_at

    def _is_in_his_field(self, case: Case) -> bool:
        name = case.subspecialty
        if name not in self._reserved or name in self.reader.subspecialties or case.open_to_all:
            return True
        return not self._any_other(lambda other: name in other.subspecialties and is_fit(other, case))

    def _would_get(self, other: Reader | None, case: Case) -> bool:
        return other is not None and other.present and is_fit(other, case) and is_on_shift(other, case)

    def _any_other(self, is_one: Callable[[Reader], bool]) -> bool:
        return any(is_one(other) for other in self.others)


def is_urgent(case: Case) -> bool:
    """Green channel and emergencies."""
    return case.priority in NEVER_FREE


def is_fit(reader: Reader, case: Case) -> bool:
    """Whether nothing forbids him the case: his qualification, his role, a draft of his own, somebody for whom it is kept."""
    if case.kept_for is not None and case.kept_for != reader.id:
        return False
    audit = case.work is Work.AUDIT
    if audit and (not reader.audits or case.author == reader.id):
        return False
    if reader.licences is not None:
        return any(one.covers(case.modality, case.subspecialty, audit=audit) for one in reader.licences)
    return reader.modalities is None or case.modality in reader.modalities


def is_on_shift(reader: Reader, case: Case) -> bool:
    """Whether he is on a shift that is there for the case."""
    covers = reader.shift_modalities is None or case.modality in reader.shift_modalities
    return reader.on_duty and covers and (reader.shift_priorities is None or case.priority in reader.shift_priorities)
