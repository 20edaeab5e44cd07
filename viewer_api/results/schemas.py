"""Bodies of results and reports."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from storage.domain.reading import ReportKind
from viewer_api.schemas import Moment, PatientOut, RequestSchema, Schema
from viewer_api.templates.structures import SealedStructureOut


class ResultOut(Schema):
    """A line in the clinic's gap-free sequence."""

    seq: int
    kind: ReportKind
    study_instance_uid: str
    report_id: int
    version: int
    created_at: Moment
    modality: str
    description: str
    patient: PatientOut
    positive: bool | None
    critical: str
    received_at: Moment | None
    received_by: str | None
    printed_at: Moment | None
    printed_by: str


class ResultPage(Schema):
    """`next` is the number to ask after the next time."""

    items: list[ResultOut]
    next: int


class ReceiptIn(RequestSchema):
    """Who took the result, where that is another than the one logged in."""

    received_by: Annotated[str, Field(max_length=100)] = ""
    printed: bool = False
    """It has been put on paper for the patient too."""


class ReceiptOut(Schema):
    seq: int
    received_at: Moment
    received_by: str
    printed_at: Moment | None
    """When it was first printed, as far as it was told."""
    printed_by: str


class OutstandingOut(Schema):
    """A result that nobody has acknowledged."""

    seq: int
    kind: ReportKind
    institution: str
    institution_name: str
    institution_name_en: str
    study_instance_uid: str
    report_id: int
    version: int
    modality: str
    description: str
    patient: PatientOut
    created_at: Moment
    hours: float
    """For how long it has been lying."""


class OutstandingPage(Schema):
    items: list[OutstandingOut]


class ResultCountOut(Schema):
    """Of one day of the county, institution and modality; minutes are medians, null where there is nothing to count."""

    day: str
    institution: str
    modality: str
    reports: int
    positive: int
    critical: int
    changed: int
    """Amended, or added to."""
    withdrawn: int
    received: int
    printed: int
    signed_minutes: float | None
    """From the study being whole to the signature."""
    received_minutes: float | None
    """From the signature to the receipt."""


class ResultCountPage(Schema):
    items: list[ResultCountOut]


class SpanQuery(RequestSchema):
    """Days of the county, the last included; of one clinic, or for the centre of all."""

    first: Annotated[date, Field(examples=["2026-03-01"])]
    last: Annotated[date, Field(examples=["2026-03-31"])]
    institution: Annotated[str, Field(max_length=64)] = ""


class SheetQuery(SpanQuery):
    """The same as a file."""

    lang: Literal["zh", "en"] = "zh"
    bom: bool = True
    """A byte order mark in front, which makes Excel read it as UTF-8."""


class KeyImageOut(Schema):
    """A frame that the reader marked. `picture` is a JPEG of it (PNG for ECGs), `frame` counts from 1."""

    number: int
    """From 1, in the order of the report."""
    sop_instance_uid: str
    series_instance_uid: str
    frame: int
    note: str
    picture: str


class KeyImageList(Schema):
    items: list[KeyImageOut]


class PhysicianOut(Schema):
    """As he was called when he signed."""

    username: str
    name: str
    title: str


class InstitutionOut(Schema):
    code: str
    name: str
    name_en: str


class OpinionOut(Schema):
    """What an upper-level hospital said."""

    hospital: InstitutionOut
    consultant: PhysicianOut | None
    opinion: str
    at: Moment | None


class PreliminaryOut(Schema):
    """The preliminary report that a final one follows."""

    version: int
    sha256: str
    differs: list[str]
    """Of findings, impression, positive, critical."""
    impression_likeness: float
    """From 0 to 1."""


class VersionOut(Schema):
    version: int
    kind: ReportKind
    signed_at: Moment
    sha256: str
    reason: str
    """Of a later version: why."""


class ReportOut(Schema):
    """One version of a report. All versions are kept, and none ever changes."""

    id: int
    version: int
    kind: ReportKind
    reason: str
    versions: list[VersionOut]
    task_id: int
    study_instance_uid: str
    institution: str
    institution_name: str
    institution_name_en: str
    centre: InstitutionOut
    """Who issued it."""
    findings: str
    impression: str
    positive: bool | None
    critical: str
    structure: SealedStructureOut | None
    """The template that the words were made from, its edition and its values; null for versions without one."""
    author: PhysicianOut
    signer: PhysicianOut
    signed_at: Moment
    sha256: str
    """Over the canonical JSON of everything that the version says."""
    patient: PatientOut
    modality: str
    description: str
    body_part: str
    accession_number: str
    exam_started_at: Moment | None
    notice: str
    """Of a preliminary report: that the final one counts."""
    consultations: list[OpinionOut]
    """Whose opinion was heard."""
    preliminary: PreliminaryOut | None
    """What a final report says otherwise than the preliminary one before it."""
    key_images: list[KeyImageOut]
