"""The head of a printed ECG: the patient, and the device's and this system's values in rows of their own."""

from collections.abc import Callable

from reportlab.lib.units import mm

from reading_queue.report_pdf.ecg.layout import GRID_WIDTH_MM
from reading_queue.report_pdf.ecg.paper import LEFT_MM, x_pt, y_pt
from reading_queue.report_pdf.ecg.printed import EcgHead, PrintedEcg, Values
from reading_queue.report_pdf.ecg.words import VALUES, EcgWords
from reading_queue.report_pdf.sheet import GREY, Sheet, Style
from reading_queue.report_pdf.words import NOTHING

_TITLE = Style(size=13, leading=16, is_bold=True)
_LINE = Style(size=9.5, leading=12)
_NAME = Style(size=11, leading=13, is_bold=True)
_CELL = Style(size=9, leading=11)
_LABEL = Style(size=8, leading=10, colour=GREY)
_TITLE_MM, _PATIENT_MM, _STATEMENTS_MM = 11.5, 18.0, 37.5
_TABLE_MM, _ROW_MM = 20.5, 4.6
_FIRST_COLUMN_MM = 26.0
_AXES = ("p_axis_deg", "qrs_axis_deg", "t_axis_deg")
_RIGHT = LEFT_MM + GRID_WIDTH_MM

Text = Callable[[str], str]


def draw_head(sheet: Sheet, ecg: PrintedEcg, head: EcgHead, words: EcgWords, said: Text) -> None:
    """The upper 39 mm of the page."""
    title, style = sheet.fitted(said(f"{head.centre}  {words.title}".strip()), _TITLE, GRID_WIDTH_MM * mm * 0.55)
    sheet.text(x_pt(LEFT_MM), y_pt(_TITLE_MM), title, style)
    right = said("    ".join(filter(None, (_recorded(ecg, head, words), _cart(ecg, words)))))
    fitted, style = sheet.fitted(right, _LINE, GRID_WIDTH_MM * mm * 0.43)
    sheet.flush_right(x_pt(_RIGHT), y_pt(_TITLE_MM), fitted, style)
    name, style = sheet.fitted(said(head.name or NOTHING), _NAME, 60 * mm)
    sheet.text(x_pt(LEFT_MM), y_pt(_PATIENT_MM), name, style)
    rest = (head.sex_age, head.patient_id, head.accession_number, head.clinic)
    line = said("    ".join(filter(None, rest)))
    left = x_pt(LEFT_MM) + sheet.width(name, style) + 12
    fitted, style = sheet.fitted(line, _LINE, x_pt(_RIGHT) - left)
    sheet.text(left, y_pt(_PATIENT_MM), fitted, style)
    _draw_values(sheet, ecg, words, said)
    statements = [str(one) for one in ecg.device.get("statements") or []]
    if statements:
        text = said(words.statements.format(what="；".join(statements)))
        fitted, style = sheet.fitted(text, _LABEL, GRID_WIDTH_MM * mm)
        sheet.text(x_pt(LEFT_MM), y_pt(_STATEMENTS_MM), fitted, style)


def _recorded(ecg: PrintedEcg, head: EcgHead, words: EcgWords) -> str:
    """The device's own clock where it wrote one, else the examination's time."""
    started = ecg.recording.started_at if ecg.recording else None
    at = f"{started:%Y-%m-%d %H:%M:%S}" if started else head.exam_time
    return f"{words.recorded_at} {at}" if at else ""


def _cart(ecg: PrintedEcg, words: EcgWords) -> str:
    told = ecg.recording.device if ecg.recording else {}
    names = dict.fromkeys(str(told[key]).strip() for key in ("manufacturer", "model", "station") if told.get(key))
    return f"{words.cart} {' '.join(names)}" if names else ""


def _draw_values(sheet: Sheet, ecg: PrintedEcg, words: EcgWords, said: Text) -> None:
    width = (GRID_WIDTH_MM - _FIRST_COLUMN_MM) / len(VALUES)
    engine = f"{words.engine} {ecg.engine}".strip()
    rows = (
        ("", _LABEL, words.values),
        (words.device, _CELL, _texts(ecg.device)),
        (engine, _CELL, _texts(ecg.measured)),
    )
    canvas = sheet.canvas
    canvas.setStrokeColorRGB(*GREY)
    for number, (title, style, values) in enumerate(rows):
        top = _TABLE_MM + number * _ROW_MM
        baseline = y_pt(top + _ROW_MM - 1.3)
        fitted, named = sheet.fitted(said(title), _LABEL, (_FIRST_COLUMN_MM - 1) * mm)
        sheet.text(x_pt(LEFT_MM), baseline, fitted, named)
        for place, name in enumerate(VALUES):
            x = x_pt(LEFT_MM + _FIRST_COLUMN_MM + place * width)
            fitted, shown = sheet.fitted(values[name], style, (width - 1) * mm)
            sheet.text(x, baseline, fitted, shown)
        sheet.rule(y_pt(top + _ROW_MM), 0.3, x_pt(LEFT_MM), x_pt(_RIGHT))


def _texts(values: Values) -> dict[str, str]:
    plain = {name: _whole(values.get(name)) for name in VALUES}
    return {**plain, "axes": " / ".join(_whole(values.get(axis)) for axis in _AXES)}


def _whole(value: object) -> str:
    return f"{value:.0f}" if isinstance(value, int | float) else NOTHING
