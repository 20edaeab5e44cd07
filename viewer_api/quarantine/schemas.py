"""Bodies of the quarantine desk."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from reading_queue.desk import Wish
from storage.domain.studies import Decision, PixelFinding, QuarantineReason
from viewer_api.schemas import Moment, PatientOut, RequestSchema, Schema


class QuarantineFilter(RequestSchema):
    """What to list of what was kept aside. Empty values do not filter."""

    reason: QuarantineReason | None = None
    study_instance_uid: Annotated[str, Field(max_length=64)] = ""
    ae_title: Annotated[str, Field(max_length=16)] = ""


class QuarantineQuery(QuarantineFilter):
    """A part of the list."""

    resolved: bool = False
    """Also what has been decided on."""
    limit: Annotated[int, Field(ge=1, le=200)] = 100
    cursor: Annotated[int | None, Field(ge=1, le=2**63 - 1)] = None


class QuarantineOut(Schema):
    """An object kept aside for a person to decide on."""

    id: int
    reason: QuarantineReason
    detail: str
    institution: str | None
    institution_name: str
    institution_name_en: str
    ae_title: str
    sop_instance_uid: str
    study_instance_uid: str
    modality: str
    description: str
    exam_started_at: str | None
    patient: PatientOut | None
    """As the object tells him; null where it cannot be read."""
    size: int
    received_at: Moment
    attempts: int
    pixels: PixelFinding | None
    """For an object in another encoding: what comparing its pixels with the archive's found, null until that is done."""
    pixels_detail: str
    resolved_at: Moment | None
    resolution: str
    decision: Decision | None
    carried: bool
    """For one that is taken in: whether it is back in the intake."""
    keep_until: Moment | None
    """When its bytes may be deleted; null where nobody said that they may."""
    purged_at: Moment | None


class PresentOut(Schema):
    """What is in the archive in the place that the object claims."""

    study_instance_uid: str
    institution: str
    institution_name: str
    institution_name_en: str
    patient: PatientOut
    modality: str
    description: str
    exam_started_at: Moment | None
    instances: int
    has_object: bool
    """Whether an object under the same SOP Instance UID is there."""
    has_signed_report: bool


class QuarantineDetail(QuarantineOut):
    """An object with what it conflicts with, and what may be decided."""

    present: PresentOut | None
    decisions: list[Decision]
    same_study: int
    """How many objects of this study wait, this one included."""
    same_device: int
    """How many objects of this device wait, this one included."""


class ResolveIn(RequestSchema):
    """A decision; `storage.domain.studies.Decision` says what each does."""

    resolution: Decision
    note: Annotated[str, Field(max_length=500)] = ""
    same_person: bool = False
    """With `take_in` of an object of another patient: the two are one person, and are merged."""
    despite_report: bool = False
    """With `replace`: also where a signed report rests on the older object."""

    def wish(self) -> Wish:
        """As the desk takes it."""
        return Wish(self.resolution, self.note, same_person=self.same_person, despite_report=self.despite_report)


class BulkIn(ResolveIn):
    """One decision for everything that waits of a study or of a device."""

    reason: QuarantineReason | None = None
    study_instance_uid: Annotated[str, Field(max_length=64)] = ""
    ae_title: Annotated[str, Field(max_length=16)] = ""

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.study_instance_uid and not self.ae_title:
            message = "name a study or a device"
            raise ValueError(message)
        return self


class RefusalOut(Schema):
    """Why one object was left as it is."""

    id: int
    code: str
    detail: str


class BulkOut(Schema):
    """What was decided on, what could not be, and how much is left for another call."""

    done: list[int]
    refused: list[RefusalOut]
    left: int


class ReopenIn(RequestSchema):
    """Why the decision is taken back."""

    note: Annotated[str, Field(max_length=500)] = ""


class ResendOut(Schema):
    """Objects of one study that the county asks a clinic to put right and send anew."""

    study_instance_uid: str
    institution: str
    ae_title: str
    reason: QuarantineReason
    modality: str
    description: str
    patient: PatientOut | None
    note: str
    objects: int
    asked_at: Moment
