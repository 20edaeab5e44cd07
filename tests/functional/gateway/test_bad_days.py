"""What was answered with success is there afterwards: killed gateway, dead database, dead store, full disk (I1)."""

import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from storage.db.models import Association, Heartbeat, Instance, Study
from tests.functional.gateway.peers import associate, store
from tests.functional.gateway.running import AE_TITLE, RunningGateway
from tests.functional.gateway.studies import data_set_bytes, make_study, sop_uid
from tests.services import dcmtk
from tests.services.waiting import wait_until
from tests.unit.storage.ingest.samples import data_set, encode


def acknowledged(output: str, files: list[Path]) -> list[Path]:
    """The files that dcmsend was told are stored, in the order in which it sends them."""
    return files[: output.count("Received C-STORE Response (Success)")]


def assert_all_there(gateway: RunningGateway, files: list[Path]) -> None:
    """Every one of `files` is in the store, bit for bit, and the counts are right."""
    wait_until(lambda: not gateway.spooled() and not gateway.count(Instance, state="spooled"), 60, "the spool to drain")
    kept = {row.sop_instance_uid for row in gateway.rows(Instance)}
    assert {sop_uid(file) for file in files} <= kept
    for file in files:
        assert data_set_bytes(gateway.stored_bytes(sop_uid(file))) == data_set_bytes(file)
    assert sum(study.instance_count for study in gateway.rows(Study)) == len(kept)


@pytest.mark.parametrize("moment", [1, 7, 23])
def test_killed_while_receiving(gateway: RunningGateway, tmp_path: Path, moment: int) -> None:
    files = make_study(tmp_path / "study", 60, kilobytes=200)
    told: list[dcmtk.ToolResult] = []
    sender = threading.Thread(
        target=lambda: told.append(dcmtk.send(gateway.port, files, calling="T01_CT", called=AE_TITLE))
    )
    sender.start()
    wait_until(lambda: len(gateway.spooled()) + gateway.count(Instance, state="stored") >= moment, 30, "some objects")
    gateway.kill()
    sender.join()
    sent = acknowledged(told[0].output, files)
    gateway.start()
    assert_all_there(gateway, sent)
    assert all(row.ended_at for row in wait_ended(gateway))
    assert gateway.send(*files) == 60
    assert_all_there(gateway, files)
    assert gateway.rows(Study)[0].instance_count == 60


def wait_ended(gateway: RunningGateway) -> list[Association]:
    wait_until(lambda: gateway.count(Association, ended_at=None) == 0, 20, "the lost association to be ended")
    return list(gateway.rows(Association))


def test_killed_while_storing(gateway: RunningGateway, tmp_path: Path, broken_store: Callable) -> None:
    files = make_study(tmp_path / "study", 20)
    with broken_store():
        assert gateway.send(*files) == 20
        wait_until(lambda: gateway.count(Instance) == 20, 20, "the catalogue")
        gateway.kill()
        gateway.start()
    assert_all_there(gateway, files)
    assert gateway.rows(Study)[0].instance_count == 20


def test_killed_again_and_again(gateway: RunningGateway, tmp_path: Path) -> None:
    files = make_study(tmp_path / "study", 12)
    for part in range(3):
        assert gateway.send(*files[part * 4 : part * 4 + 4]) == 4
        gateway.kill()
        gateway.start()
    assert_all_there(gateway, files)


# The database


@contextmanager
def without_sqlite(gateway: RunningGateway) -> Iterator[None]:
    """Somebody holds the database file exclusively."""
    url = make_url(gateway.world.settings.database_url)
    with sqlite3.connect(str(url.database), timeout=30, isolation_level=None) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")
    connection.close()


@pytest.fixture
def broken_database(gateway: RunningGateway, request: pytest.FixtureRequest) -> Callable:
    if gateway.world.name == "embedded":
        return lambda: without_sqlite(gateway)
    server = request.getfixturevalue("postgres")

    @contextmanager
    def stopped() -> Iterator[None]:
        server.kill()
        yield
        server.restart()

    return stopped


def test_receiving_goes_on_without_the_database(
    gateway: RunningGateway, tmp_path: Path, broken_database: Callable
) -> None:
    first, second = make_study(tmp_path / "first", 3), make_study(tmp_path / "second", 25)
    assert gateway.send(*first) == 3
    gateway.wait_stored(3)
    with broken_database():
        assert gateway.send(*second) == 25
        assert len(gateway.spooled()) == 25
    assert_all_there(gateway, first + second)
    assert {study.instance_count for study in gateway.rows(Study)} == {3, 25}


def test_killed_without_the_database(gateway: RunningGateway, tmp_path: Path, broken_database: Callable) -> None:
    files = make_study(tmp_path / "study", 10)
    assert gateway.send(*files[:1]) == 1
    with broken_database():
        assert gateway.send(*files[1:6]) == 5
        gateway.kill()
        gateway.start()
        assert gateway.send(*files[6:]) == 4
        assert dcmtk.echo(gateway.port, calling="STRANGER", called=AE_TITLE).ok is False
    assert_all_there(gateway, files)
    assert gateway.rows(Study)[0].instance_count == 10


# The object store


@contextmanager
def without_folder(gateway: RunningGateway) -> Iterator[None]:
    """The disk of the objects is not mounted."""
    folder = Path(gateway.world.settings.object_store.removeprefix("file:"))
    away = folder.with_name("unmounted")
    folder.rename(away)
    folder.write_bytes(b"")
    yield
    folder.unlink()
    away.rename(folder)


@pytest.fixture
def broken_store(gateway: RunningGateway, request: pytest.FixtureRequest) -> Callable:
    if gateway.world.name == "embedded":
        return lambda: without_folder(gateway)
    server = request.getfixturevalue("s3_server")

    @contextmanager
    def stopped() -> Iterator[None]:
        server.kill()
        yield
        server.restart()

    return stopped


def test_receiving_goes_on_without_the_store(gateway: RunningGateway, tmp_path: Path, broken_store: Callable) -> None:
    files = make_study(tmp_path / "study", 15)
    with broken_store():
        assert gateway.send(*files) == 15
        wait_until(lambda: gateway.count(Instance, state="spooled") == 15, 20, "the catalogue")
        assert len(gateway.spooled()) == 15
        (life,) = wait_until(
            lambda: [row for row in gateway.rows(Heartbeat) if row.report.get("last_store_error")],
            30,
            "word of the outage",
        )
        assert life.report["spool_files"] == 15
        assert gateway.rows(Study)[0].state == "receiving"
    assert_all_there(gateway, files)
    wait_until(lambda: gateway.rows(Study)[0].state == "ready", 20, "the study")


# The disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MiB of its own."""
    folder = tmp_path / "data" / "spool"
    folder.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_below_the_reserve_nothing_is_taken(gateway: RunningGateway, tmp_path: Path) -> None:
    gateway.stop()
    gateway.start(COUNTYREAD_RESERVE_MB=str(1 << 40))
    made = data_set()
    with associate(gateway.port) as association:
        assert store(association, encode(made), made.SOPInstanceUID) == 0xA700
    assert not gateway.spooled()
    assert not gateway.incoming()
    gateway.stop()
    gateway.start()
    with associate(gateway.port) as association:
        assert store(association, encode(made), made.SOPInstanceUID) == 0x0000
    gateway.wait_stored(1)


def test_a_disk_that_fills_up_loses_nothing(
    small_disk: Path, gateway: RunningGateway, tmp_path: Path, broken_store: Callable
) -> None:
    gateway.stop()
    gateway.start(COUNTYREAD_RESERVE_MB="0")
    files = make_study(tmp_path / "study", 12, kilobytes=1000)
    with broken_store():
        result = dcmtk.send(gateway.port, files, calling="T01_CT", called=AE_TITLE, options=["-nh"])
        sent = result.output.count("Received C-STORE Response (Success)")
        assert 1 <= sent < 12
        assert f"with status REFUSED  : {12 - sent}" in result.output
        assert len(gateway.spooled()) == sent
        assert not gateway.incoming()
    for part in (files[:4], files[4:8], files[8:]):
        wait_until(lambda: not gateway.spooled(), 40, "the disk to have room again")
        assert gateway.send(*part) == 4
    assert_all_there(gateway, files)
