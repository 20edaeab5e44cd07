"""What an edge station may ask of the API, and what those see who run the service."""

import base64
import hashlib
import io
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydicom.uid import ExplicitVRLittleEndian
from sqlalchemy import select

from dicom_gateway.edge.packing import digest, pack_data_set
from storage.db.models import ReadinessSignal, UnknownCaller
from storage.db.queries import edge, people
from storage.db.session import Database, Hint
from storage.domain.canonical import sha256_hex
from storage.domain.clock import ManualClock, SystemClock
from storage.edge.parcels import ParcelObject, ParcelWriter, record_to_json
from storage.edge.protocol import DIGEST, LENGTH, OFFSET
from storage.ingest.associations import AssociationRecord
from storage.ingest.part10 import FileMeta
from storage.ingest.spool import SpoolFolder
from tests.functional.api.township import Township, running, settings_in
from tests.unit.reading_queue.county import MONDAY_MORNING, County
from tests.unit.storage.ingest.samples import data_set, encode, file_of
from tests.worlds import learned_engine

_KEY = "station_for-the-tests-of-the-api"
_ASSOCIATION = "c" * 32
_BACKLOG = {
    "waiting": 3,
    "waiting_bytes": 1_500_000,
    "urgent": 1,
    "held": 0,
    "sent": 12,
    "sent_bytes": 6_000_000,
    "sent_today": 4,
    "oldest_seconds": 42.5,
    "free_bytes": 10**9,
}


@pytest.fixture
def station(township: Township) -> httpx.Client:
    """A client with the key of the station of t01."""
    _ensure_station(township)
    with httpx.Client(base_url=township.url, headers={"Authorization": f"Bearer {_KEY}"}, timeout=30) as client:
        yield client


def _ensure_station(township: Township) -> None:
    with township.database.write() as work:
        clinic = people.institution_by_code(work, "t01")
        people.ensure_device(work, "T01_CT", clinic, modality="CT")
        edge.ensure_station(work, "T01_EDGE", clinic, "van", sha256_hex(_KEY.encode()))


def _report(**more: Any) -> dict[str, Any]:
    return {"version": "1", "backlog": _BACKLOG, **more}


def _announcement(title: str = "T01_CT") -> dict[str, Any]:
    return {"association": _ASSOCIATION, "ae_title": title, "study": "1.2.3", "objects": ["1.2.3.1", "1.2.3.2"]}


def _parcel() -> bytes:
    encoded = encode(data_set(SOPInstanceUID="1.2.3.1"))
    size, sha256 = digest(io.BytesIO(encoded))
    meta = FileMeta("1.2.840.10008.5.1.4.1.1.2", "1.2.3.1", ExplicitVRLittleEndian, "T01_CT")
    stream = io.BytesIO()
    writer = ParcelWriter(stream, [AssociationRecord(_ASSOCIATION, "T01_CT", "10.0.0.7", SystemClock().now(), None, 1)])
    segments = pack_data_set(io.BytesIO(encoded), size, ExplicitVRLittleEndian)
    writer.add(ParcelObject("one", _ASSOCIATION, 1, meta, size, sha256), segments)
    writer.close()
    return stream.getvalue()


def _send(station: httpx.Client, parcel: bytes, start: int, stop: int) -> httpx.Response:
    piece = parcel[start:stop]
    told = base64.b64encode(hashlib.sha256(piece).digest()).decode()
    headers = {OFFSET: str(start), LENGTH: str(len(parcel)), DIGEST: f"sha-256=:{told}:"}
    name = hashlib.sha256(parcel).hexdigest()
    return station.patch(f"/api/v1/edge/parcels/{name}", headers=headers, content=piece)


def test_a_parcel_in_two_pieces_lies_in_the_spool_and_is_confirmed(station: httpx.Client, township: Township) -> None:
    parcel = _parcel()
    assert _send(station, parcel, 0, 100).json() == {"offset": 100, "outcomes": None}
    wrong = _send(station, parcel, 50, 100)
    assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong_offset")
    name = hashlib.sha256(parcel).hexdigest()
    assert station.get(f"/api/v1/edge/parcels/{name}").json() == {"offset": 100, "outcomes": None}
    last = _send(station, parcel, 100, len(parcel)).json()
    assert last == {"offset": len(parcel), "outcomes": {"one": "durable"}}
    assert station.get(f"/api/v1/edge/parcels/{name}").json()["outcomes"] == {"one": "durable"}
    spool = SpoolFolder(township.settings.spool / "edge")
    assert len(spool.entries()) == 1
    assert spool.associations.read(_ASSOCIATION) is not None


def test_the_report_is_shown_to_those_who_run_the_service(station: httpx.Client, township: Township) -> None:
    answer = station.post("/api/v1/edge/report", json=_report())
    assert answer.status_code == 200, answer.text
    assert (answer.json()["station"], answer.json()["institution"]) == ("T01_EDGE", "t01")
    assert "T01_CT" in answer.json()["titles"]
    assert "T01_EDGE" not in answer.json()["titles"]
    (listed,) = township.client("admin").get("/api/v1/edge/stations").json()["items"]
    assert (listed["ae_title"], listed["institution"], listed["version"]) == ("T01_EDGE", "t01", "1")
    assert listed["backlog"] == _BACKLOG
    assert listed["last_contact"]
    processes = township.client("admin").get("/api/v1/health").json()["processes"]
    assert [row["report"]["waiting"] for row in processes if row["kind"] == "edge"] == [3]


def test_a_station_that_never_called_is_listed_too(station: httpx.Client, township: Township) -> None:
    (listed,) = township.client("manager").get("/api/v1/edge/stations").json()["items"]
    assert (listed["last_contact"], listed["backlog"]) == (None, None)


def test_announcements_are_believed_of_the_own_institution_only(station: httpx.Client, township: Township) -> None:
    with township.database.write() as work:
        people.ensure_device(work, "T02_CT", people.institution_by_code(work, "t02"), modality="CT")
    foreign = {**_announcement("T02_CT"), "association": "d" * 32}
    body = _report(announcements=[_announcement(), foreign])
    assert station.post("/api/v1/edge/report", json=body).json()["refused_associations"] == ["d" * 32]
    assert station.post("/api/v1/edge/report", json=body).status_code == 200, "said again"
    with township.database.read() as work:
        (signal,) = work.session.execute(select(ReadinessSignal)).scalars()
    assert (signal.kind, signal.objects) == ("announced", ["1.2.3.1", "1.2.3.2"])


def test_unknown_equipment_is_told_to_the_administrator_once(station: httpx.Client, township: Township) -> None:
    body = _report(callers=[{"ae_title": "STRANGE", "address": "10.0.0.9"}])
    for _ in range(3):
        assert station.post("/api/v1/edge/report", json=body).status_code == 200
    with township.database.read() as work:
        (caller,) = work.session.execute(select(UnknownCaller)).scalars()
    assert (caller.ae_title, caller.address, caller.called_ae_title, caller.attempts) == (
        "STRANGE",
        "10.0.0.9",
        "T01_EDGE",
        1,
    )


def test_an_association_that_is_over_is_ended_in_the_spool(station: httpx.Client, township: Township) -> None:
    now = SystemClock().now()
    over = record_to_json(AssociationRecord(_ASSOCIATION, "T01_CT", "10.0.0.7", now, now, 2, 0, released=True))
    assert station.post("/api/v1/edge/report", json=_report(finished=[over])).status_code == 200
    record = SpoolFolder(township.settings.spool / "edge").associations.read(_ASSOCIATION)
    assert record is not None
    assert (record.ended_at, record.received, record.released) == (now, 2, True)


def test_pictures_are_made_of_what_came_ahead(tmp_path: Path, empty_county: Path) -> None:
    hints: list[Hint] = []
    settings = settings_in(tmp_path)
    shutil.copyfile(empty_county, tmp_path / empty_county.name)
    engine = learned_engine(settings.database_url)
    clock = ManualClock(MONDAY_MORNING)
    with running(County(Database(engine, clock, hints.append), clock), settings) as township:
        _ensure_station(township)
        for uid in ("1.2.3.1", "1.2.3.2"):
            made = data_set(SOPInstanceUID=uid, StudyInstanceUID="1.2.3", SeriesInstanceUID="1.2.3.9")
            instance = township.image(file_of(encode(made), uid=uid))
        hints.clear()
        report = {"json": _report(), "headers": {"Authorization": f"Bearer {_KEY}"}}
        assert township.anonymous().post("/api/v1/edge/report", **report).status_code == 200
        wanted = [(hint.task, hint.args[0]) for hint in hints]
        assert wanted == [("make_renditions", instance.study_id)]
        township.picture(instance.study_id)
        hints.clear()
        assert township.anonymous().post("/api/v1/edge/report", **report).status_code == 200
        assert hints == []
    engine.dispose()


@pytest.mark.parametrize("change", [{"backlog": {}}, {"finished": [{"key": "../x"}]}, {"announcements": [{}]}])
def test_reports_that_make_no_sense_are_refused(station: httpx.Client, change: dict[str, Any]) -> None:
    assert station.post("/api/v1/edge/report", json={**_report(), **change}).status_code == 422


def test_the_key_opens_nothing_else_and_a_persons_token_not_this(station: httpx.Client, township: Township) -> None:
    for path in ("/api/v1/studies", "/api/v1/edge/stations", "/api/v1/session"):
        assert station.get(path).status_code == 401
    assert township.client("clinic01").post("/api/v1/edge/report", json=_report()).status_code == 403


def test_a_retired_station_and_a_new_key_end_the_old_one(station: httpx.Client, township: Township) -> None:
    with township.database.write() as work:
        clinic = people.institution_by_code(work, "t01")
        edge.ensure_station(work, "T01_EDGE", clinic, "van", sha256_hex(b"station_another"))
    answer = station.post("/api/v1/edge/report", json=_report())
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_guessing_keys_is_stopped(station: httpx.Client, township: Township) -> None:
    headers = {"Authorization": "Bearer station_guess"}
    codes = [
        township.anonymous().post("/api/v1/edge/report", json=_report(), headers=headers).status_code for _ in range(12)
    ]
    assert codes == [401] * 10 + [429] * 2
    assert station.post("/api/v1/edge/report", json=_report()).status_code == 200, "the right key goes on"
