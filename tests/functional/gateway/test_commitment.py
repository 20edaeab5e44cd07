"""Storage commitment with a real gateway: asked by pynetdicom and Orthanc, answered on a new association or the same."""

import hashlib
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pydicom import Dataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, MRImageStorage, generate_uid
from pynetdicom import AE, evt
from pynetdicom.association import Association
from pynetdicom.pdu import P_DATA_TF
from pynetdicom.sop_class import StorageCommitmentPushModel, StorageCommitmentPushModelInstance
from sqlalchemy import select, update

from storage.db.models import CommitmentRequest, Instance, ReadinessSignal
from tests.functional.gateway.exchange import SECONDS, add_device
from tests.functional.gateway.running import AE_TITLE, RunningGateway
from tests.functional.gateway.studies import make_study, sop_uid
from tests.services.orthanc import OrthancServer
from tests.services.ports import free_port
from tests.services.waiting import wait_until

Told = tuple[int, Dataset]


class ListeningDevice:
    """What a modality has: an AE that takes reports. `told` has event type and event information of each."""

    def __init__(self, ae_title: str, port: int) -> None:
        self.ae_title = ae_title
        self.port = port
        self.told: queue.Queue[Told] = queue.Queue()
        self._answering: list[Told] = []

    @property
    def handlers(self) -> list[tuple[object, object]]:
        return [(evt.EVT_N_EVENT_REPORT, self._take), (evt.EVT_PDU_SENT, self._sent)]

    def _take(self, event: evt.Event) -> tuple[int, None]:
        self._answering.append((event.request.EventTypeID, event.event_information))
        return 0, None

    def _sent(self, event: evt.Event) -> None:
        """The answer has gone out: whoever waits may release the association now."""
        while isinstance(event.pdu, P_DATA_TF) and self._answering:
            self.told.put(self._answering.pop(0))

    @contextmanager
    def listening(self) -> Iterator[None]:
        ae = AE(self.ae_title)
        ae.add_supported_context(StorageCommitmentPushModel, scu_role=True, scp_role=True)
        server = ae.start_server(("127.0.0.1", self.port), block=False, evt_handlers=self.handlers)
        try:
            yield
        finally:
            server.shutdown()

    @contextmanager
    def calling(self, gateway: RunningGateway) -> Iterator[Association]:
        ae = AE(self.ae_title)
        ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = SECONDS
        ae.add_requested_context(StorageCommitmentPushModel, ExplicitVRLittleEndian)
        line = ae.associate("127.0.0.1", gateway.port, ae_title=AE_TITLE, evt_handlers=self.handlers)
        assert line.is_established
        try:
            yield line
        finally:
            line.release()

    def ask(self, gateway: RunningGateway, items: dict[str, str], transaction: str = "") -> str:
        """Request commitment for SOP classes by SOP Instance UID; the transaction."""
        transaction = transaction or generate_uid()
        with self.calling(gateway) as line:
            assert request(line, transaction, items) == 0
        return transaction

    def result(self, transaction: str) -> tuple[int, set[str], dict[str, int]]:
        """Event type, what is committed, and reasons of what is not.

        A report whose confirmation was lost with the connection comes again; others than this are passed over.
        """
        event_type, told = self.told.get(timeout=SECONDS)
        while told.TransactionUID != transaction:
            event_type, told = self.told.get(timeout=SECONDS)
        committed = {item.ReferencedSOPInstanceUID for item in told.get("ReferencedSOPSequence", [])}
        failed = {item.ReferencedSOPInstanceUID: item.FailureReason for item in told.get("FailedSOPSequence", [])}
        return event_type, committed, failed


def request(line: Association, transaction: str, items: dict[str, str], action: int = 1) -> int:
    asked = Dataset()
    if transaction:
        asked.TransactionUID = transaction
    asked.ReferencedSOPSequence = []
    for uid, sop_class in items.items():
        item = Dataset()
        item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = sop_class, uid
        asked.ReferencedSOPSequence.append(item)
    status, _ = line.send_n_action(asked, action, StorageCommitmentPushModel, StorageCommitmentPushModelInstance)
    return int(status.Status)


def row_of(gateway: RunningGateway, transaction: str) -> CommitmentRequest:
    with gateway.database.read() as work:
        query = select(CommitmentRequest).where(CommitmentRequest.transaction_uid == transaction)
        return work.session.execute(query).scalar_one()


def change_row(gateway: RunningGateway, transaction: str, **values: object) -> None:
    with gateway.database.write() as work:
        query = update(CommitmentRequest).where(CommitmentRequest.transaction_uid == transaction)
        work.session.execute(query.values(next_try_at=work.now, **values))


def send_study(gateway: RunningGateway, folder: Path, count: int = 2, calling: str = "T01_CT") -> dict[str, str]:
    """SOP classes by SOP Instance UID of a new study."""
    files = make_study(folder, count, kilobytes=1)
    assert gateway.send(*files, calling=calling) == count
    return {sop_uid(file): CTImageStorage for file in files}


def damage(gateway: RunningGateway, sop_instance_uid: str) -> None:
    """Have the store hold other bytes than it was given, as a broken disk would."""

    def stored() -> Instance | None:
        query = select(Instance).where(Instance.sop_instance_uid == sop_instance_uid, Instance.state == "stored")
        with gateway.database.read() as work:
            return work.session.execute(query).scalar_one_or_none()

    key = wait_until(stored, SECONDS, "the object to be stored").object_key
    other = b"\x00" * 1000
    gateway.store.delete(key)
    gateway.store.put(key, BytesIO(other), size=len(other), sha256=hashlib.sha256(other).hexdigest())


@pytest.fixture(scope="module")
def device(exchange: RunningGateway) -> ListeningDevice:
    made = ListeningDevice("T01_MR", free_port())
    add_device(exchange.database, made.ae_title, "t01", host="127.0.0.1", port=made.port)
    return made


def test_what_is_read_back_is_committed(exchange: RunningGateway, device: ListeningDevice, tmp_path: Path) -> None:
    items = send_study(exchange, tmp_path)
    with device.listening():
        transaction = device.ask(exchange, items)
        assert device.result(transaction) == (1, set(items), {})
        wait_until(lambda: row_of(exchange, transaction).state == "reported", SECONDS, "the report to be noted")
        with exchange.database.read() as work:
            query = select(ReadinessSignal.objects).where(ReadinessSignal.kind == "commitment")
            assert sorted(items) in work.session.execute(query).scalars().all()
        # The same transaction again is the same request, told again.
        assert device.ask(exchange, items, transaction) == transaction
        assert device.result(transaction) == (1, set(items), {})
    assert exchange.count(CommitmentRequest, transaction_uid=transaction) == 1


def test_reasons_for_what_is_not(exchange: RunningGateway, device: ListeningDevice, tmp_path: Path) -> None:
    good, wrong_class, damaged = send_study(exchange, tmp_path / "own", 3)
    (others,) = send_study(exchange, tmp_path / "other", 1, calling="T02_CT")
    damage(exchange, damaged)
    items = {good: CTImageStorage, wrong_class: MRImageStorage, damaged: CTImageStorage}
    never_sent = generate_uid()
    with device.listening():
        transaction = device.ask(exchange, {**items, never_sent: CTImageStorage, others: CTImageStorage})
        wait_until(lambda: len(row_of(exchange, transaction).decisions) == 3, SECONDS, "what can be decided")
        waiting = row_of(exchange, transaction)
        assert (waiting.state, waiting.last_error) == ("open", "2 objects have not come or are on their way.")
        change_row(exchange, transaction, requested_at=waiting.requested_at - timedelta(hours=25))
        reasons = {wrong_class: 0x0119, damaged: 0x0110, never_sent: 0x0112, others: 0x0112}
        assert device.result(transaction) == (2, {good}, reasons)


def test_objects_on_their_way_are_waited_for_and_a_kill_forgets_nothing(
    exchange: RunningGateway, device: ListeningDevice, tmp_path: Path
) -> None:
    exchange.intake.stop()
    items = send_study(exchange, tmp_path)
    transaction = device.ask(exchange, items)
    exchange.program.kill()
    assert row_of(exchange, transaction).state == "open"
    exchange.start()
    with device.listening():
        assert device.result(transaction) == (1, set(items), {})


def test_a_device_that_does_not_listen_is_tried_again(
    exchange: RunningGateway, device: ListeningDevice, tmp_path: Path
) -> None:
    items = send_study(exchange, tmp_path)
    transaction = device.ask(exchange, items)
    wait_until(lambda: row_of(exchange, transaction).attempts >= 1, SECONDS, "a report that fails")
    failed = row_of(exchange, transaction)
    assert failed.state == "decided"
    assert failed.last_error == f"Nobody answers DICOM at 127.0.0.1:{device.port}."
    with device.listening():
        change_row(exchange, transaction)
        assert device.result(transaction) == (1, set(items), {})


def test_a_device_without_address_is_answered_where_it_asked(exchange: RunningGateway, tmp_path: Path) -> None:
    device = ListeningDevice("T01_CT", 0)
    items = send_study(exchange, tmp_path)
    with device.calling(exchange) as line:
        transaction = generate_uid()
        assert request(line, transaction, items) == 0
        assert device.result(transaction) == (1, set(items), {})
    gone = device.ask(exchange, items)
    without_address = "The device has no host and port, and its association is over."
    wait_until(lambda: row_of(exchange, gone).last_error == without_address, SECONDS, "the reason")


def test_requests_that_make_no_sense(exchange: RunningGateway, device: ListeningDevice) -> None:
    with device.calling(exchange) as line:
        assert request(line, generate_uid(), {"1.2.3": CTImageStorage}, action=2) == 0x0123
        assert request(line, "", {"1.2.3": CTImageStorage}) == 0x0114
        assert request(line, generate_uid(), {}) == 0x0115


def test_orthanc_asks(exchange: RunningGateway, orthanc: OrthancServer, tmp_path: Path) -> None:
    add_device(exchange.database, orthanc.ae_title, "t01", host="127.0.0.1", port=orthanc.dicom_port)
    orthanc.add_modality("countyread", AE_TITLE, exchange.port)
    instances = orthanc.upload(make_study(tmp_path, 2, kilobytes=1))
    assert orthanc.store("countyread", instances)["FailedInstancesCount"] == 0
    report = orthanc.ask_commitment("countyread", instances)
    wait_until(lambda: orthanc.commitment(report)["Status"] != "Pending", SECONDS, "Orthanc to be told")
    told = orthanc.commitment(report)
    assert (told["Status"], len(told["Success"]), told["Failures"]) == ("Success", 2, [])
