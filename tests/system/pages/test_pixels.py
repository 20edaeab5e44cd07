"""What the screen shows, pixel by pixel: against the formulas of the standard, and against DCMTK."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Route

from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser
from tests.services.waiting import wait_until
from tests.system.county import ForkedCounty, RunningCounty, embedded_county
from tests.system.pages.pixel_cases import (
    PixelStudy,
    colour_cases,
    grey_cases,
    pixel_study,
    stored_cases,
)
from tests.system.pages.plane_cases import odd_cases, plane_cases
from tests.system.pages.shown_pixels import difference, open_first, show, shown, steps

_PATIENCE_MS = 60_000
_DCMTK_TOLERANCE = 2
"""DCMTK rounds down where a screen rounds, and works with whole numbers between the steps."""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkedCounty]:
    """One for all: nothing is read here that another test would miss."""
    with embedded_county(tmp_path_factory.mktemp("pixels")) as running:
        yield running


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> PixelStudy:
    cases = (*grey_cases(), *colour_cases(), *stored_cases(), *odd_cases(), *plane_cases())
    return pixel_study(tmp_path_factory.mktemp("images") / "study", cases)


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
        open_first(page, county.url, task)
        drawn = page.get_by_test_id("viewport").first.get_attribute("data-rendering")
        assert drawn == ("gpu" if webgl else "cpu")
        wrong = [told for case in study.cases if (told := difference(case, shown(show(page, case), case)))]
        assert not wrong, "\n".join(wrong)
        assert not observed.problems


@pytest.mark.parametrize("webgl", [True, False])
def test_turned_images_take_along_what_lies_over_them(
    county: RunningCounty, study: PixelStudy, task: int, browser: ChromiumBrowser, *, webgl: bool
) -> None:
    case = next(case for case in study.cases if case.name == "overlays")
    with browser.open(county.url, width=1366, height=768, webgl=webgl) as observed:
        page = observed.page
        open_first(page, county.url, task)
        viewport = show(page, case)
        seen = [steps(viewport)]
        for key in ("v", "r", "h"):
            page.keyboard.press(key)
            wait_until(lambda: steps(viewport) != seen[-1] or page.wait_for_timeout(20) is not None, 60, f"key {key}")
            seen.append(steps(viewport))
            assert (told := difference(case, shown(viewport, case))) is None, f"after {key}: {told}"
        assert len(set(seen)) == len(seen)
        other = next(case for case in study.cases if case.name == "overlay on RGB")
        assert steps(show(page, other)) == (1, 0, 0, 1)
        assert not observed.problems


def test_overlays_are_named_and_stay_hidden_once_they_are(
    county: RunningCounty, study: PixelStudy, task: int, browser: ChromiumBrowser
) -> None:
    case = next(case for case in study.cases if case.name == "overlay of a device")
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        open_first(page, county.url, task)
        viewport = show(page, case)
        names = viewport.get_by_test_id("overlay-names")
        assert names.inner_text() == "叠加层：Siemens MedCom Object Graphics"
        with page.expect_response("**/preferences"):
            page.keyboard.press("Shift+O")
        viewport.locator('planes-layer[data-drawn=""]').wait_for(state="attached", timeout=_PATIENCE_MS)
        assert names.inner_text() == "叠加层已隐藏：Siemens MedCom Object Graphics"
        page.reload()
        page.locator('[data-testid="viewport"][data-quality="full"]').first.wait_for(timeout=_PATIENCE_MS)
        page.get_by_test_id("hang-step").wait_for(timeout=_PATIENCE_MS)
        page.keyboard.press("Shift+Digit1")
        viewport = show(page, replace(case, planes=""))
        button = page.get_by_test_id("stage-overlays")
        assert button.get_attribute("aria-pressed") == "false"
        with page.expect_response("**/preferences"):
            button.click()
        viewport.locator('planes-layer[data-drawn="6000"]').wait_for(state="attached", timeout=_PATIENCE_MS)
        assert page.get_by_test_id("stage-shutter").count() == 0
        assert not observed.problems


def test_nothing_of_another_series_is_seen_while_one_comes(
    county: RunningCounty, study: PixelStudy, task: int, browser: ChromiumBrowser
) -> None:
    first, second = (next(case for case in study.cases if case.name == name) for name in ("8 bit", "overlays"))
    held: list[Route] = []
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        open_first(page, county.url, task)
        show(page, first)
        page.route(f"**/series/{second.series}/metadata", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it calls
        page.locator(f'[data-testid="series-thumb"][data-series-uid="{second.series}"]').click()
        viewport = page.locator(
            f'[data-testid="stage-cell"][data-series-uid="{second.series}"] [data-testid="viewport"]'
        )
        wait_until(lambda: held or page.wait_for_timeout(20), 60, "the series to be asked for")
        page.set_viewport_size({"width": 1300, "height": 700})  # the engine draws what it has once more
        viewport.evaluate("async () => { for (let n = 0; n < 5; n++) await new Promise(requestAnimationFrame); }")
        assert viewport.get_attribute("data-quality") != "full"
        assert viewport.locator(".canvas").evaluate("one => getComputedStyle(one).visibility") == "hidden"
        held[0].continue_()
        assert difference(second, shown(show(page, second), second)) is None
        assert not observed.problems


def test_dcmtk_agrees_with_the_formulas(study: PixelStudy, tmp_path: Path) -> None:
    """A second renderer, of other people: it finds what the formulas here have misread."""
    wrong = []
    for case in study.cases:
        if case.dcmtk is not None:
            target = tmp_path / "drawn.pnm"
            done = dcmtk.run("dcmj2pnm", "+F", str(case.frame), *case.dcmtk, study.files[case.name], target)
            assert done.ok, f"{case.name}: {done.output}"
            drawn = np.asarray(Image.open(target).convert("RGB"))
            wrong.append(difference(replace(case, tolerance=max(case.tolerance, _DCMTK_TOLERANCE)), drawn))
    assert not any(wrong), "\n".join(filter(None, wrong))
