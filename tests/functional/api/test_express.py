"""What is answered without the whole machinery of a route: as fresh, and as well guarded, as by that machinery."""

import pytest
from sqlalchemy import event, select, update

from storage.db.models import Study, User
from storage.domain.reading import Role
from tests.functional.api.images import ct_image
from tests.functional.api.township import Township

SEARCH = "/dicomweb/studies?limit=10&includefield=StudyDescription"


def _counted(township: Township, path: str, who: str) -> int:
    """Statements that one request takes after the same request has been answered once before."""
    client, seen = township.client(who), []
    client.get(path)

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FROM api_key" in statement or "FROM login" in statement or "FROM study" in statement:
            seen.append(statement)

    engine = township.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_a_search_asked_again_looks_once_at_who_asks_and_once_at_the_studies(township: Township) -> None:
    township.image(ct_image(), "t01")
    assert _counted(township, SEARCH, "radiologist") == 2


def test_a_search_asked_again_is_the_same_answer_and_finds_what_has_come(township: Township) -> None:
    township.image(ct_image(), "t01", study="1.2.1", series="1.2.1.1", sop="1.2.1.1.1")
    reader = township.client("radiologist")
    first, second = reader.get(SEARCH), reader.get(SEARCH)
    assert first.json()[0]["0020000D"]["Value"] == ["1.2.1"]
    assert first.content == second.content
    told = ("content-type", "cache-control", "vary", "content-security-policy")
    assert [first.headers[name] for name in told] == [second.headers[name] for name in told]
    township.image(ct_image(2), "t02", study="1.2.2", series="1.2.2.1", sop="1.2.2.1.1")
    assert len(reader.get(SEARCH).json()) == 2


def test_a_first_page_asked_again_says_what_the_catalogue_says_by_then(township: Township) -> None:
    township.image(ct_image(), "t01", study="1.2.1", series="1.2.1.1", sop="1.2.1.1.1")
    reader = township.client("radiologist")
    first, second = (reader.get("/dicomweb/studies") for _ in range(2))
    assert first.content == second.content
    told = reader.get(SEARCH).json()
    assert first.json() == told
    with township.database.write() as work:
        work.session.execute(update(Study).values(accession_number="ANOTHER"))
    (found,) = reader.get("/dicomweb/studies").json()
    assert found == told[0] | {"00080050": {"vr": "SH", "Value": ["ANOTHER"]}}


def test_a_search_asked_again_keeps_to_its_clinic(township: Township) -> None:
    for number in (1, 2):
        uids = {"study": f"1.2.{number}", "series": f"1.2.{number}.1", "sop": f"1.2.{number}.1.1"}
        township.image(ct_image(number), f"t0{number}", **uids)
    for _ in range(2):
        for who, expected in (("clinic01", {"1.2.1"}), ("manager", {"1.2.1", "1.2.2"})):
            found = township.client(who).get(SEARCH).json()
            assert {one["0020000D"]["Value"][0] for one in found} == expected


def test_a_search_asked_again_is_refused_in_the_same_words(township: Township) -> None:
    reader = township.client("radiologist")
    for _ in range(2):
        reader.get(SEARCH)
        answer = reader.get("/dicomweb/studies?NoSuchThing=1")
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_query")


@pytest.mark.parametrize("change", ["log_out", "role"])
def test_who_may_no_longer_search_is_turned_away_at_once(township: Township, change: str) -> None:
    reader = township.bearer(township.token("radiologist"))
    assert [reader.get(SEARCH).status_code for _ in range(2)] == [204, 204]
    if change == "log_out":
        assert reader.delete("/api/v1/session").status_code == 204
        assert reader.get(SEARCH).status_code == 401
        return
    with township.database.write() as work:
        user = work.session.execute(select(User).where(User.username == "radiologist")).unique().scalar_one()
        user.role = Role.REGULATOR
    assert reader.get(SEARCH).status_code == 403


def test_a_picture_seen_in_an_emergency_is_gone_when_the_emergency_has_ended(township: Township) -> None:
    url, doctor = township.wado(township.image(ct_image(), "t02")), township.client("clinic01")
    body = {"study_instance_uid": url.split("/")[3], "reason": "unconscious"}
    assert doctor.post("/api/v1/emergencies", json=body).status_code == 201
    assert [doctor.get(f"{url}/rendered").status_code for _ in range(2)] == [200, 200]
    township.county.clock.advance(minutes=60, seconds=1)
    assert doctor.get(f"{url}/rendered").status_code == 404


def test_a_key_that_polls_is_noted_at_once_from_another_address(township: Township) -> None:
    key = township.key("t01", "results:read")
    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2"):
        answer = key.get("/api/v1/results", headers={"X-Forwarded-For": address})
        assert answer.status_code == 200
    (line,) = township.client("admin").get("/api/v1/admin/api-keys").json()["items"]
    assert line["last_used_address"] == "192.0.2.2"
