"""A reader looks at a CT in several cells: beside the year before, cut in other planes, on a second screen, without WebGL."""

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

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
        _turns_are_followed(page, screen)
        with screen.expect_event("close", timeout=_PATIENCE_MS):
            page.locator("app-header").get_by_text("退出登录").click()
        assert not observed.problems


def _turns_are_followed(page: Page, screen: Page) -> None:
    """Of the image as it was taken, and of a plane cut out of the stack."""
    page.bring_to_front()
    for viewport, keys in (("viewport", "rhrvi"), ("mpr-viewport", "rhi")):
        here, there = [
            where.locator(f'[data-testid="{viewport}"][data-loaded="true"]').first for where in (page, screen)
        ]
        for key in keys:
            before = _turn(here)
            page.keyboard.press(key)
            _wait(page, lambda: (_turn(here) != before) is (key != "i"), f"{key} to be done")  # noqa: B023
            _wait(page, lambda: _turn(there) == _turn(here), f"the screen to follow {key}")  # noqa: B023
        _wait(page, lambda: abs(_grey_in_the_middle(there) - _grey_in_the_middle(here)) < _DARK, "it to be inverted")  # noqa: B023
        page.keyboard.press("Shift+M")


def _turn(viewport: Locator) -> list[str]:
    return [viewport.locator(f".edge.{side}").inner_text() for side in ("left", "top")]


def _grey_in_the_middle(viewport: Locator) -> int:
    image = Image.open(io.BytesIO(viewport.screenshot())).convert("L")
    return int(image.getpixel((image.width // 2 + 9, image.height // 2 + 9)))


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


def test_a_rule_that_a_reader_makes_hangs_the_next_study(
    county: RunningCounty, studies: tuple[StageStudy, int], browser: ChromiumBrowser
) -> None:
    study, task = studies
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page, "auditor")
        _visit(page, f"hanging/{study.uid}")
        expect(page.get_by_test_id("try-by")).to_contain_text("胸部 CT", timeout=_PATIENCE_MS)
        _make_rule(page)
        # A group of one is refused at its field.
        page.get_by_test_id("rules-save").click()
        expect(page.get_by_test_id("fault-group")).to_be_visible(timeout=_PATIENCE_MS)
        page.get_by_test_id("cell-0").click()
        page.get_by_test_id("field-group").select_option("A")
        expect(page.get_by_test_id("try-by")).to_contain_text("侧位在前")
        assert _reasons(page) == [("modality", "true"), ("body_part", "true"), ("prior", "true")]
        _order_rules(page)
        page.get_by_test_id("rules-save").click()
        expect(page.get_by_test_id("unsaved")).to_have_count(0, timeout=_PATIENCE_MS)
        _visit(page, f"read/{task}?look")
        expect(page.get_by_test_id("hang-step")).to_contain_text("侧位在前", timeout=_PATIENCE_MS)
        _wait(page, lambda: _series(page)[0] == study.series[1], "the lateral view to stand first")
        assert page.locator('[data-cell="1"]').get_attribute("data-prior") == "true"
        _switch_rules(page)
        _visit(page, "hanging")
        page.get_by_test_id("rules-default").click()
        page.get_by_test_id("confirm-ok").click()
        expect(page.locator('[data-testid="rule"][data-owner="own"]')).to_have_count(0, timeout=_PATIENCE_MS)
        assert not [problem for problem in observed.problems if "422" not in problem]


def _make_rule(page: Page) -> None:
    """The lateral view, and the axial images of the year before beside it."""
    page.get_by_test_id("rule-new").click()
    for field, text in {"zh": "侧位在前", "when.modalities": "ct", "when.body_parts": "CHEST"}.items():
        page.get_by_test_id(f"field-{field}").fill(text)
        page.get_by_test_id(f"field-{field}").blur()
    page.get_by_test_id("field-when.prior").select_option("true")
    page.get_by_test_id("layout-1x2").click()
    page.get_by_test_id("field-orientation").select_option("sagittal")
    page.get_by_test_id("cell-1").click()
    page.get_by_test_id("field-source").select_option("1")
    page.get_by_test_id("field-group").select_option("A")
    expect(page.get_by_test_id("hung-0")).to_contain_text("Lateral", timeout=_PATIENCE_MS)


def _order_rules(page: Page) -> None:
    """A copy is put behind by the keyboard, before by the mouse, and deleted."""
    own = page.locator('[data-testid="rule"][data-owner="own"]')
    page.get_by_test_id("rule-copy").click()
    expect(own.first).to_contain_text("侧位在前 副本")
    own.first.get_by_role("button").press("Alt+ArrowDown")
    expect(own.nth(1)).to_contain_text("侧位在前 副本")
    own.nth(1).drag_to(own.first)
    expect(own.first).to_contain_text("侧位在前 副本")
    page.get_by_test_id("rule-delete").click()
    expect(own).to_have_count(1)


def _switch_rules(page: Page) -> None:
    cells = page.get_by_test_id("stage-cell")
    page.keyboard.press("Shift+Digit1")
    expect(cells).to_have_count(1)
    page.keyboard.press("Shift+R")
    expect(cells).to_have_count(2, timeout=_PATIENCE_MS)
    page.keyboard.press("Shift+L")
    expect(page.get_by_test_id("hang-why")).to_contain_text("CHEST", timeout=_PATIENCE_MS)
    page.keyboard.press("2")
    expect(page.get_by_test_id("hang-step")).to_contain_text("胸部 CT", timeout=_PATIENCE_MS)
    expect(cells).to_have_count(1)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("重新挂片")
    page.keyboard.press("Escape")


def _reasons(page: Page) -> list[tuple[str | None, str | None]]:
    """What the rule asks, and whether the study has it."""
    lines = page.get_by_test_id("why").get_by_test_id("reason").all()
    return [(line.get_attribute("data-asked"), line.get_attribute("data-holds")) for line in lines]


def _log_in(page: Page, username: str) -> None:
    page.get_by_test_id("login-username").fill(username)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("task-row").first.wait_for(timeout=_PATIENCE_MS)


def _visit(page: Page, address: str) -> None:
    """Without loading the application again."""
    page.evaluate("address => { location.hash = address }", f"#/{address}")


def _open(page: Page, county: RunningCounty, task: int) -> None:
    _log_in(page, "radiologist")
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
