"""An ECG in the browser: drawn from its samples, what was measured beside it, and measured out with calipers."""

from pathlib import Path

from playwright.sync_api import Locator, Page

from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser
from tests.services.waiting import wait_until
from tests.system import studies
from tests.system.county import PASSWORD, Person, RunningCounty
from tests.system.ink import ink_on

_PATIENCE_MS = 60_000
_SCROLLBAR_PX = 11
"""Of a thin classic one."""


def _open(page: Page, uid: str) -> None:
    page.get_by_test_id("login-username").fill("ecg")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.locator(f'[data-testid="task-row"][data-study-uid="{uid}"]').wait_for(timeout=_PATIENCE_MS)
    page.get_by_test_id("next-case").click()


def _drag(page: Page, canvas: Locator) -> None:
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.85)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.85, steps=4)
    page.mouse.up()


def _pull(page: Page, mark: Locator, by_px: float) -> None:
    """Take hold of a mark's line and pull it sideways."""
    box = mark.bounding_box()
    assert box is not None
    x, y = box["x"], box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by_px, y, steps=5)
    page.mouse.up()


def _set_and_keep_a_mark(page: Page, reader: Person, uid: str) -> None:
    """Pull the end of T, see QT follow, go on by keyboard, keep; the server has the same and the measured value stays."""
    page.keyboard.press("b")
    handle = page.get_by_test_id("mark-t_off")
    handle.wait_for(timeout=_PATIENCE_MS)
    measured = reader.get(f"/api/v1/studies/{uid}/ecg")["items"][0]["measured"]
    before = measured["overall"]["qt_ms"]
    _pull(page, page.get_by_test_id("mark-line-t_off"), 40)
    value = page.get_by_test_id("physician-qt_ms")
    wait_until(lambda: value.count() == 1 and float(value.inner_text()) > before + 10, 60, "the QT that follows")
    pulled = float(value.inner_text())
    handle.focus()
    page.keyboard.press("Shift+ArrowRight")
    wait_until(lambda: float(value.inner_text()) == pulled + 10, 60, "five samples more")
    page.keyboard.press("Control+z")
    wait_until(lambda: float(value.inner_text()) == pulled, 60, "a step back")
    page.keyboard.press("Enter")
    page.get_by_test_id("marks-versions").wait_for(timeout=_PATIENCE_MS)
    kept = reader.get(f"/api/v1/studies/{uid}/ecg")["items"][0]
    assert round(kept["physician"]["values"]["qt_ms"]) == pulled
    assert kept["physician"]["version"] == 1
    assert kept["measured"] == measured
    page.keyboard.press("Escape")
    page.get_by_test_id("ecg-paper").wait_for(timeout=_PATIENCE_MS)


def _labels_stand_on_one_line(page: Page) -> None:
    """Also in English, and where a scrollbar takes its share of the width, which headless browsers have none of."""
    table = page.get_by_test_id("ecg-values")
    table.evaluate("(table, px) => { table.getRootNode().host.style.borderRight = `${px}px solid` }", _SCROLLBAR_PX)
    for word in ("Heart rate", "心率"):
        page.get_by_test_id("lang-switch").click()
        table.get_by_text(word).wait_for(timeout=_PATIENCE_MS)
        heights = table.evaluate("table => [...table.tBodies[0].rows].map((row) => row.offsetHeight)")
        assert max(heights) - min(heights) <= 1, (word, heights)
        fits = "table => table.getRootNode().host.scrollWidth <= table.getRootNode().host.clientWidth"
        assert table.evaluate(fits), word
    table.evaluate("table => { table.getRootNode().host.style.borderRight = '' }")


def _choose_a_lead_and_its_gain(page: Page) -> None:
    page.keyboard.press("]")
    page.keyboard.press("+")
    foot = page.get_by_test_id("ecg-foot")
    wait_until(lambda: "(I 20 mm/mV)" in foot.inner_text(), 60, "the gain of lead I alone")
    page.keyboard.press("Escape")


def _true_millimetres(page: Page) -> None:
    """A bar of 400 pixels is said to be 80 mm long: a millimetre of the paper is then five pixels."""
    page.get_by_test_id("ecg-true-size").click()
    page.get_by_test_id("ecg-calibrate").click()
    page.get_by_test_id("dialog-mm").fill("80")
    page.get_by_test_id("confirm-ok").click()
    sheet = page.get_by_test_id("ecg-sheet")

    def pixels_a_mm() -> float:
        box = sheet.bounding_box()
        return box["width"] / float(sheet.get_attribute("data-mm") or 1) if box else 0.0

    wait_until(lambda: abs(pixels_a_mm() - 5) < 0.01, 60, "true millimetres")
    page.get_by_test_id("ecg-true-size").click()


def _compare_with_the_earlier_one(page: Page) -> None:
    page.keyboard.press("p")
    overlay = page.get_by_test_id("ecg-overlay")
    overlay.wait_for(timeout=_PATIENCE_MS)
    wait_until(lambda: ink_on(overlay) > 2000, 60, "the beats over each other")
    rate = page.get_by_test_id("change-hr").locator("td").all_inner_texts()
    assert rate[0] == rate[1] != "–"
    assert rate[2] == "0"
    page.keyboard.press("o")
    page.get_by_test_id("ecg-earlier").wait_for(timeout=_PATIENCE_MS)
    page.keyboard.press("Escape")
    page.get_by_test_id("ecg-paper").wait_for(timeout=_PATIENCE_MS)


def _is_measured(reader: Person, uid: str) -> bool:
    answer = reader.request("GET", f"/api/v1/studies/{uid}/ecg")
    return answer.is_success and [one["state"] for one in answer.json()["items"]] == ["done"]


def _send(county: RunningCounty, file: Path) -> None:
    sent = dcmtk.send(county.settings.dicom.port, [file], calling="T01_ECG", called=county.settings.ae_title)
    assert sent.ok, sent.output


def test_an_ecg_is_drawn_measured_and_measured_out(
    county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path
) -> None:
    uid = studies.study_uid(studies.ecg())
    _send(county, studies.ecg())
    reader = county.log_in("ecg")
    wait_until(lambda: _is_measured(reader, uid), 60, "the measurements")
    earlier = studies.earlier_ecg(tmp_path / "earlier.dcm")
    _send(county, earlier)
    wait_until(lambda: _is_measured(reader, studies.study_uid(earlier)), 60, "those of the earlier ECG")
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _open(page, uid)
        trace, calipers = page.get_by_test_id("ecg-trace"), page.get_by_test_id("ecg-calipers")
        trace.wait_for(timeout=_PATIENCE_MS)
        wait_until(lambda: ink_on(trace) > 2000, 60, "the curve")
        values = page.get_by_test_id("ecg-values").inner_text()
        assert "161" in values, "the device's PR interval"
        _labels_stand_on_one_line(page)
        _drag(page, calipers)
        wait_until(lambda: ink_on(calipers) > 100, 60, "the caliper")
        alone = ink_on(calipers)
        page.keyboard.press("m")
        wait_until(lambda: ink_on(calipers) > alone, 60, "the caliper marching on")
        page.keyboard.press("c")
        wait_until(lambda: ink_on(calipers) == 0, 60, "no caliper")
        foot = page.get_by_test_id("ecg-foot")
        assert "25 mm/s" in foot.inner_text()
        page.keyboard.press("s")
        wait_until(lambda: "50 mm/s" in foot.inner_text(), 60, "the other speed")
        _choose_a_lead_and_its_gain(page)
        _true_millimetres(page)
        _set_and_keep_a_mark(page, reader, uid)
        _compare_with_the_earlier_one(page)
        page.keyboard.press("1")
        conclusion = page.get_by_test_id("report-impression")
        wait_until(lambda: conclusion.input_value() == "窦性心律", 60, "the suggested statement")
        page.get_by_test_id("ecg-printed").click()
        page.get_by_test_id("ecg-picture").wait_for(timeout=_PATIENCE_MS)
        assert not observed.problems
