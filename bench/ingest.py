"""Receiving beside DCMTK's storescp and Orthanc: the same sender, the same files, the same machine, one after the other.

    .venv/bin/python -m bench.ingest [--runs 3] [--objects 400] [--associations 1 --associations 4]

CT slices of 0.5 MB, each of its own UID, are pushed with DCMTK's dcmsend (TCP_NODELAY on). "Answered" is from the start of
the senders to their end. "Stored" is until the receiver says that it has all of them: our health page has nothing waiting,
Orthanc counts the instances; storescp has neither index nor store. CPU is that of the receiving process, in both parts.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.way_of_a_study import write_slices
from tests.services import dcmtk
from tests.services.orthanc import OrthancServer
from tests.services.waiting import wait_until
from tests.system.county import RunningCounty
from tests.worlds import make_world

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Receiver:
    """Something to push to: its port and title, the process to count, and how many objects it says it holds."""

    name: str
    port: int
    ae_title: str
    pid: int
    held: Callable[[], int] | None


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its dead children so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS


def push(receiver: Receiver, parts: list[list[Path]]) -> tuple[float, float | None, float]:
    """Seconds until all is answered, seconds until all is stored, and the receiver's CPU seconds."""
    before = receiver.held() if receiver.held else 0
    cpu, started = cpu_seconds(receiver.pid), time.monotonic()
    with ThreadPoolExecutor(len(parts)) as pool:
        results = list(
            pool.map(lambda part: dcmtk.send(receiver.port, part, calling="T01_CT", called=receiver.ae_title), parts)
        )
    answered = time.monotonic() - started
    if not all(result.ok for result in results):
        raise SystemExit(next(result.output for result in results if not result.ok)[-2000:])
    total = sum(map(len, parts))
    stored = None
    if receiver.held is not None:
        held = receiver.held
        wait_until(lambda: held() - before >= total, 120, f"{receiver.name} to hold all objects")
        stored = time.monotonic() - started
    return answered, stored, cpu_seconds(receiver.pid) - cpu


def measure(receiver: Receiver, folder: Path, objects: int, associations: int, runs: int) -> None:
    """Print a line of the table."""
    rows = []
    for run in range(runs):
        name = f"{receiver.name}-{associations}-{run}"
        files = write_slices(folder / name, objects, seed=hash(name) & 0xFFFF)[1]
        rows.append(push(receiver, [files[n::associations] for n in range(associations)]))
        for file in files:
            file.unlink()
    answered = statistics.median(objects / row[0] for row in rows)
    stored = [objects / row[1] for row in rows if row[1] is not None]
    cpu = statistics.median(1000 * row[2] / objects for row in rows)
    shown = f"{statistics.median(stored):.0f}" if stored else "-"
    print(f"| {receiver.name} | {associations} | {answered:.0f} | {shown} | {cpu:.1f} |", flush=True)


def county_receiver(county: RunningCounty) -> Receiver:
    manager = county.log_in("manager")

    def held() -> int:
        counts = manager.get("/api/v1/health")["counts"]
        studies = manager.get("/api/v1/studies", limit=200)["items"]
        return sum(study["instances"] for study in studies) - counts["waiting_upload"]

    settings = county.settings
    return Receiver("County Reading", settings.dicom.port, settings.ae_title, county.pids()["gateway"], held)


def orthanc_receiver(orthanc: OrthancServer) -> Receiver:
    def held() -> int:
        return int(httpx.get(f"{orthanc.url}/statistics", timeout=30).json()["CountInstances"])

    return Receiver("Orthanc", orthanc.dicom_port, orthanc.ae_title, orthanc.pids[0], held)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--objects", type=int, default=400)
    parser.add_argument("--associations", type=int, action="append", help="default: 1 and 4")
    arguments = parser.parse_args()
    print(
        "| receiver | associations | answered, objects/s | stored, objects/s | CPU ms an object |\n|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        world = make_world("embedded", folder, lambda _name: None, COUNTYREAD_READY_IDLE="600")
        with (
            RunningCounty(world, folder) as county,
            OrthancServer() as orthanc,
            dcmtk.StorescpServer(options=("+xa", "--fork")) as storescp,
        ):
            receivers = [
                county_receiver(county),
                orthanc_receiver(orthanc),
                Receiver("DCMTK storescp", storescp.port, storescp.ae_title, storescp.pids[0], None),
            ]
            for associations in arguments.associations or [1, 4]:
                for receiver in receivers:
                    measure(receiver, folder, arguments.objects, associations, arguments.runs)


if __name__ == "__main__":
    main()
