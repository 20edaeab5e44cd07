"""The workstation in Chromium over shaped lines, beside OHIF's published viewer on the same server and the same line.

    .venv/bin/python -m bench.web [--parts radiograph,ct,smooth,next] [--slices 300] [--cases 100] [--case-slices 20] [--log] [--ours]

`radiograph`: 2500 x 2000 pixels over 10 Mbit/s and 200 ms there and back. `ct`: so many slices of 0.5 MB over 50 Mbit/s and
100 ms. `smooth`: frames drawn a second while the wheel scrolls and while the window is dragged, with and without WebGL, at
full speed and with the processor slowed four times. `next`: from "submit and next" to the first image of the next case, and
what the page holds after so many cases. `--log` prints every request with its times, and what the line carried in each tenth
of a second; `--ours` leaves OHIF out. A part that fails says so, and the others are run.
"""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench._browser import chromium
from bench._served import Images, county_in, fill_county, images_of, served_county
from bench._web import FAIR, SLOW, Bench, port_of
from bench._web_line import slow_ct, slow_radiograph
from bench._web_next import next_case
from bench._web_smooth import smooth
from bench.objects import write_objects
from tests.services.ohif import OhifViewer
from tests.services.shaping import BadLine
from tests.system.county import ForkedCounty

SECONDS = {"radiograph": 600, "ct": 900, "smooth": 900, "next": 1800}
"""After which a part is given up."""

_GOODBYE_SECONDS = 30


def main() -> None:
    """Run the parts that are named, each in a process of its own, so that one that hangs can be ended."""
    wanted = _arguments().parse_args()
    if wanted.folder:
        _measure(wanted.parts, Path(wanted.folder), wanted)
        return
    failed = [part for part in wanted.parts.split(",") if not _run(part, sys.argv[1:])]
    if failed:
        sys.exit(f"Not measured: {', '.join(failed)}.")


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--parts", default=",".join(SECONDS))
    parser.add_argument("--slices", type=int, default=300)
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--case-slices", type=int, default=20)
    parser.add_argument("--log", action="store_true")
    parser.add_argument("--ours", action="store_true")
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    return parser


def _run(part: str, arguments: Sequence[str]) -> bool:
    """Whether the part came to its end."""
    with tempfile.TemporaryDirectory(prefix="countyread-bench-", ignore_cleanup_errors=True) as folder:
        command = [sys.executable, "-m", "bench.web", *arguments, "--parts", part, "--folder", folder]
        with subprocess.Popen(command) as running:
            try:
                return running.wait(SECONDS[part]) == 0
            except subprocess.TimeoutExpired:
                print(f"\n**{part}: not done after {SECONDS[part]} s**\n", flush=True)
                return False
            finally:
                _end(running)


def _end(running: "subprocess.Popen[bytes]") -> None:
    """It and all that it has started."""
    started = _descendants(running.pid)
    with contextlib.suppress(subprocess.TimeoutExpired, ProcessLookupError):
        running.send_signal(signal.SIGINT)
        running.wait(_GOODBYE_SECONDS)
    for pid in (running.pid, *started):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _descendants(pid: int) -> list[int]:
    found = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in children.read_text().split()]
    return found + [below for child in found for below in _descendants(child)]


def _measure(part: str, folder: Path, wanted: argparse.Namespace) -> None:
    with contextlib.ExitStack() as started:
        _parts(folder, wanted)[part](_started(started, folder, wanted))


def _parts(folder: Path, wanted: argparse.Namespace) -> dict[str, Callable[[Bench], None]]:
    return {
        "radiograph": lambda bench: slow_radiograph(bench, folder),
        "ct": lambda bench: slow_ct(bench, _ct(bench, folder, wanted.slices)),
        "smooth": lambda bench: smooth(bench, _ct(bench, folder, wanted.slices)),
        "next": lambda bench: next_case(bench, folder, wanted.cases, wanted.case_slices),
    }


def _started(started: contextlib.ExitStack, folder: Path, wanted: argparse.Namespace) -> Bench:
    (folder / "ohif").mkdir()
    viewer = started.enter_context(OhifViewer(folder / "ohif"))
    lines = {shape: started.enter_context(BadLine(port_of(viewer.url), shape)) for shape in (SLOW, FAIR)}
    origins = ",".join(f"http://127.0.0.1:{line.port}" for line in lines.values())
    county = started.enter_context(county_in(folder, ForkedCounty, COUNTYREAD_DICOMWEB_ORIGINS=origins))
    browser = started.enter_context(chromium())
    return Bench(browser, county, served_county(county), viewer, lines, wanted.log, wanted.ours)


def _ct(bench: Bench, folder: Path, slices: int) -> Images:
    _, files = write_objects(folder / "ct", "CT 0.5 MB", slices, 1)
    ct = images_of(files)
    fill_county(bench.county, bench.ours, ct)
    return ct


if __name__ == "__main__":
    main()
