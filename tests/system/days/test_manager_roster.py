"""A manager's day with rules: a week is planned, a stricter time is previewed and published, holidays are entered."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.services.browser import ChromiumBrowser, open_from_menu
from tests.system.county import RunningCounty
from tests.system.days.people import PATIENCE_MS, screen_of


def _cells(page: Page, username: str) -> list[str]:
    cells = page.locator(f'[data-testid^="cell-{username}-"]')
    cells.first.wait_for(timeout=PATIENCE_MS)
    return [str(cell.get_attribute("data-testid")) for cell in cells.all()]


def _add_kind(page: Page, name: str, starts: str, ends: str, colour: str) -> None:
    page.get_by_test_id("kind-add").click()
    for field, value in (("name", name), ("starts", starts), ("ends", ends)):
        page.get_by_test_id(f"dialog-{field}").fill(value)
    page.get_by_test_id("dialog-colour").select_option(colour)
    page.get_by_test_id("confirm-ok").click()
    page.get_by_role("button", name=name).wait_for(timeout=PATIENCE_MS)


def test_a_week_is_planned_and_seen(county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path) -> None:
    with screen_of("manager", county, browser, refused=422) as page:
        open_from_menu(page, "roster")
        page.get_by_test_id("week-next").click()
        _add_kind(page, "白班", "08:00", "17:30", "#2f6fde")
        _add_kind(page, "夜班", "17:30", "08:00", "#8b5cf6")
        page.get_by_role("button", name="白班").click()
        expect(page.get_by_role("button", name="白班")).to_have_attribute("aria-pressed", "true")
        for cell in _cells(page, "radiologist")[:5]:
            page.get_by_test_id(cell).click()
            expect(page.get_by_test_id(cell)).to_contain_text("08:00–17:30", timeout=PATIENCE_MS)
        expect(page.get_by_test_id("roster-gaps")).to_contain_text("P0 P1", timeout=PATIENCE_MS)
        page.get_by_role("button", name="夜班").click()
        nights = _cells(page, "auditor")
        page.get_by_test_id(nights[0]).click()
        expect(page.get_by_test_id(nights[0])).to_contain_text("17:30–08:00", timeout=PATIENCE_MS)
        page.get_by_test_id(nights[0]).click()
        expect(page.get_by_test_id(nights[0])).not_to_contain_text("夜班", timeout=PATIENCE_MS)
        page.get_by_test_id(nights[0]).click()
        expect(page.get_by_test_id(nights[0])).to_contain_text("夜班", timeout=PATIENCE_MS)

        page.get_by_test_id("licence-add").click()
        page.get_by_test_id("dialog-user").select_option("radiologist")
        page.get_by_test_id("dialog-modality").fill("ct")
        page.get_by_test_id("dialog-valid_until").fill("not a day")
        page.get_by_test_id("confirm-ok").click()
        expect(page.get_by_test_id("dialog-modality")).to_have_value("ct", timeout=PATIENCE_MS)
        page.get_by_test_id("dialog-valid_until").fill("")
        page.get_by_test_id("confirm-ok").click()
        expect(page.get_by_test_id("licence-table")).to_contain_text("CT", timeout=PATIENCE_MS)
        page.screenshot(path=tmp_path / "roster-1366-zh.png", full_page=True)

        page.get_by_test_id("week-next").click()
        expect(page.get_by_test_id("roster-grid")).not_to_contain_text("白班", timeout=PATIENCE_MS)
        page.get_by_test_id("week-copy").click()
        expect(page.get_by_test_id("roster-grid")).to_contain_text("白班", timeout=PATIENCE_MS)
    _reader_sees_himself(county, browser, tmp_path)


def _reader_sees_himself(county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path) -> None:
    with screen_of("radiologist", county, browser, (1920, 1080)) as page:
        open_from_menu(page, "roster")
        expect(page.get_by_test_id("roster-grid")).to_contain_text("本人", timeout=PATIENCE_MS)
        page.get_by_test_id("lang-switch").click()
        page.get_by_test_id("week-next").click()
        expect(page.locator("roster-grid tr.mine")).to_contain_text("08:00–17:30", timeout=PATIENCE_MS)
        expect(page.get_by_test_id("licence-table")).to_contain_text("CT")
        assert page.get_by_test_id("kind-add").count() == 0
        assert page.get_by_test_id("licence-add").count() == 0
        page.screenshot(path=tmp_path / "roster-1920-en.png", full_page=True)


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
    expect(page.get_by_test_id("editions")).to_contain_text("国务院 2027 年安排", timeout=PATIENCE_MS)
    expect(page.get_by_test_id("holidays")).to_contain_text("春节调休")


def _prefer_priors(page: Page) -> None:
    page.get_by_test_id("chapter-assignment").click()
    page.get_by_test_id("figures.prior_minutes").fill("90")
    page.get_by_test_id("only_on_duty").select_option("false")
    _publish(page, "复查优先")
    expect(page.get_by_test_id("editions")).to_contain_text("复查优先", timeout=PATIENCE_MS)
    expect(page.get_by_test_id("figures.prior_minutes")).to_have_value("90")


def test_service_times_and_holidays_are_published(
    county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path
) -> None:
    with screen_of("manager", county, browser, refused=422) as page:
        open_from_menu(page, "rules")
        target = page.get_by_test_id("P1 ECG target")
        expect(target).to_have_value("10", timeout=PATIENCE_MS)
        page.screenshot(path=tmp_path / "times.png")

        target.fill("20")
        target.blur()
        page.get_by_test_id("preview").click()
        expect(page.get_by_test_id("fault")).to_contain_text("targets.P1.ECG", timeout=PATIENCE_MS)
        page.screenshot(path=tmp_path / "fault.png")
        target.fill("4")
        target.blur()
        page.get_by_test_id("preview").click()
        expect(page.get_by_test_id("preview-ok")).to_be_visible(timeout=PATIENCE_MS)
        _publish(page, "心电更快")
        edition = page.locator('[data-testid="edition"][data-version="1"]')
        expect(edition).to_contain_text("心电更快", timeout=PATIENCE_MS)
        expect(target).to_have_value("4")
        page.screenshot(path=tmp_path / "published.png", full_page=True)

        _arrange_holidays(page, tmp_path)
        _prefer_priors(page)

        page.get_by_test_id("chapter-signatures").click()
        page.get_by_test_id("as-json").click()
        box = page.get_by_test_id("json")
        expect(box).to_have_value(re.compile('"night"'))
        box.fill("{ not json")
        expect(page.get_by_test_id("publish")).to_be_disabled()
        expect(page.get_by_role("alert")).to_contain_text("JSON", timeout=PATIENCE_MS)
        page.screenshot(path=tmp_path / "json.png")
        page.get_by_test_id("lang-switch").click()
        page.set_viewport_size({"width": 1920, "height": 1080})
        page.get_by_test_id("chapter-service_times").click()
        expect(target).to_have_value("4", timeout=PATIENCE_MS)
        page.screenshot(path=tmp_path / "en.png")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    editions = county.log_in("manager").get("/api/v1/rules/service_times")["editions"]
    assert [one["content"]["targets"]["P1"]["ECG"]["target"] for one in editions] == [4, 10]
