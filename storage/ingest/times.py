"""When the examination began, from the many times that an object tells (clock A starts there)."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from storage.domain.errors import ConfigurationError

_DATE = re.compile(r"(\d{4})[.-]?(\d{2})[.-]?(\d{2})")
_TIME = re.compile(r"(\d{2}):?(\d{2})?:?(\d{2})?(?:\.(\d{1,6}))?")
_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_CLOCK_ERROR = timedelta(minutes=10)


def time_zone(name: str) -> tzinfo:
    """The zone of the county's equipment. Raises `ConfigurationError`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError(f"COUNTYREAD_TIME_ZONE is {name!r}; it must be like Asia/Shanghai.") from error


def offset_zone(text: str) -> tzinfo | None:
    """The zone of a Timezone Offset From UTC (0008,0201), such as +0800; None when it makes no sense."""
    match = _OFFSET.fullmatch(text.strip())
    if match is None:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(-offset if match[1] == "-" else offset) if offset <= timedelta(hours=14) else None


def parse_date_time(text: str, zone: tzinfo) -> datetime | None:
    """A DT value (PS3.5 6.2) of at least a date and hours, in UTC; `zone` counts where the value has no offset."""
    body, offset = text.strip(), None
    if (match := _OFFSET.search(body)) is not None:
        offset, body = offset_zone(match[0]), body[: match.start()]
    return parse_date_and_time(body[:8], body[8:], offset or zone)


@lru_cache(maxsize=1 << 12)
def parse_date_and_time(date: str, time: str, zone: tzinfo) -> datetime | None:
    """A DA and a TM value (PS3.5 6.2, and as ACR-NEMA wrote them), in UTC; None when they make no sense."""
    day, clock = _DATE.fullmatch(date.strip()), _TIME.fullmatch(time.strip())
    if day is None or clock is None:
        return None
    fraction = int((clock[4] or "0").ljust(6, "0"))
    parts = (*(int(part) for part in day.groups()), *(int(part or 0) for part in clock.groups()[:3]), fraction)
    try:
        return datetime(*parts, tzinfo=zone).astimezone(UTC)  # type: ignore[misc,arg-type]
    except (ValueError, OverflowError):
        return None


def earliest_plausible(candidates: Iterable[datetime | None], received_at: datetime) -> datetime | None:
    """The earliest that is neither before digital imaging nor after the reception, give or take a clock that is wrong."""
    plausible = [one for one in candidates if one is not None and _EARLIEST <= one <= received_at + _CLOCK_ERROR]
    return min(*plausible, received_at) if plausible else None
