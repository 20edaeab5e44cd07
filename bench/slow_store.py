"""An object store that takes 50 ms longer for every call: do uploads keep up, and does receiving notice?

    .venv/bin/python -m bench.slow_store [--objects 800] [--delay 50]

The gateway runs as a process of its own; the intake runs here, once on a folder that adopts files at once, once on the
same folder behind the delay, where every object has to be put like into a distant S3 server.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bench.objects import write_objects
from storage.db.models import Instance
from storage.db.session import Database
from storage.domain.clock import SystemClock
from storage.ingest.intake import Intake
from storage.objects import ObjectStore, make_object_store
from tests.services import dcmtk
from tests.services.process import Program
from tests.services.waiting import wait_until
from tests.unit.storage.ingest.shelf import make_county
from tests.worlds import make_world, open_database


class DelayedStore:
    """A store at the end of a long line."""

    def __init__(self, store: ObjectStore, seconds: float) -> None:
        self._store, self._seconds = store, seconds

    def _there(self) -> ObjectStore:
        time.sleep(self._seconds)
        return self._store

    def put(self, key: str, stream: BinaryIO, *, size: int, sha256: str) -> None:
        self._there().put(key, stream, size=size, sha256=sha256)

    def adopt(self, files: Mapping[str, Path]) -> Collection[str]:
        del files
        return ()

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        return self._there().open(key)

    def open_range(self, key: str, start: int, stop: int) -> bytes:
        return self._there().open_range(key, start, stop)

    def delete(self, key: str) -> None:
        self._there().delete(key)

    def presign(self, key: str, ttl: timedelta) -> str | None:
        return self._there().presign(key, ttl)


@contextmanager
def running(folder: Path, delay: float, **more: str) -> Iterator[tuple[int, Database]]:
    """A gateway process and an intake in this one; the port and the database."""
    world = make_world("embedded", folder, lambda _name: None, **more)
    settings = world.settings
    settings.data.mkdir(parents=True)
    store = make_object_store(settings.object_store)
    with open_database(settings.database_url) as database:
        make_county(database)
        slow = DelayedStore(store, delay) if delay else store
        intake = Intake(settings.spool, database, slow, SystemClock(), ZoneInfo("Asia/Shanghai"))
        intake.start()
        gateway = Program([sys.executable, "-m", "countyread", "gateway"], folder / "gateway.log", env=world.environ)
        try:
            port = settings.dicom.port
            wait_until(lambda: dcmtk.echo(port, calling="COUNTYREAD_ECHO", called="COUNTYREAD").ok, 30, "the gateway")
            yield port, database
        finally:
            gateway.kill()
            intake.stop()


def measure(folder: Path, objects: int, delay: float) -> str:
    """A line of the table."""
    _, files = write_objects(folder / "files", "CT 0.5 MB", objects, seed=int(delay * 1000))
    with running(folder, delay) as (port, database):
        started = time.monotonic()
        result = dcmtk.send(port, files, calling="T01_CT", called="COUNTYREAD")
        answered = time.monotonic() - started
        if not result.ok:
            raise SystemExit(result.output[-2000:])
        wait_until(lambda: _stored(database) >= objects, 600, "all to be stored")
        stored = time.monotonic() - started
    return f"| {delay * 1000:.0f} | {objects / answered:.0f} | {objects / stored:.0f} | {stored - answered:.1f} |"


def _stored(database: Database) -> int:
    with database.read() as work:
        query = select(func.count(Instance.id)).where(Instance.state == "stored")
        return work.session.execute(query).scalar_one()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--objects", type=int, default=800)
    parser.add_argument("--delay", type=float, default=50, help="milliseconds")
    arguments = parser.parse_args()
    print("| delay ms | answered/s | stored/s | s from the last answer to all stored |\n|---|---|---|---|")
    for delay in (0.0, arguments.delay / 1000):
        with tempfile.TemporaryDirectory() as temporary:
            print(measure(Path(temporary), arguments.objects, delay), flush=True)


if __name__ == "__main__":
    main()
