import errno
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.domain.clock import ManualClock
from storage.domain.errors import ConfigurationError, StorageFull
from storage.ingest.group_sync import GroupSync
from storage.ingest.part10 import FileMeta, read_start
from storage.ingest.reception import Reception
from storage.ingest.spool import TORN, Spool, SpoolFolder
from storage.ingest.spool_entry import SpoolEntry

META = FileMeta("1.2", "1.2.3", "1.2.840.10008.1.2.1", "T01_CT")
NOON = datetime(2026, 1, 2, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture
def spool(tmp_path: Path, clock: ManualClock):
    opened = Spool(tmp_path / "spool", clock)
    yield opened
    opened.close()


def receive(spool: Spool, content: bytes, key: str = "a", number: int = 1) -> SpoolEntry:
    reception = spool.begin(META, key, number)
    reception.write(memoryview(content))
    return reception.finish()


def write_and_finish(reception: Reception) -> None:
    reception.write(memoryview(b"bytes"))
    reception.finish()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()} - {"lock", "identity"}


def test_a_received_object_is_a_file_that_tells_everything(spool: Spool) -> None:
    entry = receive(spool, b"data set", "key-with-dashes", 7)
    assert entry.received_at == NOON
    assert SpoolEntry.parse(entry.name) == entry
    assert spool.entries() == [entry]
    with spool.path(entry).open("rb") as stream:
        assert read_start(stream) == META
        assert stream.read() == b"data set"


def test_what_is_not_finished_is_not_there(spool: Spool, tmp_path: Path) -> None:
    reception = spool.begin(META, "a", 1)
    reception.write(memoryview(b"half"))
    assert spool.entries() == []
    reception.discard()
    assert names(tmp_path) == set()


def test_the_data_set_can_be_read_before_it_is_kept(spool: Spool) -> None:
    reception = spool.begin(META, "a", 1)
    reception.write(memoryview(b"first "))
    assert reception.data_set().read() == b"first "
    reception.write(memoryview(b"second" * 1000))
    stream = reception.data_set()
    assert stream.read(8) == b"first se"
    assert stream.seek(-6, os.SEEK_END) == 6 * 1000
    assert stream.read() == b"second"
    with spool.path(reception.finish()).open("rb") as stream:
        assert stream.read().endswith(b"first " + b"second" * 1000)


def test_a_new_life_finds_what_was_kept_and_drops_what_was_not(tmp_path: Path, clock: ManualClock) -> None:
    folder = tmp_path / "spool"
    spool = Spool(folder, clock)
    kept = [receive(spool, b"x", number=number) for number in range(3)]
    spool.begin(META, "a", 9).write(memoryview(b"half"))
    (folder / "notes.dcm").write_bytes(b"of a stranger")
    identity = spool.identity
    spool.close()
    again = Spool(folder, clock)
    assert again.entries() == kept
    assert again.identity == identity
    assert names(folder / "incoming") == set()
    again.close()


@pytest.mark.parametrize("damage", ["short", "long", "hole"])
def test_a_file_that_lost_bytes_to_a_power_cut_is_put_aside(tmp_path: Path, clock: ManualClock, damage: str) -> None:
    folder, size = tmp_path / "spool", 1 << 20
    spool = Spool(folder, clock)
    whole, torn = receive(spool, bytes(size), number=1), receive(spool, b"x" * size, number=2)
    full = spool.path(torn).stat().st_size
    with spool.path(torn).open("r+b") as file:
        file.truncate(4096)
        file.truncate({"short": 4096, "long": full + 1, "hole": full}[damage])
    seen = SpoolFolder(folder)
    with seen.between_doors() as is_free:
        assert not is_free
    spool.close()
    with seen.between_doors() as is_free:
        assert is_free
        seen.put_torn_aside()
    assert seen.entries() == [whole]
    assert names(folder / TORN) == {f"{torn.name}.dcm"}


def test_two_gateways_do_not_share_a_spool(spool: Spool, tmp_path: Path, clock: ManualClock) -> None:
    with pytest.raises(ConfigurationError, match="COUNTYREAD_DATA"):
        Spool(tmp_path / "spool", clock)


def test_below_the_reserve_nothing_is_begun(tmp_path: Path, clock: ManualClock) -> None:
    spool = Spool(tmp_path / "spool", clock, reserve=1 << 60)
    with pytest.raises(StorageFull):
        spool.begin(META, "a", 1)
    assert names(tmp_path) == set()
    spool.close()


@pytest.mark.parametrize("call", ["writev", "setxattr", "rename", "fsync"])
def test_a_disk_that_fills_up_leaves_no_trace(
    spool: Spool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "full")

    reception = spool.begin(META, "a", 1)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        with pytest.raises(StorageFull):
            write_and_finish(reception)
    assert names(tmp_path) == set()
    assert receive(spool, b"there is room again") in spool.entries()


def test_usage_counts_what_waits(spool: Spool, clock: ManualClock) -> None:
    assert spool.usage(clock.now()).files == 0
    receive(spool, b"12345")
    clock.advance(seconds=90)
    usage = spool.usage(clock.now())
    assert (usage.files, usage.oldest_age) == (1, 90.0)
    assert usage.size > 128
    assert usage.free > 0


@pytest.mark.parametrize("name", ["", "notes", "1-2", "x-key-1", "1-key-x", "1-key-1", "00000000000000000001--1"])
def test_foreign_names_are_no_entries(name: str) -> None:
    assert SpoolEntry.parse(name) is None


def test_syncs_are_shared_and_none_returns_before_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started, go_on, syncs = threading.Event(), threading.Event(), []

    def slow_sync(_descriptor: int) -> None:
        syncs.append(1)
        started.set()
        assert go_on.wait(10)

    monkeypatch.setattr(os, "fsync", slow_sync)
    sync = GroupSync(tmp_path)
    first = threading.Thread(target=sync)
    first.start()
    assert started.wait(10)
    followers = [threading.Thread(target=sync) for _ in range(8)]
    for thread in followers:
        thread.start()
    assert all(thread.is_alive() for thread in followers)
    go_on.set()
    for thread in [first, *followers]:
        thread.join(10)
    assert 2 <= len(syncs) <= 3


def test_a_failed_sync_is_told_to_everybody(tmp_path: Path) -> None:
    sync = GroupSync(tmp_path / "gone")
    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            sync()
