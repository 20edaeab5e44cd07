"""The roster in a real browser: a manager makes a shift and paints it, sees what is uncovered, and the reader sees himself."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.services.browser import ChromiumBrowser, open_from_menu
from tests.system.county import PASSWORD, RunningCounty

_PATIENCE_MS = 60_000


def _log_in(page: Page, username: str) -> None:
    page.get_by_test_id("login-username").fill(username)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    open_from_menu(page, "roster")


def _cells(page: Page, username: str) -> list[str]:
    cells = page.locator(f'[data-testid^="cell-{username}-"]')
    cells.first.wait_for(timeout=_PATIENCE_MS)
    return [str(cell.get_attribute("data-testid")) for cell in cells.all()]


def _add_kind(page: Page, name: str, starts: str, ends: str, colour: str) -> None:
    page.get_by_test_id("kind-add").click()
    for field, value in (("name", name), ("starts", starts), ("ends", ends)):
        page.get_by_test_id(f"dialog-{field}").fill(value)
    page.get_by_test_id("dialog-colour").select_option(colour)
    page.get_by_test_id("confirm-ok").click()
    page.get_by_role("button", name=name).wait_for(timeout=_PATIENCE_MS)


def test_a_week_is_planned_and_seen(county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path) -> None:
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page, "manager")
        page.get_by_test_id("week-next").click()
        _add_kind(page, "白班", "08:00", "17:30", "#2f6fde")
        _add_kind(page, "夜班", "17:30", "08:00", "#8b5cf6")
        page.get_by_role("button", name="白班").click()
        expect(page.get_by_role("button", name="白班")).to_have_attribute("aria-pressed", "true")
        for cell in _cells(page, "radiologist")[:5]:
            page.get_by_test_id(cell).click()
            expect(page.get_by_test_id(cell)).to_contain_text("08:00–17:30", timeout=_PATIENCE_MS)
        expect(page.get_by_test_id("roster-gaps")).to_contain_text("P0 P1", timeout=_PATIENCE_MS)
        page.get_by_role("button", name="夜班").click()
        nights = _cells(page, "auditor")
        page.get_by_test_id(nights[0]).click()
        expect(page.get_by_test_id(nights[0])).to_contain_text("17:30–08:00", timeout=_PATIENCE_MS)
        page.get_by_test_id(nights[0]).click()
        expect(page.get_by_test_id(nights[0])).not_to_contain_text("夜班", timeout=_PATIENCE_MS)
        page.get_by_test_id(nights[0]).click()
        expect(page.get_by_test_id(nights[0])).to_contain_text("夜班", timeout=_PATIENCE_MS)

        page.get_by_test_id("licence-add").click()
        page.get_by_test_id("dialog-user").select_option("radiologist")
        page.get_by_test_id("dialog-modality").fill("ct")
        page.get_by_test_id("dialog-valid_until").fill("not a day")
        page.get_by_test_id("confirm-ok").click()
        expect(page.get_by_test_id("dialog-modality")).to_have_value("ct", timeout=_PATIENCE_MS)
        page.get_by_test_id("dialog-valid_until").fill("")
        page.get_by_test_id("confirm-ok").click()
        expect(page.get_by_test_id("licence-table")).to_contain_text("CT", timeout=_PATIENCE_MS)
        page.screenshot(path=tmp_path / "roster-1366-zh.png", full_page=True)

        page.get_by_test_id("week-next").click()
        expect(page.get_by_test_id("roster-grid")).not_to_contain_text("白班", timeout=_PATIENCE_MS)
        page.get_by_test_id("week-copy").click()
        expect(page.get_by_test_id("roster-grid")).to_contain_text("白班", timeout=_PATIENCE_MS)
    # A refused form is an error in the browser's console, and meant.
    assert [problem for problem in observed.problems if "422" not in problem] == []
    _reader_sees_himself(county, browser, tmp_path)


def _reader_sees_himself(county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path) -> None:
    with browser.open(county.url, width=1920, height=1080) as observed:
        page = observed.page
        _log_in(page, "radiologist")
        expect(page.get_by_test_id("roster-grid")).to_contain_text("本人", timeout=_PATIENCE_MS)
        page.get_by_test_id("lang-switch").click()
        page.get_by_test_id("week-next").click()
        expect(page.locator("roster-grid tr.mine")).to_contain_text("08:00–17:30", timeout=_PATIENCE_MS)
        expect(page.get_by_test_id("licence-table")).to_contain_text("CT")
        assert page.get_by_test_id("kind-add").count() == 0
        assert page.get_by_test_id("licence-add").count() == 0
        page.screenshot(path=tmp_path / "roster-1920-en.png", full_page=True)
    if observed.problems:
        pytest.fail(str(observed.problems))
