"""Section 1 (EN 1064 section 5.4): who, when and with what, as tagged fields."""

import struct
from collections.abc import Mapping
from datetime import date, datetime

from storage.ingest.ecg.recording import PatientFacts, RecordingFilters
from storage.ingest.ecg.texts import date_of, person_name, sex_of, text_of

_END = 255
_FAMILY, _GIVEN, _ID, _AGE, _BORN, _SEX, _DEVICE, _DATE, _TIME, _HIGH_PASS, _LOW_PASS, _FILTERS = (
    *(0, 1, 2, 4, 5, 8, 14, 25, 26, 27, 28, 29),
)
_YEARS = {1: 1.0, 2: 1 / 12, 3: 7 / 365.25, 4: 1 / 365.25, 5: 1 / 8766}
_NOTCH = ((0b10, 50.0), (0b01, 60.0))
_HUNDREDTHS = 100.0
_MODEL = slice(8, 14)


def fields(section: bytes) -> Mapping[int, bytes]:
    """The first of each tag; what stands behind a cut-off field is not read."""
    found: dict[int, bytes] = {}
    at = 0
    while at + 3 <= len(section) and section[at] != _END:
        (length,) = struct.unpack_from("<H", section, at + 1)
        value = section[at + 3 : at + 3 + length]
        if len(value) < length:
            break
        found.setdefault(section[at], value)
        at += 3 + length
    return found


def patient_of(told: Mapping[int, bytes]) -> PatientFacts:
    age, unit = struct.unpack("<HB", told[_AGE][:3]) if len(told.get(_AGE, b"")) >= 3 else (0, 0)  # noqa: PLR2004
    return PatientFacts(
        text_of(told.get(_ID, b"")),
        person_name(text_of(told.get(_FAMILY, b"")), text_of(told.get(_GIVEN, b""))),
        sex_of(str(told[_SEX][0])) if told.get(_SEX) else "",
        _date(told.get(_BORN, b"")),
        age * _YEARS[unit] if age and unit in _YEARS else None,
    )


def filters_of(told: Mapping[int, bytes]) -> RecordingFilters:
    """What the cart filtered before it stored: high pass in hundredths of a hertz, low pass in hertz, bits for the mains."""
    low, high = _number(told.get(_HIGH_PASS, b"")), _number(told.get(_LOW_PASS, b""))
    bits = told[_FILTERS][0] if told.get(_FILTERS) else 0
    notch = next((hz for bit, hz in _NOTCH if bits & bit), None)
    return RecordingFilters(low / _HUNDREDTHS if low else None, float(high) if high else None, notch)


def started_at(told: Mapping[int, bytes]) -> datetime | None:
    day, time = _date(told.get(_DATE, b"")), told.get(_TIME, b"")
    if day is None or len(time) < 3:  # noqa: PLR2004 - hours, minutes, seconds
        return None
    try:
        return datetime(day.year, day.month, day.day, *time[:3])  # noqa: DTZ001 - carts write local time
    except ValueError:
        return None


def device_of(told: Mapping[int, bytes]) -> dict[str, str]:
    """The model as the cart names it (5.4.3.1, tag 14)."""
    model = text_of(told.get(_DEVICE, b"")[_MODEL])
    return {"model": model} if model else {}


def _number(value: bytes) -> int:
    return int.from_bytes(value[:2], "little") if len(value) >= 2 else 0  # noqa: PLR2004 - 16 bits


def _date(value: bytes) -> date | None:
    if len(value) < 4:  # noqa: PLR2004 - year, month, day
        return None
    year, month, day = struct.unpack_from("<HBB", value)
    return date_of(year, month, day)
