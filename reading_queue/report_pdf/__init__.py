"""The signed report on paper: an A4 PDF that looks and prints the same on every machine."""

from reading_queue.report_pdf.of_version import version_pdf
from reading_queue.report_pdf.pictures import KeyPicture
from reading_queue.report_pdf.printed import LaterVersion, Physician, PrintedReport
from reading_queue.report_pdf.render import render_report_pdf
from reading_queue.report_pdf.words import Language

__all__ = [
    "KeyPicture",
    "Language",
    "LaterVersion",
    "Physician",
    "PrintedReport",
    "render_report_pdf",
    "version_pdf",
]
