"""The manager's page of rules in a real browser: a stricter time is previewed, published, and counts; holidays are entered."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.services.browser import ChromiumBrowser, open_from_menu
from tests.system.county import PASSWORD, RunningCounty

_PATIENCE_MS = 60_000


def _log_in(page: Page, username: str) -> None:
    page.get_by_test_id("login-username").fill(username)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()


def _publish(page: Page, note: str) -> None:
    page.get_by_test_id("note").fill(note)
    page.get_by_test_id("publish").click()
    page.get_by_test_id("confirm-ok").click()


def _arrange_holidays(page: Page, folder: Path) -> None:
    page.get_by_test_id("chapter-calendar").click()
    page.get_by_test_id("arranged-until").fill("2027-12-31")
    page.get_by_test_id("holiday-from").fill("2027-02-09")
    page.get_by_test_id("holiday-to").fill("2027-02-11")
    page.get_by_test_id("holiday-name").fill("春节调休")
    page.get_by_test_id("holiday-add").click()
    page.get_by_test_id("workday").fill("2027-02-20")
    page.get_by_test_id("workday-add").click()
    page.screenshot(path=folder / "calendar.png", full_page=True)
    _publish(page, "国务院 2027 年安排")
    expect(page.get_by_test_id("editions")).to_contain_text("国务院 2027 年安排", timeout=_PATIENCE_MS)
    expect(page.get_by_test_id("holidays")).to_contain_text("春节调休")


def _prefer_priors(page: Page) -> None:
    page.get_by_test_id("chapter-assignment").click()
    page.get_by_test_id("figures.prior_minutes").fill("90")
    page.get_by_test_id("only_on_duty").select_option("false")
    _publish(page, "复查优先")
    expect(page.get_by_test_id("editions")).to_contain_text("复查优先", timeout=_PATIENCE_MS)
    expect(page.get_by_test_id("figures.prior_minutes")).to_have_value("90")


def test_service_times_and_holidays_are_published(
    county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path
) -> None:
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page, "manager")
        open_from_menu(page, "rules")
        target = page.get_by_test_id("P1 ECG target")
        expect(target).to_have_value("10", timeout=_PATIENCE_MS)
        page.screenshot(path=tmp_path / "times.png")

        target.fill("20")
        target.blur()
        page.get_by_test_id("preview").click()
        expect(page.get_by_test_id("fault")).to_contain_text("targets.P1.ECG", timeout=_PATIENCE_MS)
        page.screenshot(path=tmp_path / "fault.png")
        target.fill("4")
        target.blur()
        page.get_by_test_id("preview").click()
        expect(page.get_by_test_id("preview-ok")).to_be_visible(timeout=_PATIENCE_MS)
        _publish(page, "心电更快")
        edition = page.locator('[data-testid="edition"][data-version="1"]')
        expect(edition).to_contain_text("心电更快", timeout=_PATIENCE_MS)
        expect(target).to_have_value("4")
        page.screenshot(path=tmp_path / "published.png", full_page=True)

        _arrange_holidays(page, tmp_path)
        _prefer_priors(page)

        page.get_by_test_id("chapter-signatures").click()
        page.get_by_test_id("as-json").click()
        box = page.get_by_test_id("json")
        box.fill("{ not json")
        expect(page.get_by_test_id("publish")).to_be_disabled()
        expect(page.get_by_role("alert")).to_contain_text("JSON", timeout=_PATIENCE_MS)
        page.screenshot(path=tmp_path / "json.png")
        page.get_by_test_id("lang-switch").click()
        page.set_viewport_size({"width": 1920, "height": 1080})
        page.get_by_test_id("chapter-service_times").click()
        expect(target).to_have_value("4", timeout=_PATIENCE_MS)
        page.screenshot(path=tmp_path / "en.png")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert not [problem for problem in observed.problems if "422" not in problem]
