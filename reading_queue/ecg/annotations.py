"""What the device itself measured and said, from the Waveform Annotation Sequence (PS3.3 C.10.10, PS3.16 CID 3227 to 3230)."""

import re
from collections.abc import Iterable

from pydicom import Dataset

from reading_queue.preprocessing.attributes import items, number, text
from storage.ingest.ecg.recording import DeviceMeasurements

_BY_CODE = {
    "5.10.2.1-3": "rr_ms",
    "5.13.5-7": "pr_ms",
    "5.13.5-9": "qrs_ms",
    "5.13.5-11": "qt_ms",
    "5.10.2.5-5": "qtc_ms",
    "5.10.3-11": "p_axis_deg",
    "5.10.3-13": "qrs_axis_deg",
    "5.10.3-15": "t_axis_deg",
    "2:15872": "pr_ms",
    "2:16156": "qrs_ms",
    "2:16160": "qt_ms",
}
"""Codes of SCP-ECG and MDC; what has none of these is told by its written meaning."""

_BY_WORDS = (
    (re.compile(r"^(ventricular|heart|mean ventricular)?\s*(heart\s*)?rate$"), "hr"),
    (re.compile(r"^r-?r (interval|duration)"), "rr_ms"),
    (re.compile(r"^p (wave )?duration"), "p_ms"),
    (re.compile(r"^p[rq] (interval|duration)"), "pr_ms"),
    (re.compile(r"^qrs (duration|interval)"), "qrs_ms"),
    (re.compile(r"^qtc?b\b|^qtc?.*bazett"), "qtc_bazett_ms"),
    (re.compile(r"^qtc?f\b|^qtc?.*frider?icia"), "qtc_fridericia_ms"),
    (re.compile(r"^qtc"), "qtc_ms"),
    (re.compile(r"^qt (interval|duration)"), "qt_ms"),
    (re.compile(r"^p (wave )?axis"), "p_axis_deg"),
    (re.compile(r"^(qrs|r) (wave )?axis"), "qrs_axis_deg"),
    (re.compile(r"^t (wave )?axis"), "t_axis_deg"),
)
_SECONDS = frozenset({"s", "sec"})
_LONGEST_MS, _MOST_DEGREES = 60_000.0, 360.0
_MOST_STATEMENTS, _LONGEST_STATEMENT = 50, 1000


def device_measurements(annotations: Iterable[Dataset]) -> DeviceMeasurements:
    """The first value of each kind; a duration of nought means that nothing was measured."""
    found: dict[str, float] = {}
    for annotation in annotations:
        name, measured = _kind(annotation), number(annotation, "NumericValue")
        if name and measured is not None and name not in found and _makes_sense(name, measured):
            found[name] = measured * 1000 if name.endswith("_ms") and _unit(annotation) in _SECONDS else measured
    if "hr" not in found and "rr_ms" in found:
        found["hr"] = 60_000 / found["rr_ms"]
    return DeviceMeasurements(**found)


def device_statements(annotations: Iterable[Dataset]) -> tuple[str, ...]:
    """What the device's own interpretation says, in its words and order."""
    said = [text(annotation, "UnformattedTextValue") for annotation in annotations]
    return tuple(words[:_LONGEST_STATEMENT] for words in said if words)[:_MOST_STATEMENTS]


def _kind(annotation: Dataset) -> str | None:
    concept = next(iter(items(annotation, "ConceptNameCodeSequence")), Dataset())
    words = text(concept, "CodeMeaning").lower().replace("mdc_ecg_", "").replace("_", " ").strip()
    by_words = next((name for pattern, name in _BY_WORDS if pattern.match(words)), None)
    return by_words or _BY_CODE.get(text(concept, "CodeValue"))


def _unit(annotation: Dataset) -> str:
    return text(next(iter(items(annotation, "MeasurementUnitsCodeSequence")), Dataset()), "CodeValue").lower()


def _makes_sense(name: str, measured: float) -> bool:
    return abs(measured) <= _MOST_DEGREES if name.endswith("_deg") else 0 < measured <= _LONGEST_MS
