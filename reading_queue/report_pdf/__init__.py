"""The signed report on paper: an A4 PDF that looks and prints the same on every machine."""

from reading_queue.report_pdf.printed import LaterVersion, Physician, PrintedReport
from reading_queue.report_pdf.render import render_report_pdf
from reading_queue.report_pdf.words import Language

__all__ = ["Language", "LaterVersion", "Physician", "PrintedReport", "render_report_pdf"]
