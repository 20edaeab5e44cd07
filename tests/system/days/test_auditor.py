"""An auditing physician's day: sign with a judgement, send back with a place marked, amend and withdraw what was signed."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.services.browser import ChromiumBrowser
from tests.services.waiting import wait_until
from tests.system.county import RunningCounty
from tests.system.days.exams import REPORT, Exam, Patient, make_exam, pushed, read, read_and_signed
from tests.system.days.people import SHOWN, audited, drag, goes_to, screen_of, task_on, wait_on

_WANG = Patient("20250017", "王建军")
_ZHAO = Patient("20250018", "赵桂英", "F", "19660712")
_QIAN = Patient("20250019", "钱大明", "M", "19790101")


def _next(page: Page, exam: Exam) -> None:
    """Takes the next draft by its key."""
    page.locator(f'[data-testid="task-row"][data-study-uid="{exam.uid}"]').wait_for()
    page.keyboard.press("n")
    page.get_by_test_id("report-findings").wait_for()
    page.locator(SHOWN).first.wait_for()
    assert task_on(page) == exam.task


def test_a_report_that_contradicts_itself_is_signed_with_a_judgement_and_a_reason(
    county: RunningCounty, browser: ChromiumBrowser, shared_data: Path | None, tmp_path: Path
) -> None:
    exam = pushed(county, make_exam(shared_data, tmp_path / "dx", _WANG, "DX", images=1), "T01_DR")
    read(county, exam, findings="左肺下叶见斑片影，边缘模糊。", impression="右肺下叶炎症。", positive=True)
    with screen_of("auditor", county, browser, refused=422) as page:
        _next(page, exam)
        impression = page.get_by_test_id("report-impression")
        fault = page.get_by_test_id("check-fault")
        expect(fault).to_have_attribute("data-code", "side_differs")
        fault.click()
        assert impression.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)") == "右肺"
        impression.fill("右肺下叶肺炎，建议治疗后复查。")
        page.keyboard.press("Control+Enter")
        page.get_by_test_id("dialog-discrepancy").select_option("minor")
        page.get_by_test_id("confirm-ok").click()
        page.get_by_test_id("dialog-override").fill("镜面右位心，已与技师核对")
        page.screenshot(path=tmp_path / "override.png")
        page.get_by_test_id("confirm-ok").click()
        page.get_by_test_id("worklist").wait_for()
    auditor = county.log_in("auditor")
    changes = auditor.get(f"/api/v1/tasks/{exam.task}/discrepancy")
    assert (changes["suggested"], changes["judged"]) == ("major", "minor")
    with screen_of("clinic01", county, browser) as page:
        goes_to(page, f"clinic/study/{exam.uid}")
        expect(page.get_by_test_id("report-text")).to_contain_text("右肺下叶肺炎，建议治疗后复查。")
        expect(page.locator("report-view")).to_contain_text("周文涛")
    (signed,) = audited(county, who="auditor", action="task.sign", study=exam.uid)
    assert signed["outcome"] == "done"


def test_a_draft_goes_back_with_a_place_marked_and_comes_again(
    county: RunningCounty, browser: ChromiumBrowser, shared_data: Path | None, tmp_path: Path
) -> None:
    exam = pushed(county, make_exam(shared_data, tmp_path / "ct", _ZHAO, images=3))
    read(county, exam)
    reader, auditor = county.log_in("radiologist"), county.log_in("auditor")
    with screen_of("auditor", county, browser) as page:
        _next(page, exam)
        page.keyboard.press("Alt+i")
        page.keyboard.press("j")
        drag(page, page.get_by_test_id("viewport").first, (0.3, 0.3), (0.5, 0.5))
        address = f"/api/v1/studies/{exam.uid}/measurements"
        wait_on(page, lambda: auditor.get(address)["items"], "the arrow to be kept")
        page.keyboard.press("Alt+b")
        page.get_by_test_id("dialog-reason").fill("箭头处低密度影未描述")
        page.keyboard.press("Control+Enter")
        page.get_by_test_id("worklist").wait_for()
    assert reader.get(f"/api/v1/tasks/{exam.task}")["state"] == "rework"
    with screen_of("radiologist", county, browser) as page:
        _next(page, exam)
        expect(page.locator("report-panel")).to_contain_text("箭头处低密度影未描述")
        page.get_by_test_id("measurement").first.wait_for()
        page.screenshot(path=tmp_path / "back.png")
        page.get_by_test_id("report-impression").fill("左侧基底节区腔隙性脑梗死。")
        page.get_by_test_id("report-positive-yes").click()
        page.keyboard.press("Control+Shift+Enter")
        page.get_by_test_id("worklist").wait_for()
    wait_until(lambda: auditor.get(f"/api/v1/tasks/{exam.task}")["state"] == "drafted", 60, "the draft to come again")


def test_what_was_signed_is_amended_and_then_withdrawn(
    county: RunningCounty, browser: ChromiumBrowser, shared_data: Path | None, tmp_path: Path
) -> None:
    exam = pushed(county, make_exam(shared_data, tmp_path / "ct", _QIAN, images=2))
    read_and_signed(county, exam)
    with (
        screen_of("auditor", county, browser) as page,
        screen_of("clinic01", county, browser) as clinic,
    ):
        goes_to(clinic, f"clinic/study/{exam.uid}")
        words = clinic.get_by_test_id("report-text")
        expect(words).to_contain_text(str(REPORT["impression"]))
        goes_to(page, f"read/{exam.task}?look")
        _act(page, "amend")
        page.get_by_test_id("report-findings").fill("脑实质未见异常密度影。左侧上颌窦黏膜增厚。")
        page.get_by_test_id("report-sign").click()
        page.get_by_test_id("dialog-kind").select_option("addendum")
        page.get_by_test_id("dialog-reason").fill("补充鼻窦所见")
        page.get_by_test_id("confirm-ok").click()
        expect(words).to_contain_text("左侧上颌窦黏膜增厚")
        expect(clinic.locator("report-view")).to_contain_text("补充鼻窦所见")
        page.get_by_test_id("worklist").wait_for()
        goes_to(page, f"read/{exam.task}?look")
        page.locator("report-view").get_by_test_id("show-changes").click()
        expect(page.get_by_test_id("version-changes")).to_contain_text("左侧上颌窦黏膜增厚")
        _act(page, "withdraw")
        page.get_by_test_id("dialog-reason").fill("报告对应的患者有误")
        page.get_by_test_id("confirm-ok").click()
        expect(clinic.locator("report-view")).to_contain_text("已撤回")
        clinic.screenshot(path=tmp_path / "withdrawn.png")
    results = county.log_in("clinic01").get("/api/v1/results")["items"]
    kinds = [one["kind"] for one in results if one["study_instance_uid"] == exam.uid]
    assert kinds == ["final", "addendum", "withdrawn"]


def _act(page: Page, action: str) -> None:
    page.get_by_test_id("more-actions").click()
    page.get_by_test_id(f"action-{action}").click()
