"""EDF and EDF+ (Kemp 1992, Kemp and Olivan 2003): records of 16-bit samples with a physical range for each signal."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from storage.domain.errors import UnreadableEcg
from storage.ingest.ecg.leads import is_lead, lead_name
from storage.ingest.ecg.recording import PatientFacts, Recording, RecordingFilters
from storage.ingest.ecg.texts import moment_of, number_of, sex_of, text_of

NAME = "EDF"
_MAGIC = b"0       "
_MAIN, _SIGNAL = 256, 256
_FIELDS = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)
"""Label, transducer, unit, physical and digital minimum and maximum, filters, samples in a record, reserved."""

_MICROVOLTS = {"uv": 1.0, "µv": 1.0, "mv": 1000.0, "v": 1e6, "nv": 1e-3}
_MOST_SIGNALS = 512
_WIDEST = 400_000.0
"""Microvolts: no ECG amplifier takes in more, so a wider range is a unit that somebody mistook."""

_KNOWN_AS_ECG = ("ECG", "EKG")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


@dataclass(frozen=True)
class _Signal:
    """One signal's header. `at` and `count` place its samples within a record, in samples."""

    label: str
    unit: str
    physical: tuple[float, float]
    digital: tuple[float, float]
    filters: str
    count: int
    at: int


def is_edf(data: bytes) -> bool:
    """Whether it begins as EDF does, with places for numbers where they should be."""
    return data[:8] == _MAGIC and data[184:192].strip().isdigit() and data[252:256].strip().isdigit()


def read(data: bytes) -> Recording:
    """All signals that are leads of an ECG, those of the highest rate. Raises `UnreadableEcg`."""
    signals, records, seconds = _header(data)
    if data[192:197] == b"EDF+D":
        raise UnreadableEcg("The EDF file was interrupted (EDF+D): its parts would run together.")
    named = _leads(signals)
    if not named:
        raise UnreadableEcg("The EDF file has no lead of an ECG.")
    fastest = max(one.count for one in named.values())
    named = {name: one for name, one in named.items() if one.count == fastest}
    table = _samples(data, signals, records)
    first = next(iter(named.values()))
    return Recording(
        NAME,
        tuple(named),
        fastest / seconds,
        np.stack([_microvolts(table, one) for one in named.values()]),
        filters=_filters(first.filters),
        patient=_patient(data),
        started_at=_started(data),
        assumed=() if all(map(is_lead, named)) else ("the file does not say which lead a channel is",),
    )


def _header(data: bytes) -> tuple[list[_Signal], int, float]:
    """Signals, number of records, seconds of a record."""
    seconds, records, count = (
        number_of(text_of(data[place])) for place in (slice(244, 252), slice(236, 244), slice(252, 256))
    )
    if not seconds or seconds < 0 or count is None or not 0 < count <= _MOST_SIGNALS:
        raise UnreadableEcg("The header of the EDF file makes no sense.")
    number = int(count)
    head = data[_MAIN : _MAIN + number * _SIGNAL]
    if len(head) < number * _SIGNAL:
        raise UnreadableEcg("The EDF file is cut off.")
    columns, at = [], 0
    for width in _FIELDS:
        columns.append([text_of(head[at + i * width : at + (i + 1) * width]) for i in range(number)])
        at += number * width
    signals, place = [], 0
    for label, _, unit, low, high, digital_low, digital_high, filters, samples, _ in zip(*columns, strict=True):
        size = number_of(samples)
        if size is None or size < 0 or size > len(data):
            raise UnreadableEcg("The header of the EDF file makes no sense.")
        spans = (
            (number_of(low) or 0.0, number_of(high) or 0.0),
            (number_of(digital_low) or 0.0, number_of(digital_high) or 0.0),
        )
        signals.append(_Signal(label, unit, *spans, filters, int(size), place))
        place += int(size)
    whole = (len(data) - _MAIN - number * _SIGNAL) // (2 * place) if place else 0
    told = int(records) if records is not None and records > 0 else whole
    if not whole or told > whole:
        raise UnreadableEcg("The EDF file is cut off.")
    return signals, told, seconds


def _leads(signals: list[_Signal]) -> dict[str, _Signal]:
    found: dict[str, _Signal] = {}
    for one in signals:
        if one.unit.lower() not in _MICROVOLTS or one.label.startswith("EDF Annotations") or not one.count:
            continue
        name = one.label.replace("-", " ")
        if is_lead(name):
            found.setdefault(lead_name(name), one)
        elif name.upper().startswith(_KNOWN_AS_ECG):
            found.setdefault(one.label, one)
    return found


def _samples(data: bytes, signals: list[_Signal], records: int) -> NDArray[np.int16]:
    """As records x samples of a record."""
    width = sum(one.count for one in signals)
    start = _MAIN + len(signals) * _SIGNAL
    return np.frombuffer(data, "<i2", count=records * width, offset=start).reshape(records, width)


def _microvolts(table: NDArray[np.int16], one: _Signal) -> NDArray[np.float64]:
    (low, high), (digital_low, digital_high) = one.physical, one.digital
    factor = _MICROVOLTS[one.unit.lower()]
    if digital_high == digital_low or high == low:
        raise UnreadableEcg("A signal of the EDF file does not tell what a sample is worth.")
    if max(abs(low), abs(high)) * factor > _WIDEST:
        raise UnreadableEcg("A signal of the EDF file has a range that no ECG has: its unit cannot be trusted.")
    step = (high - low) / (digital_high - digital_low)
    samples = table[:, one.at : one.at + one.count].reshape(-1).astype(np.float64)
    return ((samples - digital_low) * step + low) * factor


def _filters(written: str) -> RecordingFilters:
    """As EDF+ writes them: HP:0.1Hz LP:75Hz N:50Hz."""
    told = {}
    for part in written.replace(" :", ":").split():
        kind, _, value = part.partition(":")
        told[kind.upper()] = number_of(value.lower().removesuffix("hz"))
    return RecordingFilters(told.get("HP"), told.get("LP"), told.get("N"))


def _patient(data: bytes) -> PatientFacts:
    """EDF+ writes code, sex, date of birth and name; X stands for what is not told."""
    code, sex, born, name, *_ = [*(text_of(data[8:88]).split()), "X", "X", "X", "X"]
    if sex not in ("F", "M", "X"):
        return PatientFacts(text_of(data[8:88]))
    birth = moment_of(born, "%d-%b-%Y") if born[3:6].upper() in _MONTHS else None
    return PatientFacts(
        "" if code == "X" else code,
        "" if name == "X" else name.replace("_", " "),
        sex_of(sex),
        birth.date() if birth else None,
    )


def _started(data: bytes) -> datetime | None:
    """Years of two digits are of 1985 to 2084."""
    moment = moment_of(f"{text_of(data[168:176])} {text_of(data[176:184])}", "%d.%m.%y %H.%M.%S")
    if moment is None:
        return None
    year = moment.year % 100
    return moment.replace(year=year + (1900 if year >= 85 else 2000))  # noqa: PLR2004 - EDF, "startdate"
