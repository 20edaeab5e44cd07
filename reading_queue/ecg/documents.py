"""Measurements as JSON documents: what is stored, served and printed. NaN never gets in; numbers are rounded to what they mean."""

from dataclasses import asdict
from math import isfinite
from typing import Any

from reading_queue.preprocessing.ecg.measuring.results import Beat, EcgMeasurements, MedianBeat, Wave
from storage.ingest.ecg.recording import Recording

_MOST_BEATS_WITH_WAVES = 600
_MOST_PULSES = 1000


def engine_document(measured: EcgMeasurements, *, listed: bool = True) -> dict[str, Any]:
    """Everything; the beats of long records as rows of time, class and shape, and not at all where they are kept elsewhere
    (`listed`).
    """
    return {
        "engine": measured.engine,
        "leads": list(measured.leads),
        "sampling_hz": measured.hz,
        "seconds": _number(measured.seconds, 3),
        "overall": _numbers(asdict(measured.overall)),
        "rr": _numbers(asdict(measured.rr)),
        "atria": _numbers(asdict(measured.atria)),
        "per_lead": {lead: _numbers(asdict(one)) for lead, one in measured.per_lead.items()},
        "quality": {lead: _numbers(asdict(one)) for lead, one in measured.quality.items()},
        "pulses_s": [_number(at, 3) for at in measured.pulses_s[: None if listed else _MOST_PULSES]],
        "fibrillation": [_numbers(asdict(span)) for span in measured.fibrillation],
        "swapped": measured.swapped,
        "not_measured": dict(measured.not_measured),
        "median": median_document(measured.median),
        "beats": [_beat(one, waves=len(measured.beats) <= _MOST_BEATS_WITH_WAVES) for one in measured.beats if listed],
    }


def median_document(median: MedianBeat | None) -> dict[str, Any] | None:
    """The median beat in whole microvolts, and its marks in samples."""
    if median is None:
        return None
    return {
        "hz": median.hz,
        "at": median.at,
        "beats": median.beats,
        "fiducials": asdict(median.fiducials) if median.fiducials else None,
        "microvolts": {
            lead: [round(value) if isfinite(value) else None for value in row.tolist()]
            for lead, row in zip(median.leads, median.microvolts, strict=True)
        },
    }


def device_document(recording: Recording) -> dict[str, Any]:
    """What the device wrote beside the samples; null where it wrote nothing."""
    return {**_numbers(asdict(recording.device_measurements)), "statements": list(recording.device_statements)}


def _beat(beat: Beat, *, waves: bool) -> dict[str, Any]:
    """Short names: a day has a hundred thousand of them."""
    row: dict[str, Any] = {"at": _number(beat.at_s, 3), "kind": str(beat.kind), "template": beat.template}
    if beat.premature:
        row["early"] = True
    if waves:
        row |= {name: _wave(wave) for name, wave in (("p", beat.p), ("qrs", beat.qrs), ("t", beat.t)) if wave}
    return row


def _wave(wave: Wave) -> list[float | None]:
    return [_number(part, 3) for part in (wave.on_s, wave.peak_s, wave.off_s)]


def _numbers(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: _numbers(value) for name, value in found.items()}
    if isinstance(found, list | tuple):
        return [_numbers(value) for value in found]
    return _number(found, 3) if isinstance(found, float) else found


def _number(value: float | None, digits: int) -> float | None:
    return None if value is None or not isfinite(value) else round(value, digits)
