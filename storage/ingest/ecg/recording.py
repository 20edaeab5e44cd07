"""An ECG as a device wrote it, in one form whatever the file: what every reader of a format gives."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

STANDARD_LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")


@dataclass(frozen=True, slots=True)
class RecordingFilters:
    """What was filtered before the samples were stored, in Hz; None where the file says nothing."""

    low_hz: float | None = None
    high_hz: float | None = None
    notch_hz: float | None = None


@dataclass(frozen=True, slots=True)
class DeviceMeasurements:
    """What the device itself measured and wrote beside the samples; None where it wrote nothing. Never mixed with ours.

    Rate per minute, durations in milliseconds, frontal axes in degrees. `qtc_ms` is a corrected QT whose formula the file
    does not name.
    """

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


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """What the file says of the patient; empty or None where it says nothing. `sex` is M, F or O as in DICOM."""

    patient_id: str = ""
    name: str = ""
    sex: str = ""
    birth_date: date | None = None
    age_years: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """One continuous ECG.

    `microvolts` is float64 (leads, samples) with NaN where nothing was recorded (electrode off, a lead that a printed layout
    leaves out). `leads` are short standard names (`STANDARD_LEADS`, V7..V9, V3R.., X, Y, Z, MLII ...), each once. `started_at`
    is as the device wrote it, without a zone unless the file names one. `derived` names leads that were not recorded but
    computed; `assumed` says in words what the format leaves open (a unit, a lead order) and a reader had to take for granted.
    """

    format: str
    leads: tuple[str, ...]
    hz: float
    microvolts: NDArray[np.float64]
    filters: RecordingFilters = RecordingFilters()
    device_measurements: DeviceMeasurements = DeviceMeasurements()
    device_statements: tuple[str, ...] = ()
    patient: PatientFacts = PatientFacts()
    started_at: datetime | None = None
    derived: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    device: dict[str, Any] = field(default_factory=dict)
    """What else the file tells of the cart: manufacturer, model, serial, software; plain JSON values."""

    def __post_init__(self) -> None:
        if self.microvolts.ndim != 2 or self.microvolts.shape[0] != len(self.leads):  # noqa: PLR2004 - leads x samples
            raise ValueError("microvolts must be leads x samples")
        if len(set(self.leads)) != len(self.leads):
            raise ValueError("a lead is named twice")
        if not np.isfinite(self.hz) or self.hz <= 0:
            raise ValueError("a recording needs its sampling rate")

    @property
    def seconds(self) -> float:
        return float(self.microvolts.shape[1] / self.hz)
