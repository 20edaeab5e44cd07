"""From a report to the bytes of its PDF."""

from collections.abc import Callable, Sequence
from datetime import UTC, tzinfo
from io import BytesIO
from threading import Lock
from zoneinfo import ZoneInfo

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from reading_queue.report_pdf.body import body_lines, draw_line
from reading_queue.report_pdf.characters import printable
from reading_queue.report_pdf.flow import Line, baselines, paginate
from reading_queue.report_pdf.fonts import Fonts, load_fonts
from reading_queue.report_pdf.foot import BOTTOM, SIGNATURES_HEIGHT, draw_foot, draw_signatures
from reading_queue.report_pdf.head import RUNNING_HEIGHT, TOP, FirstHead, centre_name, draw_running_head
from reading_queue.report_pdf.pictures import KeyPicture, draw_pictures, pages_of
from reading_queue.report_pdf.printed import PrintedReport
from reading_queue.report_pdf.sheet import Sheet
from reading_queue.report_pdf.words import WORDS, Language, Words
from storage.domain.reading import ReportKind

_CHINA = ZoneInfo("Asia/Shanghai")
_RENDERING = Lock()
"""A parsed reportlab font keeps a reading position, so it serves one document at a time."""
_GAP = 6.0


def render_report_pdf(
    report: PrintedReport,
    *,
    language: Language = "zh",
    time_zone: tzinfo = _CHINA,
    pictures: Sequence[KeyPicture] = (),
) -> bytes:
    """An A4 PDF with its fonts inside, `pictures` on pages after the text; the same report gives the same bytes.

    Raises `ConfigurationError` when the fonts are not installed.
    """
    words = WORDS[language]
    target = BytesIO()
    with _RENDERING:
        fonts = load_fonts()
        shown = printable(report, fonts.covers)
        sheet = Sheet(_canvas(target, shown.report, words, fonts), fonts)
        _draw(sheet, shown.report, words, shown.missing, time_zone, list(pages_of(pictures)))
        sheet.canvas.save()
    return target.getvalue()


def _canvas(target: BytesIO, report: PrintedReport, words: Words, fonts: Fonts) -> Canvas:
    """A canvas without the present time; the document's date is that of the signature."""
    canvas = Canvas(
        target,
        pagesize=A4,
        pageCompression=1,
        invariant=1,
        lang=words.tag,
        initialFontName=fonts.regular.fontName,
    )
    canvas.setTitle(f"{words.title_of(report.modality)} {report.report_id}-{report.version}")
    canvas.setAuthor(centre_name(report, words))
    canvas.setSubject(words.version.format(version=report.version, kind=words.kinds[report.kind]))
    canvas.setCreator("County Reading")
    canvas.setDateFormatter(_date_formatter(report))
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.setViewerPreference("PrintScaling", "None")
    return canvas


def _date_formatter(report: PrintedReport) -> Callable[..., str]:
    signed = report.signed_at
    text = f"D:{signed.astimezone(UTC):%Y%m%d%H%M%S}+00'00'" if signed else "D:20000101000000+00'00'"
    return lambda *_: text


def _draw(
    sheet: Sheet,
    report: PrintedReport,
    words: Words,
    missing: tuple[str, ...],
    zone: tzinfo,
    sheets_of_pictures: Sequence[Sequence[KeyPicture]],
) -> None:
    head = FirstHead.of(report, words, sheet, zone)
    first_top, following_top = TOP - head.height - _GAP, TOP - RUNNING_HEIGHT - _GAP
    lines = body_lines(report, words, missing, sheet)
    pages = paginate(lines, first_top - BOTTOM, following_top - BOTTOM, SIGNATURES_HEIGHT)
    total = len(pages) + len(sheets_of_pictures)
    for number, page in enumerate(pages, start=1):
        _mark(sheet, report, words)
        if number == 1:
            head.draw(sheet)
        else:
            draw_running_head(sheet, report, words, zone)
        _draw_body(sheet, page, first_top if number == 1 else following_top)
        if number == len(pages):
            draw_signatures(sheet, report, words, zone)
        draw_foot(sheet, report, words, number, total)
        sheet.canvas.showPage()
    for number, shown in enumerate(sheets_of_pictures, start=len(pages) + 1):
        _mark(sheet, report, words)
        draw_running_head(sheet, report, words, zone)
        draw_pictures(sheet, shown, following_top)
        draw_foot(sheet, report, words, number, total)
        sheet.canvas.showPage()


def _mark(sheet: Sheet, report: PrintedReport, words: Words) -> None:
    if report.is_withdrawn:
        sheet.watermark(words.watermark)
    elif report.kind is ReportKind.PRELIMINARY:
        sheet.watermark(words.preliminary_watermark)


def _draw_body(sheet: Sheet, lines: list[Line], top: float) -> None:
    for line, bottom in baselines(lines, top):
        draw_line(sheet, line, bottom)
