"""GE MUSE "RestingECG" XML: leads as base64 of 16-bit samples with microvolts a bit, eight of them recorded.

The format is not published; what is read here is what files of MUSE 7 to 9 have in common.
"""

import zlib
from datetime import datetime
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from storage.domain.errors import UnreadableEcg
from storage.ingest.ecg.leads import lead_name
from storage.ingest.ecg.recording import DeviceMeasurements, PatientFacts, Recording, RecordingFilters
from storage.ingest.ecg.texts import date_of, moment_of, number_of, person_name, sex_of
from storage.ingest.ecg.xml_document import base64_of, every, first, int16_of, words

NAME = "GE MUSE XML"
_UNITS = {"MICROVOLTS": 1.0, "MILLIVOLTS": 1000.0}
_YEARS = {"YEARS": 1.0, "MONTHS": 1 / 12, "WEEKS": 7 / 365.25, "DAYS": 1 / 365.25}
_HUNDREDTHS = 100.0
"""HighPassFilter is in hundredths of a hertz, the other filters in hertz."""


def read(root: Element) -> Recording:
    """The rhythm of a RestingECG document. Raises `UnreadableEcg`."""
    waveform = next((one for one in every(root, "Waveform") if words(one, "WaveformType").lower() == "rhythm"), None)
    if waveform is None:
        raise UnreadableEcg("The MUSE file has no rhythm.")
    leads: dict[str, NDArray[np.float64]] = {}
    for lead in waveform.findall("LeadData"):
        leads[lead_name(words(lead, "LeadID"))] = _samples(lead)
    if not leads or len({len(row) for row in leads.values()}) != 1:
        raise UnreadableEcg("The leads of the MUSE file are not of one length.")
    return Recording(
        NAME,
        tuple(leads),
        _rate(waveform),
        np.stack(list(leads.values())),
        filters=RecordingFilters(
            _scaled(words(waveform, "HighPassFilter"), 1 / _HUNDREDTHS),
            number_of(words(waveform, "LowPassFilter")) or None,
            number_of(words(waveform, "ACFilter")) or None,
        ),
        device_measurements=_measurements(root),
        device_statements=_statements(root),
        patient=_patient(root),
        started_at=_started(root),
        device=_device(root),
    )


def _rate(waveform: Element) -> float:
    base, exponent = number_of(words(waveform, "SampleBase")), number_of(words(waveform, "SampleExponent")) or 0
    if not base or base < 0 or abs(exponent) > 6:  # noqa: PLR2004 - microhertz to megahertz
        raise UnreadableEcg("The MUSE file does not tell its sampling rate.")
    return base * 10.0**exponent


def _samples(lead: Element) -> NDArray[np.float64]:
    data = base64_of(words(lead, "WaveFormData"))
    _check(lead, data)
    unit, scale = words(lead, "LeadAmplitudeUnits").upper(), number_of(words(lead, "LeadAmplitudeUnitsPerBit"))
    if unit not in _UNITS or not scale or scale < 0:
        raise UnreadableEcg("The MUSE file does not tell what a sample is worth.")
    samples = int16_of(data).astype(np.float64) * scale * _UNITS[unit]
    if words(lead, "LeadOff").upper() == "TRUE":
        samples[:] = np.nan
    return samples


def _check(lead: Element, data: bytes) -> None:
    """What the file says of its own samples: their number, and where it does, a checksum."""
    count = number_of(words(lead, "LeadSampleCountTotal"))
    if count is not None and count * 2 != len(data):
        raise UnreadableEcg("A lead of the MUSE file is not as long as it says.")
    told = words(lead, "LeadDataCRC32")
    if told.isdigit() and int(told) and int(told) != zlib.crc32(data):
        raise UnreadableEcg("A lead of the MUSE file does not fit its checksum.")


def _scaled(written: str, factor: float) -> float | None:
    number = number_of(written)
    return number * factor if number else None


def _measurements(root: Element) -> DeviceMeasurements:
    told = first(root, "RestingECGMeasurements")
    hr, pr, qrs, qt, qtc, fridericia, p_axis, r_axis, t_axis = (
        number_of(words(told, name))
        for name in (
            *("VentricularRate", "PRInterval", "QRSDuration", "QTInterval", "QTCorrected", "QTcFrederica"),
            *("PAxis", "RAxis", "TAxis"),
        )
    )
    return DeviceMeasurements(
        hr=hr,
        pr_ms=pr,
        qrs_ms=qrs,
        qt_ms=qt,
        qtc_ms=qtc,
        qtc_fridericia_ms=fridericia,
        p_axis_deg=p_axis,
        qrs_axis_deg=r_axis,
        t_axis_deg=t_axis,
    )


def _statements(root: Element) -> tuple[str, ...]:
    diagnosis = first(root, "Diagnosis")
    if diagnosis is None:
        return ()
    return tuple(text for one in diagnosis.iter("StmtText") if (text := (one.text or "").strip()))


def _patient(root: Element) -> PatientFacts:
    told = first(root, "PatientDemographics")
    age, unit = number_of(words(told, "PatientAge")), words(told, "AgeUnits").upper() or "YEARS"
    born = moment_of(words(told, "DateofBirth"), "%m-%d-%Y")
    return PatientFacts(
        words(told, "PatientID"),
        person_name(words(told, "PatientLastName"), words(told, "PatientFirstName")),
        sex_of(words(told, "Gender")),
        date_of(born.year, born.month, born.day) if born else None,
        age * _YEARS[unit] if age is not None and unit in _YEARS else None,
    )


def _started(root: Element) -> datetime | None:
    test = first(root, "TestDemographics")
    return moment_of(f"{words(test, 'AcquisitionDate')} {words(test, 'AcquisitionTime')}", "%m-%d-%Y %H:%M:%S")


def _device(root: Element) -> dict[str, str]:
    test = first(root, "TestDemographics")
    told = {
        "manufacturer": "GE" if test is not None else "",
        "model": words(test, "AcquisitionDevice"),
        "software": words(test, "AcquisitionSoftwareVersion"),
    }
    return {name: value for name, value in told.items() if value}
