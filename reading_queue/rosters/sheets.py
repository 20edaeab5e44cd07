"""Rosters as CSV, for people who plan in a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import select

from reading_queue.rosters.planning import ShiftOf, drop_shift, put_shift
from reading_queue.service.actors import Actor
from storage.db.models import DutySpan, ShiftKind
from storage.db.queries.rosters import spans_of_days
from storage.db.session import UnitOfWork
from storage.domain.errors import CountyReadError, Invalid, UnusableSheet
from storage.domain.rosters import shift_span

_COLUMNS = {
    "day": ("日期", "date"),
    "shift": ("班次", "shift"),
    "username": ("用户名", "username"),
    "name": ("姓名", "name"),
    "starts": ("开始", "start"),
    "ends": ("结束", "end"),
    "on_call": ("听班", "on call"),
    "phone": ("电话", "phone"),
    "note": ("备注", "note"),
}
_NEEDED = ("day", "shift", "username")
_YES = frozenset({"是", "1", "y", "yes", "true", "√"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MOST_LINES = 20_000


@dataclass(frozen=True)
class Taken:
    """What came of a sheet."""

    put: int
    dropped: int


def as_csv(work: UnitOfWork, first: date, last: date) -> bytes:
    """The shifts of these days in UTF-8 with a byte order mark, which spreadsheets need to see that it is UTF-8."""
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(chinese for chinese, _ in _COLUMNS.values())
    sheet.writerows(_line(work, duty) for duty in spans_of_days(work, first, last))
    return text.getvalue().encode("utf-8-sig")


def take_csv(work: UnitOfWork, actor: Actor, content: bytes, *, replace: bool = False) -> Taken:
    """Put every shift of a sheet on the roster, or none: raises `UnusableSheet` naming the line.

    UTF-8 with or without a byte order mark, UTF-16 with one, or GB18030, which is what a Chinese Excel writes. With
    `replace`, other shifts between the first and the last day of the sheet go.
    """
    kinds = {kind.name: kind for kind in work.session.execute(select(ShiftKind)).scalars()}
    kinds |= {kind.name_en: kind for kind in kinds.values() if kind.name_en and kind.name_en not in kinds}
    put: list[DutySpan] = []
    for number, line in _lines(content):
        try:
            put.append(put_shift(work, actor, _shift(work, line, kinds)))
        except CountyReadError as error:
            raise UnusableSheet(f"Line {number}: {error.message}") from error
    return Taken(len(put), _drop_others(work, actor, put) if replace else 0)


def _line(work: UnitOfWork, duty: DutySpan) -> list[str]:
    starts, ends = (moment.astimezone(work.zone) for moment in (duty.starts_at, duty.ends_at))
    words = [duty.day.isoformat(), duty.kind.name, duty.user.username, duty.user.display_name]
    words += [f"{starts:%H:%M}", f"{ends:%H:%M}", "是" if duty.on_call else "", duty.phone, duty.note]
    # A spreadsheet would run what begins like a formula.
    return [f"'{word}" if word.startswith(_FORMULA) else word for word in words]


def _lines(content: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    sheet = csv.reader(io.StringIO(_decoded(content), newline=""))
    columns = _columns(next(sheet, []))
    for number, cells in enumerate(sheet, start=2):
        if number > _MOST_LINES:
            raise UnusableSheet(f"A sheet has {_MOST_LINES} lines at most.")
        line = {name: cells[place].strip().removeprefix("'") if place < len(cells) else "" for name, place in columns}
        if any(line.values()):
            yield number, line


def _decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnusableSheet("The file is not text in UTF-8 or GB18030: save it as CSV.")


def _columns(head: list[str]) -> list[tuple[str, int]]:
    titles = [cell.strip().lower() for cell in head]
    found = [(name, titles.index(title)) for name, both in _COLUMNS.items() for title in both if title in titles]
    missing = [_COLUMNS[name][0] for name in _NEEDED if name not in dict(found)]
    if missing:
        raise UnusableSheet(f"The first line must name the columns; {', '.join(missing)} is missing.")
    return found


def _shift(work: UnitOfWork, line: Mapping[str, str], kinds: Mapping[str, ShiftKind]) -> ShiftOf:
    kind = kinds.get(line["shift"])
    if kind is None:
        raise Invalid(f"There is no shift kind {line['shift']}.")
    day = _day(line["day"])
    hours = _hours(line, kind)
    span = None if hours == (kind.starts, kind.ends) else shift_span(day, *hours, work.zone)
    return ShiftOf(
        username=line["username"],
        kind_id=kind.id,
        day=day,
        span=None if span is None else (span[0].astimezone(UTC), span[1].astimezone(UTC)),
        on_call=line["on_call"].lower() in _YES if "on_call" in line else None,
        phone=line.get("phone", ""),
        note=line.get("note", ""),
    )


def _day(text: str) -> date:
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise Invalid(f"{text or 'Nothing'} is not a day such as 2026-03-09.")


def _hours(line: Mapping[str, str], kind: ShiftKind) -> tuple[time, time]:
    starts, ends = line.get("starts", ""), line.get("ends", "")
    try:
        return _time(starts) if starts else kind.starts, _time(ends) if ends else kind.ends
    except ValueError as error:
        raise Invalid(f"{starts} to {ends} are not times such as 08:00.") from error


def _time(text: str) -> time:
    hours, minutes = text.split(":")[:2]
    return time(int(hours) % 24, int(minutes))


def _drop_others(work: UnitOfWork, actor: Actor, put: list[DutySpan]) -> int:
    if not put:
        return 0
    kept = {duty.id for duty in put}
    days = [duty.day for duty in put]
    others = [duty.id for duty in spans_of_days(work, min(days), max(days)) if duty.id not in kept]
    for duty_id in others:
        drop_shift(work, actor, duty_id)
    return len(others)
