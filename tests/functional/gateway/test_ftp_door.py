"""The FTP door, with Python's ftplib and curl as carts."""

import ftplib
import io
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from countyread.commands.admin import admin
from dicom_gateway.ftp_door import FtpDoor, parse_ports
from dicom_gateway.ftp_session import Limits
from storage.db.queries import people
from storage.db.session import Database
from storage.domain.clock import SystemClock
from storage.domain.devices import DeviceKind
from storage.domain.errors import ConfigurationError
from storage.ingest.part10 import FileMeta, read_start
from storage.passwords import hash_password
from storage.settings import Settings, load_settings
from tests.services.process import find_program
from tests.services.tls import Authority
from tests.services.waiting import wait_until
from tests.unit.storage.ingest.samples import data_set, encode, file_of
from tests.unit.storage.ingest.shelf import make_county
from tests.worlds import open_database

SECRET = "a secret of a cart"
GENEROUS = Limits(1 << 30, 0)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with open_database(f"sqlite:///{tmp_path_factory.mktemp('database')}/test.sqlite") as opened:
        make_county(opened)
        with opened.write() as work:
            device = people.ensure_door_device(work, people.institution_by_code(work, "t01"), DeviceKind.FTP)
            people.set_device_secret(work, device.ae_title, hash_password(SECRET))
        yield opened


def settings_in(folder: Path) -> Settings:
    plain = load_settings({}, file=Path("/nonexistent.toml"))
    return replace(plain, data=folder, reserve_mb=0, ftp="127.0.0.1:0")


@contextmanager
def open_ftp(settings: Settings, database: Database, limits: Limits = GENEROUS) -> Iterator[FtpDoor]:
    door = FtpDoor(settings, database, SystemClock(), limits)
    door.start()
    try:
        yield door
    finally:
        door.stop()


@pytest.fixture(scope="module")
def open_door(tmp_path_factory: pytest.TempPathFactory, database: Database) -> Iterator[FtpDoor]:
    with open_ftp(settings_in(tmp_path_factory.mktemp("door")), database) as opened:
        yield opened


@pytest.fixture
def door(open_door: FtpDoor) -> FtpDoor:
    """One for all tests here; what the last one brought has gone."""
    assert open_door._door is not None
    spool = open_door._door.spool
    for path in (*spool.folder.glob("*.dcm"), *(spool.folder / "associations").glob("*")):
        path.unlink(missing_ok=True)
    return open_door


CLIENTS: list[ftplib.FTP] = []


@pytest.fixture(autouse=True)
def _hang_up() -> Iterator[None]:
    """After each test."""
    yield
    for client in CLIENTS:
        client.close()
    CLIENTS.clear()


def log_in(door: FtpDoor, user: str = "T01_FTP", secret: str = SECRET, client: ftplib.FTP | None = None) -> ftplib.FTP:
    client = client or ftplib.FTP(timeout=30)
    CLIENTS.append(client)
    client.connect("127.0.0.1", door.port, timeout=30)
    client.login(user, secret)
    return client


def kept(door: FtpDoor) -> list[tuple[FileMeta, bytes]]:
    assert door._door is not None
    found = []
    for entry in door._door.spool.entries():
        with door._door.spool.path(entry).open("rb") as stream:
            found.append((read_start(stream), stream.read()))
    return found


def dicom() -> bytes:
    made = data_set()
    return file_of(encode(made), uid=made.SOPInstanceUID)


def test_a_file_is_durable_when_it_is_answered(door: FtpDoor) -> None:
    client, contents = log_in(door, "t01_ftp"), [dicom() for _ in range(3)]
    client.mkd("/ecg/2026")
    client.cwd("/ecg/2026")
    for number, content in enumerate(contents):
        answer = client.storbinary(f"STOR {number}.tmp", io.BytesIO(content))
        assert answer == "226 Stored."
        assert len(kept(door)) == number + 1
        client.rename(f"{number}.tmp", f"{number}.dcm")
    assert [content.endswith(data) for content, (_, data) in zip(contents, kept(door), strict=True)] == [True] * 3
    assert {meta.source_ae_title for meta, _ in kept(door)} == {"T01_FTP"}
    client.quit()
    assert door._door is not None
    records = door._door.spool.associations
    wait_until(lambda: [record.ended_at is not None for record in records.all()] == [True], 30, "the delivery to end")
    (record,) = records.all()
    assert (record.received, record.address) == (3, "127.0.0.1")


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7 an ECG" * 100, b"<?xml version='1.0'?><AnnotatedECG/>", dicom()[:-5]],
    ids=["pdf", "xml", "cut off"],
)
def test_what_is_no_dicom_is_kept_for_a_person(door: FtpDoor, content: bytes) -> None:
    client = log_in(door)
    answer = client.storbinary("STOR ecg", io.BytesIO(content))
    assert answer.startswith("226 Kept for a person")
    assert kept(door) == [(FileMeta("", "", "", "T01_FTP"), content)]


def test_an_empty_file_is_refused(door: FtpDoor) -> None:
    with pytest.raises(ftplib.error_perm, match="550"):
        log_in(door).storbinary("STOR x", io.BytesIO())
    assert kept(door) == []


def test_a_cart_that_forgets_to_say_binary_spoils_nothing(door: FtpDoor) -> None:
    made = data_set(PatientComments="line\r\nline")
    content = file_of(encode(made), uid=made.SOPInstanceUID)
    client = log_in(door)
    client.sendcmd("TYPE A")
    with client.transfercmd("STOR x.dcm") as line:
        line.sendall(content)
    assert client.voidresp().startswith("226")
    assert content.endswith(kept(door)[0][1])


def test_nothing_can_be_seen_or_fetched(door: FtpDoor) -> None:
    client = log_in(door)
    client.storbinary("STOR a.dcm", io.BytesIO(dicom()))
    assert client.nlst() == []
    lines: list[str] = []
    client.retrlines("LIST", lines.append)
    assert lines == []
    for command in ("RETR a.dcm", "RETR /etc/passwd", "DELE a.dcm", "APPE a.dcm", "SIZE a.dcm", "RMD x"):
        with pytest.raises(ftplib.error_perm, match=r"5[05]0"):
            client.voidcmd(command)


@pytest.mark.parametrize(
    "user, secret", [("T01_FTP", "wrong"), ("T01_CT", SECRET), ("anonymous", ""), ("", ""), ("T09_FTP", SECRET)]
)
def test_strangers_stay_outside(door: FtpDoor, monkeypatch: pytest.MonkeyPatch, user: str, secret: str) -> None:
    monkeypatch.setattr("dicom_gateway.ftp_session.Session.auth_failed_timeout", 0)
    with pytest.raises(ftplib.error_perm, match="530"):
        log_in(door, user, secret)


def test_a_device_of_other_networks_stays_outside(
    door: FtpDoor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dicom_gateway.ftp_session.Session.auth_failed_timeout", 0)
    with database.write() as work:
        device = people.device_to_log_in(work, "T01_FTP", DeviceKind.FTP)
        assert device is not None
        device.networks = ["10.9.0.0/16"]
    try:
        with pytest.raises(ftplib.error_perm, match="530"):
            log_in(door)
    finally:
        with database.write() as work:
            device = people.device_to_log_in(work, "T01_FTP", DeviceKind.FTP)
            assert device is not None
            device.networks = None


def test_who_was_known_comes_in_while_the_database_is_away(door: FtpDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise ConnectionError

    log_in(door).quit()
    monkeypatch.setattr("dicom_gateway.ftp_session.Session.auth_failed_timeout", 0)
    monkeypatch.setattr(door._devices._database, "read", away)
    assert log_in(door).storbinary("STOR a.dcm", io.BytesIO(dicom())) == "226 Stored."
    with pytest.raises(ftplib.error_perm, match="530"):
        log_in(door, secret="wrong")


def test_without_room_or_with_too_much_the_cart_is_told(tmp_path: Path, database: Database) -> None:
    with open_ftp(settings_in(tmp_path / "a"), database, Limits(1 << 20, 0)) as door:
        client = log_in(door)
        with pytest.raises((ftplib.error_temp, ConnectionError)):
            client.storbinary("STOR a", io.BytesIO(bytes(8 << 20)))
        assert kept(door) == []
    with open_ftp(settings_in(tmp_path / "b"), database, Limits(1 << 20, 1 << 60)) as door:
        with pytest.raises(ftplib.error_temp, match="452"):
            log_in(door).storbinary("STOR a", io.BytesIO(dicom()))
        assert kept(door) == []


def test_a_full_disk_at_the_end_is_told(door: FtpDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert door._door is not None
    monkeypatch.setattr(door._door.spool, "_reserve", 1 << 60)
    with pytest.raises(ftplib.error_temp, match="452"):
        log_in(door).storbinary("STOR a", io.BytesIO(dicom()))


def test_sessions_have_a_limit_and_an_end(tmp_path: Path, database: Database) -> None:
    with open_ftp(settings_in(tmp_path), database, Limits(1 << 20, 0, idle=1, sessions_of_one=2)) as door:
        waiting = [socket.create_connection(("127.0.0.1", door.port), 30) for _ in range(2)]
        assert all(line.recv(100).startswith(b"220") for line in waiting)
        with socket.create_connection(("127.0.0.1", door.port), 30) as third:
            assert third.recv(100).startswith(b"421")
        assert waiting[0].recv(100).startswith(b"421")
        for line in waiting:
            line.close()


def test_garbage_ends_in_words(door: FtpDoor) -> None:
    with socket.create_connection(("127.0.0.1", door.port), 30) as line:
        line.sendall(b"\xff\x00GARBAGE\r\n" + b"STOR x\r\n")
        told = b""
        while told.count(b"\r\n") < 3:
            told += line.recv(1000)
    assert [one[:1] for one in told.split(b"\r\n")[:3]] == [b"2", b"5", b"5"]


def curl(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [find_program("curl", "curl"), "--silent", "--show-error", "--max-time", "60", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_curl_puts_a_file(door: FtpDoor, tmp_path: Path) -> None:
    file = tmp_path / "a.dcm"
    file.write_bytes(dicom())
    url = f"ftp://127.0.0.1:{door.port}/new/folder/"
    done = curl("--ftp-create-dirs", "--user", f"T01_FTP:{SECRET}", "--upload-file", str(file), url)
    assert done.returncode == 0, done.stderr
    assert len(kept(door)) == 1
    assert curl("--user", f"T01_FTP:{SECRET}", f"{url}a.dcm").returncode != 0


def test_explicit_tls(tmp_path: Path, database: Database, authority: Authority) -> None:
    certificate, key = authority.sign("127.0.0.1")
    settings = replace(settings_in(tmp_path / "data"), tls_certificate=str(certificate), tls_key=str(key))
    context = ssl.create_default_context(cafile=str(authority.certificate))
    context.check_hostname = False
    with open_ftp(settings, database) as door:
        client = ftplib.FTP_TLS(context=context, timeout=30)
        log_in(door, client=client)
        client.prot_p()
        content = dicom()
        assert client.storbinary("STOR a.dcm", io.BytesIO(content)) == "226 Stored."
        assert content.endswith(kept(door)[0][1])
        assert client.nlst() == []
        client.quit()
        file = tmp_path / "b.dcm"
        file.write_bytes(dicom())
        options = ["--ssl-reqd", "--insecure", "--user", f"T01_FTP:{SECRET}", "--upload-file", str(file)]
        done = curl(*options, f"ftp://127.0.0.1:{door.port}/")
        assert done.returncode == 0, done.stderr
        assert log_in(door).storbinary("STOR c.dcm", io.BytesIO(dicom())) == "226 Stored."
        assert len(kept(door)) == 3


def test_a_secret_is_given_on_the_command_line(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    environ = {"COUNTYREAD_DATA": str(tmp_path), "COUNTYREAD_CONFIG": "/nonexistent.toml"}
    with open_database(f"sqlite:///{tmp_path}/countyread.sqlite") as database:
        make_county(database)
        runner = CliRunner(env=environ)
        made = runner.invoke(admin, ["device", "T01_CART", "--institution", "t01", "--kind", "ftp"])
        assert made.exit_code == 0, made.output
        told = runner.invoke(admin, ["secret", "T01_CART"])
        assert told.exit_code == 0, told.output
        with open_ftp(settings, database) as door:
            client = log_in(door, "T01_CART", told.output.split()[-1])
            assert client.storbinary("STOR a.dcm", io.BytesIO(dicom())) == "226 Stored."
        assert runner.invoke(admin, ["secret", "T01_CART", "--secret", "short"]).exit_code != 0
        assert runner.invoke(admin, ["secret", "T01_CT"]).exit_code != 0


def test_passive_ports_are_read() -> None:
    assert parse_ports("") is None
    assert parse_ports("50000-50010") == range(50000, 50011)
    for text in ("x", "5-1", "1-70000", "-", "1"):
        with pytest.raises(ConfigurationError):
            parse_ports(text)
