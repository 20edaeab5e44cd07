"""The top of a page: titles and the ruled patient block on the first, a running head on the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Self

from reading_queue.report_pdf.printed import PrintedReport
from reading_queue.report_pdf.sheet import GREY, HEIGHT, INNER, LEFT, RIGHT, Sheet, Style
from reading_queue.report_pdf.words import NOTHING, Words

TOP = HEIGHT - 36
_CENTRE = Style(size=20, leading=26, is_bold=True)
_TITLE = Style(size=16, leading=24, is_bold=True)
_LABEL = Style(size=10, leading=14, colour=GREY)
_VALUE = Style(size=10.5, leading=14)
_NAME = Style(size=11, leading=14, is_bold=True)
_RUNNING = Style(size=9, leading=12)
_COLUMNS = (158.0, 152.0, INNER - 158 - 152)
_LABEL_WIDTHS = {"zh": 54.0, "en": 58.0}
_PADDING = 4.0
_MOST_LINES = 7
RUNNING_HEIGHT = 24.0


@dataclass(frozen=True)
class _Cell:
    label: str
    lines: list[str]
    style: Style


@dataclass(frozen=True)
class FirstHead:
    """The head of the first page, laid out; `height` in points from `TOP`."""

    centre: str
    title: str
    rows: list[list[_Cell]]
    label_width: float

    @classmethod
    def of(cls, report: PrintedReport, words: Words, sheet: Sheet, zone: tzinfo) -> Self:
        label_width = _LABEL_WIDTHS[words.language]
        rows = [
            [
                _cell(label, value or NOTHING, words, sheet, width - label_width - 2 * _PADDING)
                for (label, value), width in zip(row, _COLUMNS, strict=True)
            ]
            for row in patient_block(report, words, zone)
        ]
        return cls(centre_name(report, words), words.title_of(report.modality), rows, label_width)

    @property
    def height(self) -> float:
        return _CENTRE.leading + _TITLE.leading + 10 + sum(map(_row_height, self.rows))

    def draw(self, sheet: Sheet) -> None:
        sheet.centred(TOP - 19, self.centre, _CENTRE)
        sheet.centred(TOP - _CENTRE.leading - 17, self.title, _TITLE)
        top = TOP - _CENTRE.leading - _TITLE.leading - 10
        bottom = TOP - self.height
        y = top
        for row in self.rows:
            self._draw_row(sheet, row, y)
            y -= _row_height(row)
            sheet.rule(y, 0.5)
        for x in (LEFT + _COLUMNS[0], LEFT + _COLUMNS[0] + _COLUMNS[1]):
            sheet.vertical(x, bottom, top, 0.5)
        sheet.frame(LEFT, bottom, INNER, top - bottom, 1)

    def _draw_row(self, sheet: Sheet, row: Sequence[_Cell], top: float) -> None:
        x = LEFT
        for cell, width in zip(row, _COLUMNS, strict=True):
            y = top - _PADDING - 11
            label, style = sheet.fitted(cell.label, _LABEL, self.label_width - 2)
            sheet.text(x + _PADDING, y, label, style)
            for line in cell.lines:
                sheet.text(x + _PADDING + self.label_width, y, line, cell.style)
                y -= _VALUE.leading
            x += width


def _cell(label: str, value: str, words: Words, sheet: Sheet, width: float) -> _Cell:
    style = _NAME if label == words.name else _VALUE
    return _Cell(label, sheet.wrapped(value, style, width, _MOST_LINES), style)


def _row_height(row: Sequence[_Cell]) -> float:
    return max(len(cell.lines) for cell in row) * _VALUE.leading + 2 * _PADDING


def patient_block(report: PrintedReport, words: Words, zone: tzinfo) -> list[list[tuple[str, str]]]:
    """Rows of labels and values, three to a row."""
    return [
        [
            (words.name, report.patient_name),
            (words.sex_age, sex_and_age(report, words, zone)),
            (words.birth_date, words.date(report.birth_date)),
        ],
        [
            (words.patient_id, report.patient_id),
            (words.accession_number, report.accession_number),
            (words.clinic, clinic_name(report, words)),
        ],
        [
            (words.modality, words.modalities.get(report.modality, report.modality)),
            (words.body_part, words.body_parts.get(report.body_part.upper(), report.body_part)),
            (words.description, report.description),
        ],
        [
            (words.exam_time, words.time(report.exam_started_at, zone)),
            (words.report_number, str(report.report_id)),
            (words.report_version, words.version.format(version=report.version, kind=words.kinds[report.kind])),
        ],
    ]


def sex_and_age(report: PrintedReport, words: Words, zone: tzinfo) -> str:
    exam = report.exam_started_at or report.signed_at
    age = words.age(report.age, report.birth_date, exam.astimezone(zone).date() if exam else None)
    return " / ".join((words.sexes.get(report.sex, report.sex) or NOTHING, age or NOTHING))


def centre_name(report: PrintedReport, words: Words) -> str:
    return (words.language == "en" and report.centre_en) or report.centre


def clinic_name(report: PrintedReport, words: Words) -> str:
    return (words.language == "en" and report.clinic_en) or report.clinic


def draw_running_head(sheet: Sheet, report: PrintedReport, words: Words, zone: tzinfo) -> None:
    """Whose report this page belongs to."""
    y = TOP - 12
    left, style = sheet.fitted(
        f"{centre_name(report, words)}  {words.title_of(report.modality)}", _RUNNING, INNER * 0.5
    )
    sheet.text(LEFT, y, left, style)
    parts = (
        f"{words.name}{words.colon}{report.patient_name or NOTHING}",
        sex_and_age(report, words, zone),
        f"{words.patient_id}{words.colon}{report.patient_id or NOTHING}",
    )
    right, style = sheet.fitted("  ".join(parts), _RUNNING, INNER * 0.48)
    sheet.flush_right(RIGHT, y, right, style)
    sheet.rule(y - 6, 0.8)
