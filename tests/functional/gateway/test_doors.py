"""Every door beside DIMSE through real processes, up to the object store; killed in the middle, too."""

import ftplib
import io
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from storage.db.models import Association, Device, Instance, Quarantine, Study
from storage.db.queries import logins, people
from storage.db.session import Database
from storage.domain.devices import DeviceKind
from storage.domain.reading import Role
from storage.passwords import hash_password
from tests.functional.gateway.running import RunningGateway
from tests.functional.gateway.studies import data_set_bytes, make_study, sop_uid
from tests.services.ports import free_port
from tests.services.waiting import wait_until
from tests.unit.storage.ingest.shelf import make_county
from tests.worlds import World
from viewer_api.auth.tokens import new_token, token_hash

SECRET = "a secret of a cart"


class Doors:
    """Gateway, intake and API of one county, and somebody of its clinic t01 who has logged in."""

    def __init__(self, gateway: RunningGateway, ftp_port: int, drop: Path) -> None:
        self.gateway = gateway
        self.ftp_port = ftp_port
        self.corner = drop / "t01"
        self._ftp = ftp_port
        self._environ = {"COUNTYREAD_FTP": f"127.0.0.1:{ftp_port}", "COUNTYREAD_DROP_FOLDER": str(drop)}
        self.corner.mkdir(parents=True)
        self.http = httpx.Client(base_url=f"http://{gateway.world.settings.http}", timeout=30)
        self.http.headers["Authorization"] = f"Bearer {_clinician(gateway.database)}"

    def start(self) -> None:
        self.gateway.start(**self._environ)
        self.gateway.start_one("api")
        wait_until(self._answers, 60, "the API to answer")

    def _answers(self) -> bool:
        try:
            return self.http.get("/readyz").is_success
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        self.gateway.kill()

    def stop(self) -> None:
        self.http.close()
        self.gateway.stop()
        self.gateway._programs["api"].stop()

    def ftp(self) -> ftplib.FTP:
        client = ftplib.FTP(timeout=30)
        client.connect("127.0.0.1", self.ftp_port)
        client.login("T01_FTP", SECRET)
        return client

    def wait_stored(self, instances: int, quarantined: int = 0) -> None:
        gateway = self.gateway
        spools = gateway.spool.parent
        wait_until(
            lambda: (
                gateway.count(Instance, state="stored") >= instances
                and gateway.count(Quarantine, state="stored") >= quarantined
                and not list(spools.glob("*/*.dcm"))
            ),
            60,
            f"{instances} stored instances and {quarantined} in quarantine",
        )
        assert (gateway.count(Instance), gateway.count(Quarantine)) == (instances, quarantined)


def _clinician(database: Database) -> str:
    token = new_token()
    with database.write() as work:
        clinic = people.institution_by_code(work, "t01")
        user = people.ensure_user(work, "li", "-", role=Role.CLINIC, institution=clinic, name="Li")
        logins.open_login(work, user.id, token_hash(token), work.now + timedelta(hours=1))
        cart = people.ensure_door_device(work, clinic, DeviceKind.FTP)
        people.set_device_secret(work, cart.ae_title, hash_password(SECRET))
    return token


@pytest.fixture
def doors(world: World, database: Database, tmp_path: Path, dcmtk_tools: None) -> Iterator[Doors]:
    make_county(database)
    opened = Doors(RunningGateway(world, database, tmp_path), free_port(), tmp_path / "drop")
    opened.start()
    yield opened
    opened.stop()


def stow(doors: Doors, *files: Path) -> httpx.Response:
    part = b"--b\r\nContent-Type: application/dicom\r\n\r\n%s\r\n"
    body = b"".join(part % file.read_bytes() for file in files) + b"--b--\r\n"
    headers = {"Content-Type": "multipart/related; type=application/dicom; boundary=b"}
    return doors.http.post("/dicomweb/studies", content=body, headers=headers)


# The clients' ends of connections that are killed are left to the garbage collector by the libraries.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_what_comes_by_any_door_ends_in_the_store(doors: Doors, tmp_path: Path) -> None:
    dropped, put, stored, uploaded = (make_study(tmp_path / name, 3) for name in ("a", "b", "c", "d"))
    for file in dropped:
        (doors.corner / file.name).write_bytes(file.read_bytes())
    client = doors.ftp()
    for file in put:
        client.storbinary(f"STOR {file.name}", io.BytesIO(file.read_bytes()))
    client.storbinary("STOR ecg.pdf", io.BytesIO(b"%PDF-1.4 an ECG"))
    client.quit()
    assert stow(doors, *stored).status_code == 200
    key = doors.http.post("/api/v1/uploads", json={}).json()["id"]
    for number, file in enumerate(uploaded):
        url = f"/api/v1/uploads/{key}/files/{number}"
        assert doors.http.put(url, content=file.read_bytes()).json()["taken"] == 1
    doors.http.post(f"/api/v1/uploads/{key}/complete").raise_for_status()
    doors.wait_stored(12, quarantined=1)
    for file in (*dropped, *put, *stored, *uploaded):
        assert data_set_bytes(doors.gateway.stored_bytes(sop_uid(file))) == data_set_bytes(file)
    shown = doors.http.get(f"/api/v1/uploads/{key}").json()
    assert [one["fate"] for one in shown["items"]] == ["stored"] * 3
    wait_until(lambda: not list(doors.corner.iterdir()), 60, "the drop folder to empty")
    assert sorted(study.instance_count for study in doors.gateway.rows(Study)) == [3, 3, 3, 3]
    used = {row.device_id for row in doors.gateway.rows(Association)}
    devices = {device.id: device.ae_title for device in doors.gateway.rows(Device)}
    assert {devices[one] for one in used} == {"T01_UPLOAD", "T01_FOLDER", "T01_FTP"}
    (aside,) = doors.gateway.rows(Quarantine)
    told = (aside.reason, aside.detail, aside.ae_title)
    assert told == ("not_dicom", "Not DICOM yet: a PDF document.", "T01_FTP")
    wait_until(lambda: doors.gateway.count(Association, ended_at=None) == 0, 60, "the deliveries to end")
    _kill_in_the_middle(doors, tmp_path)


def _kill_in_the_middle(doors: Doors, folder: Path) -> None:
    """What was answered before is there afterwards, and all of it once when everything is sent again."""
    dropped, uploaded, put = (make_study(folder / name, 20, kilobytes=100) for name in ("e", "f", "g"))
    told: list[Path] = []
    senders = [threading.Thread(target=_upload, args=(doors, uploaded, told))]
    senders.append(threading.Thread(target=_put, args=(doors, put, told)))
    for file in dropped:
        (doors.corner / file.name).write_bytes(file.read_bytes())
    for sender in senders:
        sender.start()
    wait_until(lambda: len(told) >= 6, 60, "some answers")
    doors.kill()
    for sender in senders:
        sender.join()
    doors.start()
    known = list(told)
    wait_until(lambda: {sop_uid(one) for one in known} <= _stored(doors), 90, "what was answered")
    assert stow(doors, *uploaded, *put).status_code == 200
    doors.wait_stored(72, quarantined=1)
    assert sorted(study.instance_count for study in doors.gateway.rows(Study))[-3:] == [20, 20, 20]
    wait_until(lambda: not [path for path in doors.corner.rglob("*") if path.is_file()], 60, "the drop folder to empty")


def _stored(doors: Doors) -> set[str]:
    doors.gateway.intake.ensure_running()
    return {row.sop_instance_uid for row in doors.gateway.rows(Instance)}


def _upload(doors: Doors, files: list[Path], told: list[Path]) -> None:
    """Until the line breaks."""
    try:
        key = doors.http.post("/api/v1/uploads", json={}).json()["id"]
        for number, file in enumerate(files):
            answer = doors.http.put(f"/api/v1/uploads/{key}/files/{number}", content=file.read_bytes())
            if answer.is_success and answer.json()["taken"]:
                told.append(file)
    except httpx.TransportError:
        return


def _put(doors: Doors, files: list[Path], told: list[Path]) -> None:
    """Until the line breaks."""
    try:
        with doors.ftp() as client:
            for file in files:
                assert client.storbinary(f"STOR {file.name}", io.BytesIO(file.read_bytes())) == "226 Stored."
                told.append(file)
    except (OSError, EOFError, ftplib.Error):
        return
