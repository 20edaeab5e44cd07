from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

from dicom_gateway.associations import AssociationLog, Line
from dicom_gateway.dimse import StoreRequest
from dicom_gateway.receiver import StoreReceiver
from dicom_gateway.status import StoreStatus
from storage.domain.clock import SystemClock
from storage.ingest.spool import Spool
from tests.unit.storage.ingest.samples import data_set, encode


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    spool = Spool(tmp_path / "spool", SystemClock())
    yield spool
    spool.close()


@pytest.fixture
def log(spool: Spool) -> AssociationLog:
    return AssociationLog(SystemClock(), spool)


@pytest.fixture
def line(log: AssociationLog) -> Line:
    return log.open("T01_CT", "10.0.0.1")


@pytest.fixture
def receiver(spool: Spool, log: AssociationLog, line: Line) -> StoreReceiver:
    return StoreReceiver(spool, line, log.note)


def receive(receiver: StoreReceiver, content: bytes, uid: str, sop_class: str = CTImageStorage) -> StoreStatus:
    receiver.begin(StoreRequest(1, 1, sop_class, uid, has_data_set=True), ExplicitVRLittleEndian)
    for start in range(0, len(content), 100):
        receiver.write([memoryview(content)[start : start + 100]])
    return receiver.finish()


def test_a_good_object_is_complete_before_success(receiver: StoreReceiver, spool: Spool, line: Line) -> None:
    made = data_set()
    assert receive(receiver, encode(made), made.SOPInstanceUID) is StoreStatus.SUCCESS
    (entry,) = spool.entries()
    assert (line.received, line.refused) == (1, 0)
    assert entry.association_key == line.key
    assert spool.associations.read(line.key) is not None


def test_names_do_not_repeat_within_an_association(receiver: StoreReceiver, spool: Spool) -> None:
    for _ in range(3):
        made = data_set()
        receive(receiver, encode(made), made.SOPInstanceUID)
    assert [entry.number for entry in spool.entries()] == [1, 2, 3]


@pytest.mark.parametrize(
    "content, status, kept",
    [
        (b"garbage", StoreStatus.CANNOT_UNDERSTAND, True),
        (b"", StoreStatus.CANNOT_UNDERSTAND, True),
        (encode(data_set()), StoreStatus.DATA_SET_MISMATCH, False),
    ],
)
def test_refusals(receiver: StoreReceiver, spool: Spool, line: Line, content, status, kept) -> None:
    assert receive(receiver, content, generate_uid()) is status
    assert bool(spool.entries()) is kept
    assert (line.received, line.refused) == (0, 1)


def test_an_object_without_study_is_kept_and_refused(receiver: StoreReceiver, spool: Spool) -> None:
    made = data_set(StudyInstanceUID=None)
    assert receive(receiver, encode(made), made.SOPInstanceUID) is StoreStatus.CANNOT_UNDERSTAND
    assert spool.entries()


def test_no_storage_class(receiver: StoreReceiver, spool: Spool) -> None:
    made = data_set()
    status = receive(receiver, encode(made), made.SOPInstanceUID, "1.2.840.10008.5.1.4.31")
    assert status is StoreStatus.SOP_CLASS_NOT_SUPPORTED
    assert not spool.entries()


def test_no_disk_and_then_room_again(tmp_path: Path, log: AssociationLog, line: Line, monkeypatch) -> None:
    spool = Spool(tmp_path / "other", SystemClock(), reserve=1 << 60)
    receiver = StoreReceiver(spool, line, log.note)
    made = data_set()
    assert receive(receiver, encode(made), made.SOPInstanceUID) is StoreStatus.OUT_OF_RESOURCES
    monkeypatch.setattr(spool, "_reserve", 0)
    assert receive(receiver, encode(made), made.SOPInstanceUID) is StoreStatus.SUCCESS
    spool.close()


def test_a_broken_disk_is_out_of_resources(receiver: StoreReceiver, tmp_path: Path) -> None:
    made = data_set()
    (tmp_path / "spool" / "incoming").rmdir()
    assert receive(receiver, encode(made), made.SOPInstanceUID) is StoreStatus.OUT_OF_RESOURCES
    (tmp_path / "spool" / "incoming").mkdir()
    assert receive(receiver, encode(made), made.SOPInstanceUID) is StoreStatus.SUCCESS


def test_an_association_that_breaks_off_leaves_nothing(receiver: StoreReceiver, spool: Spool, tmp_path: Path) -> None:
    receiver.begin(StoreRequest(1, 1, CTImageStorage, "1.2", has_data_set=True), ExplicitVRLittleEndian)
    receiver.write([memoryview(b"half")])
    assert receiver.is_receiving
    receiver.abandon()
    receiver.abandon()
    assert not receiver.is_receiving
    assert spool.entries() == []
    assert list((tmp_path / "spool" / "incoming").iterdir()) == []
