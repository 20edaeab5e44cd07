"""Uploads of files and ZIPs, as the web page and other programs make them."""

import io
import zipfile
from collections.abc import Sequence
from urllib.parse import quote

import httpx
import pytest
from pydicom import Dataset
from sqlalchemy import select

from storage.db.models import AuditEvent, Device, Instance, Quarantine, ReadinessSignal
from storage.ingest.spool_entry import SpoolEntry
from tests.functional.api.test_store import part10, spooled
from tests.functional.api.township import Township
from tests.services.waiting import wait_until
from tests.unit.storage.ingest.samples import data_set
from viewer_api.uploads.deliveries import OpenDeliveries


@pytest.fixture
def township(archive: Township) -> Township:
    """One for all tests here; what the last one brought has gone."""
    for path in (archive.settings.spool / "web").glob("*.dcm"):
        path.unlink()
    return archive


def begin(client: httpx.Client, institution: str = "") -> str:
    answer = client.post("/api/v1/uploads", json={"institution": institution})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def put(client: httpx.Client, key: str, file: str, content: bytes, name: str = "") -> dict:
    headers = {"X-File-Name": quote(name)} if name else {}
    answer = client.put(f"/api/v1/uploads/{key}/files/{file}", content=content, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def show(client: httpx.Client, key: str, **query: int) -> dict:
    answer = client.get(f"/api/v1/uploads/{key}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def packed(files: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return whole.getvalue()


def fates(entries: Sequence[dict]) -> list[tuple[str, str, str]]:
    return [(one["name"], one["fate"], one["code"]) for one in entries]


def test_a_file_is_taken_and_told(township: Township) -> None:
    client, made = township.client("clinic01"), data_set()
    key = begin(client)
    told = put(client, key, "1", part10(made), "胸片 1.dcm")
    assert (told["taken"], told["refused"]) == (1, 0)
    assert fates(told["entries"]) == [("胸片 1.dcm", "taken", "")]
    assert spooled(township)[made.SOPInstanceUID][0] == "T01_UPLOAD"
    shown = show(client, key)
    assert shown["counts"] == {"taken": 1, "stored": 0, "already_there": 0, "quarantined": 0, "refused": 0}
    assert shown["items"][0]["study_instance_uid"] == made.StudyInstanceUID
    assert shown["completed_at"] is None


def test_an_archive_is_taken_object_by_object(township: Township) -> None:
    client = township.client("clinic01")
    key, made = begin(client), [data_set() for _ in range(230)]
    files = {f"study/{number:04d}": part10(one) for number, one in enumerate(made)}
    told = put(client, key, "1", packed({**files, "readme.txt": b"a viewer", "DICOMDIR/x": b""}), "cd.zip")
    assert (told["taken"], told["refused"], len(told["entries"])) == (230, 2, 200)
    assert len(spooled(township)) == 230
    first = show(client, key, limit=150)
    rest = show(client, key, cursor=int(first["next"]), limit=150)
    assert rest["next"] is None
    everything = fates(first["items"] + rest["items"])
    assert len(everything) == 232
    assert ("readme.txt", "refused", "not_dicom") in everything
    assert first["counts"]["taken"] == 230
    assert sorted(one["name"] for one in show(client, key, aside=True)["items"]) == ["DICOMDIR/x", "readme.txt"]


@pytest.mark.parametrize(
    "content, code",
    [
        (b"", "not_dicom"),
        (b"%PDF-1.4", "not_dicom"),
        (part10(data_set())[:-3], "truncated"),
        (part10(data_set(SeriesInstanceUID=None)), "no_identifiers"),
        (b"PK\x03\x04 nothing", "unusable_archive"),
    ],
    ids=["empty", "pdf", "cut off", "no uid", "broken zip"],
)
def test_what_is_refused_says_why(township: Township, content: bytes, code: str) -> None:
    client = township.client("clinic01")
    key = begin(client)
    told = put(client, key, "1", content, "x")
    assert fates(told["entries"]) == [("x", "refused", code)]
    assert told["entries"][0]["detail"].endswith(".")
    assert spooled(township) == {}


def test_a_file_that_comes_again_is_told_once(township: Township) -> None:
    client, content = township.client("clinic01"), part10(data_set())
    key = begin(client)
    put(client, key, "1", content[:-3])
    put(client, key, "1", content)
    assert fates(show(client, key)["items"]) == [("1", "taken", "")]


def enter(township: Township, made: Dataset, received_at) -> None:
    """As the intake does with what lies in the spool."""
    township.image(part10(made))
    with township.database.write() as work:
        query = select(Instance).where(Instance.sop_instance_uid == made.SOPInstanceUID)
        work.session.execute(query).scalar_one().received_at = received_at


def spooled_at(township: Township, made: Dataset):
    for path in (township.settings.spool / "web").glob("*.dcm"):
        if made.SOPInstanceUID.encode() in path.read_bytes():
            entry = SpoolEntry.parse(path.stem)
            assert entry is not None
            return entry.received_at
    raise AssertionError(made.SOPInstanceUID)


def test_what_became_of_each_is_found_in_the_catalogue(township: Township) -> None:
    client = township.client("clinic01")
    before, new, aside = data_set(), data_set(), data_set()
    enter(township, before, township.county.clock.now())
    key = begin(client)
    for number, made in enumerate((before, new, aside)):
        put(client, key, str(number), part10(made))
    enter(township, new, spooled_at(township, new))
    digest = next(one["name"] for one in show(client, key)["items"] if one["name"] == "2")
    assert digest == "2"
    with township.database.write() as work:
        from storage.db.models import UploadEntry

        entry = work.session.execute(select(UploadEntry).where(UploadEntry.file == "2")).scalar_one()
        work.session.add(
            Quarantine(
                reason="no_patient", detail="", ae_title="T01_UPLOAD", size=1, sha256="a", object_key="k",
                dataset_digest=entry.dataset_digest, state="stored", gateway="g", spool_name="s", received_at=work.now,
            )
        )  # fmt: skip
    shown = show(client, key)
    assert fates(shown["items"]) == [
        ("0", "already_there", ""),
        ("1", "stored", ""),
        ("2", "quarantined", "no_patient"),
    ]
    assert shown["counts"] == {"taken": 0, "stored": 1, "already_there": 1, "quarantined": 1, "refused": 0}


def test_completing_announces_what_came(township: Township) -> None:
    client, made = township.client("clinic01"), data_set()
    key = begin(client)
    put(client, key, "1", part10(made))
    put(client, key, "2", b"no image")
    for _ in range(2):
        answer = client.post(f"/api/v1/uploads/{key}/complete")
        assert answer.status_code == 200
        assert answer.json()["completed_at"] is not None
    with township.database.read() as work:
        query = select(ReadinessSignal).where(ReadinessSignal.study_instance_uid == made.StudyInstanceUID)
        (signal,) = work.session.execute(query).scalars()
        assert (signal.kind, signal.objects) == ("announced", [made.SOPInstanceUID])
        actions = list(work.session.execute(select(AuditEvent.action).order_by(AuditEvent.seq)).scalars())
    assert [action for action in actions if action.startswith("upload")][-2:] == ["upload_begun", "upload_completed"]
    late = client.put(f"/api/v1/uploads/{key}/files/3", content=part10(data_set()))
    assert late.status_code == 409


def test_a_manager_uploads_for_a_clinic_and_others_do_not_see_it(township: Township) -> None:
    manager, clinic = township.client("manager"), township.client("clinic01")
    assert manager.post("/api/v1/uploads", json={}).status_code == 422
    key = begin(manager, "t02")
    put(manager, key, "1", part10(data_set()))
    assert clinic.get(f"/api/v1/uploads/{key}").status_code == 404
    assert clinic.put(f"/api/v1/uploads/{key}/files/1", content=b"x").status_code == 404
    assert clinic.post(f"/api/v1/uploads/{key}/complete").status_code == 404
    assert clinic.post("/api/v1/uploads", json={"institution": "t02"}).status_code == 403
    with township.database.read() as work:
        kinds = work.session.execute(select(Device.ae_title, Device.kind).where(Device.ae_title == "T02_UPLOAD")).all()
    assert kinds == [("T02_UPLOAD", "upload")]


def test_without_room_the_file_can_be_sent_again(township: Township, monkeypatch: pytest.MonkeyPatch) -> None:
    client = township.client("clinic01")
    key = begin(client)
    spool = township.server.config.app.state.services.intake.door().spool
    with monkeypatch.context() as patch:
        patch.setattr(spool, "_reserve", 1 << 60)
        for content in (part10(data_set()), packed({"a": part10(data_set())})):
            answer = client.put(f"/api/v1/uploads/{key}/files/1", content=content)
            assert (answer.status_code, answer.json()["code"]) == (507, "storage_full")
    assert put(client, key, "1", part10(data_set()))["taken"] == 1


def test_paths_in_names_lead_nowhere(township: Township, caplog: pytest.LogCaptureFixture) -> None:
    client = township.client("clinic01")
    key = begin(client)
    with caplog.at_level("INFO", "viewer_api.access"):
        told = put(client, key, "zhangsan", part10(data_set()), "../../zhangsan.dcm")
        line = "/api/v1/uploads/{upload_id}/files/{name}"
        wait_until(lambda: line in caplog.text, 30, "the line, which is written after the answer")
    assert told["entries"][0]["name"] == "zhangsan.dcm"
    assert "zhangsan" not in caplog.text


def test_a_sender_who_hangs_up_leaves_nothing(township: Township) -> None:
    client, content = township.client("clinic01"), part10(data_set())
    key = begin(client)

    def half():
        yield content[: len(content) // 2]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        client.put(f"/api/v1/uploads/{key}/files/1", content=half())
    assert spooled(township) == {}
    assert put(client, key, "1", content)["taken"] == 1


def test_a_delivery_lasts_as_long_as_its_upload(township: Township) -> None:
    door = township.server.config.app.state.services.intake.door()
    deliveries = OpenDeliveries()
    with deliveries.use("a", door, "T01_UPLOAD", "") as first:
        deliveries.end_abandoned(1e12)
    with deliveries.use("a", door, "T01_UPLOAD", "") as again:
        assert again is first
    deliveries.end_abandoned(1e12)
    with deliveries.use("a", door, "T01_UPLOAD", "") as other:
        assert other is not first
    deliveries.end_all()
