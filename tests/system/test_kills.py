"""Every process is killed again and again while studies come in: nothing acknowledged is lost, nothing happens twice."""

import os
import random
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from minio import Minio
from sqlalchemy import func, select

from storage import integrity
from storage.db.models import Instance, Quarantine, ReadingTask, Rendition, Study
from storage.db.session import Database
from storage.objects import make_object_store
from tests.services import dcmtk
from tests.services.waiting import wait_until
from tests.system import studies
from tests.system.county import PROCESSES, RunningCounty
from tests.worlds import World, open_database

OBJECTS = 400
KILLS = 20
_PUSH_SECONDS = 0.4
"""About how long DCMTK takes for the objects of one round."""


@pytest.fixture
def county(world: World, tmp_path: Path) -> Iterator[RunningCounty]:
    """With the supervisor: it starts again what is killed."""
    with RunningCounty(world, tmp_path) as running:
        yield running


@pytest.mark.timeout(600)
def test_twenty_kills_during_a_push_of_400_objects_lose_nothing(county: RunningCounty, tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    files = studies.copies(tmp_path / "push", OBJECTS)
    acknowledged: set[Path] = set()
    for kill in range(KILLS):
        wanted = files[: OBJECTS * (kill + 1) // KILLS]
        _push_while_killing(county, [file for file in wanted if file not in acknowledged], acknowledged, chance)
    while missing := [file for file in files if file not in acknowledged]:
        _wait_for_the_gateway(county)
        acknowledged |= _push(county, missing)

    with open_database(county.settings.database_url) as database:
        _check_that_nothing_is_lost_or_doubled(county, database, {studies.sop_uid(file) for file in files}, seed)


def _check_that_nothing_is_lost_or_doubled(
    county: RunningCounty, database: Database, sent: set[str], seed: int
) -> None:
    wait_until(lambda: _all_stored(database, len(sent)), 120, f"all objects to be stored (seed {seed})")
    wait_until(lambda: _count(database, ReadingTask) == 1, 60, f"the reading task (seed {seed})")
    wait_until(lambda: _count(database, Rendition) >= 1, 60, f"the thumbnail (seed {seed})")
    wait_until(lambda: not list(county.settings.spool.rglob("*.dcm")), 30, f"the spool to drain (seed {seed})")
    with database.read() as work:
        assert set(work.session.execute(select(Instance.sop_instance_uid)).scalars()) == sent
        assert list(integrity.object_faults(work.session, make_object_store(county.settings.object_store))) == []
    assert _count(database, Study) == 1
    assert _count(database, ReadingTask) == 1
    assert _count(database, Quarantine) == 0
    # Frames for slow lines are made beside the objects, and made again when they go.
    kept = {key for key in _stored_keys(county) if not key.startswith("delivery/")}
    assert kept == _known_keys(database)


def _push_while_killing(
    county: RunningCounty, files: list[Path], acknowledged: set[Path], chance: random.Random
) -> None:
    """Kill a process at a random moment of the push."""
    _wait_for_the_gateway(county)
    victim = chance.choice(PROCESSES)
    pid = wait_until(lambda: county.pids().get(victim), 60, f"{victim} to run")
    with ThreadPoolExecutor(1) as background:
        push = background.submit(_push, county, files)
        wait([push], timeout=chance.uniform(0, _PUSH_SECONDS))
        os.killpg(pid, signal.SIGKILL)
        acknowledged |= push.result()
    wait_until(lambda: county.pids().get(victim, pid) != pid, 60, f"{victim} to come back")


def _push(county: RunningCounty, files: list[Path]) -> set[Path]:
    """Push with DCMTK; returns the files that were answered with success."""
    if not files:
        return set()
    result = dcmtk.store(county.settings.dicom.port, files, calling="T01_CT", called=county.settings.ae_title)
    pattern = re.compile(r"Sending file: (\S+).*?\n(?:(?!Sending file).*\n)*?.*Received Store Response \(Success\)")
    return {Path(match.group(1)) for match in pattern.finditer(result.output)}


def _wait_for_the_gateway(county: RunningCounty) -> None:
    port = county.settings.dicom.port
    wait_until(
        lambda: dcmtk.echo(port, calling="T01_CT", called=county.settings.ae_title).ok, 60, "the gateway to answer"
    )


def _count(database: Database, table: type) -> int:
    with database.read() as work:
        return work.session.execute(select(func.count()).select_from(table)).scalar_one()


def _all_stored(database: Database, expected: int) -> bool:
    with database.read() as work:
        query = select(func.count()).select_from(Instance).where(Instance.state == "stored")
        return work.session.execute(query).scalar_one() == expected


def _known_keys(database: Database) -> set[str]:
    with database.read() as work:
        return {
            key for table in (Instance, Rendition) for key in work.session.execute(select(table.object_key)).scalars()
        }


def _stored_keys(county: RunningCounty) -> set[str]:
    url = county.settings.object_store
    if url.startswith("file:"):
        root = Path(url.removeprefix("file:"))
        return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    store = urlsplit(url)
    client = Minio(
        f"{store.hostname}:{store.port}",
        access_key=unquote(store.username or ""),
        secret_key=unquote(store.password or ""),
        secure=False,
    )
    return {item.object_name for item in client.list_objects(store.path.strip("/"), recursive=True)}
