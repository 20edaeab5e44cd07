"""Philips Sierra XML, 1.03 to 1.04.01 ("restingecgdata"): 16-bit samples in base64, plain or packed by XLI.

Packed files hold III, aVR, aVL and aVF as what remains when they are worked out from I and II.
"""

from datetime import datetime
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from storage.domain.errors import UnreadableEcg
from storage.ingest.ecg import xli
from storage.ingest.ecg.leads import lead_name
from storage.ingest.ecg.recording import DeviceMeasurements, PatientFacts, Recording, RecordingFilters
from storage.ingest.ecg.texts import date_of, moment_of, number_of, person_name, sex_of
from storage.ingest.ecg.xml_document import base64_of, first, int16_of, words

NAME = "Philips Sierra XML"
_VERSIONS = ("1.03", "1.04", "1.04.01", "1.04.02")
_USUAL = "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6"
_MILLISECONDS = 1000.0


def read(root: Element) -> Recording:
    """Raises `UnreadableEcg`."""
    version = words(first(root, "documentinfo"), "documentversion")
    if version not in _VERSIONS:
        raise UnreadableEcg("The Philips file is of a version that is not known.")
    samples, signal = first(root, "parsedwaveforms"), first(root, "signalcharacteristics")
    if samples is None or signal is None:
        raise UnreadableEcg("The Philips file has no samples.")
    hz, step = number_of(words(signal, "samplingrate")), _resolution(signal)
    if not hz or not step or hz < 0 or step < 0:
        raise UnreadableEcg("The Philips file does not tell its rate or what a sample is worth.")
    names = [lead_name(name) for name in (samples.get("leadlabels") or _USUAL).split()]
    rows = _rows(samples, names, hz)
    if number_of(words(signal, "signaloffset")):
        raise UnreadableEcg("The samples of the Philips file have an offset, which is not understood.")
    return Recording(
        NAME,
        tuple(names),
        hz,
        np.stack(rows).astype(np.float64) * step,
        filters=_filters(samples, signal),
        device_measurements=_measurements(root),
        device_statements=_statements(root),
        patient=_patient(root),
        started_at=_started(root),
        device=_device(root),
    )


def _resolution(signal: Element) -> float | None:
    """Microvolts a bit; the name of the element changed with the version."""
    return number_of(words(signal, "resolution")) or number_of(words(signal, "signalresolution"))


def _rows(samples: Element, names: list[str], hz: float) -> list[NDArray[np.int16]]:
    data, packed = base64_of(samples.text), (samples.get("compression") or samples.get("compressmethod") or "").upper()
    duration = number_of(samples.get("durationperchannel"))
    if packed == "XLI" and (samples.get("compressflag") or "True").lower() == "true":
        rows = xli.decode(data)[: len(names)]
        if duration is not None:
            rows = [row[: round(duration * hz / _MILLISECONDS)] for row in rows]
        _whole(rows, names)
        return _with_remainders(dict(zip(names, rows, strict=True)))
    if packed not in ("", "UNCOMPRESSED", "NONE", "XLI"):
        raise UnreadableEcg("The samples of the Philips file are packed in a way that is not known.")
    plain = int16_of(data)
    if not len(plain) or len(plain) % len(names):
        raise UnreadableEcg("The samples of the Philips file do not fill its leads.")
    return list(plain.reshape(len(names), -1))


def _whole(rows: list[NDArray[np.int16]], names: list[str]) -> None:
    if len(rows) != len(names) or len({len(row) for row in rows}) != 1 or not len(rows[0]):
        raise UnreadableEcg("The leads of the Philips file are not of one length.")


def _with_remainders(rows: dict[str, NDArray[np.int16]]) -> list[NDArray[np.int16]]:
    """Halves are rounded down, as the cart does."""
    wide = {name: row.astype(np.int32) for name, row in rows.items()}
    if {"I", "II", "III", "aVR", "aVL", "aVF"} <= set(wide):
        one, two = wide["I"], wide["II"]
        three = two - one - wide["III"]
        wide |= {
            "III": three,
            "aVR": -wide["aVR"] - (one + two) // 2,
            "aVL": (one - three) // 2 - wide["aVL"],
            "aVF": (two + three) // 2 - wide["aVF"],
        }
    return [row.astype(np.int16) for row in wide.values()]


def _filters(samples: Element, signal: Element) -> RecordingFilters:
    """What was done to the samples, not to the print."""
    low, high = samples.get("hipass") or words(signal, "hipass"), samples.get("lowpass") or words(signal, "lowpass")
    if not (low and high) and (band := words(signal, "signalbandwidth")).count("-") == 1:
        low, high = band.split("-")
    notch = samples.get("notchfilterfreqs") if (samples.get("notchfiltered") or "").lower() == "true" else ""
    return RecordingFilters(number_of(low), number_of(high), number_of(notch) or None)


def _measurements(root: Element) -> DeviceMeasurements:
    told = first(root, "crossleadmeasurements")
    told = told if told is not None else first(root, "globalmeasurements")
    hr, pr, qrs, qt, qtc, p_axis, qrs_axis, t_axis = (
        _first_number(told, *names)
        for names in (
            ("meanventrate", "heartrate"),
            ("meanprint", "print"),
            ("meanqrsdur", "qrsdur"),
            ("meanqtint", "qtint"),
            ("meanqtc", "qtcb", "qtc"),
            ("pfrontaxis",),
            ("qrsfrontaxis",),
            ("tfrontaxis",),
        )
    )
    return DeviceMeasurements(
        hr=hr,
        pr_ms=pr,
        qrs_ms=qrs,
        qt_ms=qt,
        qtc_ms=qtc,
        p_axis_deg=p_axis,
        qrs_axis_deg=qrs_axis,
        t_axis_deg=t_axis,
    )


def _first_number(told: Element | None, *names: str) -> float | None:
    return next((number for name in names if (number := number_of(words(told, name))) is not None), None)


def _statements(root: Element) -> tuple[str, ...]:
    found = []
    for statement in root.iter("statement"):
        text = "; ".join(filter(None, (words(statement, "leftstatement"), words(statement, "rightstatement"))))
        found += [text] if text else []
    return tuple(found)


def _patient(root: Element) -> PatientFacts:
    told = first(root, "generalpatientdata")
    born = moment_of(words(told, "age", "dateofbirth"), "%Y-%m-%d")
    return PatientFacts(
        words(told, "patientid"),
        person_name(words(told, "name", "lastname"), words(told, "name", "firstname")),
        sex_of(words(told, "sex")),
        date_of(born.year, born.month, born.day) if born else None,
        number_of(words(told, "age", "years")),
    )


def _started(root: Element) -> datetime | None:
    acquired = first(root, "dataacquisition")
    if acquired is None:
        return None
    return moment_of(f"{acquired.get('date', '')} {acquired.get('time', '')}", "%Y-%m-%d %H:%M:%S")


def _device(root: Element) -> dict[str, str]:
    machine = first(root, "machine")
    told = {
        "manufacturer": "Philips",
        "model": words(machine) if machine is not None else "",
        "serial": (machine.get("machineid") or "") if machine is not None else "",
        "software": (machine.get("detaildescription") or "") if machine is not None else "",
    }
    return {name: value for name, value in told.items() if value}
