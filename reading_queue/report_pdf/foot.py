"""The bottom of a page: who reported and who verified on the last, what the paper is on every one."""

from datetime import tzinfo

from reading_queue.report_pdf.printed import Physician, PrintedReport
from reading_queue.report_pdf.sheet import GREY, INNER, LEFT, RIGHT, Sheet, Style
from reading_queue.report_pdf.words import NOTHING, Words
from storage.domain.reading import ReportKind

BOTTOM = 84.0
"""Where running text ends."""
SIGNATURES_HEIGHT = 56.0
_RULE = 78.0
_LINES = (66.0, 55.0, 45.0, 35.0)
_SIGNATURE = Style(size=11, leading=18)
_MAIN = Style(size=9, leading=11)
_SMALL = Style(size=7.5, leading=10, colour=GREY)
_SHORT_HASH = 16


def draw_signatures(sheet: Sheet, report: PrintedReport, words: Words, zone: tzinfo) -> None:
    """Names, titles and times, at the foot of the last page."""
    is_sole = bool(report.author.username) and report.author.username == report.signer.username
    signer, signed_at = words.sole_signer if is_sole else words.signer, words.signed_at
    if report.kind is ReportKind.WITHDRAWN:
        signer, signed_at = words.withdrawer, words.withdrawn_at
    columns = (
        (words.author, report.author, words.drafted_at, words.time(report.drafted_at, zone)),
        (signer, report.signer, signed_at, words.time(report.signed_at, zone)),
    )
    top = BOTTOM + SIGNATURES_HEIGHT - 8
    sheet.rule(top, 0.8)
    for number, (role, person, when, time) in enumerate(columns):
        x = LEFT + number * INNER / 2
        for line, text in enumerate((f"{role}{words.colon}{_named(person)}", f"{when}{words.colon}{time}")):
            fitted, style = sheet.fitted(text, _SIGNATURE, INNER / 2 - 8)
            sheet.text(x, top - 17 - line * _SIGNATURE.leading, fitted, style)


def _named(person: Physician) -> str:
    return "  ".join(filter(None, (person.name or person.username or NOTHING, person.title)))


def draw_foot(sheet: Sheet, report: PrintedReport, words: Words, page: int, pages: int) -> None:
    """What this paper is and is not, and the numbers that find it again."""
    sheet.rule(_RULE, 0.5)
    sheet.text(LEFT, _LINES[0], words.for_physicians, _MAIN)
    sheet.flush_right(RIGHT, _LINES[0], words.page.format(page=page, pages=pages), _MAIN)
    study = words.study.format(study_instance_uid=report.study_instance_uid or NOTHING)
    for y, text in zip(_LINES[1:], (words.signature, identity_of(report, words), study), strict=True):
        fitted, style = sheet.fitted(text, _SMALL, INNER)
        sheet.text(LEFT, y, fitted, style)


def identity_of(report: PrintedReport, words: Words) -> str:
    """The numbers by which the paper is found again."""
    return words.identity.format(
        report_id=report.report_id, task_id=report.task_id, version=report.version, sha256=report.sha256[:_SHORT_HASH]
    )
