"""ECG waveform objects as recordings: 12-lead, General, Ambulatory and General 32-bit (PS3.3 A.34.3 to A.34.5, A.34.15)."""

import re
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from reading_queue.ecg.annotations import device_measurements, device_statements
from reading_queue.preprocessing.attributes import items, text, value
from reading_queue.preprocessing.decoding import read_dataset
from reading_queue.preprocessing.ecg.stored import Found
from reading_queue.preprocessing.ecg.waveform import DERIVED, EcgWaveform, Filters, read_ecg, with_derived_limb_leads
from reading_queue.preprocessing.errors import UndecodableImage, UnreadableWaveform
from storage.domain.errors import UnreadableEcg
from storage.ingest.ecg.recording import PatientFacts, Recording, RecordingFilters

FORMAT = "dicom"
_AGE = re.compile(r"^(\d{1,3})([DWMY])$")
_YEARS = {"D": 1 / 365.25, "W": 7 / 365.25, "M": 1 / 12, "Y": 1.0}
_DEVICE = {
    "manufacturer": "Manufacturer",
    "model": "ManufacturerModelName",
    "serial": "DeviceSerialNumber",
    "software": "SoftwareVersions",
    "station": "StationName",
}


def read_dicom(data: bytes) -> Recording:
    """The rhythm of an ECG object from its file's bytes. Raises `UnreadableEcg`."""
    try:
        return recording_of(read_dataset(data))
    except UndecodableImage as error:
        raise UnreadableEcg("The file is no DICOM object.") from error


def recording_of(ds: Dataset) -> Recording:
    """The rhythm of an ECG object, with derived limb leads. Raises `UnreadableEcg`."""
    try:
        waveform = read_ecg(ds)
    except UnreadableWaveform as error:
        raise UnreadableEcg(f"The object has no ECG waveform that can be read ({error.reason}).") from error
    return from_waveform(ds, waveform)


def from_waveform(ds: Dataset, waveform: EcgWaveform) -> Recording:
    """The recording that a decoded waveform and its data set make."""
    whole = with_derived_limb_leads(waveform)
    derived = whole.leads[len(waveform.leads) :]
    return _recording(
        ds, whole.samples_uv.astype(np.float64), waveform.filters, whole.leads, derived, whole.sampling_hz
    )


def without_samples(found: Found) -> Recording:
    """The recording that a stored object holds; its samples stay where they are, and stand here as not recorded."""
    ecg = found.ecg
    derived = tuple(lead for lead in DERIVED if lead not in ecg.leads) if {"I", "II"} <= set(ecg.leads) else ()
    leads = (*ecg.leads, *derived)
    nothing = np.broadcast_to(np.float64("nan"), (len(leads), ecg.samples))
    return _recording(found.head, nothing, found.filters, leads, derived, ecg.hz)


def _recording(
    ds: Dataset,
    microvolts: NDArray[np.float64],
    filters: Filters,
    leads: tuple[str, ...],
    derived: tuple[str, ...],
    hz: float,
) -> Recording:
    return Recording(
        format=FORMAT,
        leads=leads,
        hz=hz,
        microvolts=microvolts,
        filters=RecordingFilters(filters.low_hz, filters.high_hz, filters.notch_hz),
        device_measurements=device_measurements(items(ds, "WaveformAnnotationSequence")),
        device_statements=device_statements(items(ds, "WaveformAnnotationSequence")),
        patient=_patient(ds),
        started_at=_started_at(ds),
        derived=derived,
        device={name: text(ds, keyword) for name, keyword in _DEVICE.items() if text(ds, keyword)},
    )


def _patient(ds: Dataset) -> PatientFacts:
    return PatientFacts(
        patient_id=text(ds, "PatientID"),
        name=str(value(ds, "PatientName") or ""),
        sex=text(ds, "PatientSex"),
        birth_date=_date(text(ds, "PatientBirthDate")),
        age_years=age_of(text(ds, "PatientAge"), text(ds, "PatientBirthDate"), text(ds, "StudyDate")),
    )


def age_of(age: str, birth_date: str, at: str) -> float | None:
    """Years at the recording: from the two dates, else from an age string (PS3.5 AS); None when neither tells."""
    born, recorded = _date(birth_date), _date(at)
    if born and recorded and recorded >= born:
        return (recorded - born).days / 365.25
    told = _AGE.match(age)
    return int(told[1]) * _YEARS[told[2]] if told else None


def _date(written: str) -> date | None:
    try:
        return datetime.strptime(written[:8], "%Y%m%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return None


def _started_at(ds: Dataset) -> datetime | None:
    """As the device wrote it, without a zone."""
    written = text(ds, "AcquisitionDateTime") or text(ds, "StudyDate") + text(ds, "StudyTime")
    digits = written[:14].split(".")[0]
    try:
        return datetime.strptime(digits.ljust(14, "0"), "%Y%m%d%H%M%S") if len(digits) >= len("YYYYMMDD") else None  # noqa: DTZ007
    except ValueError:
        return None


def as_json(recording: Recording) -> dict[str, Any]:
    """What a recording says of itself, without the samples and the patient."""
    return {
        "format": recording.format,
        "leads": list(recording.leads),
        "sampling_hz": recording.hz,
        "samples": int(recording.microvolts.shape[1]),
        "seconds": round(recording.seconds, 3),
        "derived_leads": list(recording.derived),
        "assumed": list(recording.assumed),
        "filters": {
            "low_hz": recording.filters.low_hz,
            "high_hz": recording.filters.high_hz,
            "notch_hz": recording.filters.notch_hz,
        },
        "started_at": recording.started_at.isoformat() if recording.started_at else None,
        "device": dict(recording.device),
    }
