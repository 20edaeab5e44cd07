import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from reading_queue.broker import QueueName
from storage.db.models import Device, Quarantine, UnknownCaller
from storage.db.queries import heartbeats
from storage.db.session import UnitOfWork
from storage.domain.studies import QuarantineReason
from tests.functional.api.images import ct_image
from tests.functional.api.township import Township
from tests.services.waiting import wait_until

PROCESSES = ("gateway", "intake", "api", "worker", "beat")


def _quarantine(work: UnitOfWork, reason: QuarantineReason = QuarantineReason.OTHER_BYTES) -> None:
    work.session.add(
        Quarantine(
            reason=reason,
            detail="The same identity with other bytes.",
            institution_id=2,
            ae_title="T01_CT",
            sop_instance_uid="1.2.3",
            study_instance_uid="1.2",
            size=10,
            sha256="0" * 64,
            dataset_digest="1" * 64,
            object_key="quarantine/x",
            state="stored",
            gateway="gateway@test",
            spool_name="",
            received_at=work.now,
        )
    )


def _call(work: UnitOfWork, ae_title: str = "STRANGER", address: str = "10.0.0.9") -> None:
    now = work.now
    work.session.add(
        UnknownCaller(
            ae_title=ae_title,
            address=address,
            called_ae_title="COUNTYREAD",
            reason="unknown calling AE title",
            first_seen_at=now,
            last_seen_at=now,
        )
    )


def test_health_says_what_works_and_what_waits(township: Township) -> None:
    township.county.task()
    township.image(ct_image(), spooled=True)
    with township.database.write() as work:
        for kind in PROCESSES:
            report = {"spool_files": 3, "queues": [str(queue) for queue in QueueName]}
            heartbeats.beat(work, f"{kind}@test", kind, work.now - timedelta(hours=1), report)
    health = township.client("manager").get("/api/v1/health").json()
    assert health["status"] == "ok"
    assert {check["name"]: check["status"] for check in health["checks"]}.keys() >= {
        "database",
        "object_store",
        *PROCESSES,
    }
    assert health["counts"] == {
        "receiving": 1,
        "waiting_upload": 1,
        "quarantine": 0,
        "unknown_callers": 0,
        "renditions_pending": 2,
        "renditions_failed": 0,
        "open_tasks": 1,
        "overdue_tasks": 0,
        "commitments_waiting": 0,
        "dead_letters": 0,
        "deliveries_given_up": 0,
    }
    gateway = next(process for process in health["processes"] if process["kind"] == "gateway")
    assert (gateway["alive"], gateway["report"]["spool_files"]) == (True, 3)


def test_health_tells_what_is_wrong(township: Township) -> None:
    manager = township.client("manager")
    with township.database.write() as work:
        for kind in PROCESSES:
            heartbeats.beat(work, f"{kind}@test", kind, work.now, {})
        _quarantine(work)
    assert manager.get("/api/v1/health").json()["status"] == "degraded"
    township.county.clock.advance(minutes=1)
    health = manager.get("/api/v1/health").json()
    gateway = next(check for check in health["checks"] if check["name"] == "gateway")
    assert (health["status"], gateway["status"]) == ("down", "down")
    assert gateway["since"] is not None
    objects = township.settings.data / "objects"
    objects.rename(objects.with_name("unmounted"))
    checks = {check["name"]: check for check in manager.get("/api/v1/health").json()["checks"]}
    assert checks["object_store"]["status"] == "down"
    assert checks["object_store"]["detail"]


def test_health_passes_on_what_the_sweeps_found(township: Township) -> None:
    with township.database.write() as work:
        heartbeats.beat(work, "sweeps", "sweeps", work.now, {"ok": False, "numbering_faults": ["t01"]})
    checks = {check["name"]: check for check in township.client("manager").get("/api/v1/health").json()["checks"]}
    assert checks["invariants"]["status"] == "degraded"


def test_an_unknown_caller_becomes_a_device(township: Township) -> None:
    with township.database.write() as work:
        _call(work)
        _call(work, address="10.0.0.10")
    admin = township.client("admin")
    callers = admin.get("/api/v1/unknown-callers").json()["items"]
    assert {caller["address"] for caller in callers} == {"10.0.0.9", "10.0.0.10"}
    url = f"/api/v1/unknown-callers/{callers[0]['id']}/accept"
    assert admin.post(url, json={"institution": "nowhere"}).status_code == 404
    device = admin.post(url, json={"institution": "t02", "name": "新CT", "modality": "CT"})
    assert device.status_code == 201
    assert (device.json()["ae_title"], device.json()["institution"]) == ("STRANGER", "t02")
    assert admin.get("/api/v1/unknown-callers").json()["items"] == []
    assert "STRANGER" in {item["ae_title"] for item in admin.get("/api/v1/devices").json()["items"]}
    with township.database.read() as work:
        assert work.session.execute(select(Device).where(Device.ae_title == "STRANGER")).scalar_one().active
    assert admin.post(url, json={"institution": "t02"}).status_code == 404


def test_signs_of_life_need_no_log_in(township: Township) -> None:
    client = township.anonymous()
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").status_code == 200
    objects = township.settings.data / "objects"
    objects.rename(objects.with_name("unmounted"))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]) == (503, ["object_store"])
    assert client.get("/healthz").status_code == 200


def test_metrics_are_prometheus_text_without_patients(township: Township) -> None:
    task = township.county.task()
    township.client("radiologist").get(f"/api/v1/tasks/{task.id}")
    with township.database.write() as work:
        heartbeats.beat(work, 'api@"odd\\name"', "api", work.now, {})
    wanted = 'countyread_http_requests_total{method="GET",route="/api/v1/tasks/{task_id}",status="200"} 1'
    client = township.anonymous()
    wait_until(lambda: wanted in client.get("/metrics").text, 5, "the count, which follows the answer")
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    line = re.compile(r'(# (HELP|TYPE) \w+ .+)|(\w+({\w+="([^"\\]|\\.)*"(,\w+="([^"\\]|\\.)*")*})? [\d.e+-]+)')
    for text in answer.text.splitlines():
        assert line.fullmatch(text), text
    assert 'countyread_tasks{state="queued"} 1' in answer.text
    assert 'countyread_http_request_seconds_bucket{route="/api/v1/tasks/{task_id}",le="+Inf"} 1' in answer.text
    assert township.study(task).study_instance_uid not in answer.text


@pytest.mark.parametrize(
    "report, name",
    [
        ({"last_store_error": "StoreUnavailable"}, "spool"),
        ({"oldest_seconds": 900}, "spool"),
        ({"lost_objects": 1}, "objects"),
        ({"free_bytes": 10, "reserve_bytes": 9}, "disk"),
    ],
)
def test_health_repeats_what_a_gateway_complains_of(township: Township, report: dict, name: str) -> None:
    with township.database.write() as work:
        heartbeats.beat(
            work, "gateway@test", "gateway", work.now, {"last_store_error": "", "lost_objects": 0, **report}
        )
    checks = {check["name"]: check for check in township.client("manager").get("/api/v1/health").json()["checks"]}
    assert {other for other in ("spool", "objects", "disk") if checks[other]["status"] != "ok"} == {name}
    assert checks[name]["detail"]
