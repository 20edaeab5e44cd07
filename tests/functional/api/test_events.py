import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.functional.api.township import Township
from tests.services.waiting import wait_until


class Stream:
    """The events of one open screen."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.iter_lines()

    def next(self, kind: str) -> dict:
        """The data of the next event of that kind."""
        for line in self._lines:
            if line == f"event: {kind}":
                return json.loads(next(self._lines).removeprefix("data: "))
        raise AssertionError("the stream has ended")

    def rest(self) -> list[str]:
        return list(self._lines)


@contextmanager
def screen(township: Township, username: str) -> Iterator[Stream]:
    headers = {"Cookie": f"countyread_session={township.token(username)}"}
    with (
        httpx.Client(base_url=township.url, timeout=20) as client,
        client.stream("GET", "/api/v1/events", headers=headers) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        stream = Stream(answer)
        assert next(stream._lines) == "retry: 2000"
        yield stream


def test_open_screens_hear_of_tasks_results_and_studies(township: Township) -> None:
    with screen(township, "radiologist") as stream:
        task = township.county.task()
        uid = township.study(task).study_instance_uid
        assert stream.next("tasks") == {"id": task.id, "state": "queued", "study_instance_uid": uid}
        township.county.signed(task)
        assert stream.next("results") == {"seq": 1, "kind": "final", "study_instance_uid": uid}
        township.picture(task.study_id)
        assert stream.next("studies") == {"study_instance_uid": uid}


def test_a_clinic_hears_of_its_own_only(township: Township) -> None:
    with screen(township, "clinic01") as stream:
        township.county.signed(township.county.task(code="t02"))
        own = township.county.task()
        assert stream.next("tasks")["id"] == own.id


def test_events_name_no_patient(township: Township) -> None:
    with screen(township, "radiologist") as stream:
        township.county.signed(township.county.task())
        seen = [stream.next("tasks"), stream.next("results")]
    allowed = {"id", "state", "study_instance_uid", "seq", "kind"}
    assert all(event.keys() <= allowed for event in seen)


def test_a_stream_ends_when_the_server_stops(township: Township) -> None:
    with screen(township, "radiologist") as stream:
        township.server.should_exit = True
        stream.rest()


def test_a_stream_ends_with_its_session(township: Township, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer_api.events.routes._HEARTBEAT_SECONDS", 0.2)
    with screen(township, "radiologist") as stream:
        assert next(line for line in stream._lines if line.startswith(":")) == ": still here"
        township.county.clock.advance(hours=13)
        stream.rest()


def test_nobody_looks_while_nobody_listens(township: Township) -> None:
    with screen(township, "radiologist"):
        assert township.server._hub._looking is not None
    wait_until(lambda: township.server._hub._looking is None, 10, "the looking to end")
