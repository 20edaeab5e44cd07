"""Bodies of rosters and qualifications. Days are local days of the county, moments are UTC."""

from datetime import date, datetime, time
from typing import Annotated

from pydantic import AwareDatetime, Field, PlainSerializer

from reading_queue.rosters import Fault
from storage.domain.reading import Priority, Role
from storage.domain.rosters import AbsenceKind
from viewer_api.schemas import Moment, RequestSchema, Schema

RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]
Words = Annotated[str, Field(max_length=500)]
Clock = Annotated[time, PlainSerializer(lambda moment: moment.isoformat("minutes"), return_type=str)]
Modalities = Annotated[list[Annotated[str, Field(min_length=1, max_length=16)]], Field(max_length=40)]


class KindIn(RequestSchema):
    """A shift kind. Null means every modality, or every class; `starts` and `ends` are local, over midnight where ends comes first."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    name_en: Annotated[str, Field(max_length=60)] = ""
    colour: Annotated[str, Field(max_length=7, examples=["#2f6fde"])] = "#2f6fde"
    starts: time
    ends: time
    modalities: Modalities | None = None
    subspecialties: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)] = Field(
        default_factory=list
    )
    priorities: Annotated[list[Priority], Field(max_length=4)] | None = None
    night: bool = False
    on_call: bool = False
    rvu_share: Annotated[float, Field(ge=0, le=1)] = 1.0
    phone: Annotated[str, Field(max_length=40)] = ""


class KindOut(Schema):
    """A shift kind; one out of use has `active` false."""

    id: int
    name: str
    name_en: str
    colour: str
    starts: Clock
    ends: Clock
    modalities: list[str] | None
    subspecialties: list[str]
    priorities: list[Priority] | None
    night: bool
    on_call: bool
    rvu_share: float
    phone: str
    active: bool


class ShiftIn(RequestSchema):
    """A shift for one reader. With `starts_at` and `ends_at` it lasts as they say, else as its kind says."""

    user: Annotated[str, Field(min_length=1, max_length=64)]
    kind: RowId
    day: date
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    on_call: bool | None = None
    phone: Annotated[str, Field(max_length=40)] = ""
    note: Words = ""


class ShiftOut(Schema):
    """A shift of one reader."""

    id: int
    user: str
    kind: int
    day: date
    starts_at: Moment
    ends_at: Moment
    exact: bool
    on_call: bool
    phone: str
    """Where to call him: the shift's own, or its kind's."""
    note: str


class PersonOut(Schema):
    """A reader, as a line of the roster. `mine` is whoever asks."""

    username: str
    name: str
    title: str
    role: Role
    modalities: list[str] | None
    """What his licences or his list let him read today; null for everything."""
    mine: bool


class AbsenceIn(RequestSchema):
    """Somebody is away."""

    user: Annotated[str, Field(min_length=1, max_length=64)]
    kind: AbsenceKind
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    note: Words = ""


class AbsenceOut(Schema):
    """Somebody is away; why is told to managers and to himself."""

    id: int
    user: str
    kind: AbsenceKind | None
    starts_at: Moment
    ends_at: Moment
    note: str


class GapOut(Schema):
    """Nobody who may read this modality covers these classes."""

    modality: str
    priorities: list[Priority]
    starts_at: Moment
    ends_at: Moment


class FindingOut(Schema):
    """A shift that does not hold; one that overlaps names the `other`."""

    fault: Fault
    shift: int
    user: str
    day: date
    other: int | None


class RosterQuery(RequestSchema):
    """Which week: any day of it; the present one by default."""

    week: date | None = None


class RosterOut(Schema):
    """A week, Monday to Sunday, by the county's clock."""

    first: date
    today: date
    zone: str
    editable: bool
    people: list[PersonOut]
    kinds: list[KindOut]
    shifts: list[ShiftOut]
    absences: list[AbsenceOut]
    gaps: list[GapOut]
    """Hours to come that nobody covers; none where the county keeps no roster."""
    findings: list[FindingOut]


class CoverageQuery(RequestSchema):
    """From which local day on, and for how many."""

    first: date | None = None
    days: Annotated[int, Field(ge=1, le=62)] = 7


class CoverageOut(Schema):
    """The roster check."""

    first: date
    last: date
    gaps: list[GapOut]
    findings: list[FindingOut]


class DutyQuery(RequestSchema):
    """At which moment; now by default."""

    at: AwareDatetime | None = None


class DutyOut(Schema):
    """Somebody at work, or on call under `phone`. `until` is null where the county keeps no roster."""

    user: str
    name: str
    shift: str
    modalities: list[str] | None
    priorities: list[Priority] | None
    until: Moment | None
    on_call: bool
    phone: str


class DutiesOut(Schema):
    """Everybody at work."""

    at: Moment
    items: list[DutyOut]


class CopyIn(RequestSchema):
    """Two Mondays."""

    source: date
    target: date


class CountOut(Schema):
    """How many shifts were put on the roster, and taken off it."""

    put: int
    dropped: int = 0


class SwapIn(RequestSchema):
    """Who takes the shift, and which of his he gives for it, if any."""

    to: Annotated[str, Field(min_length=1, max_length=64)]
    for_shift: RowId | None = None
    reason: Words = ""


class SheetQuery(RequestSchema):
    """Local days, both inclusive."""

    first: date
    last: date


class LicenceIn(RequestSchema):
    """What somebody is licensed for: a modality or a group (XRAY, CT_MR, US, ECG), by local days, both inclusive."""

    user: Annotated[str, Field(min_length=1, max_length=64)]
    modality: Annotated[str, Field(min_length=1, max_length=16)]
    subspecialty: Annotated[str, Field(max_length=40)] = ""
    may_audit: bool = False
    licence_number: Annotated[str, Field(max_length=64)] = ""
    valid_from: date
    valid_until: date | None = None
    note: Words = ""


class LicenceOut(Schema):
    """A licence on record. `valid` says whether it counts today, `ends_soon` whether it ends within 30 days."""

    id: int
    user: str
    name: str
    modality: str
    subspecialty: str
    may_audit: bool
    licence_number: str
    valid_from: date
    valid_until: date | None
    ended_on: date | None
    note: str
    valid: bool
    ends_soon: bool
    recorded_at: Moment


class LicencesOut(Schema):
    """Licences in order of user names; those who have none at all are judged by their user's list."""

    items: list[LicenceOut]
    editable: bool


class EndIn(RequestSchema):
    """Why a licence ends before its time."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


def span_of(starts_at: datetime | None, ends_at: datetime | None) -> tuple[datetime, datetime] | None:
    """Both moments, or None where one is missing."""
    return None if starts_at is None or ends_at is None else (starts_at, ends_at)
