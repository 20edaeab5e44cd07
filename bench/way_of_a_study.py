"""From the end of a push to "in the worklist with thumbnail", as a radiologist would see it.

    .venv/bin/python -m bench.way_of_a_study [--runs 5] [--idle 10] [--world embedded|server]

A county is started with its own command; each run pushes a new CT study of 28 slices of 0.5 MB with DCMTK's dcmsend and
asks the API, 20 times a second, for the task and then for its thumbnail. `idle` is COUNTYREAD_READY_IDLE: without a
stronger signal nobody can know earlier that a study is whole, so it is part of the time and shown apart.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from bench.objects import write_objects
from tests.services import dcmtk
from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer
from tests.services.s3 import S3Server
from tests.services.waiting import wait_until
from tests.system.county import Person, RunningCounty
from tests.worlds import make_world

SLICES = 28


def measure(county: RunningCounty, reader: Person, folder: Path, run: int) -> tuple[float, float, float]:
    """Seconds of: the push itself, its end to the task in the worklist, its end to the thumbnail served."""
    uid, files = write_objects(folder / f"run{run}", "CT 0.5 MB", SLICES, run)
    started = time.monotonic()
    result = dcmtk.send(county.settings.dicom.port, files, calling="T01_CT", called=county.settings.ae_title)
    ended = time.monotonic()
    if not result.ok:
        raise SystemExit(result.output)
    wait_until(lambda: any(task["study_instance_uid"] == uid for task in reader.tasks()), 120, "the task")
    listed = time.monotonic()
    wait_until(lambda: reader.request("GET", f"/api/v1/studies/{uid}/thumbnail").is_success, 120, "the thumbnail")
    return ended - started, listed - ended, time.monotonic() - ended


def run_world(name: str, runs: int, idle: float) -> None:
    """Measure one world, and print a line of the table for each figure."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        servers = _Servers()
        world = make_world(name, folder, servers.get, COUNTYREAD_READY_IDLE=str(idle))
        try:
            with RunningCounty(world, folder) as county:
                reader = county.log_in("radiologist")
                rows = [measure(county, reader, folder, run) for run in range(runs)]
        finally:
            servers.stop()
    for label, column in zip(
        ("push of 28 x 0.5 MB", "end of push to task", "end of push to thumbnail"), range(3), strict=True
    ):
        values = sorted(row[column] for row in rows)
        print(
            f"| {name} | {idle:g} | {label} | {values[0]:.2f} | {statistics.median(values):.2f} | {values[-1]:.2f} |",
            flush=True,
        )


class _Servers:
    """Starts the servers that the second world asks for."""

    def __init__(self) -> None:
        self._running: list[PostgresServer | RedisServer | S3Server] = []

    def get(self, fixture: str) -> object:
        server = {"postgres_url": PostgresServer, "redis_server": RedisServer, "s3_url": S3Server}[fixture]()
        server.start()
        self._running.append(server)
        if isinstance(server, PostgresServer):
            return server.create_database()
        return server.create_bucket() if isinstance(server, S3Server) else server

    def stop(self) -> None:
        for server in self._running:
            server.remove()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--idle", type=float, action="append", help="seconds; default: 10 and 2")
    parser.add_argument("--world", choices=("embedded", "server"), action="append", help="default: both")
    arguments = parser.parse_args()
    print("| world | idle s | what | min s | median s | max s |\n|---|---|---|---|---|---|")
    for name in arguments.world or ["embedded", "server"]:
        for idle in arguments.idle or [10.0, 2.0]:
            run_world(name, arguments.runs, idle)


if __name__ == "__main__":
    main()
