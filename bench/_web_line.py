"""The first picture over a slow line, and all slices over a fair one; ours and OHIF's."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Page

from bench._browser import Traffic, kept_log_in, picture, profile, reader
from bench._line_use import carried, print_shares
from bench._served import Images, fill_county, radiograph
from bench._web import FAIR, SLOW, Bench, look_at, port_of, task_of
from tests.services.shaping import BadLine, Shape

_DRAWN = "() => window.__drawn.length > 0"
_OHIF_SECONDS = 240


def slow_radiograph(bench: Bench, folder: Path) -> None:
    """First picture and every bit of 2500 x 2000 pixels, from an open worklist and with nothing in the cache."""
    dr = radiograph(folder / "dr")
    fill_county(bench.county, bench.ours, dr)
    task = task_of(bench, dr)
    print(
        "\n| radiograph over 10 Mbit/s, 200 ms | viewer | first picture s | full quality s | MB |\n|---|---|---|---|---|"
    )
    with _line(bench, SLOW) as line, reader(bench.browser, _url(line)) as (page, traffic):
        before, started = line.bytes_down, time.monotonic()
        look_at(page, task)
        _print_radiograph(page, "from an open worklist", line, before, started)
        bench.log(traffic, started)
    known = kept_log_in(bench.browser, bench.ours.url)
    with _line(bench, SLOW) as line, profile(bench.browser, known) as (page, traffic):
        started = time.monotonic()
        page.goto(f"{_url(line)}/#/read/{task}?look", wait_until="commit")
        _print_radiograph(page, "nothing in the cache", line, 0, started)
        bench.log(traffic, started)
    if bench.is_alone:
        return
    with _ohif_over(bench, SLOW) as (url, lines), profile(bench.browser) as (page, traffic):
        started = _open_in_ohif(page, url, dr)
        took = time.monotonic() - started
        size = sum(line.bytes_down for line in lines) / 1e6
        print(f"| nothing in the cache | OHIF | {took:.2f} | {took:.2f} | {size:.1f} |", flush=True)
        bench.log(traffic, started)


def _print_radiograph(page: Page, name: str, line: BadLine, before: int, started: float) -> None:
    """Seconds until there is a picture, and until every bit of it is there."""
    picture(page, "partial")
    first = time.monotonic() - started
    picture(page, "full")
    took, size = time.monotonic() - started, (line.bytes_down - before) / 1e6
    print(f"| {name} | County Reading | {first:.2f} | {took:.2f} | {size:.1f} |", flush=True)


def slow_ct(bench: Bench, ct: Images) -> None:
    """How soon it can be scrolled, and what of the line is used until all slices are there."""
    print(f"\n| CT of {len(ct.files)} slices over 50 Mbit/s, 100 ms | viewer | first s | all s | MB | of the line |")
    print("|---|---|---|---|---|---|")
    task = task_of(bench, ct)
    with _line(bench, FAIR) as line, reader(bench.browser, _url(line)) as (page, traffic):
        before, started = line.bytes_down, time.monotonic()
        with carried(line) as tenths:
            look_at(page, task)
            picture(page, "full")
            first = time.monotonic() - started
            page.wait_for_function(f"() => window.__cached >= {len(ct.files)}")
        print(
            f"| from an open worklist | County Reading | {_use(first, started, line.bytes_down - before)} |", flush=True
        )
        bench.log(traffic, started)
        if bench.is_logging:
            print_shares(tenths, FAIR)
    if bench.is_alone:
        return
    with _ohif_over(bench, FAIR) as (url, lines), profile(bench.browser) as (page, traffic):
        started = _open_in_ohif(page, url, ct)
        first = time.monotonic() - started
        wait_for_frames(page, traffic, started, len(ct.files))
        size = sum(line.bytes_down for line in lines)
        print(f"| nothing in the cache | OHIF | {_use(first, started, size)} |", flush=True)
        bench.log(traffic, started)


def _use(first: float, started: float, size: int) -> str:
    took = time.monotonic() - started
    return f"{first:.2f} | {took:.1f} | {size / 1e6:.0f} | {size / took / FAIR.rate:.0%}"


def wait_for_frames(page: Page, traffic: Traffic, since: float, count: int) -> None:
    """Until so many frames are here, or no more are asked for."""
    while traffic.frames(since) < count and not traffic.is_quiet() and time.monotonic() - since < _OHIF_SECONDS:
        page.wait_for_timeout(50)


def _open_in_ohif(page: Page, url: str, images: Images) -> float:
    started = time.monotonic()
    page.goto(f"{url}/viewer?StudyInstanceUIDs={images.study}", wait_until="commit")
    page.wait_for_function(_DRAWN)
    return started


def _compress_all(bench: Bench) -> None:
    """OHIF's server compresses each of its files once; the clock is for the line."""
    with httpx.Client(base_url=bench.viewer.url, timeout=60) as client:
        for path in bench.viewer.scripts():
            client.get(path).raise_for_status()


@contextmanager
def _line(bench: Bench, shape: Shape) -> Iterator[BadLine]:
    with BadLine(port_of(bench.ours.url), shape) as line:
        yield line


def _url(line: BadLine) -> str:
    return f"http://127.0.0.1:{line.port}"


@contextmanager
def _ohif_over(bench: Bench, shape: Shape) -> Iterator[tuple[str, tuple[BadLine, BadLine]]]:
    """OHIF's address when its application and the server's answers both come over such a line; the lines."""
    application = bench.application[shape]
    with _line(bench, shape) as data:
        bench.viewer.point_at(_url(data), bench.ours.headers["Authorization"].removeprefix("Bearer "))
        _compress_all(bench)
        application.bytes_down = 0
        yield _url(application), (application, data)
