"""From a report to the bytes of its PDF."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from io import BytesIO
from zoneinfo import ZoneInfo

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from reading_queue.report_pdf.body import body_lines, draw_line
from reading_queue.report_pdf.characters import printable
from reading_queue.report_pdf.ecg import EcgHead, PrintedEcg
from reading_queue.report_pdf.ecg.page import SIZE, EcgPage, draw_page
from reading_queue.report_pdf.ecg.render import pages_of_all, text_for
from reading_queue.report_pdf.ecg.words import WORDS as ECG_WORDS
from reading_queue.report_pdf.flow import Line, baselines, paginate
from reading_queue.report_pdf.fonts import Fonts, load_fonts
from reading_queue.report_pdf.foot import BOTTOM, SIGNATURES_HEIGHT, draw_foot, draw_signatures, identity_of
from reading_queue.report_pdf.head import (
    RUNNING_HEIGHT,
    TOP,
    FirstHead,
    centre_name,
    clinic_name,
    draw_running_head,
    sex_and_age,
)
from reading_queue.report_pdf.pictures import KeyPicture, draw_pictures, pages_of
from reading_queue.report_pdf.printed import PrintedReport
from reading_queue.report_pdf.rendering import RENDERING
from reading_queue.report_pdf.sheet import Sheet
from reading_queue.report_pdf.words import WORDS, Language, Words
from storage.domain.reading import ReportKind

_CHINA = ZoneInfo("Asia/Shanghai")
_GAP = 6.0


def render_report_pdf(
    report: PrintedReport,
    *,
    language: Language = "zh",
    time_zone: tzinfo = _CHINA,
    pictures: Sequence[KeyPicture] = (),
    ecgs: Sequence[PrintedEcg] = (),
) -> bytes:
    """An A4 PDF with its fonts inside; after the text `ecgs` on landscape pages in true scale, then `pictures`.

    The same report gives the same bytes.

    Raises `ConfigurationError` when the fonts are not installed.
    """
    words = WORDS[language]
    target = BytesIO()
    appended = _Appended(pages_of_all(ecgs), list(pages_of(pictures)))
    with RENDERING:
        fonts = load_fonts()
        shown = printable(report, fonts.covers)
        sheet = Sheet(_canvas(target, shown.report, words, fonts), fonts)
        _draw(sheet, shown.report, words, shown.missing, time_zone, appended, text_for(fonts))
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


@dataclass(frozen=True)
class _Appended:
    """What comes after the text."""

    tracings: Sequence[EcgPage]
    pictures: Sequence[Sequence[KeyPicture]]


def _draw(
    sheet: Sheet,
    report: PrintedReport,
    words: Words,
    missing: tuple[str, ...],
    zone: tzinfo,
    appended: _Appended,
    said: Callable[[str], str],
) -> None:
    head = FirstHead.of(report, words, sheet, zone)
    first_top, following_top = TOP - head.height - _GAP, TOP - RUNNING_HEIGHT - _GAP
    lines = body_lines(report, words, missing, sheet)
    pages = paginate(lines, first_top - BOTTOM, following_top - BOTTOM, SIGNATURES_HEIGHT)
    total = len(pages) + len(appended.tracings) + len(appended.pictures)
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
    for number, tracing in enumerate(appended.tracings, start=len(pages) + 1):
        right = words.page.format(page=number, pages=total)
        _draw_tracing(sheet, tracing, report, words, zone, (right, said))
    for number, shown in enumerate(appended.pictures, start=total - len(appended.pictures) + 1):
        _mark(sheet, report, words)
        draw_running_head(sheet, report, words, zone)
        draw_pictures(sheet, shown, following_top)
        draw_foot(sheet, report, words, number, total)
        sheet.canvas.showPage()


def _draw_tracing(
    sheet: Sheet,
    tracing: EcgPage,
    report: PrintedReport,
    words: Words,
    zone: tzinfo,
    printing: tuple[str, Callable[[str], str]],
) -> None:
    """One landscape page; `printing` is the number of the page, and what makes a text printable."""
    right, said = printing
    own = ECG_WORDS[words.language]
    head = EcgHead(
        centre=centre_name(report, words),
        name=report.patient_name,
        sex_age=sex_and_age(report, words, zone),
        patient_id=f"{words.patient_id} {report.patient_id}" if report.patient_id else "",
        accession_number=f"{words.accession_number} {report.accession_number}" if report.accession_number else "",
        clinic=clinic_name(report, words),
        exam_time=words.time(report.exam_started_at, zone) if report.exam_started_at else "",
    )
    sheet.canvas.setPageSize(SIZE)
    _mark(sheet, report, words, SIZE)
    draw_page(sheet, tracing, head, own, said, (f"{own.in_the_report}  {identity_of(report, words)}", right))
    sheet.canvas.showPage()
    sheet.canvas.setPageSize(A4)


def _mark(sheet: Sheet, report: PrintedReport, words: Words, size: tuple[float, float] = A4) -> None:
    if report.is_draft:
        sheet.watermark(words.draft_watermark, size)
    elif report.is_withdrawn:
        sheet.watermark(words.watermark, size)
    elif report.kind is ReportKind.PRELIMINARY:
        sheet.watermark(words.preliminary_watermark, size)


def _draw_body(sheet: Sheet, lines: list[Line], top: float) -> None:
    for line, bottom in baselines(lines, top):
        draw_line(sheet, line, bottom)
