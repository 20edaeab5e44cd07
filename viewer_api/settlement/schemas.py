"""Bodies of settlement. Amounts are whole hundredths of a yuan (分), below zero where something is given back."""

from typing import Annotated, Literal

from pydantic import Field

from reading_queue.settlement.lines import LineKind
from storage.domain.reading import Priority
from viewer_api.schemas import Moment, RequestSchema, Schema

Month = Annotated[str, Field(pattern=r"^20\d{2}-(0[1-9]|1[0-2])$", examples=["2026-03"])]
Amount = Annotated[int, Field(ge=-10_000_000, le=10_000_000)]
Words = Annotated[str, Field(max_length=500)]


class MonthQuery(RequestSchema):
    """Without a month, the present one. `institution` is a clinic's code."""

    month: Month | None = None
    institution: Annotated[str, Field(max_length=64)] = ""


class SheetQuery(MonthQuery):
    english: bool = False


class LinesQuery(MonthQuery):
    """`after` is the `next` of the part before."""

    limit: Annotated[int, Field(ge=1, le=500)] = 100
    after: Annotated[int, Field(ge=0)] = 0


class PlaceLine(Schema):
    """What a clinic owes for the month: how many lines of each kind, and what they come to."""

    institution: str
    institution_name: str
    institution_name_en: str
    contract: str
    """Name of its class of contract; empty: the list's fees."""
    contract_en: str
    readings: int
    duplicates: int
    amendments: int
    withdrawals: int
    unreadable: int
    corrections: int
    fee: int


class ItemLine(Schema):
    """What an item of the price list comes to."""

    item: str
    name: str
    name_en: str
    readings: int
    fee: int


class EarnedLine(Schema):
    """What a reader did and earned."""

    username: str
    name: str
    read: int
    audited: int
    read_pay: int
    audit_pay: int


class StatementOut(Schema):
    """A month: closed once and for all, or as it stands now."""

    month: str
    months: list[str]
    """Those that there is something to see of, the latest first."""
    closed_at: Moment | None
    closed_by: str
    sha256: str
    intact: bool | None
    """Whether the closed lines are those that it was closed with; null while it is open, and for a clinic."""
    closes_from: Moment
    disputes_until: Moment | None
    may_close: bool
    fee: int
    clinics: list[PlaceLine]
    items: list[ItemLine]
    readers: list[EarnedLine]
    """Empty for a clinic."""


class LineOut(Schema):
    """A line of a month. `id` is null while the month is open. What readers earn is not told to clinics."""

    id: int | None
    kind: LineKind
    at: Moment
    institution: str
    institution_name: str
    institution_name_en: str
    task_id: int
    version: int
    modality: str
    priority: Priority
    item: str
    item_name: str
    item_name_en: str
    edition: int
    reader_name: str
    signer_name: str
    fee: int
    read_pay: int | None
    audit_pay: int | None
    corrects_id: int | None
    words: str
    dispute: Literal["", "open", "granted", "refused"]
    """Of this line: open, granted or refused; empty when nobody objected."""


class LinePage(Schema):
    items: list[LineOut]
    next: int | None


class CloseIn(RequestSchema):
    month: Month


class DisputeIn(RequestSchema):
    words: Annotated[str, Field(min_length=1, max_length=500)]


class CorrectIn(RequestSchema):
    """By what the line is changed: below zero where it was too much."""

    words: Annotated[str, Field(min_length=1, max_length=500)]
    fee: Amount = 0
    read_pay: Amount = 0
    audit_pay: Amount = 0


class AnswerIn(RequestSchema):
    """What the centre says; the amounts where it grants."""

    granted: bool
    words: Words = ""
    fee: Amount = 0
    read_pay: Amount = 0
    audit_pay: Amount = 0


class DisputeOut(Schema):
    """An objection to a line of a closed month."""

    id: int
    line_id: int
    month: str
    institution: str
    institution_name: str
    institution_name_en: str
    task_id: int
    line_fee: int
    words: str
    asked_by: str
    asked_at: Moment
    granted: bool | None
    answer: str
    answered_at: Moment | None
    fee: int


class DisputeList(Schema):
    """The latest first."""

    items: list[DisputeOut]
