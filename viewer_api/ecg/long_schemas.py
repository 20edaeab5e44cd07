"""Shapes of long ECGs. Times are seconds from the first sample; rates a minute."""

from typing import Annotated, Literal

from pydantic import Field

from viewer_api.schemas import Schema

BeatKind = Literal["normal", "ventricular", "supraventricular", "paced", "unclassifiable"]


class BeatCountsOut(Schema):
    """Beats of each kind."""

    normal: int = 0
    ventricular: int = 0
    supraventricular: int = 0
    paced: int = 0
    unclassifiable: int = 0


class LongPartOut(Schema):
    """The whole record, or an hour of it. Rates are means of eight intervals in a row; `missing_s` had no signal."""

    start_s: float
    seconds: float
    beats: int
    counts: BeatCountsOut
    mean_hr: float | None
    lowest_hr: float | None
    highest_hr: float | None
    longest_rr_ms: float | None
    sdnn_ms: float | None
    pauses: int
    missing_s: float


class LongEventOut(Schema):
    """Something to look at. `microvolts` and `lead` of ST: the largest change from what is usual in this record."""

    kind: Annotated[str, Field(examples=["pause", "ventricular_run", "fastest"])]
    at_s: float
    seconds: float
    beats: int | None = None
    rate: float | None = None
    lead: str | None = None
    microvolts: float | None = None


class StTrendOut(Schema):
    """By lead, µV at J+60 ms of each minute's median beat; null where it could not be told."""

    leads: list[str]
    minutes: list[list[float | None]]


class OverviewOut(Schema):
    """What tiles can be had; `url` takes `lead`, `start_s`, `seconds` and `per_column`."""

    url: str
    leads: list[str]
    columns: int
    column_s: float


class LongEcgOut(Schema):
    """A long recording in numbers, and where the rest of it is. URLs with a version never change what they give."""

    engine: str
    seconds: float
    sampling_hz: float
    started_at: str | None
    leads: list[str]
    whole: LongPartOut
    hours: list[LongPartOut]
    events: list[LongEventOut]
    st: StTrendOut | None
    overview: OverviewOut
    samples_url: str
    beats_url: str
    tendency_url: str


class LongBeatOut(Schema):
    """`number` counts from 0 in the whole record; `template` numbers the shapes, -1 one of its own."""

    number: int
    at_s: float
    kind: BeatKind
    rr_ms: float | None
    early: bool
    template: int


class LongBeats(Schema):
    """A page of beats; `after` is what the next page begins after, null on the last one. `matching` of them in all."""

    items: list[LongBeatOut]
    matching: int
    after: int | None


class TendencyOut(Schema):
    """Of each of equal parts of the span: the shortest, usual (median) and longest interval in ms; null without any."""

    start_s: float
    seconds: float
    shortest: list[int | None]
    usual: list[int | None]
    longest: list[int | None]
