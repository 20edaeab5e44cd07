"""Notices and notes in a real browser: they come while a screen is open, and what is urgent stays until it was seen."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.functional.gateway.studies import make_study
from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser, open_from_menu
from tests.services.waiting import wait_until
from tests.system.county import PASSWORD, RunningCounty
from tests.system.studies import study_uid

_PATIENCE_MS = 60_000


def _log_in(page: Page, username: str) -> None:
    page.get_by_test_id("login-username").fill(username)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()


def test_a_clinic_is_told_at_once_and_talks_with_the_reader(
    county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path
) -> None:
    files = make_study(tmp_path / "study", 1, StudyDescription="CT HEAD")
    sent = dcmtk.send(county.settings.dicom.port, files, calling="T01_CT", called=county.settings.ae_title)
    assert sent.ok, sent.output
    reader, uid = county.log_in("radiologist"), study_uid(files[0])
    wait_until(lambda: any(task["study_instance_uid"] == uid for task in reader.tasks()), 60, "the task")
    task = next(task["id"] for task in reader.tasks() if task["study_instance_uid"] == uid)
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page, "clinic01")
        expect(page.get_by_test_id("bell")).to_have_attribute("data-unseen", "0", timeout=_PATIENCE_MS)
        token = reader.post(f"/api/v1/tasks/{task}/claim")["lease_token"]
        order = {"lease_token": token, "code": "positioning", "reason": "未包全肺尖"}
        reader.post(f"/api/v1/tasks/{task}/return", order)
        strip = page.get_by_test_id("urgent-notice")
        strip.wait_for(timeout=_PATIENCE_MS)
        assert "重拍" in strip.inner_text()
        expect(page.get_by_test_id("bell")).to_have_attribute("data-unseen", "1")
        page.reload()
        strip.wait_for(timeout=_PATIENCE_MS)
        page.screenshot(path=tmp_path / "strip-zh.png")
        page.get_by_test_id("lang-switch").click()
        page.get_by_test_id("urgent-notice").get_by_text("taken again").wait_for()
        page.get_by_test_id("lang-switch").click()
        page.get_by_test_id("urgent-seen").click()
        strip.wait_for(state="detached")
        expect(page.get_by_test_id("bell")).to_have_attribute("data-unseen", "0")
        page.goto(f"{county.url}/#/clinic/study/{uid}")
        conversation = page.get_by_test_id("conversation")
        conversation.locator("summary").click()
        expect(page.get_by_test_id("spoken")).to_have_count(1)
        page.get_by_test_id("note-text").fill("患者明天来重拍。")
        page.get_by_test_id("note-send").click()
        expect(page.get_by_test_id("spoken")).to_have_count(2)
        assert [line["kind"] for line in reader.get(f"/api/v1/studies/{uid}/notes")["items"]] == ["return", "note"]
        reader.post(f"/api/v1/studies/{uid}/notes", {"text": "好的。"})
        expect(page.get_by_test_id("spoken")).to_have_count(3, timeout=_PATIENCE_MS)
        page.screenshot(path=tmp_path / "notes-zh.png")
        page.get_by_test_id("bell").click()
        page.get_by_test_id("bell-panel").get_by_text("检查留言").wait_for()
        page.screenshot(path=tmp_path / "bell-zh.png")
        assert not observed.problems
    _the_manager_reads_what_was_sent(county, browser, tmp_path)


def _the_manager_reads_what_was_sent(county: RunningCounty, browser: ChromiumBrowser, folder: Path) -> None:
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page, "manager")
        open_from_menu(page, "deliveries")
        page.get_by_test_id("deliveries").wait_for(timeout=_PATIENCE_MS)
        page.get_by_test_id("webhook-add").click()
        page.get_by_test_id("dialog-name").fill("HIS")
        page.get_by_test_id("dialog-url").fill("http://127.0.0.1:9/in")
        page.get_by_test_id("confirm-ok").click()
        page.get_by_text("只显示一次").wait_for()
        page.get_by_test_id("confirm-ok").click()
        page.get_by_test_id("webhook").wait_for()
        page.screenshot(path=folder / "deliveries-zh.png")
        page.goto(f"{county.url}/#/notices")
        page.get_by_test_id("wishes").locator("input[name=email]").fill("chen@example.org")
        page.get_by_test_id("wishes-save").click()
        page.get_by_text("已保存").wait_for()
        page.screenshot(path=folder / "notices-zh.png")
        page.get_by_test_id("lang-switch").click()
        page.screenshot(path=folder / "notices-en.png")
        assert not observed.problems
