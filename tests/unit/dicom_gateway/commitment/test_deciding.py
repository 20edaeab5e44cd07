"""Decisions from the catalogue and the bytes of a folder store, with a clock that is moved by hand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydicom.uid import CTImageStorage, MRImageStorage, generate_uid
from pynetdicom import AE
from pynetdicom.sop_class import StorageCommitmentPushModel

from dicom_gateway.commitment.deciding import Deciding
from dicom_gateway.commitment.lines import OpenLines
from dicom_gateway.commitment.reporter import CommitmentReporter
from dicom_gateway.outgoing import Outgoing
from storage.db.models import CommitmentRequest, Instance, Quarantine
from storage.db.queries import commitment
from storage.db.session import Database, Scope
from storage.domain.clock import ManualClock
from storage.domain.commitment import REPORT_LIMIT, CommitmentState, next_report
from storage.domain.studies import InstanceState
from storage.objects.folder import FolderStore
from tests.services.ports import free_port
from tests.services.waiting import wait_until
from tests.unit.storage.ingest.samples import data_set
from tests.unit.storage.ingest.shelf import Shelf, make_county, rows

pytestmark = pytest.mark.thorough


START = datetime(2026, 1, 5, 8, tzinfo=UTC)
LEASE = timedelta(minutes=5)
OURS = Scope(1)


class Archive:
    """A catalogue, a store, and the requests of device 1 of institution 1."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.clock = ManualClock(START)
        self.database = Database(database.engine, self.clock)
        make_county(self.database)
        self.store = FolderStore(folder / "objects")
        self.shelf = Shelf(self.database, folder / "spool")
        self.deciding = Deciding(self.database, self.store)

    def receive(self, *, is_stored: bool = True, ae_title: str = "T01_CT") -> str:
        job = self.shelf.add(data_set(), ae_title=ae_title)
        path = self.shelf.spool.path(job.entry)
        with self.database.write() as work:
            instance = work.session.get_one(Instance, job.row_id)
            if is_stored:
                with path.open("rb") as stream:
                    self.store.put(instance.object_key, stream, size=instance.size, sha256=instance.sha256)
                instance.state = InstanceState.STORED
            return instance.sop_instance_uid

    def ask(self, *uids: str, sop_class: str = CTImageStorage, transaction: str = "1.2.3") -> None:
        with self.database.write() as work:
            items = dict.fromkeys(uids, sop_class)
            commitment.record_request(work, device_id=1, institution_id=1, transaction_uid=transaction, items=items)

    def claim(self, gateway: str = "one") -> CommitmentRequest | None:
        with self.database.write() as work:
            return commitment.claim_next(work, gateway, LEASE)

    def look(self) -> dict[str, int]:
        request = self.claim()
        assert request is not None
        decisions = dict(request.decisions)
        self.deciding.look(request, OURS, self.clock.now(), decisions, lambda: True)
        with self.database.write() as work:
            values = {"decisions": decisions, "next_try_at": self.clock.now()}
            assert commitment.finish_turn(work, request.id, "one", values)
        return decisions

    def request(self) -> CommitmentRequest:
        return rows(self.database, CommitmentRequest)[0]


@pytest.fixture
def archive(sqlite_database: Database, tmp_path: Path) -> Archive:
    return Archive(sqlite_database, tmp_path)


def test_only_what_the_store_gives_back_is_committed(archive: Archive) -> None:
    good, gone, spooled = archive.receive(), archive.receive(), archive.receive(is_stored=False)
    keys = {instance.sop_instance_uid: instance.object_key for instance in rows(archive.database, Instance)}
    archive.store.delete(keys[gone])
    archive.ask(good, gone, spooled)
    assert archive.look() == {good: 0, gone: 0x0110}
    archive.clock.advance(days=1)
    assert spooled not in archive.look()
    archive.clock.advance(days=7)
    assert archive.look()[spooled] == 0x0110


def test_what_has_not_come_is_waited_for_a_day(archive: Archive) -> None:
    later = data_set()
    archive.ask(str(later.SOPInstanceUID))
    assert archive.look() == {}
    archive.clock.advance(hours=23)
    assert archive.look() == {}
    archive.clock.advance(hours=1)
    assert archive.look() == {later.SOPInstanceUID: 0x0112}


def test_another_class_and_another_clinic(archive: Archive) -> None:
    own, others = archive.receive(), archive.receive(ae_title="T02_CT")
    archive.ask(own, others, sop_class=MRImageStorage)
    assert archive.look() == {own: 0x0119}


def test_a_version_in_quarantine_is_not_what_is_stored(archive: Archive) -> None:
    made = data_set()
    archive.shelf.add(made)
    made.StudyDescription = "other bytes under the same UID"
    archive.shelf.add(made)
    assert len(rows(archive.database, Quarantine)) == 1
    archive.ask(str(made.SOPInstanceUID))
    assert archive.look() == {made.SOPInstanceUID: 0x0110}


def test_a_request_is_in_one_hand_until_its_lease_is_over(archive: Archive) -> None:
    archive.ask(generate_uid())
    assert archive.claim("one") is not None
    assert archive.claim("two") is None
    archive.clock.advance(minutes=6)
    request = archive.claim("two")
    assert request is not None
    with archive.database.write() as work:
        assert not commitment.renew_claim(work, request.id, "one", LEASE)
        assert not commitment.finish_turn(work, request.id, "one", {"state": CommitmentState.REPORTED})
        assert commitment.finish_turn(work, request.id, "two", {"last_error": "seen"})
    assert (archive.request().state, archive.request().last_error) == ("open", "seen")


def test_a_restart_takes_up_what_was_in_hand(archive: Archive) -> None:
    archive.ask(generate_uid())
    assert archive.claim("one") is not None
    with archive.database.write() as work:
        commitment.release_claims(work, "one")
    assert archive.claim("one") is not None


def test_the_same_transaction_is_the_same_request(archive: Archive) -> None:
    uid = archive.receive()
    archive.ask(uid)
    archive.ask(uid, generate_uid())
    assert len(rows(archive.database, CommitmentRequest)) == 1
    assert list(archive.request().items) == [uid]
    archive.ask(uid, transaction="1.2.4")
    assert len(rows(archive.database, CommitmentRequest)) == 2


def test_a_device_that_never_takes_the_report_is_given_up_after_a_week(archive: Archive) -> None:
    archive.ask(archive.receive())
    port = free_port()
    set_address(archive, port)
    with device_that_rejects(port), reporting(archive, lambda: archive.request().attempts == 1):
        assert archive.request().state == CommitmentState.DECIDED
        archive.clock.advance(seconds=REPORT_LIMIT.total_seconds())
        wait_until(lambda: archive.request().state == CommitmentState.GIVEN_UP, 30, "it to be given up")
    with archive.database.read() as work:
        (shown,) = commitment.unfinished(work)
    rejected = f"T01_CT at 127.0.0.1:{port} rejected COUNTYREAD: it does not know the calling AE title."
    assert shown.last_error == rejected
    assert shown.device.ae_title == "T01_CT"


@contextmanager
def device_that_rejects(port: int) -> Iterator[None]:
    ae = AE("T01_CT")
    ae.add_supported_context(StorageCommitmentPushModel)
    ae.require_calling_aet = ["SOMEBODY_ELSE"]
    server = ae.start_server(("127.0.0.1", port), block=False)
    try:
        yield
    finally:
        server.shutdown()


def set_address(archive: Archive, port: int) -> None:
    with archive.database.write() as work:
        request = work.session.get_one(CommitmentRequest, 1)
        request.device.host, request.device.port = "127.0.0.1", port


@contextmanager
def reporting(archive: Archive, until: Callable[[], bool]) -> Iterator[None]:
    """A reporter runs within."""
    reporter = CommitmentReporter(
        archive.database,
        archive.deciding,
        OpenLines(),
        Outgoing("COUNTYREAD"),
        archive.clock,
        ae_title="COUNTYREAD",
        gateway="one",
    )
    reporter.start()
    try:
        wait_until(until, 30, "the reporter")
        yield
    finally:
        reporter.stop()


def test_retries_come_less_and_less_often() -> None:
    pauses = [next_report(attempts) for attempts in range(1, 40)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(seconds=5), timedelta(minutes=30))
