"""Words, dates and numbers as ECG files write them: what does not fit is as good as not written."""

import math
from datetime import date, datetime

_TRIES = ("utf-8", "gb18030", "latin-1")


def text_of(value: bytes) -> str:
    """Carts in China write GBK where their format knows only ASCII; a value ends at its first NUL."""
    value = value.split(b"\0", 1)[0]
    for codec in _TRIES[:-1]:
        try:
            return value.decode(codec).strip()
        except UnicodeDecodeError:
            continue
    return value.decode(_TRIES[-1]).strip()


def number_of(written: str | None) -> float | None:
    """A finite number, or None."""
    try:
        number = float((written or "").strip())
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def date_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def moment_of(written: str, *patterns: str) -> datetime | None:
    """A time without a zone, by the first pattern that fits."""
    for pattern in patterns:
        try:
            return datetime.strptime(written.strip(), pattern)  # noqa: DTZ007 - carts write local time
        except ValueError:
            continue
    return None


def sex_of(written: str) -> str:
    """M, F, O or empty, from what a cart writes."""
    word = written.strip().lower()
    if word in ("m", "male", "1", "男"):
        return "M"
    if word in ("f", "female", "2", "女"):
        return "F"
    return "O" if word in ("o", "other") else ""


def person_name(family: str, given: str) -> str:
    """As DICOM writes names (PS3.5 6.2.1); empty when both parts are."""
    return f"{family.strip()}^{given.strip()}".strip("^")
