"""An ECG in the browser: drawn from its samples, what was measured beside it, and measured out with calipers."""

from playwright.sync_api import Locator, Page

from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser
from tests.services.waiting import wait_until
from tests.system import studies
from tests.system.county import PASSWORD, RunningCounty

_PATIENCE_MS = 60_000
_INK = """canvas => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let ink = 0;
  for (let at = 0; at < data.length; at += 4) ink += data[at + 3] > 0 && data[at] < 90 && data[at + 1] < 110;
  return ink;
}"""


def _open(page: Page, uid: str) -> None:
    page.get_by_test_id("login-username").fill("ecg")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.locator(f'[data-testid="task-row"][data-study-uid="{uid}"]').wait_for(timeout=_PATIENCE_MS)
    page.get_by_test_id("next-case").click()


def _ink(canvas: Locator) -> int:
    return int(canvas.evaluate(_INK))


def _drag(page: Page, canvas: Locator) -> None:
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.85)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.85, steps=4)
    page.mouse.up()


def test_an_ecg_is_drawn_measured_and_measured_out(county: RunningCounty, browser: ChromiumBrowser) -> None:
    uid = studies.study_uid(studies.ecg())
    sent = dcmtk.send(county.settings.dicom.port, [studies.ecg()], calling="T01_ECG", called=county.settings.ae_title)
    assert sent.ok, sent.output
    reader = county.log_in("ecg")

    def is_measured() -> bool:
        answer = reader.request("GET", f"/api/v1/studies/{uid}/ecg")
        return answer.is_success and [one["state"] for one in answer.json()["items"]] == ["done"]

    wait_until(is_measured, 60, "the measurements")
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _open(page, uid)
        trace, calipers = page.get_by_test_id("ecg-trace"), page.get_by_test_id("ecg-calipers")
        trace.wait_for(timeout=_PATIENCE_MS)
        wait_until(lambda: _ink(trace) > 2000, 60, "the curve")
        values = page.get_by_test_id("ecg-values").inner_text()
        assert "161" in values, "the device's PR interval"
        _drag(page, calipers)
        wait_until(lambda: _ink(calipers) > 100, 60, "the caliper")
        page.keyboard.press("c")
        wait_until(lambda: _ink(calipers) == 0, 60, "no caliper")
        foot = page.get_by_test_id("ecg-foot")
        assert "25 mm/s" in foot.inner_text()
        page.keyboard.press("s")
        wait_until(lambda: "50 mm/s" in foot.inner_text(), 60, "the other speed")
        page.get_by_test_id("ecg-printed").click()
        page.get_by_test_id("ecg-picture").wait_for(timeout=_PATIENCE_MS)
        assert not observed.problems
