from datetime import UTC, datetime
from types import ModuleType

import pytest

from reading_queue.report_pdf import PrintedReport
from storage.domain.errors import Invalid
from storage.domain.reading import ReportKind


def test_everything_a_signed_version_says_is_read(samples: ModuleType):
    report = PrintedReport.of(samples.CT, sha256="ab" * 32)
    assert (report.centre, report.clinic) == ("青山县医学影像诊断中心", "柳河镇中心卫生院")
    assert report.signed_at == datetime(2025, 3, 1, 8, 15, 37, tzinfo=UTC)
    assert (report.author.name, report.signer.title) == ("陈思远", "副主任医师")
    assert (report.kind, report.version, report.report_id, report.task_id) == (ReportKind.FINAL, 1, 1042, 2087)
    assert report.positive is True


def test_what_was_never_known_is_empty(samples: ModuleType):
    study = {"modality": "CT", "exam_started_at": None}
    report = PrintedReport.of(samples.content(study=study, positive=None, signer=None), sha256="")
    assert (report.description, report.exam_started_at, report.positive, report.signer.name) == ("", None, None, "")


def test_a_time_without_a_zone_is_utc(samples: ModuleType):
    report = PrintedReport.of(samples.content(drafted_at="2025-03-01T08:00:00"), sha256="")
    assert report.drafted_at == datetime(2025, 3, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "named,change",
    [
        ("signed_at", {"signed_at": "yesterday"}),
        ("kind", {"report": {"id": 1, "task_id": 1, "version": 1, "kind": "final?"}}),
        ("version", {"report": {"id": 1, "task_id": 1, "version": "one", "kind": "final"}}),
    ],
)
def test_content_that_makes_no_sense_is_refused_by_name(samples: ModuleType, named: str, change: dict[str, object]):
    with pytest.raises(Invalid, match=named):
        PrintedReport.of(samples.content(**change), sha256="")
