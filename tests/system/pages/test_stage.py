"""A reader looks at a CT in several cells: beside the year before, cut in other planes, on a second screen, without WebGL."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page

from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser
from tests.services.waiting import wait_until
from tests.system.county import PASSWORD, ForkedCounty, RunningCounty, embedded_county
from tests.system.pages.stage_studies import BALL, SIZE, SLICES, StageStudy, ball_study

_PATIENCE_MS = 60_000
_BRIGHT, _DARK = 240, 40
"""Greys of the ball, and of what is around it, in the window of the study."""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkedCounty]:
    """One for all: nothing is read here that another test would miss."""
    with embedded_county(tmp_path_factory.mktemp("stage")) as running:
        yield running


@pytest.fixture(scope="module")
def studies(county: RunningCounty, tmp_path_factory: pytest.TempPathFactory) -> tuple[StageStudy, int]:
    """The study of today with its task; the other one, of the year before, has fewer slices."""
    folder = tmp_path_factory.mktemp("studies")
    now = ball_study(folder / "now")
    before = ball_study(folder / "before", date="20250301", slices=SLICES - 8)
    for study in (before, now):
        sent = dcmtk.send(county.settings.dicom.port, study.files, calling="T01_CT", called=county.settings.ae_title)
        assert sent.ok, sent.output
    reader = county.log_in("radiologist")

    def whole() -> dict[str, int]:
        return {one["study_instance_uid"]: one["id"] for one in reader.tasks() if one["instances"] > SLICES - 8}

    wait_until(lambda: {before.uid, now.uid} <= set(whole()), 120, "both studies to be in the queue")
    return now, whole()[now.uid]


def test_cells_that_follow_each_other(
    county: RunningCounty, studies: tuple[StageStudy, int], browser: ChromiumBrowser
) -> None:
    study, task = studies
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _open(page, county, task)
        # Side by side: the lateral view shows where the axial image lies, and that moves with it.
        page.keyboard.press("Shift+Digit2")
        _wait(page, lambda: page.get_by_test_id("reference-line").count() == 1, "a reference line")
        low = _line_height(page)
        page.keyboard.press("End")
        _wait(page, lambda: _line_height(page) < low - 100, "the line to go up with the images")
        assert _series(page) == list(study.series)
        # The year before beside it, in another frame of reference: the distance of 2 slices is kept.
        page.keyboard.press("Shift+Digit1")
        page.keyboard.press("Home")
        page.keyboard.press("Shift+P")
        prior = page.locator('[data-testid="stage-cell"][data-prior="true"] [data-testid="viewport"]')
        _wait(page, lambda: prior.get_attribute("data-quality") == "full", "the prior")
        assert prior.get_attribute("data-image-count") == str(SLICES - 8)
        assert "2025" in page.locator('[data-prior="true"] [data-testid="cell-label"]').inner_text()
        for _ in range(5):
            page.keyboard.press("ArrowDown")
        _wait(page, lambda: prior.get_attribute("data-image-index") == "5", "the prior to follow")
        # Kept for exams like this one.
        page.keyboard.press("Shift+L")
        page.get_by_test_id("hang-save").click()
        _wait(page, lambda: "CT CHEST" in page.get_by_test_id("hang-step").inner_text(), "the layout to be a rule")
        page.reload()
        _wait(page, lambda: page.get_by_test_id("stage-cell").count() == 2, "the reader's own layout")
        page.get_by_test_id("hang-step").click()
        page.get_by_test_id("hang-forget").click()
        _wait(page, lambda: page.get_by_test_id("stage-cell").count() == 1, "the county's layout")
        assert not observed.problems


def test_a_second_screen_follows(
    county: RunningCounty, studies: tuple[StageStudy, int], browser: ChromiumBrowser
) -> None:
    _, task = studies
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _open(page, county, task)
        with page.expect_popup() as opened:
            page.keyboard.press("u")
        screen = opened.value
        mirrored = screen.get_by_test_id("viewport").first
        mirrored.wait_for(timeout=_PATIENCE_MS)
        page.keyboard.press("End")
        _wait(page, lambda: mirrored.get_attribute("data-image-index") == str(SLICES - 1), "the screen to follow")
        with screen.expect_event("close", timeout=_PATIENCE_MS):
            page.locator("app-header").get_by_text("退出登录").click()
        assert not observed.problems


@pytest.mark.parametrize("webgl", [True, False])
def test_planes_are_cut_with_and_without_webgl(
    county: RunningCounty, studies: tuple[StageStudy, int], browser: ChromiumBrowser, *, webgl: bool
) -> None:
    _, task = studies
    column, row, layer = BALL
    with browser.open(county.url, width=1366, height=768, webgl=webgl) as observed:
        page = observed.page
        _open(page, county, task)
        drawn = page.get_by_test_id("viewport").first.get_attribute("data-rendering")
        assert drawn == ("gpu" if webgl else "cpu")
        page.keyboard.press("Shift+M")
        axial = page.locator('[data-testid="mpr-viewport"][data-plane="axial"][data-loaded="true"]')
        axial.wait_for(timeout=_PATIENCE_MS)
        page.keyboard.press("Home")
        for _ in range(layer):
            page.keyboard.press("ArrowDown")
        _click_value(axial, column, row)
        _wait(page, lambda: axial.get_attribute("data-crosshair") == f"{column},{row},{layer}", "the crosshair")
        for plane in ("axial", "coronal", "sagittal"):
            shown = page.locator(f'[data-testid="mpr-viewport"][data-plane="{plane}"]')
            _wait_for_ball(page, shown)
        _click_value(axial, column + 25, row)
        coronal = page.locator('[data-testid="mpr-viewport"][data-plane="sagittal"]')
        _wait(page, lambda: _grey_at_cross(coronal) < _DARK, "the ball to be out of the plane")
        _click_value(axial, column, row)
        for key, left, top in (("r", "P", "R"), ("h", "A", "R"), ("v", "A", "L"), ("0", "R", "A")):
            page.keyboard.press(key)
            sides = [axial.locator(f".edge.{side}") for side in ("left", "top")]
            _wait(page, lambda: [side.inner_text() for side in sides] == [left, top], f"the plane turned by {key}")  # noqa: B023
            _wait_for_ball(page, axial)
        for idle in ("tool-length", "tool-magnify", "measure-menu", "view-clear"):
            assert page.get_by_test_id(idle).is_disabled()
        assert page.get_by_test_id("key-image").count() == 0
        assert not observed.problems


def _open(page: Page, county: RunningCounty, task: int) -> None:
    page.get_by_test_id("login-username").fill("radiologist")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("task-row").first.wait_for(timeout=_PATIENCE_MS)
    page.goto(f"{county.url}/#/read/{task}?look")
    page.locator('[data-testid="viewport"][data-quality="full"]').first.wait_for(timeout=_PATIENCE_MS)
    # The protocol has been applied when it is named.
    page.get_by_test_id("hang-step").wait_for(timeout=_PATIENCE_MS)


def _wait(page: Page, condition: Callable[[], bool], what: str) -> None:
    def is_so() -> bool:
        page.wait_for_timeout(50)
        return condition()

    wait_until(is_so, 60, what)


def _wait_for_ball(page: Page, viewport: Locator) -> None:
    _wait(page, lambda: _grey_at_cross(viewport) > _BRIGHT, "the ball to be below the crosshair")


def _line_height(page: Page) -> float:
    return float(page.get_by_test_id("reference-line").locator("line").get_attribute("y1") or 0)


def _series(page: Page) -> list[str]:
    return [one.get_attribute("data-series-uid") or "" for one in page.get_by_test_id("stage-cell").all()]


def _click_value(viewport: Locator, column: int, row: int) -> None:
    """Click on the middle of a value of the axial plane, which is shown whole."""
    box = viewport.bounding_box()
    assert box is not None
    side = min(box["width"], box["height"])
    x, y = ((at + 0.5 - SIZE / 2) / SIZE * side for at in (column, row))
    viewport.click(position={"x": box["width"] / 2 + x, "y": box["height"] / 2 + y})


def _grey_at_cross(viewport: Locator) -> int:
    """The grey that is drawn where the lines would cross."""
    return int(
        viewport.evaluate(
            """viewport => {
              const canvas = viewport.querySelector('canvas');
              const path = viewport.querySelector('.cross path').getAttribute('d');
              const [, y] = /^M0 ([\\d.]+)/.exec(path), [, x] = /9999M([\\d.]+) 0V/.exec(path);
              return canvas.getContext('2d').getImageData(Number(x), Number(y), 1, 1).data[0];
            }"""
        )
    )
