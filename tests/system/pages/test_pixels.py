"""What the screen shows, pixel by pixel: against the formulas of the standard, and against DCMTK."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser
from tests.services.waiting import wait_until
from tests.system.county import PASSWORD, ForkedCounty, RunningCounty, embedded_county
from tests.system.pages.pixel_cases import PixelCase, PixelStudy, pixel_study

_PATIENCE_MS = 60_000
_DCMTK_TOLERANCE = 2
"""DCMTK rounds down where a screen rounds, and works with whole numbers between the steps."""

_READ = """async viewport => {
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  await frame();
  const {origin, column, row} = viewport.querySelector('measuring-layer').placement;
  const canvas = viewport.querySelector('canvas');
  const copy = document.createElement('canvas');
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext('2d');
  context.drawImage(canvas, 0, 0);
  const {data} = context.getImageData(0, 0, copy.width, copy.height);
  let text = '';
  for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
  return {origin, column, row, width: copy.width, height: copy.height, data: btoa(text)};
}"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkedCounty]:
    """One for all: nothing is read here that another test would miss."""
    with embedded_county(tmp_path_factory.mktemp("pixels")) as running:
        yield running


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> PixelStudy:
    return pixel_study(tmp_path_factory.mktemp("images") / "study")


@pytest.fixture(scope="module")
def task(county: RunningCounty, study: PixelStudy) -> int:
    files = list(study.files.values())
    sent = dcmtk.send(county.settings.dicom.port, files, calling="T01_CT", called=county.settings.ae_title)
    assert sent.ok, sent.output
    reader = county.log_in("radiologist")

    def whole() -> int | None:
        return next((one["id"] for one in reader.tasks() if one["instances"] == len(files)), None)

    return wait_until(whole, 120, "the study to be in the queue")


@pytest.mark.parametrize("webgl", [True, False])
def test_every_pixel_is_as_the_standard_says(
    county: RunningCounty, study: PixelStudy, task: int, browser: ChromiumBrowser, *, webgl: bool
) -> None:
    with browser.open(county.url, width=1366, height=768, webgl=webgl) as observed:
        page = observed.page
        _open(page, county, task)
        drawn = page.get_by_test_id("viewport").first.get_attribute("data-rendering")
        assert drawn == ("gpu" if webgl else "cpu")
        wrong = [told for case in study.cases if (told := _difference(case, _shown(page, case)))]
        assert not wrong, "\n".join(wrong)
        assert not observed.problems


def test_dcmtk_agrees_with_the_formulas(study: PixelStudy, tmp_path: Path) -> None:
    """A second renderer, of other people: it finds what the formulas here have misread."""
    wrong = []
    for case in study.cases:
        if case.dcmtk is not None:
            target = tmp_path / "drawn.pnm"
            done = dcmtk.run("dcmj2pnm", *case.dcmtk, study.files[case.name], target)
            assert done.ok, f"{case.name}: {done.output}"
            drawn = np.asarray(Image.open(target).convert("RGB"))
            wrong.append(_difference(replace(case, tolerance=max(case.tolerance, _DCMTK_TOLERANCE)), drawn))
    assert not any(wrong), "\n".join(filter(None, wrong))


def _open(page: Page, county: RunningCounty, task: int) -> None:
    page.get_by_test_id("login-username").fill("radiologist")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("task-row").first.wait_for(timeout=_PATIENCE_MS)
    page.goto(f"{county.url}/#/read/{task}?look")
    page.locator('[data-testid="viewport"][data-quality="full"]').first.wait_for(timeout=_PATIENCE_MS)
    page.get_by_test_id("hang-step").wait_for(timeout=_PATIENCE_MS)
    page.keyboard.press("Shift+Digit1")


def _shown(page: Page, case: PixelCase) -> NDArray[np.uint8]:
    """The case as RGB, cut out of the canvas where the page says that it lies, a pixel of the screen for each of it."""
    page.locator(f'[data-testid="series-thumb"][data-series-uid="{case.series}"]').click()
    cell = page.locator(f'[data-testid="stage-cell"][data-series-uid="{case.series}"]')
    viewport = cell.locator('[data-testid="viewport"][data-quality="full"]')
    viewport.wait_for(timeout=_PATIENCE_MS)
    page.keyboard.press("o")
    layer = cell.locator("measuring-layer")

    def is_one_to_one() -> bool:
        step = layer.evaluate("one => one.placement && one.placement.column[0]")
        return (step is not None and abs(step - 1) < 1e-3) or page.wait_for_timeout(20) is not None

    wait_until(is_one_to_one, 60, f"{case.name} in its actual size")
    drawn = viewport.evaluate(_READ)
    pixels = np.frombuffer(base64.b64decode(drawn["data"]), np.uint8).reshape(drawn["height"], drawn["width"], 4)
    left, top = drawn["origin"]
    rows, columns = case.expected.shape[:2]
    left, top = round(left), round(top)
    return pixels[top : top + rows, left : left + columns, :3]


def _difference(case: PixelCase, shown: NDArray[np.uint8]) -> str | None:
    expected = case.expected if case.expected.ndim == 3 else np.repeat(case.expected[..., np.newaxis], 3, axis=-1)
    apart = np.abs(shown - np.round(expected))
    if apart.max() <= case.tolerance:
        return None
    count = int((apart.max(axis=-1) > case.tolerance).sum())
    row, column = np.unravel_index(apart.max(axis=-1).argmax(), apart.shape[:2])
    here = f"{shown[row, column].tolist()} instead of {expected[row, column].round(1).tolist()}"
    return f"{case.name}: {count} pixels, most at row {row}, column {column}: {here}"
