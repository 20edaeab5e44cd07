"""What documents are written from: a signed version, and what the catalogue knows of its study."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, tzinfo
from typing import Any, Self

from storage.domain.measuring import Figure, MeasurementKind, Point, SpacingMethod
from storage.domain.reading import ReportKind


@dataclass(frozen=True)
class Study:
    """Attributes that every object of the study has in common (PS3.3 C.7.1.1 and C.7.2.1), as DICOM writes them."""

    study_instance_uid: str
    study_date: str
    study_time: str
    study_id: str
    accession_number: str
    referring_physician: str
    description: str
    patient_name: str
    patient_id: str
    issuer: str
    birth_date: str
    sex: str


@dataclass(frozen=True)
class KeyFrame:
    """A frame that the version shows. `frame` counts from 1; `frames` is how many its object has."""

    sop_class_uid: str
    sop_instance_uid: str
    series_instance_uid: str
    frame: int
    frames: int
    note: str


@dataclass(frozen=True)
class ToldMeasurement:
    """What was measured in a frame (`storage.domain.measuring`), as the version sealed it."""

    id: int
    version: int
    kind: MeasurementKind
    points: Sequence[Point]
    label: str
    figures: Sequence[Figure]
    method: SpacingMethod
    on: KeyFrame

    @classmethod
    def of(cls, sealed: Mapping[str, Any]) -> Self:
        """From the member of a version's content that `reading_queue.measuring.sealing` made."""
        return cls(
            id=sealed["id"],
            version=sealed["version"],
            kind=MeasurementKind(sealed["kind"]),
            points=[(column, row) for column, row in sealed["points"]],
            label=sealed["label"],
            figures=sealed["figures"],
            method=SpacingMethod(sealed["method"]),
            on=KeyFrame(**{one.name: sealed[one.name] for one in fields(KeyFrame) if one.name != "note"}, note=""),
        )


@dataclass(frozen=True)
class Told:
    """A version to be written. `earlier` are the hashes of the versions before it, the first first."""

    report_id: int
    version: int
    kind: ReportKind
    sha256: str
    content: Mapping[str, Any]
    signed_at: datetime
    study: Study
    earlier: Sequence[str]
    key_frames: Sequence[KeyFrame]
    zone: tzinfo
    measurements: Sequence[ToldMeasurement] = ()

    @property
    def is_final(self) -> bool:
        """Whether what it says has been verified by whoever answers for it."""
        return self.kind is not ReportKind.PRELIMINARY
