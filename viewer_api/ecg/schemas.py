"""Shapes of measured ECGs. A number that was not measured is null, and `not_measured` says why."""

from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import Field

from viewer_api.schemas import Moment, Schema

SopUid = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[0-9.]+$", examples=["1.2.840.113619.2.55.3.1"])]
EcgState = Literal["pending", "done", "refused"]


class EcgRecordingOut(Schema):
    """The samples behind the measurements. Leads in `derived_leads` were computed, not recorded."""

    format: str
    leads: list[str]
    sampling_hz: float
    samples: int
    seconds: float
    derived_leads: list[str]
    assumed: list[str]
    """What the format leaves open and had to be taken for granted."""
    filters: dict[str, float | None]
    """Hz, as far as the device says what it filtered."""
    started_at: str | None
    """As the device wrote it, without a zone."""
    device: dict[str, Any]


class DeviceValuesOut(Schema):
    """What the device itself wrote into the object; never mixed with the engine's values."""

    hr: float | None = None
    rr_ms: float | None = None
    p_ms: float | None = None
    pr_ms: float | None = None
    qrs_ms: float | None = None
    qt_ms: float | None = None
    qtc_ms: float | None = None
    qtc_bazett_ms: float | None = None
    qtc_fridericia_ms: float | None = None
    p_axis_deg: float | None = None
    qrs_axis_deg: float | None = None
    t_axis_deg: float | None = None
    statements: Annotated[list[str], Field(default_factory=list)]


class GlobalOut(Schema):
    """Over all leads, as docs/ecg-measuring.md defines them."""

    hr: float | None = None
    p_ms: float | None = None
    pr_ms: float | None = None
    qrs_ms: float | None = None
    qt_ms: float | None = None
    qtc_bazett_ms: float | None = None
    qtc_fridericia_ms: float | None = None
    qtc_framingham_ms: float | None = None
    qtc_hodges_ms: float | None = None
    p_axis_deg: float | None = None
    qrs_axis_deg: float | None = None
    t_axis_deg: float | None = None
    atrial_rate: float | None = None


class MarksOut(Schema):
    """Samples of the median beat."""

    p_on: int | None = None
    p_off: int | None = None
    qrs_on: int
    qrs_off: int
    t_off: int | None = None


class PhysicianOut(Schema):
    """One version of the marks that a task's readers kept. `values` is null where they went back to what was measured."""

    task_id: int
    version: int
    """Counts from 1 within the task and the recording."""
    by: str
    by_name: str
    at: Moment
    marks: MarksOut | None
    """Null also where they lie on a median beat that has been measured anew since."""
    values: GlobalOut | None


class EngineOut(Schema):
    """The engine's measurements. Beats: `at` seconds, `kind`, `template`; `p`, `qrs`, `t` are onset, peak and end in seconds.

    `median` has the median beat in µV at `hz`, R at sample `at`, its marks in samples under `fiducials`.
    """

    engine: str
    overall: GlobalOut
    rr: dict[str, Any]
    atria: dict[str, Any]
    per_lead: dict[str, dict[str, Any]]
    quality: dict[str, dict[str, Any]]
    pulses_s: list[float]
    fibrillation: list[dict[str, Any]]
    swapped: str
    not_measured: dict[str, str]
    median: dict[str, Any] | None
    beats: list[dict[str, Any]]


class SuggestionOut(Schema):
    """A statement for the physician to take or leave, with the rule and the numbers that fulfilled it."""

    code: Annotated[str, Field(examples=["sinus_bradycardia"])]
    name: Annotated[str, Field(examples=["窦性心动过缓"])]
    name_en: str
    rule: str
    numbers: str


class SuspicionOut(Schema):
    """What the county's lists of critical values were asked about, with the evidence."""

    evidence: str
    measured: dict[str, float]
    stated: list[str]


class EcgOut(Schema):
    """One recording of the study. `refused` says why it will not be measured."""

    sop_instance_uid: str
    series_instance_uid: str
    state: EcgState
    refused: str = ""
    measured_at: Moment | None = None
    samples_url: str
    long_url: str | None = None
    """Of a recording above two minutes: its overview, beats and events; `measured.beats` is empty then."""
    recording: EcgRecordingOut | None = None
    device: DeviceValuesOut | None = None
    measured: EngineOut | None = None
    physician: PhysicianOut | None = None
    """The last marks that a physician kept; never mixed with what was measured."""
    suggestions: Annotated[list[SuggestionOut], Field(default_factory=list)]
    suspicions: Annotated[list[SuspicionOut], Field(default_factory=list)]


class EcgList(Schema):
    items: list[EcgOut]


class EcgStatementOut(Schema):
    """A statement of the catalogue. `aha` is its number in the AHA/ACC/HRS list of 2007, null where that has none."""

    code: Annotated[str, Field(examples=["lbbb"])]
    group: str
    zh: str
    en: str
    abnormal: bool
    aha: int | None
    pinyin: str
    initials: str


class EcgStatements(Schema):
    items: list[EcgStatementOut]
