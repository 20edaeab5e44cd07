"""C-MOVE and C-GET with a real gateway: what comes out is what went in, and goes where it may."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom import Dataset
from pydicom.uid import (
    CTImageStorage,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGLSLossless,
    RLELossless,
    generate_uid,
)
from pynetdicom import AE, build_role, evt
from pynetdicom.association import Association

from dicom_gateway.send import send
from tests.functional.gateway.exchange import (
    GET,
    MOVE,
    PATIENT_MOVE,
    SECONDS,
    add_device,
    asking,
    identifier,
)
from tests.functional.gateway.running import AE_TITLE, RunningGateway
from tests.functional.gateway.studies import data_set_bytes, make_study, sop_uid
from tests.services import dcmtk
from tests.services.orthanc import OrthancServer
from tests.services.ports import free_port
from tests.unit.storage.ingest.shelf import Shelf


def compressed(file: Path, target: Path, syntax: str) -> Path:
    """The same image compressed without loss, as another object of its series."""
    made = pydicom.dcmread(file)
    made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    made.compress(syntax, generate_instance_uid=False)
    made.save_as(target, enforce_file_format=True)
    return target


def move(exchange: RunningGateway, asked: Dataset, destination: str, calling: str = "T01_CT", model: str = MOVE):
    """The last response, with its identifier."""
    with asking(exchange.port, calling, model) as line:
        responses = list(line.send_c_move(asked, destination, model))
    pending = [status for status, _ in responses[:-1]]
    assert {status.Status for status in pending} <= {0xFF00}
    left = [status.NumberOfRemainingSuboperations for status in pending]
    assert left == sorted(left, reverse=True)
    return responses[-1]


@contextmanager
def caller(
    exchange: RunningGateway, calling: str, syntaxes: list[str], got: list[tuple[str, Dataset]]
) -> Iterator[Association]:
    """An association for C-GET in these syntaxes; what comes is put into `got`."""

    def keep(event: evt.Event) -> int:
        made = event.dataset
        made.file_meta = event.file_meta
        got.append((str(made.SOPInstanceUID), made))
        return 0

    ae = AE(calling)
    ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = SECONDS
    ae.add_requested_context(GET, ExplicitVRLittleEndian)
    ae.add_requested_context(CTImageStorage, syntaxes)
    roles = [build_role(CTImageStorage, scp_role=True)]
    handlers = [(evt.EVT_C_STORE, keep)]
    line = ae.associate("127.0.0.1", exchange.port, ae_title=AE_TITLE, ext_neg=roles, evt_handlers=handlers)
    assert line.is_established
    try:
        yield line
    finally:
        line.release()


def get(
    exchange: RunningGateway, asked: Dataset, syntaxes: list[str], calling: str = "T01_CT"
) -> list[tuple[str, Dataset]]:
    """The objects that come back, all of them."""
    got: list[tuple[str, Dataset]] = []
    with caller(exchange, calling, syntaxes, got) as line:
        responses = list(line.send_c_get(asked, GET))
    assert responses[-1][0].Status == 0
    assert responses[-1][0].NumberOfCompletedSuboperations == len(got)
    return got


@dataclass(frozen=True)
class Sent:
    """A study of T01_CT: two objects as they came, two compressed; and where it can be sent to."""

    files: list[Path]
    study: str
    series: str
    destination: dcmtk.StorescpServer

    @property
    def uids(self) -> set[str]:
        return {sop_uid(file) for file in self.files}

    @property
    def whole(self) -> Dataset:
        return identifier("STUDY", StudyInstanceUID=self.study)


@pytest.fixture(scope="module")
def sent(exchange: RunningGateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sent]:
    folder = tmp_path_factory.mktemp("sent")
    files = make_study(folder, 2, kilobytes=8, PatientID="A1")
    files.append(compressed(files[0], folder / "jls.dcm", JPEGLSLossless))
    files.append(compressed(files[0], folder / "rle.dcm", RLELossless))
    assert send(files, "127.0.0.1", exchange.port, "T01_CT", AE_TITLE).accepted == 4
    exchange.wait_stored(4)
    first = pydicom.dcmread(files[0], stop_before_pixels=True)
    with dcmtk.StorescpServer(options=("+xa", "+B")) as destination:
        add_device(exchange.database, "T01_WS", "t01", host="127.0.0.1", port=destination.port)
        add_device(exchange.database, "T02_WS", "t02", host="127.0.0.1", port=destination.port)
        add_device(exchange.database, "T01_DEAF", "t01", host="127.0.0.1", port=free_port())
        add_device(exchange.database, "T01_BLANK", "t01")
        yield Sent(files, str(first.StudyInstanceUID), str(first.SeriesInstanceUID), destination)


def test_what_went_in_comes_out_bit_for_bit(exchange: RunningGateway, sent: Sent) -> None:
    status, _ = move(exchange, sent.whole, "T01_WS")
    assert (status.Status, status.NumberOfCompletedSuboperations) == (0, 4)
    arrived = {sop_uid(file): file for file in sent.destination.files()}
    for file in sent.files:
        assert data_set_bytes(arrived[sop_uid(file)]) == data_set_bytes(file)
    status, _ = move(exchange, identifier("PATIENT", PatientID="A1"), "T01_WS", model=PATIENT_MOVE)
    assert (status.Status, status.NumberOfCompletedSuboperations) == (0, 4)


def test_orthanc_of_the_centre_has_it_sent_to_itself(
    exchange: RunningGateway, sent: Sent, orthanc: OrthancServer
) -> None:
    add_device(exchange.database, orthanc.ae_title, "county", host="127.0.0.1", port=orthanc.dicom_port)
    orthanc.add_modality("countyread", AE_TITLE, exchange.port)
    orthanc.retrieve("countyread", "Study", {"StudyInstanceUID": sent.study})
    arrived = sorted(data_set_bytes(orthanc.file(one)) for one in orthanc.instances())
    assert arrived == sorted(map(data_set_bytes, sent.files))


def test_where_it_may_go(exchange: RunningGateway, sent: Sent) -> None:
    for destination in ("NOBODY", "T01_BLANK", "T02_WS"):
        assert move(exchange, sent.whole, destination)[0].Status == 0xA801
    assert move(exchange, sent.whole, "T02_WS", "CENTRE_WS")[0].NumberOfCompletedSuboperations == 4
    assert move(exchange, identifier("STUDY"), "T01_WS")[0].Status == 0xA900
    status, failed = move(exchange, sent.whole, "T01_DEAF")
    assert (status.Status, status.NumberOfFailedSuboperations) == (0xA702, 4)
    assert set(failed.FailedSOPInstanceUIDList) == sent.uids


def test_a_clinic_retrieves_nothing_of_another(exchange: RunningGateway, sent: Sent) -> None:
    before = len(sent.destination.files())
    image = {"StudyInstanceUID": sent.study, "SeriesInstanceUID": sent.series, "SOPInstanceUID": list(sent.uids)}
    for asked, model in (
        (sent.whole, MOVE),
        (identifier("SERIES", StudyInstanceUID=sent.study, SeriesInstanceUID=sent.series), MOVE),
        (identifier("IMAGE", **image), MOVE),
        (identifier("PATIENT", PatientID="A1"), PATIENT_MOVE),
    ):
        status, _ = move(exchange, asked, "T02_WS", "T02_CT", model)
        assert (status.Status, status.NumberOfCompletedSuboperations) == (0, 0)
        if model == MOVE:
            assert get(exchange, asked, [ExplicitVRLittleEndian], calling="T02_CT") == []
    assert len(sent.destination.files()) == before


def test_one_patient_id_in_two_clinics(exchange: RunningGateway, sent: Sent, tmp_path: Path) -> None:
    for clinic in ("T01_CT", "T02_CT"):
        assert exchange.send(*make_study(tmp_path / clinic, 1, kilobytes=1, PatientID="B7"), calling=clinic) == 1
    exchange.wait_stored(6)
    asked = identifier("PATIENT", PatientID="B7")
    status, _ = move(exchange, asked, "T01_WS", "CENTRE_WS", PATIENT_MOVE)
    assert (status.Status, status.ErrorComment) == (0xA900, "Several patients have this ID; give Issuer of Patient ID.")
    asked.IssuerOfPatientID = "t02"
    status, _ = move(exchange, asked, "T01_WS", "CENTRE_WS", PATIENT_MOVE)
    assert (status.Status, status.NumberOfCompletedSuboperations) == (0, 1)


def test_on_the_same_association_in_what_the_caller_takes(exchange: RunningGateway, sent: Sent) -> None:
    pixels = pydicom.dcmread(sent.files[0]).pixel_array
    got = get(exchange, sent.whole, [JPEGLSLossless, ExplicitVRLittleEndian])
    assert {uid for uid, _ in got} == sent.uids
    assert {made.file_meta.TransferSyntaxUID for _, made in got} == {ExplicitVRLittleEndian}
    of_one_image = [made for uid, made in got if uid != sop_uid(sent.files[1])]
    assert [np.array_equal(made.pixel_array, pixels) for made in of_one_image] == [True] * 3
    assert len(get(exchange, sent.whole, [ImplicitVRLittleEndian])) == 4
    last = {"StudyInstanceUID": sent.study, "SeriesInstanceUID": sent.series, "SOPInstanceUID": sop_uid(sent.files[3])}
    ((uid, made),) = get(exchange, identifier("IMAGE", **last), [RLELossless])
    assert (uid, made.file_meta.TransferSyntaxUID) == (sop_uid(sent.files[3]), RLELossless)
    assert made.PixelData == pydicom.dcmread(sent.files[3]).PixelData


def test_what_cannot_be_sent_is_told_object_by_object(exchange: RunningGateway, sent: Sent) -> None:
    with caller(exchange, "T01_CT", [RLELossless], []) as line:
        *_, (status, failed) = line.send_c_get(sent.whole, GET)
    assert (status.Status, status.NumberOfCompletedSuboperations, status.NumberOfFailedSuboperations) == (0xB000, 1, 3)
    assert set(failed.FailedSOPInstanceUIDList) == sent.uids - {sop_uid(sent.files[3])}


def test_dcmtk_retrieves(exchange: RunningGateway, sent: Sent, tmp_path: Path) -> None:
    keys = ("-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={sent.study}")
    peers = ("-aet", "T01_CT", "-aec", AE_TITLE, "127.0.0.1", str(exchange.port))
    got = dcmtk.run("getscu", "-v", "-S", "-od", tmp_path, *peers, *keys)
    assert got.ok, got.output
    assert len(list(tmp_path.iterdir())) == 4
    moved = dcmtk.run("movescu", "-v", "-S", "-aem", "T01_WS", *peers, *keys)
    assert moved.ok, moved.output


def test_what_waits_in_the_spool_is_there_too(exchange: RunningGateway, tmp_path: Path) -> None:
    exchange.intake.stop()
    (file,) = make_study(tmp_path / "late", 1, kilobytes=8)
    shelf = Shelf(exchange.database, exchange.world.settings.spool / "test")
    made = pydicom.dcmread(file)
    shelf.add(made)
    one = identifier("STUDY", StudyInstanceUID=str(made.StudyInstanceUID))
    ((uid, got),) = get(exchange, one, [ExplicitVRLittleEndian])
    shelf.spool.close()
    assert uid == sop_uid(file)
    assert got.PixelData == made.PixelData
