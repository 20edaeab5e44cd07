"""Quality in a real browser: a reader grades and sees what is wrong while he types, and what blocks is signed with a reason."""

from pathlib import Path

from playwright.sync_api import Page

from tests.functional.gateway.studies import make_study
from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser
from tests.services.waiting import wait_until
from tests.system.county import PASSWORD, RunningCounty
from tests.system.studies import study_uid

_PATIENCE_MS = 60_000
_FINDINGS = "左肺下叶见斑片影，边缘模糊。"


def _log_in(page: Page, username: str) -> None:
    page.get_by_test_id("login-username").fill(username)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()


def _open_next(page: Page, uid: str, state: str) -> None:
    row = f'[data-testid="task-row"][data-study-uid="{uid}"][data-state="{state}"]'
    page.locator(row).wait_for(timeout=_PATIENCE_MS)
    page.get_by_test_id("next-case").click()
    page.get_by_test_id("report-findings").wait_for(timeout=_PATIENCE_MS)


def _read(page: Page, uid: str) -> None:
    _log_in(page, "radiologist")
    _open_next(page, uid, "queued")
    page.get_by_test_id("report-findings").fill(_FINDINGS)
    page.get_by_test_id("report-impression").fill("右肺下叶炎症。")
    page.get_by_test_id("report-positive-yes").click()
    fault = page.get_by_test_id("check-fault")
    fault.wait_for(timeout=_PATIENCE_MS)
    assert fault.get_attribute("data-code") == "side_differs"
    fault.click()
    marked = page.get_by_test_id("report-impression").evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)")
    assert marked == "右肺"
    page.keyboard.press("Alt+2")
    page.get_by_test_id("grade-reason-motion").click()
    page.get_by_test_id("report-submit").click()


def _sign(page: Page, uid: str, folder: Path) -> None:
    _log_in(page, "auditor")
    _open_next(page, uid, "drafted")
    page.get_by_test_id("check-fault").wait_for(timeout=_PATIENCE_MS)
    page.get_by_test_id("report-impression").fill("右肺下叶肺炎，建议治疗后复查。")
    page.get_by_test_id("report-sign").click()
    page.get_by_test_id("dialog-discrepancy").select_option("minor")
    page.screenshot(path=folder / "sign.png")
    page.get_by_test_id("confirm-ok").click()
    page.get_by_test_id("dialog-override").fill("镜面右位心，已与技师核对")
    page.screenshot(path=folder / "override.png")
    page.get_by_test_id("confirm-ok").click()


def test_images_are_graded_and_a_report_that_contradicts_itself_is_signed_with_a_reason(
    county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path
) -> None:
    files = make_study(tmp_path / "ct", 1, StudyDescription="CT CHEST")
    uid = study_uid(files[0])
    sent = dcmtk.send(county.settings.dicom.port, files, calling="T01_CT", called=county.settings.ae_title)
    assert sent.ok, sent.output
    for step in (_read, lambda page, one: _sign(page, one, tmp_path)):
        with browser.open(county.url, width=1366, height=768) as observed:
            step(observed.page, uid)
            observed.page.get_by_test_id("next-case").wait_for(timeout=_PATIENCE_MS)
            assert not observed.problems
    auditor = county.log_in("auditor")
    wait_until(lambda: auditor.get(f"/api/v1/studies/{uid}")["state"] == "signed", 60, "a signed report")
    task_id = auditor.get(f"/api/v1/studies/{uid}")["task_id"]
    grades = auditor.get(f"/api/v1/tasks/{task_id}/grade")
    assert [(one["step"], one["grade"], one["reasons"]) for one in grades["items"]] == [("read", "B", ["motion"])]
    changes = auditor.get(f"/api/v1/tasks/{task_id}/discrepancy")
    assert (changes["suggested"], changes["judged"]) == ("major", "minor")
    signature = next(one for one in auditor.get(f"/api/v1/tasks/{task_id}")["events"] if one["action"] == "sign")
    assert signature["actor"] == "auditor"
