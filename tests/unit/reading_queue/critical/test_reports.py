"""A report that says something critical has its case, in the same transaction; the task waits for the clinic's word."""

import pytest

from reading_queue import service
from reading_queue.critical import caring
from reading_queue.critical.reports import blocks_closing
from reading_queue.service import ReportContent
from storage.db.models import CriticalCase, ReadingTask
from storage.db.queries.critical import cases_of_study
from storage.domain.critical import UNLISTED, Basis, CaseState
from storage.domain.errors import StaleLease
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.critical.cases import Cases

pytestmark = pytest.mark.thorough


_CRITICAL = ReportContent(
    "左侧基底节区高密度影。", "左侧基底节区脑出血。", positive=True, critical="急性脑出血，建议急诊处理"
)


def _cases(county: County, task: ReadingTask) -> list[CriticalCase]:
    with county.database.read() as work:
        return list(cases_of_study(work, task.study_id))


def _blocks(county: County, task: ReadingTask) -> bool:
    with county.database.read() as work:
        return blocks_closing(work, task)


def test_a_submitted_report_opens_its_case_and_tells_the_clinic_before_any_signature(cases: Cases):
    task = cases.county.task()
    cases.county.drafted(task, content=_CRITICAL)
    (case,) = _cases(cases.county, task)
    assert (case.code, case.state, case.source) == ("RAD-ICH", CaseState.NOTIFIED, "report")
    assert case.basis_at == case.confirmed_at == cases.county.clock.now()
    assert cases.notices("critical.told") == [{"clinic01"}]
    assert cases.county.reload(task).state == "drafted"


def test_the_signature_adds_no_second_case_and_notes_the_report(cases: Cases):
    task = cases.county.signed(cases.county.task(), _CRITICAL)
    (case,) = _cases(cases.county, task)
    assert cases.actions(case.id) == ["suspect", "confirm", "notify", "report"]
    assert case.confirmed_by_id == cases.county.user("radiologist").id


def test_words_that_the_auditor_adds_open_a_case_with_the_signature(cases: Cases):
    task = cases.county.task()
    cases.county.drafted(task)
    token = cases.county.claim(task, "auditor").token
    with cases.county.write() as work:
        service.sign(work, task.id, cases.county.actor("auditor"), token, _CRITICAL)
    (case,) = _cases(cases.county, task)
    assert case.confirmed_by_id == cases.county.user("auditor").id


def test_an_amended_report_opens_one_too(cases: Cases):
    task = cases.county.signed(cases.county.task())
    assert _cases(cases.county, task) == []
    with cases.county.write() as work:
        service.amend(work, task.id, cases.county.actor("auditor2"), _CRITICAL, "补充危急值")
    assert [one.code for one in _cases(cases.county, task)] == ["RAD-ICH"]


def test_a_suspicion_of_the_same_is_confirmed_and_one_of_something_else_stays(cases: Cases):
    task = cases.county.task()
    same, other = cases.suspected(task.study_id), cases.suspected(task.study_id, "RAD-PE")
    cases.county.drafted(task, content=_CRITICAL)
    assert [(one.id, one.state) for one in _cases(cases.county, task)] == [(same, "notified"), (other, "suspected")]


def test_a_case_that_was_told_and_closed_before_the_report_is_not_opened_again(cases: Cases):
    task = cases.county.task()
    case_id = cases.told(task.study_id)
    cases.acknowledge(case_id)
    cases.feed_back(case_id)
    cases.county.drafted(task, content=_CRITICAL)
    assert [one.id for one in _cases(cases.county, task)] == [case_id]


def test_a_report_says_what_a_dismissed_suspicion_did_not(cases: Cases):
    task = cases.county.task()
    first = cases.suspected(task.study_id)
    with cases.county.write() as work:
        caring.false_alarm(work, first, cases.county.actor("radiologist"), "容积效应")
    cases.county.drafted(task, content=_CRITICAL)
    assert [one.state for one in _cases(cases.county, task)] == ["false_alarm", "notified"]


def test_words_that_no_list_knows_are_critical_all_the_same(cases: Cases):
    task = cases.county.task()
    cases.county.drafted(task, content=ReportContent("气管异物。", "气管异物。", positive=True, critical="气管异物"))
    (case,) = _cases(cases.county, task)
    assert (case.code, case.finding) == (UNLISTED, "气管异物")


def test_a_refused_submission_leaves_no_case(cases: Cases):
    task = cases.county.task()
    cases.county.claim(task, "radiologist")
    with pytest.raises(StaleLease), cases.county.write() as work:
        service.submit(work, task.id, cases.county.actor("radiologist"), "1.2.3", _CRITICAL)
    assert _cases(cases.county, task) == []


def test_ultrasound_counts_from_the_report(cases: Cases):
    task = cases.county.task(modality="US")
    case_id = cases.told(task.study_id, "US-TAMPONADE")
    assert (cases.load(case_id).basis, cases.load(case_id).basis_at) == (Basis.REPORT_ISSUED, None)
    cases.county.clock.advance(minutes=7)
    cases.county.signed(task, ReportContent("心包积液。", "心包填塞。", positive=True, critical="心包填塞"))
    assert cases.load(case_id).basis_at == cases.county.clock.now()


def test_the_task_may_not_be_closed_until_the_clinic_knows(cases: Cases):
    task = cases.county.task()
    assert not _blocks(cases.county, task)
    case_id = cases.suspected(task.study_id)
    assert _blocks(cases.county, task)
    cases.county.signed(task, _CRITICAL)
    assert _blocks(cases.county, task)
    cases.acknowledge(case_id)
    assert not _blocks(cases.county, task)
