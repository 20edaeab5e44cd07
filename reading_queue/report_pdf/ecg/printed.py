"""What is printed of an ECG."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reading_queue.preprocessing.ecg.filters import UNFILTERED, FilterChoice
from reading_queue.report_pdf.ecg.layout import LayoutName
from storage.ingest.ecg.recording import Recording

SPEEDS = (12.5, 25.0, 50.0)
GAINS = (2.5, 5.0, 10.0, 20.0)

Values = Mapping[str, Any]


@dataclass(frozen=True)
class EcgLook:
    """How an ECG is drawn: mm/s, mm/mV, filters, and the second of the record with which the paper begins."""

    layout: LayoutName = "3x4+1"
    speed: float = 25.0
    gain: float = 10.0
    filters: FilterChoice = UNFILTERED
    start_s: float = 0.0


@dataclass(frozen=True)
class EcgHead:
    """Whose ECG it is, in words as they are printed; empty where nothing is known."""

    centre: str
    name: str
    sex_age: str
    patient_id: str
    accession_number: str
    clinic: str
    exam_time: str


@dataclass(frozen=True)
class PrintedEcg:
    """One recording with the device's and this system's values apart; without a `recording` the paper says that it is gone."""

    recording: Recording | None
    look: EcgLook = EcgLook()
    device: Values = field(default_factory=dict)
    measured: Values = field(default_factory=dict)
    engine: str = ""
    number: int = 1
    of: int = 1
