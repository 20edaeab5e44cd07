"""A printed ECG: head, values, tracing in true scale, and what was done to it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from reportlab.lib.units import mm

from reading_queue.preprocessing.ecg.filters import filtered
from reading_queue.report_pdf.ecg.head import draw_head
from reading_queue.report_pdf.ecg.layout import GRID_HEIGHT_MM, GRID_WIDTH_MM, Cell, Page, pages_of
from reading_queue.report_pdf.ecg.paper import LEFT_MM, PAGE_HEIGHT_MM, PAGE_WIDTH_MM, TOP_MM, Paper, x_pt, y_pt
from reading_queue.report_pdf.ecg.printed import EcgHead, EcgLook, PrintedEcg
from reading_queue.report_pdf.ecg.words import DERIVED_MARK, EcgWords
from reading_queue.report_pdf.sheet import GREY, RED, Sheet, Style
from storage.ingest.ecg.recording import Recording

SIZE = (PAGE_WIDTH_MM * mm, PAGE_HEIGHT_MM * mm)

_LABEL = Style(size=9.5, leading=11, is_bold=True)
_FOOT = Style(size=8.5, leading=10.5)
_SMALL = Style(size=7, leading=9, colour=GREY)
_NOTICE = Style(size=12, leading=16, is_bold=True, colour=RED)
_FOOT_MM = (199.0, 202.6, 206.0)
_LABEL_SHARE, _HIGHEST_LABEL_MM = 0.36, 13.0
_LONGEST_S, _BEFORE_S = 60.0, 5.0
"""Of the record, to be printed at most; and what a filter sees of it before that."""

Text = Callable[[str], str]


@dataclass(frozen=True)
class EcgPage:
    """One page of a recording, ready to draw; `page` is None where the data are gone."""

    ecg: PrintedEcg
    page: Page | None
    samples: dict[str, NDArray[np.float64]]


def ecg_pages(ecg: PrintedEcg) -> Iterator[EcgPage]:
    """The pages of a recording, filtered as `ecg.look` says."""
    recording, look = ecg.recording, ecg.look
    if recording is None:
        yield EcgPage(ecg, None, {})
        return
    samples = _shown(recording, look)
    seconds = max(len(next(iter(samples.values()))) / recording.hz, 1 / recording.hz)
    for page in pages_of(look.layout, recording.leads, seconds, look.speed, look.gain):
        yield EcgPage(ecg, page, samples)


def _shown(recording: Recording, look: EcgLook) -> dict[str, NDArray[np.float64]]:
    """Each lead around its own median from the look's start on: a cart's offset may not push a curve off its row."""
    hz = recording.hz
    first = min(round(look.start_s * hz), recording.microvolts.shape[1] - 1)
    before = min(first, round(_BEFORE_S * hz))
    part = recording.microvolts[:, first - before : first + round(_LONGEST_S * hz)]
    shown = {}
    for lead, row in zip(recording.leads, part, strict=True):
        samples = filtered(row, hz, look.filters)[before:]
        known = samples[np.isfinite(samples)]
        shown[lead] = samples - np.median(known) if len(known) else samples
    return shown


def draw_page(sheet: Sheet, shown: EcgPage, head: EcgHead, words: EcgWords, said: Text, foot: tuple[str, str]) -> None:
    """`said` makes a text printable; `foot` is the note of the lowest line and what stands at its right end."""
    draw_head(sheet, shown.ecg, head, words, said)
    paper = Paper(sheet.canvas)
    if shown.page is None or shown.ecg.recording is None:
        sheet.text(x_pt(LEFT_MM), y_pt(TOP_MM + 20), words.gone, _NOTICE)
    else:
        paper.grid()
        _draw_tracing(sheet, paper, shown, shown.page, shown.ecg.recording, words)
        _draw_legend(sheet, shown, shown.page, shown.ecg.recording, words, said)
    note, right = foot
    edge = x_pt(LEFT_MM + GRID_WIDTH_MM)
    used = sheet.width(right, _SMALL)
    fitted, style = sheet.fitted(note, _SMALL, GRID_WIDTH_MM * mm - used - 10)
    sheet.text(x_pt(LEFT_MM), y_pt(_FOOT_MM[2]), fitted, style)
    sheet.flush_right(edge, y_pt(_FOOT_MM[2]), right, _SMALL)


def _draw_tracing(
    sheet: Sheet, paper: Paper, shown: EcgPage, page: Page, recording: Recording, words: EcgWords
) -> None:
    look = shown.ecg.look
    canvas = sheet.canvas
    canvas.saveState()
    paper.clipped()
    for row in range(page.rows):
        if any(cell.row == row for cell in page.cells):
            paper.pulse(TOP_MM + page.middle_mm(row), look.speed, look.gain)
    for cell in page.cells:
        _draw_cell(paper, cell, page, shown, recording)
    canvas.restoreState()
    for cell in page.cells:
        _draw_label(sheet, paper, cell, page, shown, words)


def _draw_cell(paper: Paper, cell: Cell, page: Page, shown: EcgPage, recording: Recording) -> None:
    look = shown.ecg.look
    part = _part(cell, shown, recording.hz)
    middle = TOP_MM + page.middle_mm(cell.row)
    paper.curve(-part if cell.inverted else part, recording.hz, LEFT_MM + cell.x_mm, middle, (look.speed, look.gain))


def _part(cell: Cell, shown: EcgPage, hz: float) -> NDArray[np.float64]:
    first = round(cell.from_s * hz)
    return shown.samples[cell.lead][first : round((cell.from_s + cell.seconds) * hz) + 1]


def _draw_label(sheet: Sheet, paper: Paper, cell: Cell, page: Page, shown: EcgPage, words: EcgWords) -> None:
    recording = shown.ecg.recording
    assert recording is not None, "a page has its recording"
    height = min(_LABEL_SHARE * GRID_HEIGHT_MM / page.rows, _HIGHEST_LABEL_MM)
    middle, x = TOP_MM + page.middle_mm(cell.row), LEFT_MM + cell.x_mm
    if any(other.row == cell.row and other.x_mm < cell.x_mm for other in page.cells):
        paper.change_mark(x, middle, height)
    mark = DERIVED_MARK if cell.lead in recording.derived else ""
    silent = "" if np.isfinite(_part(cell, shown, recording.hz)).any() else f"  {words.no_signal}"
    name = f"{'-' if cell.inverted else ''}{cell.lead}{mark}{silent}"
    sheet.text(x_pt(x + 1.2), y_pt(middle - height + 2.6), name, _LABEL)


def _draw_legend(sheet: Sheet, shown: EcgPage, page: Page, recording: Recording, words: EcgWords, said: Text) -> None:
    look = shown.ecg.look
    scale = f"{look.speed:g} mm/s   {look.gain:g} mm/mV   {filter_words(look, words)}"
    parts = [scale, *_device_filters(recording, words), *_span(page, shown, recording, words)]
    fitted, style = sheet.fitted(said("     ".join(parts)), _FOOT, GRID_WIDTH_MM * mm)
    sheet.text(x_pt(LEFT_MM), y_pt(_FOOT_MM[0]), fitted, style)
    notes = [words.true_size]
    notes += [words.derived] if any(cell.lead in recording.derived for cell in page.cells) else []
    notes += [words.assumed.format(what="; ".join(recording.assumed))] if recording.assumed else []
    fitted, style = sheet.fitted(said("     ".join(notes)), _SMALL, GRID_WIDTH_MM * mm)
    sheet.text(x_pt(LEFT_MM), y_pt(_FOOT_MM[1]), fitted, style)


def filter_words(look: EcgLook, words: EcgWords) -> str:
    """As the screen names them."""
    high, low, notch = look.filters.high, look.filters.low, look.filters.notch
    what = (
        [f"≥ {high:g} Hz"] * (high > 0) + [f"≤ {low:g} Hz"] * (low > 0) + [f"{words.notch} {notch:g} Hz"] * (notch > 0)
    )
    return words.filters.format(what=", ".join(what)) if what else words.unfiltered


def _device_filters(recording: Recording, words: EcgWords) -> list[str]:
    low, high, notch = recording.filters.low_hz, recording.filters.high_hz, recording.filters.notch_hz
    what = []
    if low or high:
        what.append("–".join(f"{one:g}" if one else "?" for one in (low, high)) + " Hz")
    what += [f"{words.notch} {notch:g} Hz"] if notch else []
    return [words.device_filters.format(what=", ".join(what))] if what else []


def _span(page: Page, shown: EcgPage, recording: Recording, words: EcgWords) -> list[str]:
    """Which part of the record the page has, and what it leaves out."""
    start = shown.ecg.look.start_s
    first = start + min(cell.from_s for cell in page.cells)
    last = start + max(cell.from_s + cell.seconds for cell in page.cells)
    whole = words.span.format(first=f"{first:g}", last=f"{last:g}", whole=f"{recording.seconds:.1f}".removesuffix(".0"))
    ecg = shown.ecg
    return [whole, *([words.record.format(number=ecg.number, of=ecg.of)] if ecg.of > 1 else [])]
