"""Where each lead stands on the paper, as on the screen (`viewer_api/web/src/ecg/layout.ts`). Millimetres, from the grid's upper left corner."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Literal, get_args

from storage.ingest.ecg.recording import STANDARD_LEADS

LayoutName = Literal["3x4", "3x4+1", "3x4+3", "6x2", "12x1", "cabrera", "rhythm"]
LAYOUTS: tuple[LayoutName, ...] = get_args(LayoutName)

GRID_WIDTH_MM, GRID_HEIGHT_MM = 275.0, 155.0
SHEET_S = 10.0
"""What a layout in columns shows of a record, whatever the speed."""
_COLUMN_S = 2.5
_BIG_MM = 5.0
_PULSE_S, _BESIDE_PULSE_MM = 0.2, 4.0
_DENSEST_ROW_MM = 12.0
_USUAL_GAIN = 10.0
_CABRERA = ("aVL", "I", "-aVR", "II", "aVF", "III", *STANDARD_LEADS[6:])
_RHYTHM_LEADS = {"3x4": (), "3x4+1": ("II",), "3x4+3": ("V1", "II", "V5")}


@dataclass(frozen=True, slots=True)
class Cell:
    """One lead over `seconds` of the record from `from_s` on; `inverted` is turned upside down, as -aVR in Cabrera's order."""

    lead: str
    row: int
    from_s: float
    seconds: float
    x_mm: float
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The cells of one page and how many rows share its height."""

    cells: tuple[Cell, ...]
    rows: int

    def middle_mm(self, row: int) -> float:
        """From the top of the grid to a row's zero line, which lies on a line of the grid."""
        return float(round((row + 0.5) * GRID_HEIGHT_MM / self.rows))


def pulse_room_mm(speed: float) -> float:
    """Left of each row: the calibration pulse, up to a strong line of the grid."""
    return _BIG_MM * ceil((_PULSE_S * speed + _BESIDE_PULSE_MM) / _BIG_MM)


def pages_of(name: LayoutName, leads: Sequence[str], seconds: float, speed: float, gain: float) -> list[Page]:
    """`seconds` is what there is of the record; one that is shorter than a layout wants fills what it can."""
    usual = [*(lead for lead in STANDARD_LEADS if lead in leads), *(one for one in leads if one not in STANDARD_LEADS)]
    if name == "rhythm":
        return _rhythm("II" if "II" in leads else usual[0], seconds, speed)
    if name == "12x1":
        return _stacked(usual, seconds, speed, gain)
    if name == "cabrera":
        known = [lead for lead in _CABRERA if lead.removeprefix("-") in leads]
        return _stacked([*known, *(one for one in leads if one not in STANDARD_LEADS)], seconds, speed, gain)
    if name == "6x2":
        return _columns(usual, 6, min(seconds, SHEET_S) / 2, (), speed)
    wanted = min(_COLUMN_S, seconds / ceil(len(usual) / 3))
    return _columns(usual, 3, wanted, [lead for lead in _RHYTHM_LEADS[name] if lead in leads], speed)


def _room_s(speed: float) -> float:
    return (GRID_WIDTH_MM - pulse_room_mm(speed)) / speed


def _columns(leads: Sequence[str], rows: int, seconds: float, below: Sequence[str], speed: float) -> list[Page]:
    """Column after column, each with the next part of the record; as many on a page as it is wide."""
    columns = [leads[first : first + rows] for first in range(0, len(leads), rows)]
    on_a_page = max(1, floor(_room_s(speed) / seconds + 1e-9))
    pulse, pages = pulse_room_mm(speed), []
    for first in range(0, len(columns), on_a_page):
        shown = columns[first : first + on_a_page]
        cells = [
            _cell(lead, row, (first + place) * seconds, seconds, pulse + place * seconds * speed)
            for place, column in enumerate(shown)
            for row, lead in enumerate(column)
        ]
        height = max(map(len, shown))
        span = seconds * len(shown)
        cells += [_cell(lead, height + row, first * seconds, span, pulse) for row, lead in enumerate(below)]
        pages.append(Page(tuple(cells), height + len(below)))
    return pages


def _stacked(leads: Sequence[str], seconds: float, speed: float, gain: float) -> list[Page]:
    """Lead below lead: ten seconds, or what one page holds where that is more."""
    span = _page_s(speed)
    whole = min(seconds, max(SHEET_S, span))
    most = max(1, floor(GRID_HEIGHT_MM / (_DENSEST_ROW_MM * max(1.0, gain / _USUAL_GAIN))))
    parts = ceil(len(leads) / most)
    rows = ceil(len(leads) / parts)
    pulse = pulse_room_mm(speed)
    return [
        Page(tuple(_cell(lead, row, at, min(span, whole - at), pulse) for row, lead in enumerate(group)), len(group))
        for at in (number * span for number in range(ceil(whole / span - 1e-9)))
        for group in (leads[first : first + rows] for first in range(0, len(leads), rows))
    ]


def _rhythm(lead: str, seconds: float, speed: float) -> list[Page]:
    """One lead, row after row."""
    span, most = _page_s(speed), 4
    rows = min(most, ceil(seconds / span - 1e-9))
    pulse = pulse_room_mm(speed)
    cells = tuple(_cell(lead, row, row * span, min(span, seconds - row * span), pulse) for row in range(rows))
    return [Page(cells, most)]


def _page_s(speed: float) -> float:
    return floor(_room_s(speed) / _COLUMN_S) * _COLUMN_S


def _cell(lead: str, row: int, from_s: float, seconds: float, x_mm: float) -> Cell:
    return Cell(lead.removeprefix("-"), row, from_s, seconds, x_mm, lead.startswith("-"))
