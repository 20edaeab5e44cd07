"""Bodies of the national indicators."""

from datetime import date
from typing import Annotated

from pydantic import Field

from reading_queue.indicators.counting import Why
from reading_queue.indicators.definitions import Code
from storage.domain.reading import Priority
from viewer_api.schemas import Moment, RequestSchema, Schema

Place = Annotated[str, Field(max_length=64)]
Modality = Annotated[str, Field(max_length=16)]


class SpanIn(RequestSchema):
    """Days of the county, both included; without them the last half year."""

    begin: date | None = None
    end: date | None = None
    institution: Place = ""
    modality: Modality = ""


class SheetQuery(SpanIn):
    english: bool = False


class CasesIn(SpanIn):
    """Which cases to see, and why: the reason stands on the audit chain with the caller's name."""

    code: Code
    month: Annotated[str, Field(pattern=r"^(20\d{2}-(0[1-9]|1[0-2]))?$", examples=["2026-03"])] = ""
    counts: bool | None = None
    """Only those in the numerator, or only the others."""
    reason: Annotated[str, Field(min_length=4, max_length=500, examples=["季度质控检查抽样核对"])]


class WordsOut(Schema):
    """An indicator in one language."""

    name: str
    numerator: str
    denominator: str
    source: str


class ShareOut(Schema):
    """`key` is a month, an institution's code or a modality."""

    key: str
    label: str
    label_en: str
    numerator: int
    denominator: int
    percent: float | None


class NationalOut(Schema):
    """An indicator with its definition, its target and its figures."""

    code: Code
    zh: WordsOut
    en: WordsOut
    target: float | None
    at_most: bool
    """On which side of the target is good."""
    numerator: int
    denominator: int
    percent: float | None
    months: list[ShareOut]
    institutions: list[ShareOut]
    modalities: list[ShareOut]


class NationalList(Schema):
    begin: date
    end: date
    items: list[NationalOut]


class CaseLine(Schema):
    """A case behind an indicator. The patient is named by the family name and stars alone, whoever asks."""

    task_id: int | None
    patient: str
    sex: str
    age: str
    institution: str
    institution_name: str
    institution_name_en: str
    modality: str
    priority: Priority | None
    at: Moment
    """When it counts: signed, ordered to be taken again, or discovered."""
    counts: bool
    why: Why
    minutes: float | None


class CaseList(Schema):
    """The latest first; `total` is how many there are."""

    items: list[CaseLine]
    total: int
