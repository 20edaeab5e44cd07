"""Associations over TLS, with DCMTK and pynetdicom as peers."""

import os
import shutil
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
from pynetdicom import AE
from sqlalchemy import update

from storage.db.models import Device, UnknownCaller
from storage.domain.admission import parse_fingerprint
from tests.functional.gateway.raw import ABORT, ASSOCIATE_AC, ASSOCIATE_RJ, Line, request
from tests.functional.gateway.running import AE_TITLE, RunningGateway
from tests.functional.gateway.studies import make_study
from tests.services import dcmtk
from tests.services.ports import free_port
from tests.services.tls import Authority
from tests.services.waiting import wait_until
from tests.unit.storage.ingest.samples import data_set, save
from tests.unit.storage.ingest.shelf import make_county
from tests.worlds import make_world, open_database

BIG = 40 << 20


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def device(authority: Authority) -> tuple[Path, Path]:
    """Certificate and key of a device that the county's authority has signed."""
    return authority.sign("T01_CT")


@pytest.fixture(scope="module")
def gateway(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    folder = tmp_path_factory.mktemp("gateway")
    certificate, key = authority.sign("gateway")
    world = make_world(
        "embedded",
        folder,
        lambda name: pytest.fail(f"{name} is not embedded"),
        COUNTYREAD_DICOM_TLS=f"127.0.0.1:{free_port()}",
        COUNTYREAD_TLS_CERTIFICATE=str(certificate),
        COUNTYREAD_TLS_KEY=str(key),
        COUNTYREAD_TLS_CLIENT_CA=str(authority.certificate),
    )
    world.settings.data.mkdir()
    with open_database(world.settings.database_url) as database:
        make_county(database, institutions=3)
        running = RunningGateway(world, database, folder)
        running.start()
        yield running
        running.stop()
        assert "Traceback" not in running.log


def secure_port(gateway: RunningGateway) -> int:
    address = gateway.world.settings.dicom_tls_address
    assert address is not None
    return address.port


def with_certificate(device: tuple[Path, Path], authority: Authority) -> list[str]:
    """Options of DCMTK."""
    return ["+tls", str(device[1]), str(device[0]), "+cf", str(authority.certificate)]


def require_certificate(gateway: RunningGateway, ae_title: str, fingerprint: str) -> None:
    """And wait until the gateway has read it."""
    with gateway.database.write() as work:
        work.session.execute(update(Device).where(Device.ae_title == ae_title).values(certificate_sha256=fingerprint))
    wanted = not fingerprint
    wait_until(
        lambda: dcmtk.echo(gateway.port, calling=ae_title, called=AE_TITLE).ok is wanted, 30, "the rule to count"
    )


def test_storescu_with_a_certificate_sends_big_objects(
    gateway: RunningGateway, device: tuple[Path, Path], authority: Authority, tmp_path: Path, dcmtk_tools: None
) -> None:
    big = data_set(
        Rows=2048,
        Columns=2048,
        NumberOfFrames=str(BIG // (2048 * 2048 * 2)),
        BitsAllocated=16,
        PixelData=os.urandom(BIG),
    )
    files = [save(tmp_path / "big.dcm", big), *make_study(tmp_path / "study", 20)]
    sent = dcmtk.store(
        secure_port(gateway),
        files,
        calling="T01_CT",
        called=AE_TITLE,
        options=["-xe", *with_certificate(device, authority)],
    )
    assert sent.ok, sent.output
    assert sent.output.count("Received Store Response (Success)") == len(files)
    kept = [path for path in gateway.spool.rglob("*.dcm") if path.stat().st_size > BIG]
    assert dcmread(kept[0]).PixelData == big.PixelData


def test_pynetdicom_without_a_certificate_is_enough_for_a_device_without_that_rule(
    gateway: RunningGateway, authority: Authority
) -> None:
    context = ssl.create_default_context(cafile=str(authority.certificate))
    context.check_hostname = False
    ae = AE("T02_CT")
    ae.add_requested_context(CTImageStorage, ExplicitVRLittleEndian)
    association = ae.associate(
        "127.0.0.1", secure_port(gateway), ae_title=AE_TITLE, tls_args=(context, "gateway"), max_pdu=0
    )
    assert association.is_established
    made = data_set(BitsAllocated=16, PixelData=os.urandom(3 << 20), Rows=1024, Columns=1536)
    made.ensure_file_meta()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
    for _ in range(3):
        assert association.send_c_store(made).Status == 0x0000
    association.release()


def test_a_device_with_a_certificate_must_show_just_that_one(
    gateway: RunningGateway, device: tuple[Path, Path], authority: Authority, tmp_path: Path, dcmtk_tools: None
) -> None:
    fingerprint = parse_fingerprint(authority.fingerprint(device[0]))
    require_certificate(gateway, "T01_CT", fingerprint)
    other = authority.sign("other")
    files = make_study(tmp_path / "study", 1)

    def send(options: list[str]) -> dcmtk.ToolResult:
        return dcmtk.store(secure_port(gateway), files, calling="T01_CT", called=AE_TITLE, options=options)

    assert send(with_certificate(device, authority)).ok
    assert "Calling AE Title Not Recognized" in send(with_certificate(other, authority)).output
    assert "Calling AE Title Not Recognized" in send(["+tla", "-ic"]).output
    wait_until(lambda: refusals(gateway) >= {"other_client_certificate", "no_client_certificate"}, 30, "the reasons")
    shown = {row.certificate_sha256 for row in gateway.rows(UnknownCaller)} - {""}
    assert shown <= {parse_fingerprint(authority.fingerprint(other[0]))}
    require_certificate(gateway, "T01_CT", "")


def refusals(gateway: RunningGateway) -> set[str]:
    """Reasons, from the log: the list keeps only the last one of each address."""
    words = {"another client certificate": "other_client_certificate", "no client certificate": "no_client_certificate"}
    return {reason for word, reason in words.items() if f"it showed {word}" in gateway.log}


def test_a_certificate_of_another_authority_is_no_use(
    gateway: RunningGateway, authority: Authority, tmp_path: Path, dcmtk_tools: None
) -> None:
    stranger = Authority(tmp_path / "stranger", "Somebody").sign("T01_CT")
    options = ["+tls", str(stranger[1]), str(stranger[0]), "+cf", str(authority.certificate)]
    sent = dcmtk.store(
        secure_port(gateway), make_study(tmp_path / "study", 1), calling="T01_CT", called=AE_TITLE, options=options
    )
    assert not sent.ok


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_the_versions_of_the_profile(gateway: RunningGateway, authority: Authority, version: ssl.TLSVersion) -> None:
    with secure(gateway, authority, version) as line:
        assert line.version() == version.name.replace("_", ".").replace("TLSv1.", "TLSv1.")
        assert version is ssl.TLSVersion.TLSv1_3 or "GCM" in line.cipher()[0] or "POLY1305" in line.cipher()[0]


def test_old_versions_and_plain_text_are_turned_away(gateway: RunningGateway, authority: Authority) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", secure_port(gateway)), timeout=30) as plain,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        context.wrap_socket(plain)
    with socket.create_connection(("127.0.0.1", secure_port(gateway)), timeout=30) as plain:
        line = Line(plain)
        line.say(request())
        heard = line.hear()
        assert heard is None or heard[0] not in (ASSOCIATE_AC, ASSOCIATE_RJ, ABORT)


def test_a_handshake_that_never_ends_holds_nobody_up(gateway: RunningGateway, authority: Authority) -> None:
    silent = [socket.create_connection(("127.0.0.1", secure_port(gateway)), timeout=30) for _ in range(50)]
    for one in silent[:25]:
        one.sendall(bytes.fromhex("16030100c801"))
    with secure(gateway, authority) as connection:
        line = Line(connection)
        line.say(request())
        assert line.hear()[0] == ASSOCIATE_AC
    for one in silent:
        one.close()


def test_new_certificates_count_without_a_restart(gateway: RunningGateway, authority: Authority) -> None:
    before = served(gateway, authority)
    certificate, key = authority.sign("renewed")
    settings = gateway.world.settings
    shutil.copy(key, settings.tls_key)
    assert served(gateway, authority) == before, "a key without its certificate is not used"
    shutil.copy(certificate, settings.tls_certificate)
    assert served(gateway, authority) not in (before, b"")


def served(gateway: RunningGateway, authority: Authority) -> bytes:
    """The certificate that the gateway shows."""
    with secure(gateway, authority) as line:
        return line.getpeercert(binary_form=True) or b""


def secure(
    gateway: RunningGateway, authority: Authority, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2
) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=str(authority.certificate))
    context.check_hostname = False
    context.minimum_version = context.maximum_version = version
    plain = socket.create_connection(("127.0.0.1", secure_port(gateway)), timeout=30)
    return context.wrap_socket(plain)
