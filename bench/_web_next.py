"""Report after report: how soon the next case is there, and what the page holds after many."""

import contextlib
import re
from pathlib import Path

import pydicom
from playwright.sync_api import Page

from bench._browser import OverTimeError, Traffic, picture, reader
from bench._served import images_of, wait_until_made
from bench._web import Bench
from bench.objects import write_objects
from tests.services import dcmtk
from tests.services.waiting import wait_until

_AT_ONCE = 20
_FETCH_SECONDS = 20.0


def next_case(bench: Bench, folder: Path, cases: int, slices: int) -> None:
    """By the keys and buttons of the page; the clock is the page's own."""
    _fill_cases(bench, folder, cases, slices)
    print(
        f"\n| submit to the first image of the next case | cases of {slices} slices | median ms | p95 ms | most ms |"
        "\n|---|---|---|---|---|"
    )
    with reader(bench.browser, bench.ours.url) as (page, traffic):
        page.get_by_test_id("next-case").click()
        picture(page, "full")
        times = sorted(_one_case(page, traffic) for _ in range(cases - 1))
        cells = (times[len(times) // 2], times[int(len(times) * 0.95)], times[-1])
        print(f"| County Reading | {len(times)} | {' | '.join(f'{one:.0f}' for one in cells)} |", flush=True)
        _print_memory(page, cases)


def _one_case(page: Page, traffic: Traffic) -> float:
    """Milliseconds from the click to the first image of the next case; a reader looks long enough for it to be fetched."""
    before = page.evaluate("location.hash")
    page.get_by_test_id("report-findings").fill("未见明显异常。")
    page.get_by_test_id("report-impression").fill("未见明显异常。")
    page.get_by_test_id("report-positive-no").click()
    with contextlib.suppress(OverTimeError):  # a reader does not wait for ever either
        traffic.wait_until_quiet(page, _FETCH_SECONDS)
    page.evaluate("window.__states.length = 0; window.__left = 0")
    page.get_by_test_id("report-submit-next").evaluate(
        "(button) => { window.__left = performance.now(); button.click(); }"
    )
    shown = f"window.__states.find(([, hash]) => hash !== '{before}' && /read/.test(hash))"
    page.wait_for_function(f"() => {shown} !== undefined")
    took: float = page.evaluate(f"{shown}[0] - window.__left")
    picture(page, "full")
    return took


def _fill_cases(bench: Bench, folder: Path, cases: int, slices: int) -> None:
    """So many studies of as many patients, sent as a busy clinic does."""
    studies = []
    for number in range(cases):
        _, files = write_objects(folder / f"case{number}", "CT 0.5 MB", slices, number)
        for path in files:
            dataset = pydicom.dcmread(path)
            dataset.PatientID, dataset.PatientName = f"B{number}", f"Case^{number}"
            dataset.save_as(path)
        studies.append(images_of(files))
    for first in range(0, cases, _AT_ONCE):
        some = studies[first : first + _AT_ONCE]
        files = [path for images in some for path in images.files]
        port = bench.county.settings.dicom.port
        sent = dcmtk.send(port, files, calling="T01_CT", called=bench.county.settings.ae_title)
        if not sent.ok:
            raise SystemExit(sent.output[-2000:])
        for path in files:
            path.unlink()
    for images in studies:
        wait_until_made(bench.ours, images)
    manager = bench.county.log_in("manager")
    wait_until(lambda: len(manager.tasks(state="queued")) >= min(cases, 200), 60, "the cases to be ready")


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
                found.append((_megabytes(status, "VmRSS"), _megabytes(status, "VmHWM")))
    return max(found)


def _megabytes(status: str, name: str) -> float:
    """The kernel counts in units of 1024 bytes."""
    told = re.search(rf"^{name}:\s+(\d+)", status, re.MULTILINE)
    return int(told[1]) * 1024 / 1e6 if told else 0
