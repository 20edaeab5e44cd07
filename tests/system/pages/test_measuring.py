"""Measuring in a real browser: the drawing lies where the pixel is, is kept, comes back, and goes into the report."""

import io
from pathlib import Path

import numpy as np
import pydicom
import pydicom.data
import pytest
from PIL import Image
from playwright.sync_api import Page
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser
from tests.services.waiting import wait_until
from tests.system.county import PASSWORD, RunningCounty

_PATIENCE_MS = 60_000
_COLUMNS, _ROWS, _SPACING = 16, 12, 2.5
_BRIGHT = (11, 3)
"""Column and row of the one bright pixel."""

_WITHOUT_WEBGL = """
const original = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.includes('webgl') ? null : original.call(this, kind, ...rest);
};
"""


def _slice(folder: Path) -> tuple[str, Path]:
    folder.mkdir()
    ds = pydicom.dcmread(pydicom.data.get_testdata_file("CT_small.dcm", download=False))
    ds.StudyInstanceUID, ds.SeriesInstanceUID = generate_uid(), generate_uid()
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    pixels = np.zeros((_ROWS, _COLUMNS), dtype="<i2")
    pixels[_BRIGHT[1], _BRIGHT[0]] = 1000
    ds.Rows, ds.Columns, ds.PixelSpacing = _ROWS, _COLUMNS, [_SPACING, _SPACING]
    ds.RescaleSlope, ds.RescaleIntercept, ds.WindowCenter, ds.WindowWidth = 1, 0, 500, 1000
    ds.SeriesNumber, ds.PixelData = 3, pixels.tobytes()
    ds.save_as(folder / "1.dcm")
    return str(ds.StudyInstanceUID), folder / "1.dcm"


def _log_in(page: Page) -> None:
    page.get_by_test_id("login-username").fill("radiologist")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()


def _open_case(page: Page, uid: str) -> None:
    _log_in(page)
    page.locator(f'[data-testid="task-row"][data-study-uid="{uid}"]').wait_for(timeout=_PATIENCE_MS)
    page.get_by_test_id("next-case").click()
    _wait_for_image(page)


def _wait_for_image(page: Page) -> None:
    page.locator('[data-testid="viewport"][data-loaded="true"][data-quality="full"]').wait_for(timeout=_PATIENCE_MS)


def _placement(page: Page) -> dict[str, list[float]]:
    """As the layer has it, once it has any."""
    layer = page.locator("measuring-layer")
    wait_until(lambda: layer.evaluate("one => one.placement !== null") or page.wait_for_timeout(50), 60, "a placement")
    return layer.evaluate("one => one.placement")


def _on_page(page: Page, column: float, row: float) -> tuple[float, float]:
    """Where a place in the image is on the page."""
    box = page.get_by_test_id("viewport").bounding_box()
    assert box is not None
    placed = _placement(page)
    x, y = (placed["origin"][n] + column * placed["column"][n] + row * placed["row"][n] for n in (0, 1))
    return box["x"] + x, box["y"] + y


def _brightest(page: Page) -> tuple[float, float]:
    """The middle of what is bright in the image alone, on the page."""
    layer = page.locator("measuring-layer")
    layer.evaluate("one => (one.style.visibility = 'hidden')")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("L")
    layer.evaluate("one => (one.style.visibility = '')")
    light = np.asarray(picture, dtype=np.float64)
    x, y = (int(one) for one in _on_page(page, _BRIGHT[0] + 0.5, _BRIGHT[1] + 0.5))
    reach = int(abs(_placement(page)["column"][0]) * 2)
    part = light[y - reach : y + reach, x - reach : x + reach]
    part = np.where(part > part.max() / 2, part, 0)
    rows, columns = np.mgrid[0 : part.shape[0], 0 : part.shape[1]] + 0.5
    return x - reach + (columns * part).sum() / part.sum(), y - reach + (rows * part).sum() / part.sum()


def _drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*_on_page(page, *start))
    page.mouse.down()
    page.mouse.move(*_on_page(page, *end), steps=4)
    page.mouse.up()


def _words(page: Page) -> list[str]:
    return page.get_by_test_id("measurement").locator("tspan").all_inner_texts()


@pytest.fixture
def uid(county: RunningCounty, tmp_path: Path) -> str:
    study, file = _slice(tmp_path / "study")
    sent = dcmtk.send(county.settings.dicom.port, [file], calling="T01_CT", called=county.settings.ae_title)
    assert sent.ok, sent.output
    return study


def test_a_length_is_drawn_kept_found_again_and_put_into_the_report(
    county: RunningCounty, browser: ChromiumBrowser, uid: str
) -> None:
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _open_case(page, uid)
        case = page.url
        _lies_where_the_pixel_is(page, "gpu")
        _measure_write_and_take_away(county, page, uid)
        assert not observed.problems
    with browser.open(county.url, width=1920, height=1080) as observed:
        page = observed.page
        _log_in(page)
        page.get_by_test_id("task-row").first.wait_for(timeout=_PATIENCE_MS)
        page.add_init_script(_WITHOUT_WEBGL)
        page.goto("about:blank")
        page.goto(case)
        _wait_for_image(page)
        page.get_by_test_id("measurement").filter(has_text="1000.0 HU").wait_for()
        _lies_where_the_pixel_is(page, "cpu")
        page.keyboard.press("q")
        _drag(page, (_BRIGHT[0] - 0.4, _BRIGHT[1] - 0.4), (_BRIGHT[0] + 1.4, _BRIGHT[1] + 1.4))
        page.get_by_test_id("measurement").filter(has_text="1000.0 HU ± 0.0").wait_for()
        assert not observed.problems


def _lies_where_the_pixel_is(page: Page, rendering: str) -> None:
    assert page.get_by_test_id("viewport").get_attribute("data-rendering") == rendering
    pixel = abs(_placement(page)["column"][0])
    place = _on_page(page, _BRIGHT[0] + 0.5, _BRIGHT[1] + 0.5)
    assert _brightest(page) == pytest.approx(place, abs=pixel / 8)


def _measure_write_and_take_away(county: RunningCounty, page: Page, uid: str) -> None:
    reader = county.log_in("radiologist")
    page.keyboard.press("l")
    _drag(page, (2, 6), (10, 6))
    (kept,) = wait_until(lambda: reader.get(_address(uid))["items"], 60, "the length to be kept")
    length = kept["figures"][0]["value"]
    assert length == pytest.approx(8 * _SPACING, abs=2 * _SPACING / abs(_placement(page)["column"][0]))
    shown = f"{length:.1f} mm"
    page.get_by_test_id("measurement").filter(has_text=shown).wait_for()
    page.keyboard.press("b")
    page.mouse.click(*_on_page(page, _BRIGHT[0] + 0.5, _BRIGHT[1] + 0.5))
    page.get_by_test_id("measurement").filter(has_text="1000.0 HU").wait_for()
    wait_until(lambda: len(reader.get(_address(uid))["items"]) == 2, 60, "the point to be kept")
    page.reload()
    _wait_for_image(page)
    page.get_by_test_id("measurement").filter(has_text=shown).wait_for()
    page.keyboard.press("k")
    item = page.get_by_test_id("measurement-item").filter(has_text=shown)
    item.get_by_test_id("measurement-report").click()
    findings = page.get_by_test_id("report-findings")
    wait_until(lambda: f"长度 {shown}（序列 3，第 1 幅）。" in findings.input_value(), 30, "the sentence")
    item.get_by_test_id("measurement-delete").click()
    page.get_by_test_id("measurement").filter(has_text=shown).wait_for(state="detached")
    wait_until(lambda: len(reader.get(_address(uid))["items"]) == 1, 60, "it to be gone")


def _address(uid: str) -> str:
    return f"/api/v1/studies/{uid}/measurements"
