"""The lines of a month, reckoned from what was signed in it. Pure: the rules of settlement stand here, and nothing is read.

1. The first final report of a study is charged by the price list in force when it was signed, with the surcharge of its class
   and by the clinic's contract. A preliminary report is not charged, nor is its being void.
2. Another final report of a study whose charged one stands is a duplicate, and free.
3. A report that is amended or added to costs nothing more: the centre's mistakes are not the clinic's.
4. A withdrawn report is given back, in the month of its withdrawal; the report that takes its place is charged anew.
5. A task that ends as unreadable, because the retake was never made, is charged by a share, as is what its reader earns.
6. A correction is a line of its own, in the month in which it was granted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from reading_queue.settlement.chapter import SettlementRules, hundredths
from storage.db.queries.settlement import GivenUp, Signed
from storage.domain.reading import ReportKind


class LineKind(StrEnum):
    """Why a line is there."""

    READING = "reading"
    DUPLICATE = "duplicate"
    AMENDMENT = "amendment"
    WITHDRAWAL = "withdrawal"
    UNREADABLE = "unreadable"
    CORRECTION = "correction"


@dataclass(frozen=True)
class PriceList:
    """An edition of the chapter, to reckon by."""

    version: int
    rules: SettlementRules


Prices = Callable[[datetime], PriceList]
"""The price list that was in force at a moment."""


@dataclass(frozen=True)
class Line:
    """What a clinic pays and what its readers earn for one thing; amounts in hundredths, negative where given back."""

    kind: LineKind
    at: datetime
    institution_id: int
    task_id: int
    version: int
    modality: str
    priority: str
    item: str = ""
    edition: int = 0
    reader_id: int | None = None
    signer_id: int | None = None
    fee: int = 0
    read_pay: int = 0
    audit_pay: int = 0
    corrects_id: int | None = None
    words: str = ""
    id: int | None = None


def reckon(signed: Sequence[Signed], given_up: Iterable[GivenUp], prices: Prices, begin: datetime) -> list[Line]:
    """The lines from `begin` on; `signed` has the earlier versions of the same studies too, in order of time."""
    charged: dict[int, Line] = {}
    lines = [line for one in signed if (line := _of_version(one, charged, prices)) is not None and one.at >= begin]
    lines += [_unreadable(one, prices(one.at)) for one in given_up]
    return sorted(lines, key=lambda line: (line.at, line.task_id, line.version))


def _of_version(one: Signed, charged: dict[int, Line], prices: Prices) -> Line | None:
    """`charged` has for each study the line of the report that stands."""
    standing = charged.get(one.study_id)
    if one.kind == ReportKind.FINAL and standing is None:
        charged[one.study_id] = reading = _reading(one, prices(one.at))
        return reading
    if one.kind == ReportKind.FINAL:
        return _free(one, LineKind.DUPLICATE)
    if one.kind in (ReportKind.AMENDED, ReportKind.ADDENDUM):
        return _free(one, LineKind.AMENDMENT)
    if one.kind == ReportKind.WITHDRAWN and standing is not None and standing.task_id == one.task_id:
        del charged[one.study_id]
        return _given_back(one, standing)
    return None


def _reading(one: Signed, prices: PriceList) -> Line:
    item = prices.rules.item_for(one.modality, one.words)
    line = replace(_free(one, LineKind.READING), edition=prices.version)
    if item is None:
        return line
    return replace(
        line,
        item=item.code,
        fee=prices.rules.fee(item, one.priority, one.institution),
        read_pay=hundredths(item.read_pay),
        audit_pay=hundredths(item.audit_pay),
    )


def _free(one: Signed, kind: LineKind) -> Line:
    return Line(
        kind,
        one.at,
        one.institution_id,
        one.task_id,
        one.version,
        one.modality,
        one.priority,
        reader_id=one.author_id,
        signer_id=one.signer_id,
    )


def _given_back(one: Signed, standing: Line) -> Line:
    return replace(
        standing,
        kind=LineKind.WITHDRAWAL,
        at=one.at,
        version=one.version,
        fee=-standing.fee,
        read_pay=-standing.read_pay,
        audit_pay=-standing.audit_pay,
    )


def _unreadable(one: GivenUp, prices: PriceList) -> Line:
    line = Line(
        LineKind.UNREADABLE,
        one.at,
        one.institution_id,
        one.task_id,
        0,
        one.modality,
        one.priority,
        edition=prices.version,
        reader_id=one.reader_id,
    )
    item = prices.rules.item_for(one.modality, one.words)
    if item is None:
        return line
    share = prices.rules.unreadable_percent / 100
    whole = Decimal(prices.rules.fee(item, one.priority, one.institution)) / 100
    return replace(line, item=item.code, fee=hundredths(whole * share), read_pay=hundredths(item.read_pay * share))


@dataclass
class Sum:
    """What lines come to: how many of each kind, and the amounts."""

    counts: dict[LineKind, int]
    fee: int = 0
    read_pay: int = 0
    audit_pay: int = 0

    @classmethod
    def of(cls, lines: Iterable[Line]) -> "Sum":
        """Add them up."""
        whole = cls(dict.fromkeys(LineKind, 0))
        for line in lines:
            whole.counts[line.kind] += 1
            whole.fee += line.fee
            whole.read_pay += line.read_pay
            whole.audit_pay += line.audit_pay
        return whole


@dataclass
class Earned:
    """What one reader did and earned: readings and audits that count, those given back taken off."""

    read: int = 0
    audited: int = 0
    read_pay: int = 0
    audit_pay: int = 0


_COUNTS: Mapping[LineKind, int] = {LineKind.READING: 1, LineKind.WITHDRAWAL: -1, LineKind.UNREADABLE: 1}


def earned(lines: Iterable[Line]) -> dict[int, Earned]:
    """By reader. Who signs what he wrote himself earns both parts."""
    people: dict[int, Earned] = {}
    for line in lines:
        number = _COUNTS.get(line.kind, 0)
        if line.reader_id is not None:
            author = people.setdefault(line.reader_id, Earned())
            author.read += number
            author.read_pay += line.read_pay
        if line.signer_id is not None:
            signer = people.setdefault(line.signer_id, Earned())
            signer.audited += number
            signer.audit_pay += line.audit_pay
    return people
