"""What is refused, what is kept aside, and what a peer that misbehaves can do to the others: nothing."""

import random
import socket
import struct
from pathlib import Path

import pytest
from pydicom.uid import generate_uid

from storage.db.models import Association, Instance, Quarantine, Study
from tests.functional.gateway.peers import associate, p_data, raw_socket, store
from tests.functional.gateway.running import RunningGateway
from tests.functional.gateway.studies import make_study
from tests.services.waiting import wait_until
from tests.unit.storage.ingest.samples import data_set, encode, save


def reasons(gateway: RunningGateway) -> list[str]:
    return sorted(row.reason for row in gateway.rows(Quarantine))


@pytest.mark.parametrize(
    "garbage", [b"not a data set at all", bytes(100_000), random.Random(1).randbytes(3000), b"\x08\x00"]
)
def test_garbage_is_refused_and_kept_for_a_person(gateway: RunningGateway, garbage: bytes) -> None:
    with associate(gateway.port) as association:
        assert store(association, garbage, "1.2.3.4") == 0xC000
        good = data_set()
        assert store(association, encode(good), good.SOPInstanceUID) == 0x0000
    gateway.wait_stored(1, quarantined=1)
    assert reasons(gateway) == ["not_dicom"]
    wait_until(lambda: gateway.rows(Association)[0].ended_at, 20, "the association to be recorded")
    (association_row,) = gateway.rows(Association)
    assert (association_row.received, association_row.refused) == (1, 1)


def test_bytes_without_identifiers_are_kept_aside_with_the_reason(gateway: RunningGateway) -> None:
    nameless = data_set(StudyInstanceUID=None)
    with associate(gateway.port) as association:
        assert store(association, b"\x10\x00\x10\x00PN\x04\x00ABCD", "1.2.3.4") == 0xC000
        assert store(association, encode(nameless), nameless.SOPInstanceUID) == 0xC000
    gateway.wait_stored(0, quarantined=2)
    assert reasons(gateway) == ["no_identifiers", "not_dicom"]
    (kept,) = [row for row in gateway.rows(Quarantine) if row.reason == "not_dicom"]
    with gateway.store.open(kept.object_key) as stream:
        assert stream.read().endswith(b"PN\x04\x00ABCD")
    assert kept.ae_title == "T01_CT"


@pytest.mark.parametrize("claim", ["instance", "class"])
def test_a_command_that_names_another_object_is_refused(gateway: RunningGateway, claim: str) -> None:
    made = data_set()
    named = generate_uid() if claim == "instance" else made.SOPInstanceUID
    sop_class = "1.2.840.10008.5.1.4.1.1.2.1" if claim == "class" else made.SOPClassUID
    with associate(gateway.port) as association:
        assert store(association, encode(made), named, sop_class=sop_class) == 0xA900
    assert not gateway.spooled()
    assert not gateway.rows(Instance)


def test_what_is_no_storage_class_is_not_supported(gateway: RunningGateway) -> None:
    made = data_set()
    with associate(gateway.port) as association:
        assert store(association, encode(made), made.SOPInstanceUID, sop_class="1.2.840.10008.1.1") == 0x0122


def test_objects_of_nobody_and_of_two_people_are_kept_aside(gateway: RunningGateway, tmp_path: Path) -> None:
    files = make_study(tmp_path / "study", 2)
    nobody = save(tmp_path / "nobody.dcm", data_set(PatientID=None, PatientName=None))
    assert gateway.send(*files, nobody) == 3
    gateway.wait_stored(2, quarantined=1)
    uid = gateway.rows(Study)[0].study_instance_uid
    other = save(tmp_path / "other.dcm", data_set(StudyInstanceUID=uid, PatientID="0002", PatientName="LI^SI"))
    stranger = save(tmp_path / "stranger.dcm", data_set(StudyInstanceUID=uid))
    assert gateway.send(other) == 1
    assert gateway.send(stranger, calling="T02_CT") == 1
    gateway.wait_stored(2, quarantined=3)
    assert reasons(gateway) == ["no_patient", "other_institution", "other_patient"]
    assert gateway.rows(Study)[0].instance_count == 2


def test_one_uid_with_other_content_is_kept_aside(gateway: RunningGateway, tmp_path: Path) -> None:
    made = data_set()
    first = save(tmp_path / "first.dcm", made)
    made.PatientComments = "changed"
    second = save(tmp_path / "second.dcm", made)
    assert gateway.send(first) == 1
    gateway.wait_stored(1)
    kept = gateway.stored_bytes(made.SOPInstanceUID)
    assert gateway.send(second) == 1
    gateway.wait_stored(1, quarantined=1)
    assert reasons(gateway) == ["other_bytes"]
    assert gateway.stored_bytes(made.SOPInstanceUID) == kept


def test_an_image_in_two_encodings_is_one_instance(gateway: RunningGateway, tmp_path: Path) -> None:
    from pydicom import dcmread
    from pydicom.uid import RLELossless

    (file,) = make_study(tmp_path / "study", 1)
    assert gateway.send(file) == 1
    gateway.wait_stored(1)
    image = dcmread(file)
    image.compress(RLELossless, generate_instance_uid=False)
    image.save_as(tmp_path / "rle.dcm")
    assert gateway.send(tmp_path / "rle.dcm") == 1
    gateway.wait_stored(1, quarantined=1)
    assert reasons(gateway) == ["other_encoding"]


# Peers that break the protocol


def begin_store(association, uid: str = "1.2.3") -> int:
    """Send a C-STORE-RQ; its data set is owed."""
    context = association.accepted_contexts[0].context_id
    elements = (
        _element(0x0002, b"1.2.840.10008.5.1.4.1.1.2\0")
        + _element(0x0100, struct.pack("<H", 1))
        + _element(0x0110, struct.pack("<H", 1))
        + _element(0x0700, struct.pack("<H", 2))
        + _element(0x0800, struct.pack("<H", 1))
        + _element(0x1000, uid.encode() + b"\0" * (len(uid) % 2))
    )
    command = _element(0x0000, struct.pack("<I", len(elements))) + elements
    raw_socket(association).sendall(p_data(context, 3, command))
    return context


def _element(element: int, value: bytes) -> bytes:
    return struct.pack("<HHI", 0, element, len(value)) + value


def aborted(association) -> bool:
    return not association.is_established


@pytest.mark.parametrize("ending", ["cut", "abort", "command in between", "wrong length"])
def test_half_an_object_leaves_no_trace(gateway: RunningGateway, ending: str) -> None:
    with associate(gateway.port) as association:
        context = begin_store(association)
        line = raw_socket(association)
        line.sendall(p_data(context, 0, bytes(200_000)))
        wait_until(gateway.incoming, 10, "the object to begin")
        if ending == "cut":
            line.shutdown(socket.SHUT_RDWR)
        elif ending == "abort":
            association.abort()
        elif ending == "command in between":
            begin_store(association)
        else:
            line.sendall(struct.pack(">BxIIBB", 4, 100, 2_000_000, context, 0))
        wait_until(lambda: aborted(association), 20, "the association to end")
    wait_until(lambda: not gateway.incoming(), 10, "the traces to go")
    assert not gateway.spooled()
    with associate(gateway.port) as association:
        good = data_set()
        assert store(association, encode(good), good.SOPInstanceUID) == 0x0000


@pytest.mark.parametrize(
    "noise", [b"GET / HTTP/1.1\r\n\r\n", random.Random(2).randbytes(500), b"\x01\x00\xff\xff\xff\xff", b""]
)
def test_strangers_on_the_port_do_not_matter(gateway: RunningGateway, tmp_path: Path, noise: bytes) -> None:
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", gateway.port)) as line:
            line.sendall(noise)
    assert gateway.send(*make_study(tmp_path / "study", 2)) == 2


def test_small_pieces_and_several_values_in_one_pdu(gateway: RunningGateway) -> None:
    made = data_set()
    content = encode(made)
    with associate(gateway.port) as association:
        context = begin_store(association, made.SOPInstanceUID)
        line = raw_socket(association)
        third = len(content) // 3
        values = b"".join(
            struct.pack(">IBB", len(piece) + 2, context, control) + piece
            for control, piece in ((0, content[:third]), (0, b""), (2, content[third:]))
        )
        pdu = struct.pack(">BxI", 4, len(values)) + values
        for start in range(0, len(pdu), 7):
            line.sendall(pdu[start : start + 7])
        _, response = association.dimse.get_msg(block=True)
        assert response.Status == 0x0000
    gateway.wait_stored(1)
    assert gateway.stored_bytes(made.SOPInstanceUID).endswith(content)


def test_echo_between_objects_on_one_association(gateway: RunningGateway) -> None:
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
    from pynetdicom import AE

    ae = AE("T01_CT")
    ae.add_requested_context("1.2.840.10008.1.1")
    ae.add_requested_context(CTImageStorage, ExplicitVRLittleEndian)
    association = ae.associate("127.0.0.1", gateway.port, ae_title="COUNTYREAD")
    for _ in range(5):
        made = data_set()
        made.file_meta = save_meta(made)
        assert association.send_c_store(made).Status == 0x0000
        assert association.send_c_echo().Status == 0x0000
    association.release()
    gateway.wait_stored(5)


def save_meta(made):
    encode(made)
    return made.file_meta


def test_nothing_of_the_patient_is_in_the_log(gateway: RunningGateway, tmp_path: Path) -> None:
    secret = {"PatientName": "SECRETNAME", "PatientID": "SECRETID"}
    files = make_study(tmp_path / "study", 2, **secret)
    placeless = save(tmp_path / "placeless.dcm", data_set(SeriesInstanceUID=None, **secret))
    assert gateway.send(*files) == 2
    assert gateway.send(placeless) == 0
    gateway.wait_stored(2, quarantined=1)
    gateway.stop()
    assert "0xC000" in gateway.log
    assert "SECRET" not in gateway.log


def test_a_stop_aborts_who_is_idle_and_cuts_off_who_stalls(gateway: RunningGateway) -> None:
    with associate(gateway.port) as idle, associate(gateway.port) as stalling:
        context = begin_store(stalling)
        raw_socket(stalling).sendall(p_data(context, 0, bytes(100_000)))
        wait_until(gateway.incoming, 10, "the object to begin")
        gateway.program.stop(timeout=30)
        wait_until(lambda: aborted(idle) and aborted(stalling), 20, "both associations to end")
    assert not gateway.program.running
    assert "Traceback" not in gateway.log
    assert not gateway.incoming()
