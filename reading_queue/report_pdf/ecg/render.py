"""ECGs to the bytes of a PDF of their own."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from reading_queue.report_pdf.characters import printable_text
from reading_queue.report_pdf.ecg.page import SIZE, EcgPage, Text, draw_page, ecg_pages
from reading_queue.report_pdf.ecg.printed import EcgHead, PrintedEcg
from reading_queue.report_pdf.ecg.words import WORDS as ECG_WORDS
from reading_queue.report_pdf.fonts import Fonts, load_fonts
from reading_queue.report_pdf.rendering import RENDERING
from reading_queue.report_pdf.sheet import Sheet
from reading_queue.report_pdf.words import WORDS, Language


def render_ecg_pdf(ecgs: Sequence[PrintedEcg], head: EcgHead, *, language: Language = "zh", dated: datetime) -> bytes:
    """A4 landscape, a page or more for each recording; the same ECGs give the same bytes.

    `dated` is the document's date. Raises `ConfigurationError` when the fonts are not installed.
    """
    words, own = WORDS[language], ECG_WORDS[language]
    pages = pages_of_all(ecgs)
    target = BytesIO()
    with RENDERING:
        fonts = load_fonts()
        canvas = Canvas(
            target,
            pagesize=SIZE,
            pageCompression=1,
            invariant=1,
            lang=words.tag,
            initialFontName=fonts.regular.fontName,
        )
        canvas.setTitle(own.title)
        canvas.setCreator("County Reading")
        canvas.setDateFormatter(lambda *_: f"D:{dated.astimezone(UTC):%Y%m%d%H%M%S}+00'00'")
        canvas.setViewerPreference("PrintScaling", "None")
        sheet = Sheet(canvas, fonts)
        for number, page in enumerate(pages, start=1):
            right = words.page.format(page=number, pages=len(pages))
            draw_page(sheet, page, head, own, text_for(fonts), (own.not_the_report, right))
            canvas.showPage()
        canvas.save()
    return target.getvalue()


def pages_of_all(ecgs: Iterable[PrintedEcg]) -> list[EcgPage]:
    """The pages of all recordings, in their order."""
    return [page for one in ecgs for page in ecg_pages(one)]


def text_for(fonts: Fonts) -> Text:
    """What makes a text printable in one line: see `characters`."""

    def said(text: str) -> str:
        return printable_text(text, fonts.covers, set()).replace("\n", " ")

    return said
