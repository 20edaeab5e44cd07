"""An ambulatory ECG in the browser: the whole record, its tendency, events by key, beats by class, and a strip for the report."""

from pathlib import Path

from playwright.sync_api import Locator, Page
from pydicom import dcmread

from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser
from tests.services.holter import holter, holter_file
from tests.services.waiting import wait_until
from tests.system.county import PASSWORD, RunningCounty

_PATIENCE_MS = 60_000
_MOST_BYTES = 300_000
_DARK = """canvas => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let ink = 0;
  for (let at = 0; at < data.length; at += 4) ink += data[at + 3] > 0 && data[at] < 90 && data[at + 1] < 110;
  return ink;
}"""
_MADE = holter(1500, hz=128, ectopy=0.02)


def _ink(canvas: Locator) -> int:
    return int(canvas.evaluate(_DARK))


def _open(page: Page, uid: str) -> None:
    page.get_by_test_id("login-username").fill("ecg")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.locator(f'[data-testid="task-row"][data-study-uid="{uid}"]').wait_for(timeout=_PATIENCE_MS)
    page.get_by_test_id("next-case").click()


def _measured(county: RunningCounty, uid: str) -> None:
    reader = county.log_in("ecg")

    def is_measured() -> bool:
        answer = reader.request("GET", f"/api/v1/studies/{uid}/ecg")
        return answer.is_success and [one["state"] for one in answer.json()["items"]] == ["done"]

    wait_until(is_measured, 120, "the measurements")


def test_a_long_ecg_is_looked_through_and_told_in_the_report(
    county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path
) -> None:
    file = tmp_path / "long.dcm"
    file.write_bytes(holter_file(_MADE))
    uid = str(dcmread(file, stop_before_pixels=True, specific_tags=["StudyInstanceUID"]).StudyInstanceUID)
    sent = dcmtk.send(county.settings.dicom.port, [file], calling="T01_ECG", called=county.settings.ae_title)
    assert sent.ok, sent.output
    _measured(county, uid)
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        sizes: list[int] = []
        page.on(
            "response",
            lambda answer: "/ecg" in answer.url and sizes.append(int(answer.headers.get("content-length", 0))),
        )
        _open(page, uid)
        page.get_by_test_id("ecg-long").wait_for(timeout=_PATIENCE_MS)
        rows, strip, tendency = (page.get_by_test_id(f"long-{name}") for name in ("disclosure", "strip", "tendency"))
        wait_until(lambda: _ink(rows) > 3000, 60, "the whole record")
        wait_until(lambda: _ink(strip) > 1000, 60, "the strip")
        wait_until(lambda: _ink(tendency) > 200, 60, "the tendency")
        assert str(len(_MADE.onsets_s)) in page.get_by_test_id("long-summary").inner_text()

        page.get_by_test_id("long-kind").select_option("pause")
        page.keyboard.press("]")
        at = page.get_by_test_id("long-strip-at")
        wait_until(lambda: "停搏" in at.inner_text(), 60, "the pause")
        page.get_by_test_id("long-into-report").click()
        told = page.locator("report-text[name=findings] textarea")
        wait_until(
            lambda: "停搏" in told.input_value() and "3.40 s" in told.input_value(), 60, "the words in the report"
        )

        page.get_by_test_id("long-beatlist-tab").click()
        beats = page.get_by_test_id("long-beats").locator("tbody tr")
        ventricular = int((_MADE.kinds == "ventricular").sum())
        wait_until(lambda: beats.count() == min(100, ventricular), 60, "the ventricular beats")
        before = at.inner_text()
        beats.nth(3).click()
        wait_until(lambda: at.inner_text() != before, 60, "the strip at the beat")

        before = at.inner_text()
        tendency.click(position={"x": 300, "y": 40})
        wait_until(lambda: at.inner_text() != before, 60, "the strip where the tendency was clicked")
        assert max(sizes) < _MOST_BYTES, "nothing large is fetched at once"
        assert not observed.problems
