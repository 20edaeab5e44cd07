"""A day at the health authority: figures and what they mean, the cases behind one for a reason, and a sheet; no name anywhere."""

from pathlib import Path

from playwright.sync_api import expect

from tests.services.browser import ChromiumBrowser
from tests.system.county import RunningCounty
from tests.system.days.exams import Patient, make_exam, pushed, read_and_signed
from tests.system.days.people import audited, screen_of

_WANG = Patient("20250017", "王建军")
_INDICATOR = "RQI-RWS-03"
_REASON = "季度抽查"


def test_figures_are_looked_into_for_a_reason_and_taken_along(
    county: RunningCounty, browser: ChromiumBrowser, shared_data: Path | None, tmp_path: Path
) -> None:
    exam = pushed(county, make_exam(shared_data, tmp_path / "ct", _WANG, images=2))
    read_and_signed(county, exam)
    told: list[str] = []
    with screen_of("regulator", county, browser) as page:
        page.on("response", lambda one: told.append(one.url) if "/api/" in one.url else None)
        page.locator(f'[data-testid="indicator"][data-code="{_INDICATOR}"]').click()
        detail = page.get_by_test_id("indicator-detail")
        expect(detail).to_contain_text("分子")
        expect(detail).to_contain_text("国卫办医政函")
        detail.locator('tr[data-key="t01"]').wait_for()
        page.get_by_test_id("indicator-cases").click()
        page.get_by_test_id("confirm-ok").click()
        assert page.get_by_test_id("indicator-list").count() == 0, "nothing is shown without a reason"
        page.get_by_test_id("dialog-reason").fill(_REASON)
        page.get_by_test_id("confirm-ok").click()
        page.get_by_test_id("indicator-case").first.wait_for()
        shown = page.get_by_test_id("indicator-list").inner_text()
        assert _REASON in shown
        assert "王**" in shown
        page.screenshot(path=tmp_path / "cases.png")
        sheet = page.request.get(f"{county.url}{page.get_by_test_id('indicators-sheet').get_attribute('href')}")
        assert sheet.headers["content-type"].startswith("text/csv")
        assert _INDICATOR in sheet.text()
        everything = (shown, page.content(), sheet.text(), *told)
        assert not [text for text in everything for secret in (_WANG.name, _WANG.id) if secret in text]
        for door in ("tasks", "studies", f"studies/{exam.uid}", "results", "patients"):
            assert page.request.get(f"{county.url}/api/v1/{door}").status == 403, door
    (line,) = [one for one in audited(county, who="regulator") if _REASON in str(one["detail"])]
    assert _INDICATOR in str(line)
