"""What an electrocardiograph measured, from the annotations of its waveform object (PS3.3 C.10.10, PS3.16 TID 3708); and what we did."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from storage.db.models import EcgMeasurement
from viewer_api.fhir.terms import LOINC, MDC, UCUM, Resource, coding, concept

SOP_CLASSES = (
    "1.2.840.10008.5.1.4.1.1.9.1.1",
    "1.2.840.10008.5.1.4.1.1.9.1.2",
    "1.2.840.10008.5.1.4.1.1.9.1.3",
    "1.2.840.10008.5.1.4.1.1.9.1.4",
)
"""12-lead, general, ambulatory and general 32-bit ECG waveforms (PS3.4 B.5)."""

_PER_MINUTE, _MILLISECONDS, _DEGREES = "/min", "ms", "deg"


@dataclass(frozen=True)
class Measure:
    """A measurement: its LOINC code, its MDC codes as DICOM writes them (the first is sent), and words that devices use."""

    loinc: str
    display: str
    mdc: tuple[str, ...]
    unit: str
    words: str


MEASURES = (
    Measure("8867-4", "Heart rate", ("2:16770", "2:16016"), _PER_MINUTE, r"(ventricular |heart )+rate|hr|vent\.? rate"),
    Measure("8625-6", "P-R Interval", ("2:15872",), _MILLISECONDS, r"p-?[rq]( interval| time period)?"),
    Measure("8633-0", "QRS duration", ("2:16156",), _MILLISECONDS, r"qrs( duration)?"),
    Measure("8634-8", "Q-T interval", ("2:16160",), _MILLISECONDS, r"q-?t( interval| duration)?"),
    Measure(
        "8636-3",
        "Q-T interval corrected",
        ("2:15876", "2:15880", "2:15892"),
        _MILLISECONDS,
        r"q-?tc( interval)?( .*formula)?",
    ),
    Measure("8626-4", "P wave axis", ("2:16128",), _DEGREES, r"p(-wave| wave)? axis"),
    Measure("8632-2", "QRS axis", ("2:16132",), _DEGREES, r"(qrs|r) axis"),
    Measure("8638-9", "T wave axis", ("2:16136",), _DEGREES, r"t(-wave| wave)? axis"),
)

_HR, _PR, _QRS, _QT, _QTC, _P_AXIS, _QRS_AXIS, _T_AXIS = MEASURES
_CALCULATED: Mapping[str, Measure] = {
    "hr": _HR,
    "p_ms": Measure("", "P duration", ("2:16184",), _MILLISECONDS, ""),
    "pr_ms": _PR,
    "qrs_ms": _QRS,
    "qt_ms": _QT,
    "qtc_bazett_ms": Measure(_QTC.loinc, "Q-T interval corrected, Bazett", ("2:15880",), _MILLISECONDS, ""),
    "qtc_fridericia_ms": Measure(_QTC.loinc, "Q-T interval corrected, Fridericia", ("2:15892",), _MILLISECONDS, ""),
    "qrs_axis_deg": _QRS_AXIS,
}
"""By column of `ecg_measurement`."""

_NAME, _UNIT, _VALUE = "0040A043", "004008EA", "0040A30A"
_CODE, _SCHEME, _MEANING = "00080100", "00080102", "00080104"
_ANNOTATIONS = "0040B020"


def measured(header: Mapping[str, Any]) -> dict[Measure, float]:
    """The measurements in a waveform object's header (DICOM JSON); the first of each counts. Values of one lead are passed over."""
    found: dict[Measure, float] = {}
    for item in _values(header, _ANNOTATIONS):
        measure = _measure_of(item)
        value = _number(item)
        if measure is not None and value is not None:
            found.setdefault(measure, value * _factor(item, measure))
    return found


def calculated(row: EcgMeasurement) -> dict[Measure, float]:
    """What our own engine measured in the same recording."""
    values = {measure: getattr(row, column) for column, measure in _CALCULATED.items()}
    return {measure: value for measure, value in values.items() if value is not None}


def component(measure: Measure, value: float, source: str) -> Resource:
    """A component of an Observation; its text says whose value it is, since two may differ."""
    codings = [coding(LOINC, measure.loinc, measure.display)] if measure.loinc else []
    return {
        "code": concept(*codings, coding(MDC, mdc_code(measure.mdc[0])), text=f"{measure.display} ({source})"),
        "valueQuantity": {"value": round(value, 3), "unit": measure.unit, "system": UCUM, "code": measure.unit},
    }


def mdc_code(part: str) -> str:
    """`2:15872` as the single number of ISO/IEEE 11073-10101: partition times 65536 and the code."""
    partition, _, code = part.partition(":")
    return str(int(partition) * 65536 + int(code))


def _measure_of(item: Mapping[str, Any]) -> Measure | None:
    for name in _values(item, _NAME):
        code, scheme, meaning = (_text(name, tag) for tag in (_CODE, _SCHEME, _MEANING))
        for measure in MEASURES:
            if (scheme == "MDC" and code in measure.mdc) or (scheme == "LN" and code == measure.loinc):
                return measure
        plain = re.sub(r"[\s_,]*(global)?\s*$", "", meaning.casefold().strip())
        return next((one for one in MEASURES if re.fullmatch(one.words, plain)), None)
    return None


def _factor(item: Mapping[str, Any], measure: Measure) -> float:
    unit = next((_text(one, _CODE) for one in _values(item, _UNIT)), "")
    if measure.unit == _MILLISECONDS:
        return {"s": 1000.0, "us": 0.001}.get(unit, 1.0)
    return 60.0 if unit == "Hz" else 1.0


def _number(item: Mapping[str, Any]) -> float | None:
    for value in _plain(item, _VALUE):
        try:
            return float(value)
        except (TypeError, ValueError):
            return None
    return None


def _values(item: Mapping[str, Any], tag: str) -> Iterator[Mapping[str, Any]]:
    return (one for one in _plain(item, tag) if isinstance(one, Mapping))


def _plain(item: Mapping[str, Any], tag: str) -> list[Any]:
    element = item.get(tag)
    found = element.get("Value", []) if isinstance(element, Mapping) else []
    return found if isinstance(found, list) else []


def _text(item: Mapping[str, Any], tag: str) -> str:
    return next((str(one) for one in _plain(item, tag)), "").strip()
