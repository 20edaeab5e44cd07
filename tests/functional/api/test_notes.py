import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from reading_queue import service
from storage.db.models import AuditEvent
from storage.domain.reading import Role
from tests.functional.api.township import Township


def _path(township: Township, task) -> str:
    return f"/api/v1/studies/{township.study(task).study_instance_uid}/notes"


def _told(township: Township, username: str) -> list[str]:
    return [one["kind"] for one in township.client(username).get("/api/v1/notices").json()["items"]]


def test_notes_and_questions_are_one_conversation(township: Township) -> None:
    county, task = township.county, township.county.task()
    path, clinic, reader = _path(township, task), township.client("clinic01"), township.client("radiologist")
    assert clinic.post(path, json={"text": " 患者有胸痛。 "}).status_code == 201
    county.clock.advance(minutes=1)
    token = county.claim(task, "radiologist").token
    with county.write() as work:
        service.ask(work, task.id, county.actor("radiologist"), token, "有无外伤史？")
    county.clock.advance(minutes=1)
    with county.write("clinic01") as work:
        service.answer(work, task.id, county.actor("clinic01"), "无")
    county.clock.advance(minutes=1)
    said = reader.post(path, json={"text": "谢谢"}).json()["items"]
    assert [(one["kind"], one["text"], one["side"], one["mine"]) for one in said] == [
        ("note", "患者有胸痛。", "clinic", False),
        ("ask", "有无外伤史？", "centre", True),
        ("answer", "无", "clinic", False),
        ("note", "谢谢", "centre", True),
    ]


def test_who_has_seen_a_note_is_seen(township: Township) -> None:
    task = township.county.task()
    path, clinic, reader = _path(township, task), township.client("clinic01"), township.client("radiologist")
    [note] = clinic.post(path, json={"text": "请看"}).json()["items"]
    for _ in range(2):
        assert reader.post(f"{path}/seen", json={"up_to": note["id"]}).status_code == 204
    clinic.post(f"{path}/seen", json={"up_to": note["id"]})
    [line] = clinic.get(path).json()["items"]
    assert [one["name"] for one in line["seen_by"]] == ["radiologist 医师"]


def test_the_other_side_is_told(township: Township) -> None:
    task = township.county.task()
    path = _path(township, task)
    township.client("clinic01").post(path, json={"text": "一"})
    assert _told(township, "manager") == ["study.note"], "nobody has the case in hand"
    township.county.claim(task, "radiologist")
    township.client("clinic01").post(path, json={"text": "二"})
    assert (_told(township, "manager"), _told(township, "radiologist")) == (["study.note"], ["study.note"])
    township.client("radiologist").post(path, json={"text": "三"})
    assert (_told(township, "clinic01"), _told(township, "clinic02")) == (["study.note"], [])


def test_another_clinic_has_no_part_in_it(township: Township) -> None:
    path = _path(township, township.county.task())
    stranger = township.client("clinic02")
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, json={"text": "x"}).status_code == 404
    assert stranger.post(f"{path}/seen", json={"up_to": 1}).status_code == 404


@pytest.mark.parametrize("words", ["", "   ", "x" * 2001])
def test_a_note_has_words(township: Township, words: str) -> None:
    path = _path(township, township.county.task())
    assert township.client("clinic01").post(path, json={"text": words}).status_code == 422


def test_a_note_is_kept_as_written_and_audited_without_its_words(township: Township) -> None:
    path = _path(township, township.county.task())
    township.client("clinic01").post(path, json={"text": "原文"})
    for statement in ("UPDATE study_note SET text = 'x'", "DELETE FROM study_note"):
        with pytest.raises(DBAPIError, match="append-only"), township.database.engine.begin() as connection:
            connection.execute(text(statement))
    with township.database.read() as work:
        event = work.session.execute(select(AuditEvent).where(AuditEvent.action == "study.note")).scalar_one()
    assert (event.actor, list(event.detail)) == ("clinic01", ["note"])


def test_an_administrator_reads_and_does_not_write(township: Township) -> None:
    path = _path(township, township.county.task())
    assert township.client(Role.ADMIN).get(path).json() == {"items": []}
    assert township.client(Role.ADMIN).post(path, json={"text": "x"}).status_code == 403
