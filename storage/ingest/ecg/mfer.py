"""MFER (ISO 11073-92001): tagged fields, then blocks of samples by channel. Written by Nihon Kohden's carts.

No file of a cart was at hand: what is read follows the standard's tables, and anything outside of them is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from storage.domain.errors import UnreadableEcg
from storage.ingest.ecg.leads import NUMBERED
from storage.ingest.ecg.recording import PatientFacts, Recording
from storage.ingest.ecg.texts import sex_of, text_of

NAME = "MFER"
_ORDER, _BLOCK, _CHANNELS, _SEQUENCES, _WAVEFORM, _LEAD, _TYPE, _INTERVAL, _RESOLUTION, _OFFSET = (
    *(0x01, 0x04, 0x05, 0x06, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D),
)
_COMPRESSION, _NULL, _DATA, _ATTRIBUTES, _END, _PATIENT, _ID, _SEX, _TIME = (
    *(0x0E, 0x12, 0x1E, 0x3F, 0x80, 0x81, 0x82, 0x84, 0x85),
)
_COUNTS = {_BLOCK: "block", _CHANNELS: "channels", _SEQUENCES: "sequences", _NULL: "null"}
_TYPES = {0: "i2", 1: "u2", 2: "i4", 3: "u1", 5: "i1", 6: "u4"}
_ECGS = (0, 1, 2, 3, 4)
"""Unidentified, standard 12 leads, long term, vectorcardiogram, stress test."""

_HERTZ, _SECONDS, _VOLT = 0, 1, 0
_MICRO = 1e6
_MOST_CHANNELS, _MOST_SAMPLES, _LONGEST = 64, 1 << 28, 4


@dataclass
class _Frame:
    """What was said so far. `leads` is by channel; the channel None stands for all."""

    little: bool = False
    block: int = 1
    channels: int = 1
    sequences: int = 1
    kind: str = "i2"
    hz: float = 0.0
    step: float = 0.0
    offset: float = 0.0
    null: int | None = None
    leads: dict[int, int] = field(default_factory=dict)


def is_mfer(data: bytes) -> bool:
    """The preamble that every file begins with."""
    return data[:1] == b"\x40" and data[2:5] == b"MFR"


def read(data: bytes) -> Recording:
    """The first frame of the file. Raises `UnreadableEcg`."""
    frame, people = _Frame(), dict[int, bytes]()
    for tag, channel, value in _fields(data):
        if tag == _DATA:
            return _recording(frame, value, people)
        if tag in (_PATIENT, _ID, _SEX, _TIME):
            people[tag] = value
        else:
            _take(frame, tag, channel, value)
    raise UnreadableEcg("The MFER file has no samples.")


def _fields(data: bytes, at: int = 0) -> Iterator[tuple[int, int | None, bytes]]:
    """Tag, channel (for attributes of one), content."""
    while at < len(data) and data[at] != _END:
        tag, at, channel = data[at], at + 1, None
        if tag == 0:
            continue
        if tag == _ATTRIBUTES:
            channel, at = _channel(data, at)
        length, at = _length(data, at)
        if at + length > len(data):
            raise UnreadableEcg("The MFER file is cut off.")
        value = data[at : at + length]
        if tag == _ATTRIBUTES:
            yield from ((inner, channel, content) for inner, _, content in _fields(value))
        else:
            yield tag, channel, value
        at += length


def _channel(data: bytes, at: int) -> tuple[int, int]:
    """Seven bits a byte, the last without its top bit."""
    number = 0
    for place in range(at, min(at + _LONGEST, len(data))):
        number = number << 7 | data[place] & 0x7F
        if not data[place] & 0x80:
            return number, place + 1
    raise UnreadableEcg("The MFER file is cut off.")


def _length(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise UnreadableEcg("The MFER file is cut off.")
    if not data[at] & 0x80:
        return data[at], at + 1
    count = data[at] & 0x7F
    if not 0 < count <= _LONGEST:
        raise UnreadableEcg("The MFER file has a length that is not understood.")
    return int.from_bytes(data[at + 1 : at + 1 + count], "big"), at + 1 + count


def _take(frame: _Frame, tag: int, channel: int | None, value: bytes) -> None:
    number = int.from_bytes(value, "little" if frame.little else "big")
    if channel is not None and tag != _LEAD:
        raise UnreadableEcg("The channels of the MFER file are not stored alike, which is not understood.")
    _require_understood(tag, number, value)
    if tag == _ORDER:
        frame.little = bool(number)
    elif tag in _COUNTS:
        setattr(frame, _COUNTS[tag], number)
    elif tag == _LEAD and channel is not None:
        frame.leads[channel] = number
    elif tag == _TYPE:
        frame.kind = _TYPES[number]
    elif tag == _INTERVAL:
        frame.hz = _rate(value, little=frame.little)
    elif tag == _RESOLUTION:
        frame.step = _worth(value, little=frame.little)


def _require_understood(tag: int, number: int, value: bytes) -> None:
    if tag == _WAVEFORM and number not in _ECGS:
        raise UnreadableEcg("The MFER file is no ECG.")
    if tag == _TYPE and number not in _TYPES:
        raise UnreadableEcg("The samples of the MFER file are of a type that is not understood.")
    if tag in (_OFFSET, _COMPRESSION) and any(value):
        raise UnreadableEcg("The MFER file is compressed or has an offset, which is not understood.")


def _scaled(value: bytes, *, little: bool) -> tuple[int, float]:
    """Unit, and mantissa times a power of ten."""
    if not 3 <= len(value) <= 2 + _LONGEST:  # noqa: PLR2004 - unit, exponent, mantissa
        raise UnreadableEcg("The MFER file does not tell its rate or what a sample is worth.")
    exponent = int.from_bytes(value[1:2], "big", signed=True)
    return value[0], int.from_bytes(value[2:], "little" if little else "big") * 10.0**exponent


def _rate(value: bytes, *, little: bool) -> float:
    unit, number = _scaled(value, little=little)
    if unit not in (_HERTZ, _SECONDS) or number <= 0:
        raise UnreadableEcg("The MFER file does not tell its rate.")
    return number if unit == _HERTZ else round(1 / number, 6)


def _worth(value: bytes, *, little: bool) -> float:
    unit, number = _scaled(value, little=little)
    if unit != _VOLT or number <= 0:
        raise UnreadableEcg("The samples of the MFER file are no voltages.")
    return number * _MICRO


def _recording(frame: _Frame, data: bytes, people: dict[int, bytes]) -> Recording:
    if not frame.hz or not frame.step or not 0 < frame.channels <= _MOST_CHANNELS:
        raise UnreadableEcg("The MFER file does not tell its rate or what a sample is worth.")
    numbers = [frame.leads.get(channel, 0) for channel in range(frame.channels)]
    if not all(number in NUMBERED for number in numbers) or len(set(numbers)) != len(numbers):
        raise UnreadableEcg("The MFER file does not tell the leads of its channels.")
    samples = np.frombuffer(
        data, np.dtype(frame.kind).newbyteorder("<" if frame.little else ">"), count=_count(frame, data)
    )
    blocks = samples.reshape(frame.sequences, frame.channels, frame.block)
    rows: NDArray[np.float64] = np.concatenate(list(blocks), axis=1).astype(np.float64)
    if frame.null is not None:
        rows[rows == _signed(frame.null, frame.kind)] = np.nan
    return Recording(
        NAME,
        tuple(NUMBERED[number] for number in numbers),
        frame.hz,
        rows * frame.step,
        patient=PatientFacts(
            text_of(people.get(_ID, b"")),
            text_of(people.get(_PATIENT, b"")),
            sex_of(str(people[_SEX][0])) if people.get(_SEX) else "",
        ),
        started_at=_started(people.get(_TIME, b""), little=frame.little),
        assumed=("read by the standard's tables alone: no file of a cart was at hand",),
    )


def _count(frame: _Frame, data: bytes) -> int:
    count = frame.block * frame.channels * frame.sequences
    if not 0 < count <= _MOST_SAMPLES or count * np.dtype(frame.kind).itemsize != len(data):
        raise UnreadableEcg("The samples of the MFER file are not as many as it says.")
    return count


def _signed(number: int, kind: str) -> int:
    bits = 8 * np.dtype(kind).itemsize
    return number - (1 << bits) if kind[0] == "i" and number >> (bits - 1) else number


def _started(value: bytes, *, little: bool) -> datetime | None:
    if len(value) < 7:  # noqa: PLR2004 - year, month, day, hour, minute, second
        return None
    try:
        return datetime(int.from_bytes(value[:2], "little" if little else "big"), *value[2:7])  # noqa: DTZ001 - local
    except ValueError:
        return None
