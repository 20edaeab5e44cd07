"""ECGs on paper: A4 landscape in true scale, as vectors."""

from reading_queue.report_pdf.ecg.layout import LAYOUTS, LayoutName
from reading_queue.report_pdf.ecg.printed import GAINS, SPEEDS, EcgHead, EcgLook, PrintedEcg
from reading_queue.report_pdf.ecg.render import render_ecg_pdf

__all__ = [
    "GAINS",
    "LAYOUTS",
    "SPEEDS",
    "EcgHead",
    "EcgLook",
    "LayoutName",
    "PrintedEcg",
    "render_ecg_pdf",
]
