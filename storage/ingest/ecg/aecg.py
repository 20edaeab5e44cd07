"""HL7 annotated ECG (HL7 v3 AnnotatedECG, PORT_MT020001): sequences of digits with an origin and a scale."""

from collections.abc import Iterator
from datetime import datetime
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from storage.domain.errors import UnreadableEcg
from storage.ingest.ecg.leads import is_lead, lead_name
from storage.ingest.ecg.recording import DeviceMeasurements, PatientFacts, Recording, RecordingFilters
from storage.ingest.ecg.texts import date_of, moment_of, number_of, sex_of
from storage.ingest.ecg.xml_document import every, first, words

NAME = "HL7 aECG"
_MICROVOLTS = {"uv": 1.0, "µv": 1.0, "mv": 1000.0, "v": 1e6, "nv": 1e-3}
_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6}
_FILTER = "MDC_ECG_CTL_VBL_ATTR_FILTER_"
_CONTROL = "controlVariable"
_MOST_SAMPLES = 1 << 28


def read(root: Element) -> Recording:
    """The longest rhythm of the document; representative beats are not taken for one. Raises `UnreadableEcg`."""
    found = [(series, one) for series in _rhythms(root) for one in series.findall("component/sequenceSet")]
    whole = [(series, hz, leads) for series, one in found for hz, leads in [_set(one)] if leads]
    if not whole:
        raise UnreadableEcg("The aECG has no rhythm with leads that are known.")
    series, hz, leads = max(whole, key=lambda one: len(next(iter(one[2].values()))) * len(one[2]))
    return Recording(
        NAME,
        tuple(leads),
        hz,
        np.stack(list(leads.values())),
        filters=RecordingFilters(*(_filter(series, kind) for kind in ("HIGH_PASS", "LOW_PASS", "NOTCH"))),
        device_measurements=_measurements(series),
        patient=_patient(root),
        started_at=_started(series, root),
        device=_device(series),
    )


def _rhythms(root: Element) -> Iterator[Element]:
    """Series that were recorded: what is derived from them stands within `derivation`."""
    for series in root.findall("component/series"):
        code = series.find("code")
        if code is None or code.get("code") in ("RHYTHM", None):
            yield series


def _set(sequences: Element) -> tuple[float, dict[str, NDArray[np.float64]]]:
    """Rate in Hz, and the leads of a set in microvolts."""
    hz, leads = 0.0, dict[str, NDArray[np.float64]]()
    for sequence in sequences.findall("component/sequence"):
        code, value = sequence.find("code"), sequence.find("value")
        if code is None or value is None:
            continue
        name = code.get("code") or ""
        if name.startswith("TIME_"):
            hz = _rate(value)
        elif is_lead(name):
            leads[lead_name(name)] = _microvolts(value)
    if leads and (not hz or len({len(row) for row in leads.values()}) != 1):
        raise UnreadableEcg("The leads of the aECG are not of one length, or nothing tells their rate.")
    return hz, {name: row for name, row in leads.items() if len(row)}


def _rate(value: Element) -> float:
    increment = value.find("increment")
    step = _quantity(increment, _SECONDS) if increment is not None else None
    if step is None or step <= 0:
        raise UnreadableEcg("The aECG does not tell its sampling rate.")
    return round(1 / step, 6)


def _microvolts(value: Element) -> NDArray[np.float64]:
    origin, scale = value.find("origin"), value.find("scale")
    step = _quantity(scale, _MICROVOLTS) if scale is not None else None
    start = _quantity(origin, _MICROVOLTS) if origin is not None else 0.0
    if step is None or start is None:
        raise UnreadableEcg("A sequence of the aECG does not tell what a digit is worth.")
    written = words(value, "digits").split()
    if len(written) > _MOST_SAMPLES:
        raise UnreadableEcg("A sequence of the aECG is too long.")
    try:
        digits = np.array(written, dtype=np.float64)
    except ValueError as error:
        raise UnreadableEcg("A sequence of the aECG holds something else than numbers.") from error
    if not np.isfinite(digits).all():
        raise UnreadableEcg("A sequence of the aECG holds something else than numbers.")
    return digits * step + start


def _quantity(element: Element, units: dict[str, float]) -> float | None:
    number, factor = number_of(element.get("value")), units.get((element.get("unit") or "").lower())
    return number * factor if number is not None and factor is not None else None


def _filter(series: Element, kind: str) -> float | None:
    wanted = _FILTER + kind
    for control in series.findall(f"{_CONTROL}/{_CONTROL}"):
        code = control.find("code")
        if code is None or code.get("code") != wanted:
            continue
        for part in control.findall(f"component/{_CONTROL}"):
            name, value = part.find("code"), part.find("value")
            if (
                name is not None
                and value is not None
                and (name.get("code") or "").endswith(("CUTOFF_FREQ", "NOTCH_FREQ"))
            ):
                return number_of(value.get("value"))
    return None


_TOLD = {
    "hr": "MDC_ECG_HEART_RATE",
    "rr_ms": "MDC_ECG_TIME_PD_RR",
    "p_ms": "MDC_ECG_TIME_PD_P",
    "pr_ms": "MDC_ECG_TIME_PD_PR",
    "qrs_ms": "MDC_ECG_TIME_PD_QRS",
    "qt_ms": "MDC_ECG_TIME_PD_QT",
    "qtc_ms": "MDC_ECG_TIME_PD_QTc",
    "p_axis_deg": "MDC_ECG_ANGLE_P_FRONT",
    "qrs_axis_deg": "MDC_ECG_ANGLE_QRS_FRONT",
    "t_axis_deg": "MDC_ECG_ANGLE_T_FRONT",
}


def _measurements(series: Element) -> DeviceMeasurements:
    """The first value of each kind: those of the whole come before those of single beats."""
    values: dict[str, float] = {}
    for annotation in every(series, "annotation"):
        code, value = annotation.find("code"), annotation.find("value")
        if code is not None and value is not None and (number := number_of(value.get("value"))) is not None:
            values.setdefault(code.get("code") or "", number)
    return DeviceMeasurements(**{field: values[code] for field, code in _TOLD.items() if code in values})


def _patient(root: Element) -> PatientFacts:
    subject, person = first(root, "trialSubject"), first(root, "subjectDemographicPerson")
    identifier = subject.find("id") if subject is not None else None
    gender = person.find("administrativeGenderCode") if person is not None else None
    birth = person.find("birthTime") if person is not None else None
    born = moment_of((birth.get("value") or "")[:8], "%Y%m%d") if birth is not None else None
    return PatientFacts(
        ((identifier.get("extension") or identifier.get("root") or "") if identifier is not None else ""),
        words(person, "name"),
        sex_of(gender.get("code") or "") if gender is not None else "",
        date_of(born.year, born.month, born.day) if born else None,
    )


def _started(series: Element, root: Element) -> datetime | None:
    for told in (series.find("effectiveTime/low"), root.find("effectiveTime/low"), root.find("effectiveTime/center")):
        moment = moment_of((told.get("value") or "")[:14], "%Y%m%d%H%M%S", "%Y%m%d%H%M") if told is not None else None
        if moment is not None:
            return moment
    return None


def _device(series: Element) -> dict[str, str]:
    device = first(series, "manufacturedSeriesDevice")
    told = {
        "manufacturer": words(first(series, "manufacturerOrganization"), "name"),
        "model": words(device, "manufacturerModelName"),
        "software": words(device, "softwareName"),
    }
    return {name: value for name, value in told.items() if value}
