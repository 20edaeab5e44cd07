"""After every single system call the power may go: what was answered with success is there all the same (I1)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
from sqlalchemy import select

from dicom_gateway.associations import AssociationLog
from dicom_gateway.dimse import StoreRequest
from dicom_gateway.receiver import StoreReceiver
from dicom_gateway.status import StoreStatus
from storage.db.models import Instance
from storage.db.session import Database
from storage.domain.clock import SystemClock
from storage.ingest.catalogue import Surroundings
from storage.ingest.cataloguer import Cataloguer
from storage.ingest.rules import DeviceRules
from storage.ingest.spool import Spool
from storage.ingest.spool_entry import SUFFIX, SpoolEntry
from storage.ingest.uploader import Uploader
from tests.unit.storage.ingest.disk import Disk
from tests.unit.storage.ingest.samples import data_set, encode
from tests.unit.storage.ingest.shelf import ZONE, Switchable, make_county

pytestmark = pytest.mark.thorough


OBJECTS = 6
"""More than a folder store makes last one by one."""


class Installation:
    """A gateway's receiver, an intake and a folder store on one disk; the database is trusted from its commits on."""

    def __init__(self, root: Path, database: Database, *, adopts: bool, names_follow: bool) -> None:
        self.disk = Disk(root, names_follow=names_follow)
        self._root = root
        self._database = database
        self._spool = Spool(root / "spool" / "gateway", SystemClock())
        self._log = AssociationLog(SystemClock(), self._spool)
        self._line = self._log.open("T01_CT", "10.0.0.1")
        self._receiver = StoreReceiver(self._spool, self._line, self._log.note)
        self._store = Switchable(root / "objects", adopts=adopts)
        self._uploader = Uploader(database, self._store, self._spool)
        around = Surroundings(self._spool.identity, self._spool.holds, lambda _key: None)
        rules = DeviceRules(database, ZONE)
        self._cataloguer = Cataloguer(database, self._spool, around, rules, self._store, self._uploader.submit)
        self.acknowledged: list[bytes] = []
        self.checks = 0
        self.lost: list[str] = []
        """Where an acknowledged object was not found; the product would take an error here for one of its own."""

    def receive(self, number: int) -> None:
        made = data_set(InstanceNumber=number)
        content = encode(made)
        request = StoreRequest(1, number, CTImageStorage, made.SOPInstanceUID, has_data_set=True)
        self._receiver.begin(request, ExplicitVRLittleEndian)
        for start in range(0, len(content), 300):
            self._receiver.write([memoryview(content)[start : start + 300]])
        assert self._receiver.finish() is StoreStatus.SUCCESS
        self.acknowledged.append(content)

    def take_in(self) -> None:
        """Everything that waits, in this thread."""
        assert self._cataloguer._catalogue_all(self._spool.entries())
        while self._uploader._jobs:
            self._uploader._carry(self._uploader._jobs.popleft())
            jobs = list(self._uploader._stored)
            self._uploader._stored.clear()
            self._uploader._settle(jobs)
            self._uploader._forget(jobs)

    def check(self) -> None:
        """Whatever became of names that were not synced, each acknowledged object is found, and nothing is half there."""
        self.checks += 1
        stored_keys = self._stored_keys()
        for what, left in self.disk.after_a_power_cut().items():
            spooled = [content for path, content in left.items() if self._is_spooled(path)]
            stored = [left.get(str(self._root / "objects" / key), b"") for key in stored_keys]
            for content in self.acknowledged:
                if not any(one.endswith(content) for one in (*spooled, *stored)):
                    self.lost.append(f"lost when of the unsynced lasts: {what}")
            if not all(spooled):
                self.lost.append("a file of the spool without its bytes")

    def _stored_keys(self) -> set[str]:
        with self._database.read() as work:
            query = select(Instance.object_key).where(Instance.state == "stored")
            return set(work.session.execute(query).scalars())

    def _is_spooled(self, path: str) -> bool:
        there = Path(path)
        return (
            there.parent == self._spool.folder
            and path.endswith(SUFFIX)
            and SpoolEntry.parse(there.name.removesuffix(SUFFIX)) is not None
        )

    def close(self) -> None:
        self._spool.close()


@pytest.fixture(params=[True, False], ids=["names-follow", "names-apart"])
def names_follow(request, monkeypatch: pytest.MonkeyPatch) -> bool:
    """What the file system does with the name of a file that is synced, and what the product takes it to do."""
    follow: bool = request.param
    monkeypatch.setattr("storage.objects.durable.names_follow_files", lambda _folder: follow)
    return follow


@pytest.fixture(params=[True, False], ids=["adopted", "uploaded"])
def installation(request, names_follow, tmp_path: Path, sqlite_database: Database) -> Iterator[Installation]:
    make_county(sqlite_database)
    made = Installation(tmp_path / "disk", sqlite_database, adopts=request.param, names_follow=names_follow)
    yield made
    made.close()


def test_no_moment_is_bad_for_a_power_cut(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    installation.disk.after_each = installation.check
    with installation.disk.watched(monkeypatch):
        for number in range(OBJECTS):
            installation.receive(number)
        installation.take_in()
        for number in range(OBJECTS):
            installation.receive(OBJECTS + number)
    assert installation.lost == []
    assert len(installation.acknowledged) == 2 * OBJECTS
    assert installation.checks > 10 * OBJECTS


@pytest.mark.parametrize("names_follow", [False], indirect=True, ids=["names-apart"])
def test_the_disk_would_notice_a_missing_sync(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.ingest.spool.GroupSync.__call__", lambda _self: None)
    installation.disk.after_each = installation.check
    with installation.disk.watched(monkeypatch):
        installation.receive(1)
        installation.receive(2)
    assert installation.lost


@pytest.mark.parametrize("names_follow", [True], indirect=True, ids=["names-follow"])
def test_the_disk_would_notice_a_size_that_was_not_noted(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.objects.durable.note_size", lambda _file, _size: None)
    installation.disk.after_each = installation.check
    with installation.disk.watched(monkeypatch):
        installation.receive(1)
    assert "a file of the spool without its bytes" in installation.lost


@pytest.mark.parametrize("installation", [True], indirect=True, ids=["adopted"])
def test_the_disk_would_notice_names_that_the_store_did_not_sync(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.objects.folder.sync_folders", lambda _folders: None)
    with installation.disk.watched(monkeypatch):
        for number in range(OBJECTS):
            installation.receive(number)
        installation.disk.after_each = installation.check
        installation.take_in()
    assert installation.lost
