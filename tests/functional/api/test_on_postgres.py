"""The queries of the interface on the other database, and a locked case between two readers at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.domain.clock import ManualClock
from tests.functional.api.images import ct_image
from tests.functional.api.test_measurements import Case
from tests.functional.api.test_readings import REPORT
from tests.functional.api.township import Township, running, settings_in
from tests.unit.reading_queue.county import MONDAY_MORNING, County


@pytest.fixture
def township(postgres_url: str, tmp_path: Path) -> Iterator[Township]:
    county = County.at(postgres_url, ManualClock(MONDAY_MORNING))
    with running(county, settings_in(tmp_path, COUNTYREAD_DATABASE_URL=postgres_url)) as served:
        yield served
    county.database.engine.dispose()


def test_the_way_of_a_case_and_every_list(township: Township) -> None:
    reader, auditor, clinic = (township.client(name) for name in ("radiologist", "auditor", "clinic01"))
    task = township.county.task()
    image = township.image(ct_image(PatientName="WANG^XIAO", PatientID="A_17"))
    township.picture(task.study_id)
    claim = reader.post("/api/v1/tasks/next").json()
    body = {"lease_token": claim["lease_token"], "report": REPORT}
    assert reader.post(f"/api/v1/tasks/{task.id}/submit", json=body).status_code == 200
    audit = auditor.post("/api/v1/tasks/next").json()
    body = {"lease_token": audit["lease_token"]}
    signed = auditor.post(f"/api/v1/tasks/{task.id}/sign", json=body).json()
    assert clinic.get("/api/v1/results?wait=5").json()["items"][0]["report_id"] == signed["report_id"]
    assert clinic.post("/api/v1/results/1/receipt").status_code == 200
    assert clinic.get(f"/api/v1/reports/{signed['report_id']}/pdf").content.startswith(b"%PDF")

    def count(query: str) -> int:
        return len(reader.get(f"/api/v1/studies?{query}").json()["items"])

    assert (count(""), count("state=receiving"), count("state=delivered"), count("q=wang")) == (2, 1, 1, 1)
    assert (count("q=A_17"), count("q=_"), count("institution=t02")) == (1, 1, 0)
    assert len(reader.get("/dicomweb/studies?PatientName=wang*&StudyDate=19970101-").json()) == 1
    assert reader.get(f"{township.wado(image)}/frames/1").status_code == 200
    uid = township.study(task).study_instance_uid
    assert clinic.get(f"/api/v1/studies/{uid}").json()["series_list"][0]["thumbnail"]
    assert clinic.get(f"/api/v1/studies/{uid}/thumbnail").status_code == 200
    assert township.client("manager").get("/api/v1/health").json()["counts"]["receiving"] == 1
    assert 'countyread_waiting{what="receiving"} 1' in township.anonymous().get("/metrics").text


def test_the_other_clinic_sees_none_of_it(township: Township) -> None:
    image = township.image(ct_image())
    task = township.county.signed(township.county.task())
    other = township.client("clinic02")
    for path in ("/api/v1/tasks?open=false", "/api/v1/studies", "/api/v1/results"):
        assert other.get(path).json()["items"] == []
    assert other.get("/dicomweb/studies").status_code == 204
    for path in (f"/api/v1/tasks/{task.id}", f"{township.wado(image)}/frames/1", township.wado(image)):
        assert other.get(path).status_code == 404


def test_one_of_many_readers_gets_the_case(township: Township) -> None:
    task = township.county.task()
    clients = [township.client(name) for name in ("radiologist", "radiologist2", "auditor", "auditor2")]
    with ThreadPoolExecutor(8) as pool:
        claims = [pool.submit(client.post, f"/api/v1/tasks/{task.id}/claim") for client in clients * 2]
        statuses = sorted(claim.result().status_code for claim in claims)
    assert statuses == [200] + [409] * 7


def test_a_measurement_is_kept_changed_and_taken_away(township: Township) -> None:
    case, reader = Case(township), township.client("radiologist")
    drawn = case.draw()
    url = f"{case.url}/{drawn['id']}"
    assert reader.put(url, json={"version": 1, "label": "结节", "for_clinic": True}).status_code == 200
    assert reader.put(url, json={"version": 1, "label": "late"}).status_code == 409
    case.sign()
    assert [one["label"] for one in case.seen_by("clinic01")] == ["结节"]
    assert township.client("auditor").delete(url, params={"version": 2}).status_code == 204
    assert case.seen_by("radiologist") == []
