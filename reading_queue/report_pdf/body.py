"""The text of the report as lines: notices, critical value, findings, impression."""

from collections.abc import Iterator
from dataclasses import replace

from reading_queue.report_pdf.flow import Line
from reading_queue.report_pdf.line_breaking import WrappedLine, wrap
from reading_queue.report_pdf.printed import PrintedReport
from reading_queue.report_pdf.sheet import GREY, INNER, LEFT, PALE, PALE_RED, RED, RIGHT, Sheet, Style, gaps
from reading_queue.report_pdf.words import NOTHING, Words
from storage.domain.reading import ReportKind

_HEADING = Style(size=12.5, leading=22, is_bold=True)
_TEXT = {"zh": Style(size=12, leading=20), "en": Style(size=11, leading=16.5)}
_NOTICE = Style(size=10.5, leading=17, is_bold=True)
_ALARM = replace(_NOTICE, size=12, leading=20, colour=RED)
_NOTE = Style(size=8.5, leading=13, colour=GREY)
_NOTICE_INDENT = 12.0
_MOST_NAMED = 24
_MOST_SPACING = 0.12
"""Widest gap, in em, that is put between characters to fill a line."""


def body_lines(report: PrintedReport, words: Words, missing: tuple[str, ...], sheet: Sheet) -> list[Line]:
    """Everything between the head and the signatures."""
    return [
        *_notices(report, words, sheet),
        *_sections(report, words, sheet),
        *_missing_note(words, missing, sheet),
    ]


def _sections(report: PrintedReport, words: Words, sheet: Sheet) -> Iterator[Line]:
    """Findings, impression and what other hospitals said; a version that only withdraws has neither."""
    findings, impression = report.findings.strip("\n"), report.impression.strip("\n")
    if report.kind is ReportKind.WITHDRAWN and not findings and not impression:
        return
    style = _TEXT[words.language]
    tag = {True: words.positive, False: words.negative, None: ""}[report.positive]
    yield Line(words.findings_of(report.modality), _HEADING, space_before=8, keep_with_next=True)
    yield from _paragraphs(findings or NOTHING, style, sheet)
    yield Line(words.impression, _HEADING, space_before=12, tag=tag, keep_with_next=True)
    yield from _paragraphs(impression or NOTHING, style, sheet)
    if report.opinions:
        yield Line(words.opinions, _HEADING, space_before=12, keep_with_next=True)
        yield from _paragraphs(report.opinions, style, sheet)


def _notices(report: PrintedReport, words: Words, sheet: Sheet) -> Iterator[Line]:
    style = _ALARM if report.kind in (ReportKind.WITHDRAWN, ReportKind.PRELIMINARY) else _NOTICE
    previous = report.version - 1
    replaced = str(previous) if previous <= 1 else f"1{words.span}{previous}"
    numbers = {"version": report.version, "previous": previous, "replaced": replaced}
    texts = [words.banners[report.kind].format(**numbers)] if report.kind in words.banners else []
    if texts and report.reason:
        texts.append(words.reasons[report.kind].format(reason=report.reason))
    if texts:
        yield from _notice("\n".join(texts), style, sheet)
    for text in _overtaken(report, words):
        yield from _notice(text, _ALARM, sheet)
    if report.critical.strip():
        yield from _notice(words.critical.format(critical=report.critical.strip()), _ALARM, sheet)


def _overtaken(report: PrintedReport, words: Words) -> Iterator[str]:
    """What has happened to the report since."""
    if report.replacement:
        is_withdrawal = report.replacement.kind is ReportKind.WITHDRAWN
        yield (words.withdrawn if is_withdrawal else words.superseded).format(later=report.replacement.version)
    if report.supplement:
        yield words.supplemented.format(later=report.supplement.version)


def _notice(text: str, style: Style, sheet: Sheet) -> Iterator[Line]:
    for number, line in enumerate(_paragraphs(text, style, sheet, _NOTICE_INDENT)):
        yield replace(line, band=True, space_before=8.0 if number == 0 else 0.0)


def _missing_note(words: Words, missing: tuple[str, ...], sheet: Sheet) -> Iterator[Line]:
    if missing:
        characters = " ".join(f"U+{ord(character):04X}" for character in missing[:_MOST_NAMED])
        characters += " …" if len(missing) > _MOST_NAMED else ""
        for number, line in enumerate(_paragraphs(words.missing.format(characters=characters), _NOTE, sheet)):
            yield replace(line, space_before=8.0 if number == 0 else 0.0)


def _paragraphs(text: str, style: Style, sheet: Sheet, indent: float = 0.0) -> list[Line]:
    width = INNER - 2 * indent
    wrapped = wrap(text, width, sheet.measure(style))
    return [
        Line(
            line.text,
            style,
            spacing=_spacing(line, width, style, sheet),
            indent=indent,
            keep_with_next=_is_kept(wrapped, number),
        )
        for number, line in enumerate(wrapped)
    ]


def _is_kept(lines: list[WrappedLine], number: int) -> bool:
    """No first line of a paragraph alone at the foot of a page, no last line alone at the head of one."""
    if lines[number].is_last:
        return False
    is_first = number == 0 or lines[number - 1].is_last
    return is_first or lines[number + 1].is_last


def _spacing(line: WrappedLine, width: float, style: Style, sheet: Sheet) -> float:
    """What fills a Chinese line to the right margin; a line that would need too much of it stays ragged."""
    places = gaps(line.text)
    if line.is_last or not places:
        return 0.0
    spacing = (width - sheet.width(line.text, style)) / places
    return spacing if 0 < spacing <= _MOST_SPACING * style.size else 0.0


def draw_line(sheet: Sheet, line: Line, bottom: float) -> None:
    """Draw one line whose strip ends at `bottom`."""
    if line.band:
        is_alarm = line.style == _ALARM
        sheet.fill(LEFT, bottom, INNER, line.style.leading, PALE_RED if is_alarm else PALE)
        sheet.fill(LEFT, bottom, 3, line.style.leading, RED if is_alarm else GREY)
    baseline = bottom + (line.style.leading - line.style.size) / 2 + 0.14 * line.style.size
    sheet.text(LEFT + line.indent, baseline, line.text, line.style, line.spacing)
    if line.tag:
        _draw_tag(sheet, line.tag, baseline)


def _draw_tag(sheet: Sheet, tag: str, baseline: float) -> None:
    style = replace(_HEADING, size=11)
    width = sheet.width(tag, style) + 12
    sheet.frame(RIGHT - width, baseline - 4.5, width, 17, 1)
    sheet.flush_right(RIGHT - 6, baseline, tag, style)
