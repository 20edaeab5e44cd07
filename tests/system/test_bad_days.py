"""What people see when a part is away: clear answers, nothing lost, and everything goes on by itself afterwards."""

from pathlib import Path

import httpx
import pytest

from tests.services import dcmtk
from tests.services.orthanc import OrthancServer
from tests.services.postgres import PostgresServer
from tests.services.s3 import S3Server
from tests.services.waiting import wait_until
from tests.system import studies
from tests.system.county import ForkedCounty
from tests.worlds import make_world


def _send(county: ForkedCounty, files: list[Path], calling: str = "T01_CT") -> dcmtk.ToolResult:
    return dcmtk.send(county.settings.dicom.port, files, calling=calling, called=county.settings.ae_title)


def test_orthanc_sends_an_ecg_and_its_picture_is_in_the_worklist(county: ForkedCounty, orthanc: OrthancServer) -> None:
    orthanc.add_modality("county", county.settings.ae_title, county.settings.dicom.port)
    manager = county.log_in("manager")
    orthanc_title = orthanc.ae_title
    refused = httpx.post(f"{orthanc.url}/modalities/county/echo", json={}, timeout=30)
    assert not refused.is_success
    (caller,) = wait_until(
        lambda: manager.get("/api/v1/unknown-callers")["items"], 20, "the unknown caller to be listed"
    )
    assert caller["ae_title"] == orthanc_title
    body = {"institution": "t01", "name": "心电图机", "modality": "ECG"}
    manager.post(f"/api/v1/unknown-callers/{caller['id']}/accept", body)
    wait_until(
        lambda: httpx.post(f"{orthanc.url}/modalities/county/echo", json={}, timeout=30).is_success, 30, "the device"
    )
    account = orthanc.store("county", orthanc.upload([studies.ecg()]))
    assert account["FailedInstancesCount"] == 0
    reader = county.log_in("ecg")
    task = wait_until(lambda: next(iter(reader.tasks()), None), 60, "the ECG in the worklist")
    assert (task["modality"], task["priority"]) == ("ECG", "P1")
    uid = task["study_instance_uid"]
    wait_until(lambda: reader.get(f"/api/v1/studies/{uid}")["thumbnail"], 60, "the thumbnail")
    (series,) = reader.get(f"/api/v1/studies/{uid}")["series_list"]
    assert series["kind"] == "ecg"
    picture = reader.request("GET", series["preview"])
    assert picture.headers["content-type"] == "image/png"
    assert len(picture.content) > 20_000


def test_an_unknown_device_is_refused_with_the_right_reason(county: ForkedCounty) -> None:
    assert not _send(county, [studies.ecg()], calling="STRANGER").ok
    answer = dcmtk.echo(county.settings.dicom.port, calling="STRANGER", called=county.settings.ae_title)
    assert "Calling AE Title Not Recognized" in answer.output


def test_a_dead_worker_delays_only_the_pictures(county: ForkedCounty, tmp_path: Path) -> None:
    county.kill("worker")
    files = studies.copies(tmp_path / "push", 3)
    assert _send(county, files).ok
    reader = county.log_in("radiologist")
    wait_until(reader.tasks, 60, "the study in the worklist")
    county.start_one("worker")
    wait_until(lambda: reader.tasks()[0]["thumbnail"], 90, "the thumbnail, made by the next worker")


def test_the_database_away_images_are_still_taken(
    tmp_path: Path, request: pytest.FixtureRequest, postgres: PostgresServer
) -> None:
    world = make_world("server", tmp_path, request.getfixturevalue)
    with ForkedCounty(world, tmp_path) as county:
        reader = county.log_in("radiologist")
        assert _send(county, studies.copies(tmp_path / "before", 1)).ok
        wait_until(lambda: len(reader.tasks()) == 1, 60, "the first study")
        postgres.stop()
        files = studies.copies(tmp_path / "during", 5)
        assert _send(county, files).ok
        answer = reader.request("GET", "/api/v1/tasks")
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert httpx.get(county.url + "/readyz", timeout=30).status_code == 503
        postgres.start()
        wait_until(lambda: reader.request("GET", "/api/v1/tasks").is_success, 60, "the database to be found again")
        wait_until(lambda: len(reader.tasks()) == 2, 90, "the study that came meanwhile")
        uid = studies.study_uid(files[0])
        assert reader.get(f"/api/v1/studies/{uid}")["instances"] == 5
        county.ensure_running()


def test_the_object_store_away_images_are_still_taken(
    tmp_path: Path, request: pytest.FixtureRequest, s3_server: S3Server
) -> None:
    world = make_world("server", tmp_path, request.getfixturevalue)
    with ForkedCounty(world, tmp_path) as county:
        manager = county.log_in("manager")
        s3_server.stop()
        files = studies.copies(tmp_path / "during", 5)
        assert _send(county, files).ok
        wait_until(
            lambda: manager.get("/api/v1/health")["counts"]["waiting_upload"] == 5, 60, "the backlog to be shown"
        )
        assert manager.get("/api/v1/health")["status"] != "ok"
        s3_server.start()
        wait_until(lambda: manager.get("/api/v1/health")["counts"]["waiting_upload"] == 0, 90, "the uploads")
        wait_until(manager.tasks, 60, "the task")
        county.ensure_running()


def test_a_full_disk_is_said_before_the_bytes_are_taken(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    world = make_world("embedded", tmp_path, request.getfixturevalue, COUNTYREAD_RESERVE_MB=str(2**40))
    with ForkedCounty(world, tmp_path) as county:
        answer = dcmtk.store(
            county.settings.dicom.port,
            studies.copies(tmp_path / "push", 1),
            calling="T01_CT",
            called=county.settings.ae_title,
        )
        assert "Refused: OutOfResources" in answer.output
        manager = county.log_in("manager")
        wait_until(lambda: manager.get("/api/v1/health")["status"] != "ok", 30, "the health page to say so")
        assert manager.get("/api/v1/health")["counts"]["waiting_upload"] == 0
