"""Marks that a physician keeps: by whoever has the case in hand, version after version, beside what was measured."""

from dataclasses import asdict, replace
from functools import cache
from typing import Any

import pytest
from sqlalchemy import select, update

from reading_queue import service
from reading_queue.ecg.documents import engine_document
from reading_queue.ecg.marks import Kept, Marks, fits, keep_marks, visible_marks
from reading_queue.preprocessing.ecg.measuring import ENGINE, measure
from storage.db.models import AuditEvent, EcgMarks, EcgMeasurement, Instance, ReadingTask
from storage.db.queries.ecg import DONE, WAVEFORM_CLASSES
from storage.db.queries.ecg_marks import marks_of_study
from storage.domain.errors import Forbidden, Invalid, NotFound, StaleLease, StaleMarks
from storage.domain.reading import ReadingStep, TaskState
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.preprocessing.ecg.synthetic import LEADS, regular

pytestmark = pytest.mark.thorough


@cache
def _document() -> dict[str, Any]:
    """Measured once for all tests."""
    made = regular(72)
    return {"measurements": engine_document(measure(made.signal, LEADS, made.hz))}


class Case:
    """A measured ECG in the hands of a reader."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.task = county.task(modality="ECG", sop_classes=(WAVEFORM_CLASSES[0],))
        self.study_id = self.task.study_id
        with county.database.write() as work:
            instance = work.session.execute(select(Instance)).scalar_one()
            self.sop = instance.sop_instance_uid
            row = EcgMeasurement(
                institution_id=instance.institution_id,
                study_id=self.study_id,
                instance_id=instance.id,
                engine=ENGINE,
                source_sha256=instance.sha256,
                state=DONE,
                tried_at=work.now,
                hr=_document()["measurements"]["overall"]["hr"],
                document=_document(),
                device={},
            )
            work.session.add(row)
        self.measured = row
        found = _document()["measurements"]["median"]["fiducials"]
        self.marks = Marks(**{name: found[name] for name in ("p_on", "p_off", "qrs_on", "qrs_off", "t_off")})
        self.token = county.claim(self.task, "ecg").token

    def keep(self, marks: Marks | None, based_on: int = 0, who: str = "ecg", token: str | None = None) -> EcgMarks:
        with self.county.database.write() as work:
            kept = Kept(self.sop, based_on, marks)
            return keep_marks(work, self.task.id, self.county.actor(who), token or self.token, kept)

    def seen_by(self, who: str) -> list[int]:
        """The versions that somebody sees, the last first."""
        with self.county.database.read() as work:
            rows = marks_of_study(work, self.study_id)
            return [row.version for row in visible_marks(work, rows, self.county.actor(who))]


@pytest.fixture
def case(county: County) -> Case:
    return Case(county)


def test_the_intervals_are_computed_from_the_marks_and_what_was_measured_stays(case: Case):
    moved = replace(case.marks, p_on=case.marks.p_on - 10, t_off=case.marks.t_off + 20)
    row = case.keep(moved)
    measured = _document()["measurements"]["overall"]
    assert (row.version, row.hr) == (1, case.measured.hr)
    assert row.pr_ms == pytest.approx(measured["pr_ms"] + 20)
    assert row.p_ms == pytest.approx(measured["p_ms"] + 20)
    assert row.qrs_ms == pytest.approx(measured["qrs_ms"])
    assert row.qt_ms == pytest.approx(measured["qt_ms"] + 40)
    rr_s = 60 / case.measured.hr
    assert row.qtc_bazett_ms == pytest.approx(row.qt_ms / rr_s**0.5)
    assert row.qtc_fridericia_ms == pytest.approx(row.qt_ms / rr_s ** (1 / 3))
    assert row.qtc_framingham_ms == pytest.approx(row.qt_ms + 154 * (1 - rr_s))
    assert row.qtc_hodges_ms == pytest.approx(row.qt_ms + 1.75 * (60 / rr_s - 60))
    with case.county.database.read() as work:
        (still,) = work.session.execute(select(EcgMeasurement)).scalars()
        assert still.document == _document()


def test_without_p_and_t_their_intervals_are_not_there(case: Case):
    row = case.keep(replace(case.marks, p_on=None, p_off=None, t_off=None))
    assert (row.p_ms, row.pr_ms, row.qt_ms, row.qtc_bazett_ms) == (None, None, None, None)
    assert row.qrs_ms is not None


def test_each_keeping_is_a_version_of_its_own_and_back_to_measured_is_one_too(case: Case):
    case.keep(case.marks)
    case.keep(replace(case.marks, qrs_off=case.marks.qrs_off + 3), 1)
    assert case.keep(None, 2).qrs_ms is None
    assert case.seen_by("ecg") == [3, 2, 1]
    with case.county.database.read() as work:
        entries = work.session.execute(select(AuditEvent).where(AuditEvent.action == "ecg_marks_kept")).scalars().all()
        assert [entry.detail["version"] for entry in entries] == [1, 2, 3]
        assert entries[0].detail["marks"] == asdict(case.marks)
        assert (entries[0].actor, entries[0].subject) == ("ecg", f"task:{case.task.id}")
        assert entries[2].detail["marks"] is None


def test_marks_that_rest_on_an_older_version_change_nothing(case: Case):
    case.keep(case.marks)
    for based_on in (0, 2):
        with pytest.raises(StaleMarks) as stale:
            case.keep(case.marks, based_on)
        assert stale.value.version == 1
    assert case.seen_by("ecg") == [1]


def test_only_who_has_the_case_in_hand_keeps_marks(case: Case):
    with pytest.raises(StaleLease):
        case.keep(case.marks, token="not this one")
    with pytest.raises(StaleLease):
        case.keep(case.marks, who="auditor")
    with pytest.raises(Forbidden):
        case.keep(case.marks, who="manager")
    case.county.clock.advance(minutes=60)
    with pytest.raises(StaleLease):
        case.keep(case.marks)
    assert case.seen_by("manager") == []


def test_the_auditor_who_has_the_case_keeps_his_own_over_the_readers(case: Case):
    case.keep(case.marks)
    with case.county.write() as work:
        report = service.ReportContent("窦性心律。", "正常心电图。", positive=False)
        service.submit(work, case.task.id, case.county.actor("ecg"), case.token, report)
    token = case.county.claim(case.task, "auditor").token
    row = case.keep(replace(case.marks, qrs_on=case.marks.qrs_on - 2), 1, "auditor", token)
    assert row.version == 2


_UNUSABLE: tuple[dict[str, int | None], ...] = (
    {"qrs_on": 0},
    {"t_off": 100_000},
    {"qrs_off": 1},
    {"p_off": None},
    {"p_on": None},
    {"t_off": 1},
)


def test_marks_out_of_order_or_off_the_beat_are_refused(case: Case):
    for change in _UNUSABLE:
        with pytest.raises(Invalid):
            case.keep(replace(case.marks, **change))
    assert case.seen_by("ecg") == []


def test_there_is_nothing_to_go_back_from_and_no_other_object_to_mark(case: Case):
    with pytest.raises(Invalid):
        case.keep(None)
    case.sop = "1.2.3"
    with pytest.raises(NotFound):
        case.keep(case.marks)


def test_an_ecg_without_a_median_beat_has_no_marks(case: Case):
    with case.county.database.write() as work:
        work.session.execute(update(EcgMeasurement).values(state="pending"))
    with pytest.raises(Invalid):
        case.keep(case.marks)


def test_marks_lie_on_the_median_beat_that_they_were_set_on(case: Case):
    row = case.keep(case.marks)
    assert fits(row, case.measured)
    case.measured.source_sha256 = "of a replaced object"
    assert not fits(row, case.measured)


def test_a_clinic_sees_them_with_the_signed_report_alone(case: Case):
    case.keep(case.marks)
    assert (case.seen_by("auditor"), case.seen_by("clinic01")) == ([1], [])
    with case.county.database.write() as work:
        work.session.execute(update(ReadingTask).values(state=TaskState.SIGNED))
    assert case.seen_by("clinic01") == [1]


def test_the_other_independent_reader_never_sees_them_before_somebody_decides(case: Case):
    case.keep(case.marks)
    with case.county.database.write() as work:
        work.session.execute(update(ReadingTask).values(independent=True, state=TaskState.READ))
    assert case.seen_by("ecg") == case.seen_by("manager") == [1]
    assert case.seen_by("radiologist") == case.seen_by("auditor") == []
    with case.county.database.write() as work:
        work.session.execute(update(ReadingTask).values(step=ReadingStep.ADJUDICATE))
    assert case.seen_by("auditor") == [1]
