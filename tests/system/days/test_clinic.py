"""A township clinic's day: order, send, answer, take again, be told what is critical, receive and print; much of it on a phone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from pydicom import Dataset, dcmread
from pydicom.uid import generate_uid
from pynetdicom import AE
from pynetdicom.sop_class import ModalityPerformedProcedureStep

from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser, open_from_menu
from tests.services.ports import HOST
from tests.system.county import Person, RunningCounty
from tests.system.days.exams import REPORT, Exam, Patient, make_exam, push, pushed, read_and_signed, take
from tests.system.days.people import PHONE, audited, goes_to, screen_of, wait_on
from tests.system.pages.every_page import Traffic

_WANG = Patient("20250017", "王建军")
_ZHAO = Patient("20250018", "赵桂英", "F", "19660712")
_QIAN = Patient("20250019", "钱大明", "M", "19790101")
_SUN = Patient("20250020", "孙玉兰", "F", "19490503")
_PAGES = (
    "clinic",
    "order",
    "statistics",
    "settlement",
    "results",
    "upload",
    "critical",
    "green",
    "referrals",
    "quality",
    "notices",
    "emergencies",
    "account",
)


def test_an_earlier_exam_is_recognised_and_another_is_ordered(
    county: RunningCounty, browser: ChromiumBrowser, shared_data: Path | None, tmp_path: Path
) -> None:
    stands = pushed(county, make_exam(shared_data, tmp_path / "ct", _WANG, images=2, BodyPartExamined="HEAD"))
    read_and_signed(county, stands)
    with screen_of("clinic01", county, browser) as page:
        goes_to(page, "order")
        _order(page, _WANG, "CT-HEAD")
        earlier = page.get_by_test_id("recognisable").get_by_test_id("earlier")
        assert "东河镇卫生院" in earlier.inner_text()
        page.screenshot(path=tmp_path / "recognisable.png")
        earlier.get_by_test_id("recognise").click()
        report = page.get_by_test_id("recognised-report").get_attribute("href")
        assert page.request.get(f"{county.url}{report}").headers["content-type"] == "application/pdf"
        _order(page, _SUN, "US-THYROID")
        page.get_by_test_id("order").filter(has_text=_SUN.name).wait_for()
    on_worklist = dcmtk.run(
        *("findscu", "-W", "-aet", "T01_US", "-aec", county.settings.ae_title, HOST, str(county.settings.dicom.port)),
        *("-k", "PatientName", "-k", "PatientID", "-k", "ScheduledProcedureStepSequence[0].Modality=US"),
    )
    assert _SUN.id in on_worklist.output
    assert _WANG.id not in on_worklist.output, "the exam that is recognised is not made again"


def _order(page: Page, patient: Patient, exam: str) -> None:
    page.get_by_test_id("patient-id").fill(patient.id)
    page.get_by_test_id("patient-name").fill(patient.name)
    page.get_by_test_id("exam").select_option(exam)
    page.get_by_test_id("order-submit").click()


def test_what_has_arrived_and_what_is_missing_is_seen_and_the_rest_is_uploaded(
    county: RunningCounty, browser: ChromiumBrowser, shared_data: Path | None, tmp_path: Path
) -> None:
    exam = make_exam(shared_data, tmp_path / "ct", _ZHAO, images=5)
    with _step(county, exam):
        push(county, Exam(exam.uid, exam.files[:2]))
    cut = tmp_path / "拷贝中断.dcm"
    cut.write_bytes(exam.files[4].read_bytes()[:-500])
    with screen_of("clinic01", county, browser) as page:
        row = page.locator(f'[data-testid="clinic-study-row"][data-study-uid="{exam.uid}"]')
        expect(row).to_contain_text("等待 3 幅图像（共 5 幅）")
        row.click()
        expect(page.get_by_test_id("study-expected")).to_contain_text("等待 3 幅图像（共 5 幅）")
        assert page.get_by_test_id("clinic-study").get_attribute("data-state") == "receiving"
        page.screenshot(path=tmp_path / "missing.png")
        open_from_menu(page, "upload")
        page.get_by_test_id("upload-files").set_input_files([*exam.files[2:], cut])
        page.locator('[data-testid="upload-outcome"][data-stored="3"]').wait_for()
        expect(page.get_by_test_id("upload-aside")).to_contain_text("文件不完整")
        goes_to(page, f"clinic/study/{exam.uid}")
        page.locator('[data-testid="clinic-study"][data-state="queued"]').wait_for()
        assert page.get_by_test_id("study-expected").count() == 1, "when the report may be expected"
        assert page.get_by_test_id("may-be-incomplete").count() == 0
    waiting = {one["study_instance_uid"]: one["instances"] for one in county.log_in("radiologist").tasks()}
    assert waiting[exam.uid] == 5


@contextmanager
def _step(county: RunningCounty, exam: Exam) -> Iterator[None]:
    """The scanner says when it begins, and at the end what it has made (MPPS)."""
    begun, done, series, scheduled = Dataset(), Dataset(), Dataset(), Dataset()
    scheduled.StudyInstanceUID, scheduled.AccessionNumber, scheduled.ReferencedStudySequence = exam.uid, "", []
    begun.ScheduledStepAttributesSequence = [scheduled]
    begun.PatientName, begun.PatientID, begun.Modality = _ZHAO.id, _ZHAO.id, "CT"
    begun.PerformedProcedureStepID, begun.PerformedStationAETitle = "PPS1", "T01_CT"
    begun.PerformedProcedureStepStartDate, begun.PerformedProcedureStepStartTime = "20250301", "080000"
    begun.PerformedProcedureStepStatus = "IN PROGRESS"
    series.SeriesInstanceUID, series.ReferencedImageSequence = generate_uid(), [_reference(one) for one in exam.files]
    series.ReferencedNonImageCompositeSOPInstanceSequence = []
    done.PerformedProcedureStepStatus, done.PerformedSeriesSequence = "COMPLETED", [series]
    done.PerformedProcedureStepEndDate, done.PerformedProcedureStepEndTime = "20250301", "081500"
    entity, step = AE("T01_CT"), generate_uid()
    entity.add_requested_context(ModalityPerformedProcedureStep)
    association = entity.associate(HOST, county.settings.dicom.port, ae_title=county.settings.ae_title)
    assert association.send_n_create(begun, ModalityPerformedProcedureStep, step)[0].Status == 0
    yield
    assert association.send_n_set(done, ModalityPerformedProcedureStep, step)[0].Status == 0
    association.release()


def _reference(file: Path) -> Dataset:
    item, image = Dataset(), dcmread(file, stop_before_pixels=True)
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = image.SOPClassUID, image.SOPInstanceUID
    return item


def test_a_question_is_answered_and_images_are_taken_again_on_a_phone(
    county: RunningCounty, browser: ChromiumBrowser, shared_data: Path | None, tmp_path: Path
) -> None:
    asked = pushed(county, make_exam(shared_data, tmp_path / "asked", _QIAN, images=2))
    bad = make_exam(shared_data, tmp_path / "bad", _SUN, images=3)
    bad = pushed(county, bad)
    again = make_exam(shared_data, tmp_path / "again", _SUN, images=3, StudyInstanceUID=bad.uid)
    reader = county.log_in("radiologist")
    take(reader, asked, "ask", question="有无外伤史？")
    series, image = (str(dcmread(bad.files[1])[name].value) for name in ("SeriesInstanceUID", "SOPInstanceUID"))
    with screen_of("clinic01", county, browser, PHONE) as page:
        page.get_by_test_id("unread-results").wait_for()
        marked = {"series_instance_uid": series, "sop_instance_uid": image, "frame": 1, "region": [0.4, 0.4, 0.6, 0.6]}
        take(reader, bad, "return", code="motion", reason="颅底显示不清", guidance="嘱患者勿动", **marked)
        page.get_by_test_id("urgent-notice").get_by_text("重拍").wait_for()
        page.get_by_test_id("urgent-seen").click()
        page.get_by_test_id("urgent-notice").wait_for(state="detached")
        page.locator(f'[data-testid="clinic-attention-row"][data-study-uid="{asked.uid}"]').click()
        expect(page.get_by_test_id("clinic-request")).to_contain_text("有无外伤史？")
        page.get_by_test_id("answer-text").fill("两小时前摔倒。")
        page.get_by_test_id("answer-send").click()
        page.get_by_test_id("clinic-request").wait_for(state="detached")
        _speak_of_it(page, reader, asked)
        goes_to(page, "clinic")
        page.get_by_test_id("retake-open").click()
        _sees_the_marked_image(page)
        page.screenshot(path=tmp_path / "retake.png")
        push(county, again)
        page.get_by_test_id("retake-orders").wait_for(state="detached")
        page.get_by_test_id("clinic-request").wait_for(state="detached")
    said = reader.get(f"/api/v1/tasks/{asked.task}")["questions"]
    assert [(one["kind"], one["text"]) for one in said][-1] == ("answer", "两小时前摔倒。")
    (order,) = reader.get("/api/v1/retakes", study=bad.uid, open=False)["items"]
    assert order["seen_by_name"] == "东河镇卫生院医生"
    assert reader.get(f"/api/v1/studies/{bad.uid}")["instances"] == 6


def _speak_of_it(page: Page, reader: Person, exam: Exam) -> None:
    """Besides the answer: a note to the reader, and his words at once."""
    conversation = page.get_by_test_id("conversation")
    conversation.locator("summary").click()
    spoken = page.get_by_test_id("spoken")
    wait_on(page, lambda: spoken.count() == 2, "the question and its answer")
    page.get_by_test_id("note-text").fill("患者在急诊留观。")
    page.get_by_test_id("note-send").click()
    wait_on(page, lambda: spoken.count() == 3, "the note")
    reader.post(f"/api/v1/studies/{exam.uid}/notes", {"text": "好的，尽快出报告。"})
    spoken.filter(has_text="尽快出报告").wait_for()


def _sees_the_marked_image(page: Page) -> None:
    """The very image that the reader has marked, drawn, with the place."""
    order = page.get_by_test_id("retake-orders")
    expect(order.get_by_test_id("retake-guidance")).to_contain_text("嘱患者勿动")
    figure = order.locator('[data-testid="marked-image"][data-exact="true"]')
    figure.locator("svg rect").wait_for()
    assert figure.locator("img").evaluate("one => one.naturalWidth > 100")


def test_a_critical_value_and_its_report_reach_a_phone(
    county: RunningCounty, browser: ChromiumBrowser, shared_data: Path | None, tmp_path: Path
) -> None:
    exam = pushed(county, make_exam(shared_data, tmp_path / "ct", _QIAN, images=2))
    words: dict[str, Any] = {
        "findings": "右侧基底节区见团状高密度影。",
        "impression": "右侧基底节区脑出血。",
        "positive": True,
    }
    with screen_of("clinic01", county, browser, PHONE) as page:
        page.get_by_test_id("unread-results").wait_for()
        raised = {"study_instance_uid": exam.uid, "code": "RAD-ICH", "finding": "右侧基底节区脑出血"}
        case = county.log_in("radiologist").post("/api/v1/critical-cases", raised)
        expect(page.get_by_test_id("critical-finding")).to_have_text("右侧基底节区脑出血")
        page.screenshot(path=tmp_path / "critical.png")
        page.get_by_test_id("critical-read-back").fill("右侧脑出血，立即转诊")
        page.get_by_test_id("critical-acknowledge").click()
        page.get_by_test_id("critical-untreated").wait_for()
        page.get_by_test_id("urgent-notice").wait_for(state="detached")
        heard = county.log_in("manager").get(f"/api/v1/critical-cases/{case['id']}")
        assert (heard["state"], heard["receiver"]) == ("acked", "东河镇卫生院医生")
        read_and_signed(county, exam, **words)
        result = page.locator(f'[data-testid="unread-result"][data-study-uid="{exam.uid}"]')
        result.get_by_text("查看").click()
        expect(page.get_by_test_id("report-text")).to_contain_text(words["impression"])
        expect(page.get_by_test_id("report-text")).to_contain_text(words["findings"])
        paper = page.request.get(f"{county.url}{page.get_by_test_id('report-pdf').get_attribute('href')}")
        assert paper.headers["content-type"] == "application/pdf"
        assert paper.body().startswith(b"%PDF-")
        page.get_by_test_id("report-receipt").click()
        page.get_by_test_id("report-received").wait_for()
        page.screenshot(path=tmp_path / "report.png")
        _reads_what_was_amended(county, page, exam, words)
        goes_to(page, "statistics")
        expect(page.locator('[data-testid="statistics-modality"] tr[data-key="CT"]')).to_contain_text(
            str(_signed(county))
        )
    receipts = [one for one in county.log_in("clinic01").get("/api/v1/results")["items"] if one["received_at"]]
    assert exam.uid in {one["study_instance_uid"] for one in receipts}
    assert audited(county, who="clinic01", study=exam.uid)


def _reads_what_was_amended(county: RunningCounty, page: Page, exam: Exam, words: dict[str, Any]) -> None:
    """The new version comes by itself, and tells what has changed."""
    amended = {**words, "findings": "左侧基底节区见团状高密度影。", "impression": "左侧基底节区脑出血。"}
    body = {"report": {**REPORT, **amended}, "reason": "侧别笔误", "kind": "amended"}
    county.log_in("auditor").post(f"/api/v1/tasks/{exam.task}/amend", body)
    expect(page.get_by_test_id("report-text")).to_contain_text("左侧基底节区脑出血。")
    page.get_by_test_id("show-changes").click()
    expect(page.get_by_test_id("version-changes")).to_contain_text("右左侧基底节区脑出血")
    page.get_by_test_id("report-receipt").wait_for()


def _signed(county: RunningCounty) -> int:
    months = county.log_in("clinic01").get("/api/v1/clinic-figures", months=12)["modalities"]
    return next(int(one["signed"]) for one in months if one["key"] == "CT")


def test_every_page_of_a_clinic_fits_a_phone(county: RunningCounty, browser: ChromiumBrowser) -> None:
    wide = {}
    with screen_of("clinic01", county, browser, PHONE) as page:
        traffic = Traffic(page)
        for name in _PAGES:
            goes_to(page, name)
            page.locator(f"{name}-page").wait_for()
            wait_on(page, lambda: not traffic.open, f"{name} to be loaded")
            width = page.evaluate(
                "Math.max(document.documentElement.scrollWidth, "
                "document.querySelector('county-reading').shadowRoot.querySelector('main').scrollWidth)"
            )
            if width > PHONE[0]:
                wide[name] = width
    assert wide == {}
