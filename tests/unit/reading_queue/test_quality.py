"""Grades, retake orders, the rules before signing, differences, peer review, and figures (reading rules 1, 3, 4, 5 and 8)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from reading_queue import service
from reading_queue.quality import discrepancies, drawing, figures, grading, retakes, reviews
from reading_queue.quality.chapter import QUALITY
from reading_queue.rulebook import publish
from reading_queue.service import ReportContent
from storage.db.models import (
    AuditEvent,
    Instance,
    Notice,
    NoticeRecipient,
    PeerReview,
    ReadingTask,
    Report,
    RetakeOrder,
    SignedExam,
    Study,
    TaskEvent,
    User,
)
from storage.db.queries.quality import Span, retake_orders
from storage.db.session import UnitOfWork
from storage.domain.errors import (
    Conflict,
    Forbidden,
    GradeMissing,
    Invalid,
    NotAllowedFromState,
    NotFound,
    NotPublishable,
)
from storage.domain.quality import Discrepancy, DrawnBy, Grade, Radpeer, RetakeState, ReviewState
from storage.domain.readiness import ReadyTimes
from storage.domain.reading import Action, TaskState
from tests.unit.reading_queue.county import REPORT, County

pytestmark = pytest.mark.thorough


WRONG_SIDE = ReportContent("左肺下叶见斑片影。", "右肺下叶炎症。", positive=True)


def _returned(county: County, **details: object) -> tuple[ReadingTask, RetakeOrder]:
    task = county.task(modality="DX")
    token = county.claim(task, "radiologist").token
    with county.write() as work:
        service.return_for_retake(
            work, task.id, county.actor("radiologist"), token, "positioning", "体位不正", marked=details
        )
    return county.reload(task), _order(county, task)


def _order(county: County, task: ReadingTask) -> RetakeOrder:
    with county.database.read() as work:
        query = select(RetakeOrder).where(RetakeOrder.task_id == task.id).order_by(RetakeOrder.id.desc())
        return work.session.execute(query.limit(1)).scalar_one()


def _told(county: County, kind: str) -> list[str]:
    with county.database.read() as work:
        query = select(User.username).join(NoticeRecipient, NoticeRecipient.user_id == User.id)
        return sorted(work.session.execute(query.join(Notice).where(Notice.kind == kind)).scalars())


def _rules(county: County, **parts: object) -> None:
    """The manager publishes the chapter with some parts of its sections replaced."""
    shipped = QUALITY.shipped
    content = {**shipped, **{name: {**shipped[name], **value} for name, value in parts.items()}}
    with county.write() as work:
        publish(work, county.actor("manager"), QUALITY, content)


def _see(county: County, order: RetakeOrder, username: str = "clinic01") -> RetakeOrder:
    with county.write(username) as work:
        return retakes.see(work, county.actor(username), order.id)


def test_a_return_makes_an_order_that_counts_against_the_site(county: County):
    task, order = _returned(county, frame=2, region=[0.1, 0.2, 0.5, 0.6], guidance="请患者旋转15度")
    assert (order.state, order.reason_code, order.reason) == (RetakeState.OPEN, "positioning", "体位不正")
    assert (order.institution_id, order.modality) == (task.institution_id, "DX")
    assert (order.marked, order.guidance) == ({"frame": 2, "region": [0.1, 0.2, 0.5, 0.6]}, "请患者旋转15度")
    assert order.see_by - order.ordered_at == timedelta(minutes=30)
    assert order.answer_by - order.ordered_at == timedelta(hours=24)
    assert _told(county, "retake.ordered") == ["clinic01"]


def test_a_return_names_an_image_of_its_own_study_alone(county: County):
    other = county.task()
    with county.database.read() as work:
        uid = work.session.execute(
            select(Instance.sop_instance_uid).where(Instance.study_id == other.study_id)
        ).scalar_one()
    with pytest.raises(Invalid):
        _returned(county, sop_instance_uid=uid)


def test_the_first_look_of_the_clinic_is_what_counts(county: County):
    _, order = _returned(county)
    county.clock.advance(minutes=3)
    seen = _see(county, order)
    assert (seen.state, seen.seen_at) == (RetakeState.SEEN, county.clock.now())
    county.clock.advance(minutes=3)
    assert _see(county, order).seen_at == seen.seen_at
    with pytest.raises(NotFound):
        _see(county, order, "clinic02")
    with pytest.raises(Forbidden):
        _see(county, order, "manager")


def test_an_order_that_nobody_opens_is_called_to_mind_once(county: County):
    _, order = _returned(county)
    for minutes, expected in ((29, 0), (2, 1), (30, 0)):
        county.clock.advance(minutes=minutes)
        with county.write() as work:
            assert retakes.remind(work) == expected
    assert _told(county, "retake.unseen") == ["clinic01"]
    assert _told(county, "retake.unseen_by_clinic") == ["manager"]
    _see(county, order)


def test_new_images_end_the_order_as_redone(county: County):
    task, order = _returned(county)
    _see(county, order)
    county.late_image(task.study_id)
    county.clock.advance(seconds=11)
    with county.write() as work:
        service.open_ready_studies(work, ReadyTimes(idle=10))
    assert county.reload(task).state == TaskState.QUEUED
    assert _order(county, task).state == RetakeState.REDONE


def test_the_clinic_waives_and_a_second_return_makes_a_second_order(county: County):
    task, _ = _returned(county)
    with county.write("clinic01") as work:
        service.retaken(work, task.id, county.actor("clinic01"), "患者已离院")
    waived = _order(county, task)
    assert (waived.state, waived.close_reason, waived.closed_by) == (RetakeState.WAIVED, "患者已离院", "clinic01")
    token = county.claim(task, "radiologist").token
    with county.write() as work:
        service.return_for_retake(work, task.id, county.actor("radiologist"), token, "motion", "运动伪影")
    assert (_order(county, task).state, _order(county, task).id > waived.id) == (RetakeState.OPEN, True)


def test_after_a_day_the_order_expires_with_its_task(county: County):
    task, _ = _returned(county)
    county.clock.advance(hours=24, seconds=1)
    with county.write() as work:
        service.expire_leases(work)
    assert county.reload(task).state == TaskState.CANCELLED
    assert _order(county, task).state == RetakeState.EXPIRED
    assert _told(county, "retake.expired") == ["clinic01"]


def test_a_cancelled_task_leaves_no_order_open(county: County):
    task, _ = _returned(county)
    with county.write() as work:
        service.cancel(work, task.id, county.actor("manager"), "重复检查")
        assert retake_orders(work, only_open=True) == []


def _grade(county: County, task: ReadingTask, username: str, grade: Grade, *reasons: str) -> None:
    with county.write() as work:
        grading.grade_images(work, county.actor(username), task.id, grade, reasons)


def test_reader_and_auditor_grade_and_both_are_kept_with_names(county: County):
    task = county.task(modality="DX")
    county.claim(task, "radiologist")
    _grade(county, task, "radiologist", Grade.A)
    _grade(county, task, "radiologist", Grade.B, "positioning")
    with county.write() as work:
        token = county.reload(task).lease_token or ""
        service.submit(work, task.id, county.actor("radiologist"), token, REPORT)
    with pytest.raises(NotAllowedFromState):
        _grade(county, task, "radiologist", Grade.A)
    county.claim(task, "auditor")
    with pytest.raises(Forbidden):
        _grade(county, task, "auditor2", Grade.C, "motion")
    _grade(county, task, "auditor", Grade.C, "motion")
    with county.database.read() as work:
        kept = [(row.step, row.grade, row.graded_by.username) for row in grading.grades_of(work, task.id)]
        audited = select(AuditEvent.detail).where(AuditEvent.action == "images.grade").order_by(AuditEvent.seq)
        changes = [(one["before"], one["grade"]) for one in work.session.execute(audited).scalars()]
    assert kept == [("read", "B", "radiologist"), ("audit", "C", "auditor")]
    assert changes == [("", "A"), ("A", "B"), ("", "C")]


@pytest.mark.parametrize("reasons", [("gain",), ("no such thing",), ()])
def test_a_bad_grade_needs_a_reason_of_the_modality(county: County, reasons: tuple[str, ...]):
    task = county.task(modality="DX")
    county.claim(task, "radiologist")
    with pytest.raises(Invalid):
        _grade(county, task, "radiologist", Grade.REJECT, *reasons)


def test_a_county_may_ask_for_a_grade_before_the_signature(county: County):
    _rules(county, grades={"required_for": ["*"], "not_for": ["ECG"]})
    county.signed(county.task(modality="ECG"))
    task = county.task(modality="CT")
    county.drafted(task)
    token = county.claim(task, "auditor").token
    with pytest.raises(GradeMissing), county.write() as work:
        service.sign(work, task.id, county.actor("auditor"), token)
    _grade(county, task, "auditor", Grade.A)
    with county.write() as work:
        service.sign(work, task.id, county.actor("auditor"), token)
    assert county.reload(task).state == TaskState.SIGNED


def test_a_blocking_fault_stops_the_signature_until_it_is_overridden_with_a_reason(county: County):
    task = county.task()
    county.drafted(task, content=WRONG_SIDE)
    token = county.claim(task, "auditor").token
    for override in ("", "   "):
        with pytest.raises(NotPublishable) as refused, county.write() as work:
            service.sign(work, task.id, county.actor("auditor"), token, override=override)
        assert refused.value.faults == ["side_differs"]
    assert county.reload(task).state == TaskState.AUDITING
    with county.write() as work:
        service.sign(work, task.id, county.actor("auditor"), token, override="镜面右位心，已核对")
    with county.database.read() as work:
        query = select(TaskEvent.detail).where(TaskEvent.task_id == task.id, TaskEvent.action == Action.SIGN)
        check = work.session.execute(query).scalar_one()["check"]
        exam = work.session.get_one(SignedExam, task.id)
    assert (check["blocking"], check["override"]) == (["side_differs"], "镜面右位心，已核对")
    assert (exam.faults, exam.override_reason) == (["side_differs"], "镜面右位心，已核对")


def test_a_later_version_is_held_to_the_same_rules(county: County):
    task = county.signed(county.task())
    with pytest.raises(NotPublishable), county.write() as work:
        service.amend(work, task.id, county.actor("auditor2"), WRONG_SIDE, "更正")
    with county.write() as work:
        service.amend(work, task.id, county.actor("auditor2"), WRONG_SIDE, "更正", override="已核对")


def _sign(county: County, task: ReadingTask, content: ReportContent) -> None:
    token = county.claim(task, "auditor").token
    with county.write() as work:
        service.sign(work, task.id, county.actor("auditor"), token, content)


def test_what_the_signer_changed_is_shown_and_judged_by_him_alone(county: County):
    task = county.task()
    county.drafted(task, content=replace(WRONG_SIDE, impression="左肺下叶炎症。"))
    _sign(county, task, ReportContent("左肺下叶见斑片影。", "左肺下叶占位，建议增强。", positive=True))
    with county.write() as work:
        found = discrepancies.compare(work, task.id)
        assert found is not None
        assert [(one.kind, one.text) for one in found.impression][:2] == [("same", "左肺下叶"), ("gone", "炎症")]
        assert found.signed is not None
        assert (found.signed.suggested, found.signed.judged) == ("major", "")
        with pytest.raises(Forbidden):
            discrepancies.judge(work, county.actor("auditor2"), task.id, Discrepancy.MINOR)
        discrepancies.judge(work, county.actor("auditor"), task.id, Discrepancy.MINOR)
    with county.database.read() as work:
        (line,) = figures.second_looks(work, _ever(county), by_author=True)
    assert (line.compared["minor"], line.judged, line.discrepancy_rate) == (1, 1, 0.0)


def test_words_that_the_signer_wrote_himself_are_not_compared(county: County):
    task = county.task(modality="ECG")
    token = county.claim(task, "radiologist").token
    with county.write() as work:
        service.sign(work, task.id, county.actor("radiologist"), token, REPORT)
    with pytest.raises(NotAllowedFromState), county.write() as work:
        discrepancies.judge(work, county.actor("radiologist"), task.id, Discrepancy.MINOR)


def _ever(county: County) -> Span:
    now = county.clock.now()
    return Span(now - timedelta(days=60), now + timedelta(days=1))


def _reviewed(county: County, *, share: float = 100) -> ReadingTask:
    _rules(county, peer_review={"share_percent": {"*": share}, "minimum_per_month": 0})
    return county.signed(county.task())


def _reviews(county: County) -> list[PeerReview]:
    with county.database.read() as work:
        return list(work.session.execute(select(PeerReview).order_by(PeerReview.id)).scalars())


def test_the_draw_follows_from_seed_and_signature_and_takes_its_share():
    numbers = [drawing.draw_number("seed", task, 5) for task in range(4000)]
    assert numbers == [drawing.draw_number("seed", task, 5) for task in range(4000)]
    assert numbers != [drawing.draw_number("other", task, 5) for task in range(4000)]
    assert all(0 <= one < 1 for one in numbers)
    assert 150 < sum(one < 0.05 for one in numbers) < 250


def test_some_modalities_are_always_drawn_and_others_never(county: County):
    _rules(county, peer_review={"share_percent": {}, "always": ["MG"], "minimum_per_month": 0})
    county.signed(county.task(modality="CT"))
    drawn = county.signed(county.task(modality="MG"))
    assert [(one.task_id, one.drawn_by) for one in _reviews(county)] == [(drawn.id, DrawnBy.ALWAYS)]


def test_every_author_comes_up_to_the_minimum_of_the_month(county: County):
    _rules(county, peer_review={"share_percent": {}, "minimum_per_month": 2})
    tasks = [county.signed(county.task()) for _ in range(3)]
    since = county.clock.now() - timedelta(days=1)
    with county.write() as work:
        rules = QUALITY.parse({**QUALITY.shipped}).peer_review.model_copy(update={"minimum_per_month": 2})
        assert drawing.top_up(work, rules, since) == 2
        assert drawing.top_up(work, rules, since) == 0
        draws = {one.task_id: one.draw for one in work.session.execute(select(SignedExam)).scalars()}
    lowest = sorted((task.id for task in tasks), key=lambda one: draws[one])[:2]
    assert {one.task_id for one in _reviews(county)} == set(lowest)
    assert {(one.drawn_by, one.version) for one in _reviews(county)} == {(DrawnBy.MINIMUM, 1)}


def test_a_review_is_never_given_by_its_author_or_signer(county: County):
    _reviewed(county)
    with county.write() as work:
        assert reviews.next_review(work, county.actor("auditor")) is None
        with pytest.raises(Forbidden):
            reviews.next_review(work, county.actor("radiologist2"))
        taken = reviews.next_review(work, county.actor("auditor2"))
        assert taken is not None
        assert (taken.state, reviews.reviewed_version(work, taken).version) == (ReviewState.TAKEN, 1)
        again = reviews.next_review(work, county.actor("auditor2"))
        assert again is not None
        assert again.id == taken.id


def test_a_discrepancy_tells_the_author_and_not_who_found_it(county: County):
    _reviewed(county)
    with county.write() as work:
        taken = reviews.next_review(work, county.actor("auditor2"))
        assert taken is not None
        with pytest.raises(Invalid):
            reviews.submit_review(work, county.actor("auditor2"), taken.id, Radpeer.MISSED_SIGNIFICANT)
        with pytest.raises(NotAllowedFromState):
            reviews.submit_review(work, county.actor("auditor"), taken.id, Radpeer.CONCUR)
        reviews.submit_review(work, county.actor("auditor2"), taken.id, Radpeer.MISSED_SIGNIFICANT, "漏诊气胸")
        (said,) = work.session.execute(select(Notice).where(Notice.kind == "quality.discrepancy")).scalars()
    assert _told(county, "quality.discrepancy") == ["radiologist"]
    assert _told(county, "quality.amend") == ["auditor", "radiologist"]
    assert "auditor2" not in str(said.params)
    with county.database.read() as work:
        own = figures.second_looks(work, _ever(county), by_author=True, author_id=county.actor("radiologist").user_id)
        other = figures.second_looks(work, _ever(county), by_author=True, author_id=county.actor("auditor").user_id)
    assert ([line.review_rate for line in own], other) == ([1.0], [])


def test_a_review_that_is_not_given_in_time_goes_to_others(county: County):
    _reviewed(county)
    with county.write() as work:
        first = reviews.next_review(work, county.actor("auditor2"))
        assert first is not None
        first.reviewer_id = county.actor("manager").user_id
    county.clock.advance(hours=23)
    with county.write() as work:
        assert reviews.next_review(work, county.actor("auditor2")) is None
    county.clock.advance(hours=2)
    with county.write() as work:
        assert reviews.next_review(work, county.actor("auditor2")) is not None


def _next_study_of(county: County, earlier: ReadingTask) -> ReadingTask:
    task = county.task()
    with county.write() as work:
        older, newer = work.session.get_one(Study, earlier.study_id), work.session.get_one(Study, task.study_id)
        newer.patient_id = older.patient_id
    return task


def _report_id(work: UnitOfWork, task: ReadingTask) -> int:
    return work.session.execute(select(Report.id).where(Report.task_id == task.id)).scalar_one()


def test_the_reader_of_the_next_study_scores_the_report_of_the_prior_once(county: County):
    prior = county.signed(county.task())
    task, stranger = _next_study_of(county, prior), county.task()
    county.claim(task, "radiologist2")
    county.claim(stranger, "radiologist2")
    with county.write() as work:
        reader = county.actor("radiologist2")
        with pytest.raises(Invalid):
            reviews.score_prior(work, reader, stranger.id, _report_id(work, prior), Radpeer.CONCUR)
        with pytest.raises(Forbidden):
            reviews.score_prior(work, county.actor("auditor2"), task.id, _report_id(work, prior), Radpeer.CONCUR)
        reviews.score_prior(work, reader, task.id, _report_id(work, prior), Radpeer.SUBTLE_MINOR, "小结节未描述")
        with pytest.raises(Conflict):
            reviews.score_prior(work, reader, task.id, _report_id(work, prior), Radpeer.CONCUR)
    assert _told(county, "quality.discrepancy") == ["radiologist"]


def test_nobody_scores_his_own_prior_report(county: County):
    prior = county.signed(county.task())
    task = _next_study_of(county, prior)
    county.claim(task, "radiologist")
    with pytest.raises(Forbidden), county.write() as work:
        reviews.score_prior(work, county.actor("radiologist"), task.id, _report_id(work, prior), Radpeer.CONCUR)


def test_figures_count_exams_grades_and_retakes_against_their_source(county: County):
    _returned(county)
    for grade, reasons in ((Grade.A, ()), (Grade.B, ("artefact",))):
        task = county.task(modality="DX", code="t02")
        county.drafted(task)
        token = county.claim(task, "auditor").token
        _grade(county, task, "auditor", grade, *reasons)
        with county.write() as work:
            service.sign(work, task.id, county.actor("auditor"), token)
    county.signed(county.task(modality="ECG"))
    with county.database.read() as work:
        sites = {line.label_en: line for line in figures.figures(work, _ever(county), figures.Dimension.SITE)}
        reasons_ = {line.key: line for line in figures.figures(work, _ever(county), figures.Dimension.REASON)}
        months = figures.figures(work, _ever(county), figures.Dimension.MONTH)
        artefacts, writing = figures.indicators(work, _ever(county))
    assert (sites["Clinic 1"].retakes, sites["Clinic 1"].exams) == (1, 1)
    assert (sites["Clinic 2"].exams, sites["Clinic 2"].grade_a_rate, sites["Clinic 2"].retake_rate) == (2, 0.5, 0.0)
    assert (reasons_["positioning"].retakes, reasons_["artefact"].flawed) == (1, 1)
    assert sum(line.exams for line in months) == 3
    assert (artefacts.code, artefacts.numerator, artefacts.denominator) == ("RQI-IIA-01", 1, 2)
    assert (writing.code, writing.denominator) == ("RQI-RWS-03", 3)


def test_operators_are_told_apart_by_the_name_in_the_images(county: County):
    task = county.task(modality="DX")
    with county.write() as work:
        image = work.session.execute(select(Instance).where(Instance.study_id == task.study_id)).scalar_one()
        image.header = {"00081070": {"vr": "PN", "Value": [{"Alphabetic": "Li^Si", "Ideographic": "李^四"}]}}
    county.signed(task)
    with county.database.read() as work:
        (line,) = figures.figures(work, _ever(county), figures.Dimension.OPERATOR)
    assert (line.label, line.exams) == ("城关镇卫生院 · 李四", 1)
