import hashlib
import io

import pytest
from sqlalchemy import select

from storage.db.models import AuditEvent, Quarantine, Report, Study
from storage.domain.studies import QuarantineReason
from storage.ingest.spool_entry import SpoolEntry
from tests.functional.api.images import ct_image
from tests.functional.api.township import Township

TOLD = {
    "patient_id": "9",
    "name": "李四",
    "sex": "F",
    "birth_date": "19800101",
    "modality": "CT",
    "description": "胸部平扫",
    "exam_started_at": "2026-03-01T02:00:00+00:00",
}


def keep(
    township: Township, data: bytes = b"nonsense", *, code: str = "t01", ae_title: str = "T01_CT", **values
) -> int:
    """An object in quarantine with its bytes in the store; its number."""
    sha256 = hashlib.sha256(data).hexdigest()
    key = f"quarantine/{sha256[:2]}/{sha256}.dcm"
    township.store.put(key, io.BytesIO(data), size=len(data), sha256=sha256)
    with township.database.write() as work:
        row = {
            "reason": QuarantineReason.OTHER_BYTES,
            "detail": "The same identity with other bytes.",
            "institution_id": township.county.user(f"clinic{code[1:]}").institution_id,
            "ae_title": ae_title,
            "size": len(data),
            "sha256": sha256,
            "dataset_digest": sha256,
            "object_key": key,
            "state": "stored",
            "gateway": "gateway@test",
            "spool_name": "",
            "received_at": work.now,
            "told": TOLD,
        }
        kept = Quarantine(**{**row, **values})
        work.session.add(kept)
        work.session.flush()
        return kept.id


def row_of(township: Township, number: int) -> Quarantine:
    with township.database.read() as work:
        return work.session.get_one(Quarantine, number)


def test_quarantine_is_decided_on_once(township: Township) -> None:
    number = keep(township)
    manager = township.client("manager")
    (row,) = manager.get("/api/v1/quarantine").json()["items"]
    assert (row["reason"], row["institution"], row["ae_title"]) == ("other_bytes", "t01", "T01_CT")
    assert (row["modality"], row["patient"]["name"], row["exam_started_at"]) == ("CT", "李四", TOLD["exam_started_at"])
    url = f"/api/v1/quarantine/{number}/resolve"
    assert manager.post(url, json={"resolution": "burnt"}).status_code == 422
    resolved = manager.post(url, json={"resolution": "discarded", "note": "sent twice"}).json()
    assert (resolved["decision"], resolved["resolution"]) == ("discarded", "discarded: sent twice")
    assert resolved["keep_until"] is not None
    assert manager.post(url, json={"resolution": "discarded", "note": "sent twice"}).status_code == 200
    assert manager.post(url, json={"resolution": "kept"}).json()["code"] == "not_allowed_from_state"
    assert manager.get("/api/v1/quarantine").json()["items"] == []
    assert len(manager.get("/api/v1/quarantine?resolved=true").json()["items"]) == 1
    assert manager.post(f"/api/v1/quarantine/{number}/reopen", json={}).json()["resolved_at"] is None
    with township.database.read() as work:
        query = select(AuditEvent).where(AuditEvent.subject == f"quarantine:{number}").order_by(AuditEvent.seq)
        events = [(event.action, event.detail) for event in work.session.execute(query).scalars()]
    assert events[0] == ("quarantine_resolved", {"resolution": "discarded", "note": "sent twice"})
    assert [action for action, _ in events] == ["quarantine_resolved", "quarantine_reopened"]


def test_an_object_is_shown_beside_what_it_conflicts_with(township: Township) -> None:
    image = township.image(ct_image())
    with township.database.read() as work:
        study = work.session.get_one(Study, image.study_id)
    uids = {"study_instance_uid": study.study_instance_uid, "sop_instance_uid": image.sop_instance_uid}
    number = keep(township, **uids)
    keep(township, b"more", study_instance_uid=study.study_instance_uid)
    keep(
        township, b"other", ae_title="T02_CT", code="t02", state="spooled", reason=QuarantineReason.NOT_DICOM, told=None
    )
    admin = township.client("admin")
    shown = admin.get(f"/api/v1/quarantine/{number}").json()
    assert shown["present"]["patient"]["name"] != shown["patient"]["name"]
    assert (shown["present"]["has_object"], shown["present"]["has_signed_report"]) == (True, False)
    assert (shown["same_study"], shown["same_device"]) == (2, 2)
    assert shown["decisions"] == ["take_in", "replace", "resend", "kept", "discarded"]
    alone = admin.get("/api/v1/quarantine?ae_title=T02_CT").json()["items"][0]
    assert (alone["patient"], alone["reason"]) == (None, "not_dicom")
    alone = admin.get(f"/api/v1/quarantine/{alone['id']}").json()
    assert (alone["present"], alone["decisions"]) == (None, ["resend", "kept", "discarded"])
    assert len(admin.get("/api/v1/quarantine?reason=other_bytes").json()["items"]) == 2
    uid = study.study_instance_uid
    assert len(admin.get(f"/api/v1/quarantine?study_instance_uid={uid}&limit=1").json()["items"]) == 1
    assert admin.get("/api/v1/quarantine/99").status_code == 404


def test_the_original_file_can_be_had(township: Township) -> None:
    number = keep(township, ct_image())
    admin = township.client("admin")
    answer = admin.get(f"/api/v1/quarantine/{number}/object")
    assert answer.headers["content-type"] == "application/dicom"
    assert answer.content == township.store.open_range(row_of(township, number).object_key, 0, 1 << 30)
    township.store.delete(row_of(township, number).object_key)
    assert admin.get(f"/api/v1/quarantine/{number}/object").status_code == 404


def test_taking_in_puts_the_file_into_the_spool_of_the_api(township: Township) -> None:
    number = keep(township, ct_image(), reason=QuarantineReason.UNKNOWN_DEVICE)
    taken = township.client("manager").post(f"/api/v1/quarantine/{number}/resolve", json={"resolution": "take_in"})
    assert (taken.status_code, taken.json()["carried"]) == (200, True)
    (file,) = township.settings.spool.glob("*/*.dcm")
    entry = SpoolEntry.parse(file.stem)
    assert entry is not None
    assert entry.received_at == row_of(township, number).received_at


def test_what_cannot_be_carried_out_changes_nothing(township: Township) -> None:
    number = keep(township, b"no part 10 file at all")
    manager = township.client("manager")
    for resolution in ("take_in", "replace"):
        answer = manager.post(f"/api/v1/quarantine/{number}/resolve", json={"resolution": resolution})
        assert answer.status_code == 422, answer.text
        assert row_of(township, number).resolved_at is None


def test_a_study_is_decided_on_at_once(township: Township) -> None:
    mine = [keep(township, f"{n}".encode(), study_instance_uid="1.2.3") for n in range(3)]
    other = keep(township, b"x", study_instance_uid="1.2.4")
    spooled = keep(township, b"y", study_instance_uid="1.2.3", state="spooled")
    manager = township.client("manager")
    body = {"resolution": "take_in", "study_instance_uid": "1.2.3"}
    refused = manager.post("/api/v1/quarantine/resolve", json=body).json()
    assert (refused["done"], len(refused["refused"]), refused["left"]) == ([], 4, 0)
    body["resolution"] = "kept"
    assert manager.post("/api/v1/quarantine/resolve", json=body).json()["done"] == [*mine, spooled]
    assert row_of(township, other).resolved_at is None
    assert manager.post("/api/v1/quarantine/resolve", json={"resolution": "kept"}).status_code == 422
    body = {"resolution": "discarded", "ae_title": "T01_CT"}
    assert manager.post("/api/v1/quarantine/resolve", json=body).json()["done"] == [other]


def test_a_signed_report_must_be_confirmed(township: Township) -> None:
    task = township.county.signed(township.county.task())
    with township.database.read() as work:
        report = work.session.execute(select(Report)).scalar_one()
        study = work.session.get_one(Study, report.study_id)
    number = keep(township, study_instance_uid=study.study_instance_uid)
    assert task.study_id == study.id
    shown = township.client("manager").get(f"/api/v1/quarantine/{number}").json()
    assert shown["present"]["has_signed_report"] is True


@pytest.mark.parametrize("username, seen", [("clinic01", 1), ("clinic02", 0), ("manager", 1)])
def test_a_clinic_is_asked_for_its_own_images_alone(township: Township, username: str, seen: int) -> None:
    for data in (b"1", b"2"):
        number = keep(township, data, study_instance_uid="1.2.3", reason=QuarantineReason.OTHER_PATIENT)
        body = {"resolution": "resend", "note": "姓名与申请单不符"}
        assert township.client("manager").post(f"/api/v1/quarantine/{number}/resolve", json=body).status_code == 200
    items = township.client(username).get("/api/v1/resend-requests").json()["items"]
    assert [(one["objects"], one["note"], one["study_instance_uid"]) for one in items] == [
        (2, "姓名与申请单不符", "1.2.3")
    ] * seen
