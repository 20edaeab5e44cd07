"""What the application remembers of a person."""

import pytest

from tests.functional.api.township import Township

_LAYOUT = {"rows": 2, "columns": 2}


def test_a_preference_follows_its_person_alone(township: Township) -> None:
    reader = township.client("radiologist")
    assert reader.get("/api/v1/preferences").json() == {"items": [], "next": None}
    kept = reader.put("/api/v1/preferences/viewer.layout", json={"value": _LAYOUT}).json()
    assert (kept["name"], kept["value"], kept["version"]) == ("viewer.layout", _LAYOUT, 1)
    assert reader.put("/api/v1/preferences/editor.size", json={"value": None}).json()["value"] is None
    assert [one["name"] for one in reader.get("/api/v1/preferences").json()["items"]] == [
        "editor.size",
        "viewer.layout",
    ]
    assert township.client("auditor").get("/api/v1/preferences").json()["items"] == []


def test_what_was_set_elsewhere_is_not_overwritten_by_who_does_not_know_it(township: Township) -> None:
    reader = township.client("radiologist")
    path = "/api/v1/preferences/viewer.layout"
    assert reader.put(path, json={"value": 1, "after": 0}).json()["version"] == 1
    late = reader.put(path, json={"value": 2, "after": 0})
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert reader.put(path, json={"value": 3, "after": 1}).json()["version"] == 2
    assert reader.put(path, json={"value": 4}).json()["version"] == 3


@pytest.mark.parametrize("name", ["Layout", "0", "a b", "x" * 65, "a/b"])
def test_names_are_plain(township: Township, name: str) -> None:
    assert township.client("radiologist").put(f"/api/v1/preferences/{name}", json={"value": 1}).status_code in (
        404,
        405,
        422,
    )


def test_preferences_are_bounded(township: Township) -> None:
    reader = township.client("radiologist")
    assert reader.put("/api/v1/preferences/big", json={"value": "x" * 17_000}).status_code == 422
    statuses = [reader.put(f"/api/v1/preferences/n{n}", json={"value": n}).status_code for n in range(101)]
    assert statuses == [200] * 100 + [422]
    assert reader.put("/api/v1/preferences/n0", json={"value": "again"}).status_code == 200
