"""A case on its whole way in Debian's own Firefox: from the worklist over the reading page to the clinic's paper."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.services import dcmtk
from tests.services.firefox import FirefoxBrowser
from tests.services.waiting import wait_until
from tests.system.county import PASSWORD, ForkedCounty, RunningCounty, embedded_county
from tests.system.pages.pixel_cases import PixelStudy, colour_cases, grey_cases, pixel_study
from tests.system.pages.shown_pixels import difference, show, shown
from tests.system.pages.stage_studies import PIXEL_MM, ball_study
from tests.system.studies import ecg, study_uid

_PATIENCE_MS = 60_000
_SLICES = 8
_PIXELS = ("16 bit, rescaled", "function SIGMOID", "VOI LUT", "RGB")
_FULL = '[data-testid="viewport"][data-quality="full"]'
_INK = """canvas => {
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let ink = 0;
  for (let at = 0; at < data.length; at += 4) ink += data[at + 3] > 0 && data[at] < 90 && data[at + 1] < 110;
  return ink;
}"""
_SCROLLS = "one => one.scrollHeight > one.clientHeight || one.scrollWidth > one.clientWidth"


@dataclass(frozen=True)
class Words:
    """What people read and write in their language."""

    full: str
    window: str
    findings: str
    impression: str


_WORDS = {
    "zh": Words("完整画质", "窗宽 1500", "两肺纹理清晰，未见实变影。", "胸部未见异常。"),
    "en": Words("Full quality", "W 1500", "The lungs are clear.", "Normal chest."),
}


@dataclass(frozen=True)
class Cases:
    """The tasks of one language's run, and the radiographs' pixels as they ought to be."""

    ct: int
    ct_uid: str
    dr: int
    pixels: PixelStudy
    ecg: int


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkedCounty]:
    with embedded_county(tmp_path_factory.mktemp("firefox")) as running:
        yield running


@pytest.fixture(scope="module")
def cases(county: RunningCounty, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Cases]:
    folder = tmp_path_factory.mktemp("studies")
    radiographs = [one for one in (*grey_cases(), *colour_cases()) if one.name in _PIXELS]
    for one in radiographs:
        one.dataset.Modality = "DX"
    pixels = pixel_study(folder / "dr", radiographs)
    cts = {name: ball_study(folder / name, slices=_SLICES, patient=f"FOX-{name}") for name in _WORDS}
    _send(county, "T01_DR", list(pixels.files.values()))
    _send(county, "T01_ECG", [ecg()])
    for ct in cts.values():
        _send(county, "T01_CT", list(ct.files))
    reader = county.log_in("radiologist")
    wanted = {pixels.uid: len(pixels.files), study_uid(ecg()): 1, **{ct.uid: _SLICES + 1 for ct in cts.values()}}

    def whole() -> dict[str, int]:
        return {
            uid: one["id"] for one in reader.tasks() if wanted.get(uid := one["study_instance_uid"]) == one["instances"]
        }

    wait_until(lambda: len(whole()) == len(wanted), 120, "all of them in the queue")
    tasks = whole()
    return {
        name: Cases(tasks[ct.uid], ct.uid, tasks[pixels.uid], pixels, tasks[study_uid(ecg())])
        for name, ct in cts.items()
    }


def _send(county: RunningCounty, calling: str, files: list[Path]) -> None:
    sent = dcmtk.send(county.settings.dicom.port, files, calling=calling, called=county.settings.ae_title)
    assert sent.ok, sent.output


@pytest.mark.parametrize("language, webgl", [("zh", True), ("en", False)], ids=["zh-gpu", "en-cpu"])
def test_a_case_goes_its_way(
    county: RunningCounty, cases: dict[str, Cases], firefox: FirefoxBrowser, language: str, *, webgl: bool
) -> None:
    case, words = cases[language], _WORDS[language]
    with _logged_in(county, firefox, "radiologist", language, webgl=webgl) as page:
        _open_by_keyboard(page, case.ct)
        drawn = page.get_by_test_id("viewport").first.get_attribute("data-rendering")
        assert drawn == ("gpu" if webgl else "cpu")
        _look_through(page, words)
        _measure(county, page, case.ct_uid)
        _write(page, words)
        _preview(page, words)
        page.keyboard.press("Control+Shift+Enter")
        wait_until(lambda: _task(county, case.ct)["state"] == "drafted", 60, "the report to be submitted")
        _compare_pixels(page, case)
        _look_at_the_ecg(page, case)
    with _logged_in(county, firefox, "auditor", language, webgl=webgl) as page:
        _open_by_keyboard(page, case.ct)
        page.get_by_test_id("report-sign").wait_for(timeout=_PATIENCE_MS)
        page.keyboard.press("Control+Shift+Enter")
        page.get_by_test_id("confirm-ok").wait_for(timeout=_PATIENCE_MS)
        page.keyboard.press("Control+Enter")
        wait_until(lambda: _task(county, case.ct)["state"] == "signed", 60, "the report to be signed")
    with _logged_in(county, firefox, "clinic01", language) as page:
        result = page.locator(f'[data-testid="unread-result"][data-study-uid="{case.ct_uid}"]')
        result.locator("a.name").click()
        page.get_by_test_id("report-text").get_by_text(words.impression).wait_for(timeout=_PATIENCE_MS)
        page.get_by_test_id("report-receipt").click()
        page.get_by_test_id("report-received").wait_for(timeout=_PATIENCE_MS)


@pytest.mark.parametrize("language", _WORDS)
def test_a_page_has_one_scrollbar(
    county: RunningCounty, cases: dict[str, Cases], firefox: FirefoxBrowser, language: str
) -> None:
    """Where scrollbars take room: what is below the header scrolls, the window does not."""
    with _logged_in(county, firefox, "manager", language) as page:
        for name in ("board", "order", "rules/service_times"):
            page.evaluate("address => { location.hash = address }", f"#/{name}")
            page.locator(f"{name.partition('/')[0]}-page").wait_for(timeout=_PATIENCE_MS)
            _wait(page, lambda: page.locator("#main").evaluate(_SCROLLS), f"{name} to be longer than the window")
            assert not page.evaluate(f"({_SCROLLS})(document.documentElement)"), name


@contextmanager
def _logged_in(
    county: RunningCounty, firefox: FirefoxBrowser, username: str, language: str, *, webgl: bool = True
) -> Iterator[Page]:
    """Somebody's page; at its end nothing has gone wrong in it."""
    with firefox.open(county.url, width=1366, height=768, webgl=webgl) as observed:
        page = observed.page
        page.evaluate("name => localStorage.setItem('countyread.language', name)", language)
        page.reload()
        page.get_by_test_id("login-username").fill(username)
        page.get_by_test_id("login-password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.locator("app-header").wait_for(timeout=_PATIENCE_MS)
        yield page
        assert not observed.problems


def _task(county: RunningCounty, task: int) -> dict[str, Any]:
    found: dict[str, Any] = county.log_in("manager").get(f"/api/v1/tasks/{task}")
    return found


def _open_by_keyboard(page: Page, task: int) -> None:
    row = page.locator(f'[data-testid="task-row"][data-task-id="{task}"]')
    row.wait_for(timeout=_PATIENCE_MS)
    row.focus()
    page.keyboard.press("Enter")
    page.locator(_FULL).first.wait_for(timeout=_PATIENCE_MS)


def _look_through(page: Page, words: Words) -> None:
    """The badge, the wheel, the keys, a window by key and one by dragging."""
    page.get_by_test_id("hang-step").wait_for(timeout=_PATIENCE_MS)
    page.keyboard.press("Shift+Digit1")
    viewport = page.get_by_test_id("viewport")
    _wait(page, lambda: viewport.count() == 1, "one image")
    assert words.full in page.get_by_test_id("image-quality").inner_text()
    viewport.hover()
    page.mouse.wheel(0, 120)
    _wait(page, lambda: _shown_index(viewport) > 0, "the wheel to go on")
    page.keyboard.press("End")
    _wait(page, lambda: _shown_index(viewport) == _SLICES - 1, "the last image")
    page.keyboard.press("Digit2")
    viewport.get_by_text(words.window).wait_for()
    _drag(page, viewport, (0.5, 0.5), (0.6, 0.5))
    viewport.get_by_text(words.window).wait_for(state="detached")


def _measure(county: RunningCounty, page: Page, uid: str) -> None:
    """A fifth of the viewport's width, in millimetres."""
    viewport = page.get_by_test_id("viewport")
    page.keyboard.press("l")
    drawn = _drag(page, viewport, (0.4, 0.4), (0.6, 0.4))
    reader = county.log_in("radiologist")
    (kept,) = wait_until(lambda: reader.get(f"/api/v1/studies/{uid}/measurements")["items"], 60, "the length")
    scale = page.locator("measuring-layer").evaluate("one => Math.abs(one.placement.column[0])")
    assert kept["figures"][0]["value"] == pytest.approx(drawn / scale * PIXEL_MM, rel=0.03)
    page.get_by_test_id("measurement").filter(has_text="mm").wait_for()


def _write(page: Page, words: Words) -> None:
    page.keyboard.press("Alt+r")
    page.keyboard.type(words.findings)
    page.keyboard.press("Tab")
    page.keyboard.type(words.impression)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert words.findings in page.get_by_test_id("report-findings").input_value()
    assert page.get_by_test_id("report-impression").input_value() == words.impression


def _preview(page: Page, words: Words) -> None:
    """The paper, in Firefox's own viewer of PDF files."""
    page.keyboard.press("Alt+v")
    paper = page.frame_locator('[data-testid="paper"]')
    paper.locator(".textLayer").get_by_text(words.impression).wait_for(timeout=_PATIENCE_MS)
    page.get_by_test_id("paper-close").click()
    page.get_by_test_id("paper").wait_for(state="detached")


def _compare_pixels(page: Page, case: Cases) -> None:
    page.evaluate("address => { location.hash = address }", f"#/read/{case.dr}?look")
    page.locator(f'[data-testid="stage-cell"][data-series-uid="{case.pixels.cases[0].series}"]').wait_for()
    page.locator(_FULL).first.wait_for(timeout=_PATIENCE_MS)
    page.get_by_test_id("hang-step").wait_for(timeout=_PATIENCE_MS)
    page.keyboard.press("Shift+Digit1")
    wrong = [told for one in case.pixels.cases if (told := difference(one, shown(show(page, one), one)))]
    assert not wrong, "\n".join(wrong)


def _look_at_the_ecg(page: Page, case: Cases) -> None:
    page.evaluate("address => { location.hash = address }", f"#/read/{case.ecg}?look")
    trace = page.get_by_test_id("ecg-trace")
    trace.wait_for(timeout=_PATIENCE_MS)
    _wait(page, lambda: trace.evaluate(_INK) > 2000, "the curve")
    page.get_by_test_id("ecg-values").get_by_text("161").wait_for(timeout=_PATIENCE_MS)


def _shown_index(viewport: Locator) -> int:
    return int(viewport.get_attribute("data-image-index") or 0)


def _drag(page: Page, on: Locator, start: tuple[float, float], end: tuple[float, float]) -> float:
    """From one place to another, in parts of the element's size; returns the way in pixels."""
    box = on.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=4)
    page.mouse.up()
    return places[1][0] - places[0][0]


def _wait(page: Page, condition: Callable[[], bool], what: str) -> None:
    def is_so() -> bool:
        page.wait_for_timeout(50)
        return condition()

    wait_until(is_so, 60, what)
