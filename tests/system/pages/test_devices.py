"""The administrator's page of devices in a real browser: accept with one click, edit, and the gateway follows."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.functional.gateway.studies import make_study
from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser, open_from_menu
from tests.services.waiting import wait_until
from tests.system.county import PASSWORD, RunningCounty

_PATIENCE_MS = 60_000


def _log_in(page: Page, username: str) -> None:
    page.get_by_test_id("login-username").fill(username)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()


def _send(county: RunningCounty, files: list[Path], calling: str) -> dcmtk.ToolResult:
    return dcmtk.send(county.settings.dicom.port, files, calling=calling, called=county.settings.ae_title)


def test_an_unknown_ct_is_let_in_with_one_click_and_kept_to_its_network(
    county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path
) -> None:
    files = make_study(tmp_path / "study", 2)
    assert "Association Rejected" in _send(county, files, "T03_CT2").output
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page, "manager")
        open_from_menu(page, "devices")
        caller = page.locator('[data-testid="caller-row"][data-ae="T03_CT2"]')
        expect(caller).to_contain_text("未登记", timeout=_PATIENCE_MS)
        page.screenshot(path=tmp_path / "callers.png")
        caller.get_by_test_id("caller-accept").click()
        row = page.locator('[data-testid="device-row"][data-ae="T03_CT2"]')
        row.wait_for(timeout=_PATIENCE_MS)
        assert _send(county, files, "T03_CT2").ok
        expect(row).to_contain_text("2", timeout=_PATIENCE_MS)

        row.get_by_test_id("device-edit").click()
        page.get_by_test_id("dialog-networks").fill("10.3.0.0/16\n192.168.3.7")
        page.get_by_test_id("dialog-name").fill("三号院新CT")
        page.screenshot(path=tmp_path / "edit.png")
        page.get_by_test_id("confirm-ok").click()
        expect(row).to_contain_text("三号院新CT", timeout=_PATIENCE_MS)
        wait_until(lambda: not _echo(county, "T03_CT2"), 30, "the gateway to follow")
        expect(row.get_by_test_id("device-problems")).to_contain_text("来自未允许的地址", timeout=_PATIENCE_MS)
        page.screenshot(path=tmp_path / "refused.png")

        row.get_by_test_id("device-edit").click()
        page.get_by_test_id("dialog-networks").fill("nowhere")
        page.get_by_test_id("confirm-ok").click()
        page.get_by_text("请填写地址或网段").first.wait_for(timeout=_PATIENCE_MS)
        page.screenshot(path=tmp_path / "wrong.png")
        assert page.get_by_test_id("dialog-networks").input_value() == "nowhere", "what was typed is not lost"
        page.get_by_test_id("confirm-cancel").click()
        page.get_by_test_id("lang-switch").click()
        expect(row.get_by_test_id("device-problems")).to_contain_text("came from another address")
        page.screenshot(path=tmp_path / "en.png")
        assert _is_within_the_window(page)
        problems = [problem for problem in observed.problems if "422" not in problem]
        assert not problems


def _echo(county: RunningCounty, calling: str) -> bool:
    return dcmtk.echo(county.settings.dicom.port, calling=calling, called=county.settings.ae_title).ok


def _is_within_the_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_device_is_added_by_hand(county: RunningCounty, browser: ChromiumBrowser) -> None:
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page, "manager")
        open_from_menu(page, "devices")
        page.get_by_test_id("device-add").click()
        page.get_by_test_id("dialog-ae_title").fill("T05_MG")
        page.get_by_test_id("dialog-institution").select_option("t05")
        page.get_by_test_id("dialog-modality").select_option("MG")
        page.get_by_test_id("confirm-ok").click()
        page.locator('[data-testid="device-row"][data-ae="T05_MG"]').wait_for(timeout=_PATIENCE_MS)
        assert _echo(county, "T05_MG")
        assert not observed.problems
