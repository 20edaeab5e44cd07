"""What a page has on the screen, pixel by pixel, beside what it ought to have there."""

import base64

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page

from tests.services.waiting import wait_until
from tests.system.county import PASSWORD
from tests.system.pages.pixel_cases import PixelCase

_PATIENCE_MS = 60_000

_READ = """async viewport => {
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  await frame();
  const {origin, column, row} = viewport.querySelector('measuring-layer').placement;
  const canvas = viewport.querySelector('canvas');
  const over = viewport.querySelector('planes-layer').renderRoot.querySelector('canvas');
  const copy = document.createElement('canvas');
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext('2d');
  context.drawImage(canvas, 0, 0);
  if (over.width > 0) context.drawImage(over, 0, 0);
  const {data} = context.getImageData(0, 0, copy.width, copy.height);
  let text = '';
  for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
  return {origin, column, row, width: copy.width, height: copy.height, data: btoa(text)};
}"""


def open_first(page: Page, url: str, task: int) -> None:
    """Log in and look at the task's first image, alone on the screen."""
    page.get_by_test_id("login-username").fill("radiologist")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("task-row").first.wait_for(timeout=_PATIENCE_MS)
    page.goto(f"{url}/#/read/{task}?look")
    page.locator('[data-testid="viewport"][data-quality="full"]').first.wait_for(timeout=_PATIENCE_MS)
    page.get_by_test_id("hang-step").wait_for(timeout=_PATIENCE_MS)
    page.keyboard.press("Shift+Digit1")


def show(page: Page, case: PixelCase) -> Locator:
    """The viewport with the frame of the case in its actual size, with what lies over it."""
    page.locator(f'[data-testid="series-thumb"][data-series-uid="{case.series}"]').click()
    cell = page.locator(f'[data-testid="stage-cell"][data-series-uid="{case.series}"]')
    cell.locator('[data-testid="viewport"][data-quality="full"]').wait_for(timeout=_PATIENCE_MS)
    for _ in range(1, case.frame):
        page.keyboard.press("ArrowDown")
    place = f'[data-image-index="{case.frame - 1}"][data-quality="full"]'
    viewport = cell.locator(f'[data-testid="viewport"]{place}')
    viewport.wait_for(timeout=_PATIENCE_MS)
    page.keyboard.press("o")
    wait_until(lambda: _is_one_to_one(page, viewport), 60, f"{case.name} in its actual size")
    drawn = f'planes-layer[data-drawn="{case.planes}"]'
    viewport.locator(drawn).wait_for(state="attached", timeout=_PATIENCE_MS)
    return viewport


def steps(viewport: Locator) -> tuple[int, ...]:
    """Which way a step along a row of the image goes on the screen, and one down a column."""
    placement = viewport.locator("measuring-layer").evaluate("one => one.placement")
    return tuple(round(step) for step in (*placement["column"], *placement["row"]))


def _is_one_to_one(page: Page, viewport: Locator) -> bool:
    placement = viewport.locator("measuring-layer").evaluate("one => one.placement")
    is_there = placement is not None and abs(np.hypot(*placement["column"]) - 1) < 1e-3
    return is_there or page.wait_for_timeout(20) is not None


def shown(viewport: Locator, case: PixelCase) -> NDArray[np.uint8]:
    """The image as RGB and upright, each pixel of it read where the page says that it lies, one of the screen for each."""
    drawn = viewport.evaluate(_READ)
    pixels = np.frombuffer(base64.b64decode(drawn["data"]), np.uint8).reshape(drawn["height"], drawn["width"], 4)
    rows, columns = np.mgrid[: case.expected.shape[0], : case.expected.shape[1]] + 0.5
    left, top = (
        np.floor(drawn["origin"][n] + columns * drawn["column"][n] + rows * drawn["row"][n]).astype(int) for n in (0, 1)
    )
    return pixels[top, left, :3]


def difference(case: PixelCase, pixels: NDArray[np.uint8]) -> str | None:
    expected = case.expected if case.expected.ndim == 3 else np.repeat(case.expected[..., np.newaxis], 3, axis=-1)
    apart = np.nan_to_num(np.abs(pixels - np.round(expected)))
    if apart.max() <= case.tolerance:
        return None
    count = int((apart.max(axis=-1) > case.tolerance).sum())
    row, column = np.unravel_index(apart.max(axis=-1).argmax(), apart.shape[:2])
    here = f"{pixels[row, column].tolist()} instead of {expected[row, column].round(1).tolist()}"
    return f"{case.name}: {count} pixels, most at row {row}, column {column}: {here}"
