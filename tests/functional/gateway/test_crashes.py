"""Two hundred kills while objects come in: what was acknowledged is found, every byte of it, and nothing is there twice."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from storage import integrity
from storage.db import models
from storage.db.models import Instance, Quarantine, Study
from storage.db.session import Database
from storage.ingest.spool import spool_folders
from storage.objects import make_object_store
from tests.functional.gateway.running import AE_TITLE
from tests.functional.gateway.studies import data_set_bytes, make_study, sop_uid
from tests.services import dcmtk
from tests.services.process import clean_environment, find_program
from tests.services.waiting import wait_until
from tests.unit.storage.ingest.shelf import make_county
from tests.worlds import World, make_world, open_database

ROUNDS = 100
IN_ROUND = 4
_MOMENT = 0.02
"""About the seconds that one object takes."""


class Forked:
    """Gateway and intake of one installation, which can be killed and started again in a moment."""

    def __init__(self, world: World, log: Path) -> None:
        self._port = world.settings.dicom.port
        with log.open("wb") as output:
            self._forker = subprocess.Popen(
                [sys.executable, "-m", "tests.functional.gateway.forker"],
                env=clean_environment({**os.environ, **world.environ}),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
            )
        self.pids: dict[str, int] = {}

    def start(self, name: str) -> None:
        assert self._forker.stdin
        assert self._forker.stdout
        self._forker.stdin.write(f"{name}\n")
        self._forker.stdin.flush()
        self.pids[name] = int(self._forker.stdout.readline())

    def kill(self, name: str) -> None:
        os.kill(self.pids[name], signal.SIGKILL)
        wait_until(lambda: not Path(f"/proc/{self.pids[name]}").exists(), 30, f"{name} to be gone")

    def wait_for_the_gateway(self) -> None:
        wait_until(self._listens, 60, "the gateway to listen")

    def _listens(self) -> bool:
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", self._port)) == 0

    def close(self) -> None:
        self._forker.communicate("", timeout=30)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world("embedded", tmp_path, lambda _name: None)


@pytest.fixture
def database(world: World) -> Iterator[Database]:
    world.settings.data.mkdir(parents=True)
    with open_database(world.settings.database_url) as database:
        make_county(database)
        yield database


@pytest.fixture
def forked(world: World, database: Database, tmp_path: Path) -> Iterator[Forked]:
    forked = Forked(world, tmp_path / "forked.log")
    yield forked
    forked.close()


@pytest.mark.timeout(600)
def test_two_hundred_kills_lose_nothing(forked: Forked, world: World, database: Database, tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    files = make_study(tmp_path / "study", ROUNDS * IN_ROUND, kilobytes=50)
    acknowledged: list[Path] = []
    for first in range(0, len(files), IN_ROUND):
        acknowledged += _round(forked, world, files[first : first + IN_ROUND], chance)
    forked.start("gateway")
    forked.start("intake")
    wait_until(lambda: not _waiting(world, database), 120, f"everything to be stored (seed {seed})")
    _check(world, database, files, acknowledged, seed)


def _round(forked: Forked, world: World, files: list[Path], chance: random.Random) -> list[Path]:
    """Push, and kill both processes, each at a moment of its own. Returns what was acknowledged."""
    for name in ("gateway", "intake"):
        forked.start(name)
    forked.wait_for_the_gateway()
    push = _Push(world.settings.dicom.port, files)
    with ThreadPoolExecutor(3) as pool:
        for name in ("gateway", "intake"):
            pool.submit(push.kill_during, chance.randrange(len(files)), chance.uniform(0, _MOMENT), forked, name)
        pool.submit(push.run).result()
    return push.acknowledged


class _Push:
    """Objects sent by DCMTK over one association that will break off."""

    def __init__(self, port: int, files: list[Path]) -> None:
        self._port = port
        self._files = files
        self._change = threading.Condition()
        self._is_over = False
        self.acknowledged: list[Path] = []

    def run(self) -> None:
        command = [find_program("dcmsend", dcmtk.PACKAGE), "-v", "-aet", "T01_CT", "-aec", AE_TITLE, "127.0.0.1"]
        with subprocess.Popen(
            [*command, str(self._port), *map(str, self._files)],
            env=clean_environment({"TCP_NODELAY": "1"}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as sender:
            assert sender.stdout
            for line in sender.stdout:
                if "Received C-STORE Response (Success)" in line:
                    self._note_success()
        with self._change:
            self._is_over = True
            self._change.notify_all()

    def _note_success(self) -> None:
        with self._change:
            self.acknowledged.append(self._files[len(self.acknowledged)])
            self._change.notify_all()

    def kill_during(self, object_number: int, seconds: float, forked: Forked, name: str) -> None:
        """A moment after the answer before that object; at the end at the latest."""
        with self._change:
            self._change.wait_for(lambda: len(self.acknowledged) >= object_number or self._is_over, 60)
        threading.Event().wait(seconds)
        forked.kill(name)


def _waiting(world: World, database: Database) -> bool:
    spooled = any(folder.entries() for folder in spool_folders(world.settings.spool))
    return spooled or bool(
        _count(database, Instance, state="spooled") or _count(database, models.Association, ended_at=None)
    )


def _check(world: World, database: Database, files: list[Path], acknowledged: list[Path], seed: int) -> None:
    objects = make_object_store(world.settings.object_store)
    with database.read() as work:
        keys = {row.sop_instance_uid: row.object_key for row in work.session.execute(select(Instance)).scalars()}
        assert list(integrity.object_faults(work.session, objects)) == []
    assert 0 < len(acknowledged) < len(files), f"kills at every moment (seed {seed})"
    assert {sop_uid(file) for file in acknowledged} <= set(keys) <= {sop_uid(file) for file in files}, f"seed {seed}"
    for file in acknowledged:
        with objects.open(keys[sop_uid(file)]) as stream:
            assert data_set_bytes(stream.read()) == data_set_bytes(file), f"seed {seed}"
    assert _count(database, Quarantine) == 0
    assert _count(database, Study) == 1
    with database.read() as work:
        assert work.session.execute(select(Study.instance_count)).scalar_one() == len(keys)
    kept = list((world.settings.data / "objects").rglob("*.dcm"))
    assert len(kept) == len(keys), f"an object that no row knows (seed {seed})"


def _count(database: Database, table: type[object], **values: object) -> int:
    with database.read() as work:
        return work.session.execute(select(func.count()).select_from(table).filter_by(**values)).scalar_one()
