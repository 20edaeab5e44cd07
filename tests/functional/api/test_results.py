import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.domain.clock import monotonic
from tests.functional.api.township import Township
from tests.services.waiting import wait_until


def _signed(township: Township, code: str = "t01"):
    return township.county.signed(township.county.task(code=code))


def test_a_clinic_polls_its_own_results_without_gaps(township: Township) -> None:
    own = [_signed(township) for _ in range(3)]
    _signed(township, "t02")
    clinic = township.client("clinic01")
    page = clinic.get("/api/v1/results").json()
    assert [item["seq"] for item in page["items"]] == [1, 2, 3]
    assert page["next"] == 3
    first = page["items"][0]
    assert first["kind"] == "final"
    assert first["study_instance_uid"] == township.study(own[0]).study_instance_uid
    assert (first["version"], first["positive"], first["critical"]) == (1, False, "")
    assert first["patient"]["name"] == "张^三"
    assert first["received_at"] is None
    assert clinic.get("/api/v1/results?after=1&limit=1").json() == {"items": [page["items"][1]], "next": 2}
    assert clinic.get("/api/v1/results?after=3").json() == {"items": [], "next": 3}


def test_the_centre_names_the_clinic(township: Township) -> None:
    _signed(township)
    manager = township.client("manager")
    assert manager.get("/api/v1/results").status_code == 422
    assert len(manager.get("/api/v1/results?institution=t01").json()["items"]) == 1
    assert manager.get("/api/v1/results?institution=nowhere").status_code == 404


def test_nothing_new_is_not_sent_again(township: Township) -> None:
    _signed(township)
    clinic = township.client("clinic01")
    first = clinic.get("/api/v1/results")
    known = {"If-None-Match": first.headers["etag"]}
    again = clinic.get("/api/v1/results", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    _signed(township)
    assert clinic.get("/api/v1/results", headers=known).status_code == 200
    clinic.post("/api/v1/results/1/receipt", json={"received_by": "王护士"})
    assert clinic.get("/api/v1/results", headers=known).status_code == 200


def test_a_receipt_is_given_once(township: Township) -> None:
    task = _signed(township)
    clinic = township.client("clinic01")
    given = clinic.post("/api/v1/results/1/receipt", json={"received_by": "王护士"})
    assert given.status_code == 200
    assert given.json()["received_by"] == "王护士"
    assert clinic.post("/api/v1/results/1/receipt").json() == given.json()
    assert clinic.get(f"/api/v1/tasks/{task.id}").json()["state"] == "delivered"
    item = clinic.get("/api/v1/results").json()["items"][0]
    assert (item["received_by"], item["received_at"]) == ("王护士", given.json()["received_at"])
    assert clinic.post("/api/v1/results/2/receipt").status_code == 404
    assert township.client("radiologist").post("/api/v1/results/1/receipt").status_code == 403


def test_a_long_poll_wakes_up_within_a_second(township: Township) -> None:
    clinic = township.client("clinic01")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(clinic.get, "/api/v1/results?wait=30")
        wait_until(lambda: township.server._hub.listeners, 10, "the poll to wait")
        task = township.county.task()
        assert not waiting.done()
        township.county.signed(task)
        signed_at = monotonic()
        answer = waiting.result(10)
        assert monotonic() - signed_at < 1.5
    assert [item["seq"] for item in answer.json()["items"]] == [1]


def test_a_long_poll_is_not_woken_by_another_clinic_and_ends_with_nothing(township: Township) -> None:
    clinic = township.client("clinic01")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(clinic.get, "/api/v1/results?wait=2")
        wait_until(lambda: township.server._hub.listeners, 10, "the poll to wait")
        _signed(township, "t02")
        answer = waiting.result(10)
    assert answer.json() == {"items": [], "next": 0}


def test_sixty_clinics_wait_without_a_thread_each(township: Township) -> None:
    clinic = township.client("clinic01")
    before = threading.active_count()
    with ThreadPoolExecutor(60) as pool:
        polls = [pool.submit(clinic.get, "/api/v1/results?wait=20") for _ in range(60)]
        wait_until(lambda: township.server._hub.listeners == 60, 20, "all polls to wait")
        assert threading.active_count() - before <= 60 + 45
        assert township.anonymous().get("/healthz").status_code == 200
        _signed(township)
        answers = [poll.result(20).json()["next"] for poll in polls]
    assert answers == [1] * 60
    wait_until(lambda: not township.server._hub.listeners, 5, "the listeners to go")


@pytest.mark.parametrize("wait", ["-1", "61", "x"])
def test_waiting_has_limits(township: Township, wait: str) -> None:
    assert township.client("clinic01").get(f"/api/v1/results?wait={wait}").status_code == 422
