"""The paper of a signed version, from its content alone."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from reading_queue.report_pdf.ecg import PrintedEcg
from reading_queue.report_pdf.pictures import KeyPicture
from reading_queue.report_pdf.printed import PrintedReport
from reading_queue.report_pdf.render import render_report_pdf
from reading_queue.report_pdf.words import Language
from storage.db.models import ReportVersion
from storage.domain.ages import age_at, iso_date

_AGE_LENGTH = 4
"""Of an age as DICOM writes it: 045Y (PS3.5 6.2)."""


def version_pdf(
    version: ReportVersion,
    versions: Sequence[ReportVersion],
    language: Language,
    zone: tzinfo,
    pictures: Sequence[KeyPicture] = (),
    ecgs: Sequence[PrintedEcg] = (),
    *,
    is_draft: bool = False,
) -> bytes:
    """`versions` are all of the report: an older one says what has followed it.

    `ecgs` are those that the version names (`reading_queue.ecg.printing`), `pictures` get a page of their own.

    With `is_draft` the version is not signed: the paper is the same, and says so.
    """
    content = version.content
    patient, started = content["patient"], content["study"]["exam_started_at"]
    birth = iso_date(patient["birth_date"])
    age = age_at(birth, datetime.fromisoformat(started) if started else version.signed_at)
    told = {**patient, "birth_date": birth, "age": age.zfill(_AGE_LENGTH) if age else ""}
    later = [(one.version, one.kind) for one in versions if one.version > version.version]
    printed = PrintedReport.of({**content, "patient": told}, sha256=version.sha256, later=later, is_draft=is_draft)
    return render_report_pdf(printed, language=language, time_zone=zone, pictures=pictures, ecgs=ecgs)
