from datetime import UTC, date, datetime, timedelta

import pytest

from tests.functional.api.township import Township

MONDAY = "2026-03-09"
DAY_SHIFT = {"name": "白班", "starts": "08:00", "ends": "17:30", "colour": "#2f6fde", "phone": "0711-1001"}
CT = {"user": "radiologist", "modality": "CT", "valid_from": "2026-01-01", "valid_until": "2026-03-31"}


@pytest.fixture
def kind(township: Township) -> int:
    made = township.client("manager").post("/api/v1/roster/kinds", json=DAY_SHIFT)
    assert made.status_code == 201
    return made.json()["id"]


def put(township: Township, kind: int, user: str = "radiologist", day: str = MONDAY, **more: object) -> dict:
    answer = township.client("manager").put(
        "/api/v1/roster/shifts", json={"user": user, "kind": kind, "day": day, **more}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_manager_plans_a_week_and_readers_see_it(township: Township, kind: int) -> None:
    shift = put(township, kind, note="带教")
    assert (shift["starts_at"], shift["ends_at"]) == ("2026-03-09T00:00:00Z", "2026-03-09T09:30:00Z")
    assert shift["phone"] == "0711-1001"
    for username, editable in (("manager", True), ("admin", True), ("radiologist", False), ("auditor", False)):
        week = township.client(username).get("/api/v1/roster?week=2026-03-11").json()
        assert (week["first"], week["today"], week["editable"]) == (MONDAY, MONDAY, editable)
        assert week["shifts"] == [shift]
        assert [person["username"] for person in week["people"] if person["mine"]] == (
            [username] if username in ("radiologist", "auditor") else []
        )
        assert week["kinds"][0]["starts"] == "08:00"
        first = week["gaps"][0]
        assert (first["modality"], first["priorities"], first["starts_at"]) == (
            "CT",
            ["P0", "P1"],
            "2026-03-09T09:30:00Z",
        )


def test_a_change_counts_at_once(township: Township, kind: int) -> None:
    reader, manager = township.client("radiologist"), township.client("manager")
    everybody = reader.get("/api/v1/roster/duty").json()["items"]
    assert len(everybody) == 5
    assert {duty["until"] for duty in everybody} == {None}
    shift = put(township, kind)
    (duty,) = reader.get("/api/v1/roster/duty").json()["items"]
    assert (duty["user"], duty["shift"], duty["until"]) == ("radiologist", "白班", "2026-03-09T09:30:00Z")
    swapped = manager.post(f"/api/v1/roster/shifts/{shift['id']}/swap", json={"to": "radiologist2", "reason": "换班"})
    assert swapped.json()["user"] == "radiologist2"
    assert [one["user"] for one in reader.get("/api/v1/roster/duty").json()["items"]] == ["radiologist2"]
    assert reader.get("/api/v1/roster/duty?at=2026-03-09T10:00:00Z").json()["items"] == []
    assert manager.delete(f"/api/v1/roster/shifts/{shift['id']}").status_code == 204
    assert manager.delete(f"/api/v1/roster/shifts/{shift['id']}").json()["code"] == "not_found"


def test_why_somebody_is_away_is_between_him_and_the_manager(township: Township, kind: int) -> None:
    put(township, kind)
    away = {
        "user": "radiologist",
        "kind": "sick",
        "starts_at": "2026-03-09T00:00:00Z",
        "ends_at": "2026-03-09T16:00:00Z",
        "note": "术后",
    }
    made = township.client("manager").post("/api/v1/roster/absences", json=away)
    assert made.status_code == 201
    assert township.client("auditor").get("/api/v1/roster/duty").json()["items"] == []
    for username, told in (("radiologist", ("sick", "术后")), ("manager", ("sick", "术后")), ("auditor", (None, ""))):
        (seen,) = township.client(username).get("/api/v1/roster").json()["absences"]
        assert (seen["kind"], seen["note"]) == told
    (fault,) = township.client("auditor").get("/api/v1/roster/coverage?days=1").json()["findings"]
    assert (fault["fault"], fault["user"]) == ("away", "radiologist")
    assert township.client("manager").delete(f"/api/v1/roster/absences/{made.json()['id']}").status_code == 204
    assert len(township.client("auditor").get("/api/v1/roster/duty").json()["items"]) == 1


def test_licences_are_seen_by_their_holder_and_the_manager(township: Township) -> None:
    manager = township.client("manager")
    made = manager.post("/api/v1/qualifications", json=CT).json()
    assert (made["valid"], made["ends_soon"], made["may_audit"]) == (True, True, False)
    manager.post("/api/v1/qualifications", json={**CT, "user": "auditor", "modality": "CT_MR", "may_audit": True})
    assert [one["user"] for one in manager.get("/api/v1/qualifications").json()["items"]] == ["auditor", "radiologist"]
    own = township.client("radiologist").get("/api/v1/qualifications").json()
    assert [one["id"] for one in own["items"]] == [made["id"]]
    assert not own["editable"]
    path = f"/api/v1/qualifications/{made['id']}"
    changed = manager.put(path, json={**CT, "valid_until": "2027-03-31", "licence_number": "110420100000001"}).json()
    assert (changed["ends_soon"], changed["licence_number"]) == (False, "110420100000001")
    ended = manager.post(f"{path}/end", json={"reason": "调离"}).json()
    assert (ended["valid"], ended["ended_on"]) == (False, MONDAY)
    assert manager.post(f"{path}/end", json={"reason": "调离"}).json()["code"] == "conflict"
    assert manager.put(path, json=CT).json()["code"] == "conflict"


def test_a_licence_decides_what_is_offered_and_what_may_be_claimed(township: Township) -> None:
    """A reader who logged in before still works under the licences of this moment."""
    reader, manager = township.client("radiologist"), township.client("manager")
    task = township.county.task(modality="CT")
    path = f"/api/v1/tasks/{task.id}"
    assert "claim" in reader.get(path).json()["allowed_actions"]
    manager.post("/api/v1/qualifications", json={**CT, "modality": "US"})
    assert "claim" not in reader.get(path).json()["allowed_actions"]
    assert reader.post(f"{path}/claim").json()["code"] == "forbidden"
    assert reader.post("/api/v1/tasks/next").status_code == 204
    manager.post("/api/v1/qualifications", json=CT)
    assert reader.post("/api/v1/tasks/next").json()["task"]["id"] == task.id


def test_a_sheet_goes_out_and_comes_back(township: Township, kind: int) -> None:
    put(township, kind)
    manager, csv = township.client("manager"), {"Content-Type": "text/csv"}
    sheet = manager.get(f"/api/v1/roster/sheet?first={MONDAY}&last=2026-03-15")
    assert sheet.content.startswith(b"\xef\xbb\xbf")
    assert "roster-2026-03-09.csv" in sheet.headers["content-disposition"]
    assert manager.post("/api/v1/roster/sheet", content=sheet.content, headers=csv).json() == {"put": 1, "dropped": 0}
    moved = sheet.content.decode("utf-8-sig").replace("radiologist,", "auditor,").encode("gb18030")
    assert manager.post("/api/v1/roster/sheet?replace=true", content=moved, headers=csv).json() == {
        "put": 1,
        "dropped": 1,
    }
    broken = manager.post(
        "/api/v1/roster/sheet", content="日期,班次,用户名\n2026-03-09,中班,auditor\n".encode(), headers=csv
    )
    assert (broken.status_code, broken.json()["code"]) == (422, "unusable_sheet")
    assert "Line 2" in broken.json()["detail"]
    assert [one["user"] for one in manager.get("/api/v1/roster").json()["shifts"]] == ["auditor"]


def test_a_week_is_copied(township: Township, kind: int) -> None:
    put(township, kind)
    manager = township.client("manager")
    copied = manager.post("/api/v1/roster/copy", json={"source": MONDAY, "target": "2026-03-16"})
    assert copied.json() == {"put": 1, "dropped": 0}
    assert [one["day"] for one in manager.get("/api/v1/roster?week=2026-03-20").json()["shifts"]] == ["2026-03-16"]
    assert manager.post("/api/v1/roster/copy", json={"source": MONDAY, "target": "2026-03-17"}).status_code == 422


@pytest.mark.parametrize("username", ["radiologist", "auditor", "clinic01", "regulator"])
def test_only_managers_write(township: Township, kind: int, username: str) -> None:
    shift = put(township, kind)
    client = township.client(username)
    now = datetime(2026, 3, 9, tzinfo=UTC)
    away = {
        "user": "auditor",
        "kind": "leave",
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(days=1)).isoformat(),
    }
    for method, path, body in (
        ("POST", "/api/v1/roster/kinds", {**DAY_SHIFT, "name": "夜班"}),
        ("PUT", f"/api/v1/roster/kinds/{kind}", DAY_SHIFT),
        ("POST", f"/api/v1/roster/kinds/{kind}/retire", None),
        ("PUT", "/api/v1/roster/shifts", {"user": "auditor", "kind": kind, "day": MONDAY}),
        ("DELETE", f"/api/v1/roster/shifts/{shift['id']}", None),
        ("POST", f"/api/v1/roster/shifts/{shift['id']}/swap", {"to": "auditor"}),
        ("POST", "/api/v1/roster/copy", {"source": MONDAY, "target": str(date(2026, 3, 16))}),
        ("POST", "/api/v1/roster/absences", away),
        ("POST", "/api/v1/qualifications", CT),
    ):
        assert client.request(method, path, json=body).status_code == 403, path
    seen = 200 if username in ("radiologist", "auditor") else 403
    for path in ("/api/v1/roster", "/api/v1/roster/duty", "/api/v1/roster/coverage", "/api/v1/qualifications"):
        assert client.get(path).status_code == seen
    (unchanged,) = township.client("manager").get("/api/v1/roster").json()["shifts"]
    assert unchanged == shift


def test_what_makes_no_sense_is_told_by_field(township: Township, kind: int) -> None:
    manager = township.client("manager")
    for body, field in (
        ({"user": "clinic01", "kind": kind, "day": MONDAY}, "user"),
        ({"user": "auditor", "kind": kind, "day": "9 March"}, "day"),
        ({"user": "auditor", "kind": 0, "day": MONDAY}, "kind"),
    ):
        answer = manager.put("/api/v1/roster/shifts", json=body)
        assert answer.status_code == 422
        assert field in answer.text
    assert manager.put("/api/v1/roster/shifts", json={"user": "auditor", "kind": 999, "day": MONDAY}).status_code == 404
    again = manager.post("/api/v1/roster/kinds", json=DAY_SHIFT)
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
