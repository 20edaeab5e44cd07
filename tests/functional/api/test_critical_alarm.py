"""The clinic's alarm in a real browser: it comes by itself, on a telephone too, and goes when somebody has read back."""

from datetime import UTC, datetime

from playwright.sync_api import Page

from tests.functional.api.township import PASSWORD, Township
from tests.services.browser import ChromiumBrowser

_PATIENCE_MS = 60_000


def log_in(page: Page, username: str) -> None:
    page.get_by_test_id("login-username").fill(username)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()


def test_a_critical_value_stands_over_the_clinics_page_until_it_is_read_back(
    township: Township, browser: ChromiumBrowser
) -> None:
    township.county.clock.at = datetime.now(UTC)
    reader = township.client("radiologist")
    with browser.open(township.url, width=390, height=844) as observed:
        page = observed.page
        log_in(page, "clinic01")
        page.get_by_test_id("clinic-search").wait_for(timeout=_PATIENCE_MS)
        uid = township.study(township.county.task()).study_instance_uid
        raised = {"study_instance_uid": uid, "code": "RAD-ICH", "finding": "左侧基底节区脑出血约40ml"}
        case = reader.post("/api/v1/critical-cases", json=raised).json()
        page.get_by_test_id("critical-finding").wait_for(timeout=_PATIENCE_MS)
        assert "约40ml" in page.get_by_test_id("critical-finding").inner_text()
        page.wait_for_function("document.title.includes('危急值')")
        page.get_by_test_id("critical-acknowledge").click()
        assert reader.get(f"/api/v1/critical-cases/{case['id']}").json()["state"] == "notified"
        page.get_by_test_id("critical-read-back").fill("左侧脑出血，立即转诊")
        page.get_by_test_id("critical-receiver").fill("王护士")
        page.get_by_test_id("critical-acknowledge").click()
        page.get_by_test_id("critical-untreated").wait_for(timeout=_PATIENCE_MS)
        page.get_by_test_id("critical-banner").wait_for(state="detached")
        heard = reader.get(f"/api/v1/critical-cases/{case['id']}").json()
        assert (heard["state"], heard["receiver"]) == ("acked", "王护士")
        assert not observed.problems
