"""Bodies of critical values."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from reading_queue.critical.caring import Heard, Told
from reading_queue.critical.indicators import Indicator, Outcome
from storage.db.queries.critical import CaseFilter
from storage.domain.critical import Basis, CaseAction, CaseSource, CaseState, Method
from storage.domain.reading import Priority
from viewer_api.schemas import Moment, PatientOut, RequestSchema, Schema

_MAX_WORDS = 2_000

Words = Annotated[str, Field(min_length=1, max_length=_MAX_WORDS)]
MaybeWords = Annotated[str, Field(max_length=_MAX_WORDS)]
Name = Annotated[str, Field(max_length=64)]


PersonsAction = Literal[
    CaseAction.CONFIRM,
    CaseAction.NOTIFY,
    CaseAction.ACKNOWLEDGE,
    CaseAction.FEED_BACK,
    CaseAction.CLOSE,
    CaseAction.FALSE_ALARM,
]
"""What a person does to a case that is there; the other steps are a clock's."""


class CaseQuery(RequestSchema):
    """Which cases to list."""

    state: tuple[CaseState, ...] = ()
    open: bool | None = None
    """True lists those that have not ended, by the time that is left; false those that have."""
    overdue: bool | None = None
    institution: Annotated[str, Field(max_length=64)] = ""
    study: Annotated[str, Field(max_length=64)] = ""
    """Study Instance UID."""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str | None, Field(max_length=200)] = None

    def wanted(self) -> CaseFilter:
        return CaseFilter(self.state, self.open, self.overdue, self.institution, self.study)


class CaseOut(Schema):
    """A critical value as a line."""

    id: int
    study_instance_uid: str
    task_id: int | None
    institution: Annotated[str, Field(examples=["t01"])]
    institution_name: str
    institution_name_en: str
    clinic_phone: str
    patient: PatientOut
    modality: str
    description: str
    priority: Priority
    code: Annotated[str, Field(examples=["RAD-ICH"])]
    name: str
    name_en: str
    finding: str
    source: CaseSource
    source_detail: str
    state: CaseState
    version: int
    basis: Basis
    suspected_at: Moment
    confirmed_at: Moment | None
    confirmed_by_name: str | None
    notified_at: Moment | None
    acked_at: Moment | None
    treated_at: Moment | None
    ended_at: Moment | None
    state_since: Moment
    due_at: Moment | None
    """When the present state ought to be left; null when the case has ended."""
    overdue: bool
    steps_told: int
    """How many steps of the ladder have been taken in this state."""
    notifier: str
    receiver: str
    method: Method | Literal[""]
    """How the clinic was told last; empty before."""
    heard_at: Moment | None
    """When the clinic itself wrote down that it knows."""
    allowed_actions: list[PersonsAction]


class CaseEventOut(Schema):
    """One step of a case. `other_side` was told, or told."""

    seq: int
    action: CaseAction
    from_state: CaseState | Literal[""]
    to_state: CaseState
    actor_name: str
    actor_title: str
    of_clinic: bool
    at: Moment
    """When it was written down."""
    happened_at: Moment
    """When it was; a phone call may be written down later."""
    method: Method | Literal[""]
    other_side: str
    receiver: str
    content: str
    posts: list[str]
    sha256: str


class LadderOut(Schema):
    """A step of the ladder of the present state."""

    name: str
    at: Moment
    posts: list[str]
    done: bool


class CaseDetail(CaseOut):
    """A case with its record, and who will be told when."""

    events: list[CaseEventOut]
    intact: bool
    """Whether every event is what was written, by its hashes."""
    ladder: list[LadderOut]


class ToldIn(RequestSchema):
    """That somebody at the clinic was told: by which way, whom, when, and what he read back."""

    method: Method
    receiver: Name = ""
    at: AwareDatetime | None = None
    content: MaybeWords = ""
    read_back: MaybeWords = ""

    def told(self) -> Told:
        return Told(self.method, self.receiver, _utc(self.at), self.content, self.read_back)


class RaiseIn(RequestSchema):
    """A finding in a study. A clinic suspects it; a physician's word confirms it in the same step."""

    study_instance_uid: Annotated[str, Field(min_length=1, max_length=64)]
    code: Annotated[str, Field(min_length=1, max_length=64, examples=["RAD-ICH"])]
    finding: Words
    told: ToldIn | None = None


class ConfirmIn(RequestSchema):
    finding: MaybeWords = ""
    told: ToldIn | None = None


class AcknowledgeIn(RequestSchema):
    """Who received it and what he read back. `method` and `at` are of what a caller of the centre heard."""

    receiver: Name = ""
    read_back: Words
    method: Method = Method.IN_APP
    at: AwareDatetime | None = None

    def heard(self) -> Heard:
        return Heard(self.receiver, self.read_back, self.method, _utc(self.at))


class FeedbackIn(RequestSchema):
    text: Words


class CloseIn(RequestSchema):
    note: MaybeWords = ""


class FalseAlarmIn(RequestSchema):
    reason: Words


class ThresholdOut(Schema):
    measure: str
    compare: str
    value: float
    unit: str


class FindingOut(Schema):
    """One finding of a list, with how its Chinese name sounds."""

    code: str
    name: str
    name_en: str
    pinyin: str
    initials: Annotated[str, Field(examples=["jxncx"])]
    source: str
    thresholds: list[ThresholdOut]


class FindingListOut(Schema):
    """A list that the county has chosen."""

    key: str
    version: str
    name: str
    name_en: str
    province: str
    modalities: list[str]
    basis: Basis
    source: str
    findings: list[FindingOut]


class FindingLists(Schema):
    items: list[FindingListOut]
    rules_version: int
    """The edition of the county's rules; 0 is what the product ships."""


class SpanQuery(RequestSchema):
    """From when until when; at most 400 days."""

    since: AwareDatetime
    until: AwareDatetime

    @model_validator(mode="after")
    def _is_a_span(self) -> Self:
        if not 0 < (self.until - self.since).total_seconds() <= _LONGEST_SPAN:
            raise ValueError("until must follow since within 400 days")
        return self


_LONGEST_SPAN = 400 * 86_400.0


class RateOut(Schema):
    """Told within ten minutes with records of both sides, of all that were to be told."""

    institution: str
    """Code of the clinic; empty for the county."""
    institution_name: str = ""
    institution_name_en: str = ""
    numerator: int
    denominator: int
    value: float | None
    one_sided: int
    """In time, but one side has no record."""
    told: int
    """Of how many the clinic knows, however late."""
    median_minutes: float | None
    """From the beginning of the ten minutes until a person at the clinic knew."""


class MonthRateOut(RateOut):
    """The county in one month."""

    month: Annotated[str, Field(examples=["2026-03"])]


class IndicatorOut(Schema):
    """A national indicator: the county, each month and each clinic that has something to count."""

    indicator: Indicator
    county: RateOut
    clinics: list[RateOut]
    months: list[MonthRateOut]


class CountedQuery(SpanQuery):
    """Which cases of an indicator to list."""

    indicator: Indicator
    institution: Annotated[str, Field(max_length=64)] = ""


class CountedOut(Schema):
    """A case of the denominator, and why it is in the numerator or is not."""

    id: int
    institution: str
    institution_name: str
    institution_name_en: str
    modality: str
    name: str
    name_en: str
    basis_at: Moment
    reached_at: Moment | None
    minutes: float | None
    outcome: Outcome


class Indicators(Schema):
    items: list[IndicatorOut]


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None


Line = dict[str, Any]
