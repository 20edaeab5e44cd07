"""The workstation in Chromium over shaped lines, beside OHIF's published viewer on the same server and the same line.

    .venv/bin/python -m bench.web [--parts radiograph,ct,smooth,next] [--slices 300] [--cases 100]

`radiograph`: 2500 x 2000 pixels over 10 Mbit/s and 200 ms there and back. `ct`: so many slices of 0.5 MB over 50 Mbit/s and
100 ms. `smooth`: frames drawn a second while the wheel scrolls and while the window is dragged, with and without WebGL, at
full speed and with the processor slowed four times. `next`: from "submit and next" to the first image of the next case, and what the page holds after so many cases.
"""

import argparse
import contextlib
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pydicom
from playwright.sync_api import Browser, BrowserContext, FloatRect, Page, sync_playwright

from bench._served import Images, Server, county_in, fill_county, images_of, radiograph, served_county
from bench.objects import write_objects
from tests.services.browser import FLAGS
from tests.services.ohif import OhifViewer
from tests.services.process import find_program
from tests.services.shaping import BadLine, Shape
from tests.system.county import PASSWORD, RunningCounty

SLOW = Shape(rate=10e6 / 8, latency=0.1)
"""10 Mbit/s, and 200 ms there and back."""

FAIR = Shape(rate=50e6 / 8, latency=0.05)
"""50 Mbit/s, and 100 ms there and back."""

NO_WEBGL = ("--disable-webgl", "--disable-webgl2", "--disable-3d-apis")
SIZE = {"width": 1366, "height": 768}
PARTS = ("radiograph", "ct", "smooth", "next")
_PATIENCE_MS = 120_000
_SECONDS_OF_WHEEL = 4.0

_COUNT_DRAWN = """(() => {
  const dispatch = EventTarget.prototype.dispatchEvent;
  window.__drawn = []; window.__loaded = [];
  EventTarget.prototype.dispatchEvent = function (event) {
    if (event.type === 'CORNERSTONE_IMAGE_RENDERED') window.__drawn.push(performance.now());
    if (event.type === 'CORNERSTONE_IMAGE_LOADED') window.__loaded.push(performance.now());
    return dispatch.call(this, event);
  };
})()"""
"""Both viewers draw with Cornerstone3D, which tells of every picture that it has drawn and of every image that it has."""

_OHIF_DRAWN = """() => window.__drawn.length > 0"""


@dataclass
class Bench:
    """What all parts need."""

    browser: Browser
    county: RunningCounty
    ours: Server
    viewer: OhifViewer
    application: Mapping[Shape, BadLine]
    """Over which OHIF's own files come, by how bad the line is."""


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = find_program("chromium", "chromium")
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=[*FLAGS, *flags])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def reader(browser: Browser, url: str, username: str = "radiologist") -> Iterator[Page]:
    """A page of somebody who has logged in and sees the worklist, in a profile of its own."""
    with _profile(browser) as profile:
        page = _opened(profile)
        page.goto(url)
        page.get_by_test_id("login-username").fill(username)
        page.get_by_test_id("login-password").fill(PASSWORD)
        page.get_by_test_id("login-submit").click()
        page.get_by_test_id("next-case").wait_for()
        page.wait_for_load_state("networkidle")
        yield page


@contextmanager
def _profile(browser: Browser) -> Iterator[BrowserContext]:
    profile = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    profile.add_init_script(_COUNT_DRAWN)
    try:
        yield profile
    finally:
        profile.close()


def _opened(profile: BrowserContext) -> Page:
    page = profile.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    return page


def task_of(bench: Bench, images: Images) -> int:
    """The reading task of the study."""
    tasks = bench.county.log_in("manager").tasks()
    return next(int(task["id"]) for task in tasks if task["study_instance_uid"] == images.study)


def picture(page: Page, quality: str) -> None:
    """Wait until the (first) viewport shows the image so well."""
    wanted = ":is([data-quality=partial], [data-quality=full])" if quality == "partial" else "[data-quality=full]"
    page.locator(f'[data-testid="viewport"]{wanted}').first.wait_for()


def slow_radiograph(bench: Bench, folder: Path) -> None:
    dr = radiograph(folder / "dr")
    fill_county(bench.county, bench.ours, dr)
    task = task_of(bench, dr)
    print("\n| radiograph over 10 Mbit/s, 200 ms | viewer | first picture s | full quality s |\n|---|---|---|---|")
    with BadLine(_port(bench.ours.url), SLOW) as line, reader(bench.browser, f"http://127.0.0.1:{line.port}") as page:
        started = time.monotonic()
        page.evaluate(f"location.hash = '#/read/{task}?look'")
        print(f"| from an open worklist | County Reading | {_twice(page, started)} |", flush=True)
    with BadLine(_port(bench.ours.url), SLOW) as line:
        url = f"http://127.0.0.1:{line.port}"
        with reader(bench.browser, bench.ours.url) as there:
            kept = there.evaluate("JSON.stringify({...sessionStorage})")
        with _profile(bench.browser) as profile:
            profile.add_init_script(
                f"for (const [key, value] of Object.entries({kept})) sessionStorage.setItem(key, value)"
            )
            page = _opened(profile)
            started = time.monotonic()
            page.goto(f"{url}/#/read/{task}?look", wait_until="commit")
            print(f"| nothing in the cache | County Reading | {_twice(page, started)} |", flush=True)
    with _ohif_over(bench, SLOW) as url, _profile(bench.browser) as profile:
        page = _opened(profile)
        started = time.monotonic()
        page.goto(f"{url}/viewer?StudyInstanceUIDs={dr.study}", wait_until="commit")
        page.wait_for_function(_OHIF_DRAWN)
        took = time.monotonic() - started
        print(f"| nothing in the cache | OHIF | {took:.2f} | {took:.2f} |", flush=True)


def _twice(page: Page, started: float) -> str:
    """Seconds until there is a picture, and until every bit of it is there."""
    picture(page, "partial")
    first = time.monotonic() - started
    picture(page, "full")
    return f"{first:.2f} | {time.monotonic() - started:.2f}"


@contextmanager
def _ohif_over(bench: Bench, shape: Shape) -> Iterator[str]:
    """OHIF's address when its application and the server's answers both come over such a line."""
    with BadLine(_port(bench.ours.url), shape) as data:
        token = bench.ours.headers["Authorization"].removeprefix("Bearer ")
        bench.viewer.point_at(f"http://127.0.0.1:{data.port}", token)
        yield f"http://127.0.0.1:{bench.application[shape].port}"


def slow_ct(bench: Bench, ct: Images) -> None:
    """How soon it can be scrolled, and what of the line is used until all slices are there."""
    print(
        f"\n| CT of {len(ct.files)} slices over 50 Mbit/s, 100 ms | viewer | first slice s | all slices s | MB | of the line |"
    )
    print("|---|---|---|---|---|---|")
    task = task_of(bench, ct)
    with BadLine(_port(bench.ours.url), FAIR) as line, reader(bench.browser, f"http://127.0.0.1:{line.port}") as page:
        before = line.bytes_down
        started = time.monotonic()
        page.evaluate(f"location.hash = '#/read/{task}?look'")
        picture(page, "full")
        first = time.monotonic() - started
        print(
            f"| from an open worklist | County Reading | {_line_use(page, line, before, started, first, len(ct.files))} |",
            flush=True,
        )
    with _ohif_over(bench, FAIR) as url, _profile(bench.browser) as profile:
        page = _opened(profile)
        started = time.monotonic()
        page.goto(f"{url}/viewer?StudyInstanceUIDs={ct.study}", wait_until="commit")
        page.wait_for_function(_OHIF_DRAWN)
        print(f"| nothing in the cache | OHIF | {time.monotonic() - started:.2f} | | | |", flush=True)


def _line_use(page: Page, line: BadLine, before: int, started: float, first: float, slices: int) -> str:
    page.wait_for_function(f"() => window.__loaded.length >= {slices}")
    took, size = time.monotonic() - started, line.bytes_down - before
    return f"{first:.2f} | {took:.1f} | {size / 1e6:.0f} | {size / took / FAIR.rate:.0%}"


def smooth(bench: Bench, ct: Images) -> None:
    """The browser is started anew for each row: whether it has WebGL is decided there."""
    print("\n| drawn a second | WebGL | processor | scrolling | window dragged |\n|---|---|---|---|---|")
    task = task_of(bench, ct)
    for flags, name in (((), "yes"), (NO_WEBGL, "no")):
        for slowness in (1, 4):
            with chromium(*flags) as browser, reader(browser, bench.ours.url) as page:
                page.evaluate(f"location.hash = '#/read/{task}?look'")
                picture(page, "full")
                page.wait_for_function(f"() => window.__loaded.length >= {len(ct.files)}")
                page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowness})
                drawn = [_drawn(page, move) for move in (_wheel, _drag)]
                print(f"| County Reading | {name} | 1/{slowness} | {drawn[0]:.0f} | {drawn[1]:.0f} |", flush=True)


Move = Callable[[Page, FloatRect, int], None]


def _drawn(page: Page, move: Move) -> float:
    box = page.get_by_test_id("viewport").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.evaluate("window.__drawn.length = 0")
    started = time.monotonic()
    turn = 0
    while time.monotonic() - started < _SECONDS_OF_WHEEL:
        move(page, box, turn)
        turn += 1
    drawn: int = page.evaluate("window.__drawn.length")
    return drawn / (time.monotonic() - started)


def _wheel(page: Page, _box: FloatRect, turn: int) -> None:
    page.mouse.wheel(0, 100 if turn % 200 < 100 else -100)


def _drag(page: Page, box: FloatRect, turn: int) -> None:
    if turn == 0:
        page.mouse.down()
    page.mouse.move(box["x"] + 200 + turn * 3 % 300, box["y"] + 200 + turn * 2 % 200)


def next_case(bench: Bench, folder: Path, cases: int) -> None:
    """Report after report by the keys and buttons of the page; the clock is the page's own."""
    _fill_cases(bench, folder, cases)
    print(
        "\n| submit to the first image of the next case | cases | median ms | p95 ms | most ms |\n|---|---|---|---|---|"
    )
    with reader(bench.browser, bench.ours.url) as page:
        page.get_by_test_id("next-case").click()
        picture(page, "full")
        times = sorted(_one_case(page) for _ in range(cases - 1))
        cells = (times[len(times) // 2], times[int(len(times) * 0.95)], times[-1])
        print(f"| County Reading | {len(times)} | {' | '.join(f'{one:.0f}' for one in cells)} |", flush=True)
        _print_memory(page, cases)


def _one_case(page: Page) -> float:
    """Milliseconds from the click to the first image of the next case."""
    before = page.url
    page.get_by_test_id("report-findings").fill("未见明显异常。")
    page.get_by_test_id("report-impression").fill("未见明显异常。")
    page.get_by_test_id("report-negative").click()
    page.evaluate("window.__drawn.length = 0")
    started: float = page.evaluate("performance.now()")
    page.get_by_test_id("report-submit-next").click()
    page.wait_for_url(lambda url: url != before and re.search(r"#/read/\d+", url) is not None)
    picture(page, "full")
    drawn: float = page.evaluate("window.__drawn[0]")
    return drawn - started


def _fill_cases(bench: Bench, folder: Path, cases: int) -> None:
    """So many studies of a few slices, of as many patients."""
    for number in range(cases):
        _, files = write_objects(folder / f"case{number}", "CT 0.5 MB", 3, 1)
        for path in files:
            dataset = pydicom.dcmread(path)
            dataset.PatientID, dataset.PatientName = f"B{number}", f"Case^{number}"
            dataset.save_as(path)
        fill_county(bench.county, bench.ours, images_of(files))


def _print_memory(page: Page, cases: int) -> None:
    page.context.new_cdp_session(page).send("HeapProfiler.collectGarbage")
    heap: int = page.evaluate("performance.memory.usedJSHeapSize")
    print(f"\n| memory after {cases} cases | heap MB | process MB | most it had MB |\n|---|---|---|---|")
    now, most = _largest_page()
    print(f"| County Reading | {heap / 1e6:.0f} | {now:.0f} | {most:.0f} |", flush=True)


def _largest_page() -> tuple[float, float]:
    """What the largest of Chromium's page processes has in memory, and has had at most; MB."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if b"--type=renderer" in (process / "cmdline").read_bytes():
                status = (process / "status").read_text()
                found.append((_kilobytes(status, "VmRSS") / 1000, _kilobytes(status, "VmHWM") / 1000))
    return max(found)


def _kilobytes(status: str, name: str) -> int:
    told = re.search(rf"^{name}:\s+(\d+)", status, re.MULTILINE)
    return int(told[1]) if told else 0


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])


def main() -> None:
    """Run the parts that are named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--slices", type=int, default=300)
    parser.add_argument("--cases", type=int, default=100)
    wanted = parser.parse_args()
    run(wanted.parts.split(","), wanted.slices, wanted.cases)


def run(parts: Sequence[str], slices: int, cases: int) -> None:
    """Everything is started once."""
    with contextlib.ExitStack() as started:
        folder = Path(started.enter_context(tempfile.TemporaryDirectory(prefix="countyread-bench-")))
        (folder / "ohif").mkdir()
        viewer = started.enter_context(OhifViewer(folder / "ohif"))
        lines = {shape: started.enter_context(BadLine(_port(viewer.url), shape)) for shape in (SLOW, FAIR)}
        origins = ",".join(f"http://127.0.0.1:{line.port}" for line in lines.values())
        county = started.enter_context(county_in(folder, COUNTYREAD_DICOMWEB_ORIGINS=origins))
        browser = started.enter_context(chromium())
        bench = Bench(browser, county, served_county(county), viewer, lines)
        if "radiograph" in parts:
            slow_radiograph(bench, folder)
        if {"ct", "smooth"} & {*parts}:
            _with_ct(bench, parts, folder, slices)
        if "next" in parts:
            next_case(bench, folder, cases)


def _with_ct(bench: Bench, parts: Sequence[str], folder: Path, slices: int) -> None:
    _, files = write_objects(folder / "ct", "CT 0.5 MB", slices, 1)
    ct = images_of(files)
    fill_county(bench.county, bench.ours, ct)
    for part, measure in (("ct", slow_ct), ("smooth", smooth)):
        if part in parts:
            measure(bench, ct)


if __name__ == "__main__":
    main()
