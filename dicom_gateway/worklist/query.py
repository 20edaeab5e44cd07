"""What a device asks for: the keys of a C-FIND identifier (PS3.4 table K.6-1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any

from dicom_gateway.identifiers import items, name_groups, text
from dicom_gateway.worklist.wildcards import matches, name_matches
from storage.db.models import ExamOrder
from storage.domain.errors import Invalid

_STEP = "00400100"
_LONGEST_PATTERN = 256
_TIME = re.compile(r"(\d{2}):?(\d{2})?:?(\d{2})?(?:\.\d{1,6})?")


@dataclass(frozen=True)
class WorklistQuery:
    """The keys that filter. Empty values do not; `begins` and `ends` are times of day where no day is asked for."""

    request: Mapping[str, Any]
    station: str
    modality: str
    scheduled_from: datetime | None
    scheduled_until: datetime | None
    begins: time | None
    ends: time | None

    def wants(self, order: ExamOrder, zone: tzinfo) -> bool:
        """Whether `order` fits the keys that the database was not asked for."""
        clock = order.scheduled_at.astimezone(zone).time()
        in_time = (self.begins is None or self.begins <= clock) and (self.ends is None or clock <= self.ends)
        return in_time and self._names_fit(order) and all(matches(*pair) for pair in self._pairs(order))

    def _names_fit(self, order: ExamOrder) -> bool:
        patient = name_groups(self.request, "00100010")
        doctors = (name_groups(self.request, tag) for tag in ("00080090", "00321032"))
        performing = name_groups(_step(self.request), "00400006")
        return (
            name_matches(patient, (order.patient_name, order.romanised_name))
            and all(name_matches(asked, (order.referring_doctor,)) for asked in doctors)
            and name_matches(performing, ("",))
        )

    def _pairs(self, order: ExamOrder) -> list[tuple[str, str]]:
        root = (
            ("00100020", order.patient_id),
            ("00100030", order.birth_date),
            ("00100040", order.sex),
            ("00080050", order.accession_number),
            ("00401001", order.accession_number),
            ("0020000D", order.study_instance_uid),
            ("00402016", order.placer_order_number),
        )
        step = (("00400009", order.accession_number),)
        asked = [(text(self.request, tag), value) for tag, value in root]
        asked += [(text(_step(self.request), tag), value) for tag, value in step]
        return [(pattern[:_LONGEST_PATTERN], value) for pattern, value in asked]


def read_query(request: Mapping[str, Any], zone: tzinfo) -> WorklistQuery:
    """The keys of an identifier. Raises `Invalid` where there are none, or for a date or time that is none and no range."""
    if not request:
        raise Invalid("The query has no keys.")
    days = _range(_step_text(request, "00400002"))
    begins, ends = _range(_step_text(request, "00400003"))
    first, last = (_day(text) for text in days)
    from_time, until_time = _begin(begins), _end(ends)
    dated = first is not None or last is not None
    return WorklistQuery(
        request=request,
        station=_step_text(request, "00400001").strip("*"),
        modality=_step_text(request, "00080060").upper().strip("*"),
        scheduled_from=datetime.combine(first, from_time or time.min, zone) if first else None,
        scheduled_until=datetime.combine(last, until_time or time.max, zone) if last else None,
        begins=None if dated else from_time,
        ends=None if dated else until_time,
    )


def _step(request: Mapping[str, Any]) -> Mapping[str, Any]:
    return next(iter(items(request, _STEP)), {})


def _step_text(request: Mapping[str, Any], tag: str) -> str:
    """From the scheduled step, or from where old equipment puts it: beside the sequence."""
    return text(_step(request), tag) or text(request, tag)


def _range(value: str) -> tuple[str, str]:
    """Both ends of a range (PS3.4 C.2.2.2.5); of a single value, itself."""
    if value in ("", "*", "-"):
        return "", ""
    first, dash, last = value.partition("-")
    return (first.strip(), last.strip()) if dash else (value, value)


def _day(value: str) -> date | None:
    if not value:
        return None
    try:
        return datetime.strptime(value.replace(".", ""), "%Y%m%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        raise Invalid("Scheduled Procedure Step Start Date is no date or range.") from None


def _begin(value: str) -> time | None:
    return _time(value, (0, 0, 0), 0)


def _end(value: str) -> time | None:
    return _time(value, (23, 59, 59), 999_999)


def _time(value: str, missing: tuple[int, int, int], microseconds: int) -> time | None:
    if not value:
        return None
    match = _TIME.fullmatch(value)
    try:
        parts = (
            [int(part) if part else rest for part, rest in zip(match.groups(), missing, strict=True)] if match else []
        )
        return time(parts[0], parts[1], min(parts[2], 59), microseconds)
    except (ValueError, IndexError):
        raise Invalid("Scheduled Procedure Step Start Time is no time or range.") from None
