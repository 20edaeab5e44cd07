"""Subscriptions and event reports, over a real WebSocket."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.functional.api.township import Township
from tests.functional.api.ups.workitems import Client, first, value

GLOBAL, FILTERED = "1.2.840.10008.5.1.4.34.5", "1.2.840.10008.5.1.4.34.5.1"
MINE = "2.25.111"
_WAIT = 30


class Channel:
    """The event reports of one receiver."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    def next(self) -> dict[str, Any]:
        return json.loads(self._socket.recv(timeout=_WAIT))

    def next_state(self) -> tuple[str, str]:
        """The next state report: of which workitem, and which state."""
        while True:
            report = self.next()
            if first(report, "00001002") == 1:
                return first(report, "00001000"), first(report, "00741000")


@contextmanager
def channel(township: Township, user: str, ae_title: str = "WATCHER", **headers: str) -> Iterator[Channel]:
    url = f"{township.url.replace('http', 'ws', 1)}/dicomweb/ws/subscribers/{ae_title}"
    told = headers or {"Authorization": f"Bearer {township.token(user)}"}
    with connect(url, additional_headers=told, open_timeout=_WAIT, proxy=None) as socket:
        yield Channel(socket)


def subscribe(township: Township, user: str, target: str, query: str = "", ae_title: str = "WATCHER") -> None:
    answer = Client(township, user).send("POST", f"/{target}/subscribers/{ae_title}{query}")
    assert answer.status_code == 201, answer.text
    assert answer.headers["content-location"].endswith(f"/dicomweb/ws/subscribers/{ae_title}")


def test_all_steps_of_a_case_are_told_in_order(township: Township) -> None:
    subscribe(township, "manager", GLOBAL)
    with channel(township, "manager") as events:
        task = township.county.task()
        uid, state = events.next_state()
        assert state == "SCHEDULED"
        township.county.signed(task)
        seen = [events.next_state() for _ in range(5)]
        audit = seen[2][0]
        assert seen == [
            (uid, "IN PROGRESS"),
            (uid, "COMPLETED"),
            (audit, "SCHEDULED"),
            (audit, "IN PROGRESS"),
            (audit, "COMPLETED"),
        ]


def test_a_report_says_who_and_why(township: Township) -> None:
    task = township.county.task()
    uid = first(Client(township, "manager").search()[0], "00080018")
    subscribe(township, "manager", uid)
    with channel(township, "manager") as events:
        now = events.next()
        assert (first(now, "00001000"), first(now, "00001002"), first(now, "00741000")) == (uid, 1, "SCHEDULED")
        assert first(now, "00000002") == "1.2.840.10008.5.1.4.34.6.4"
        lease = township.county.claim(task, "radiologist")
        reports = [events.next(), events.next()]
        assert [first(one, "00001002") for one in reports] == [1, 5]
        assert first(reports[1], "00404009", "00080100") == "radiologist"
        assert (
            Client(township, "clinic01")
            .send("POST", f"/{uid}/cancelrequest", {"00741238": value("LT", "转院")})
            .status_code
            == 202
        )
        asked = events.next()
        assert (first(asked, "00001002"), first(asked, "00741238")) == (2, "转院")
        Client(township, "radiologist").state(uid, "CANCELED", lease.token, **{"00741238": value("LT", "同意")})
        ended = events.next()
        assert (first(ended, "00741000"), first(ended, "00741238")) == ("CANCELED", "同意")
        numbers = [first(one, "00000110") for one in (now, *reports, asked, ended)]
        assert numbers == sorted(set(numbers))


def test_a_clinic_hears_of_its_own_only(township: Township) -> None:
    subscribe(township, "clinic01", GLOBAL)
    with channel(township, "clinic01") as events:
        township.county.signed(township.county.task(code="t02"))
        own = township.county.task()
        uid, _ = events.next_state()
    assert first(Client(township, "clinic01").get(uid), "0020000D") == township.study(own).study_instance_uid


def test_a_filter_and_a_suspension_hold_back(township: Township) -> None:
    subscribe(township, "manager", FILTERED, "?filter=WorklistLabel=READ ECG")
    with channel(township, "manager") as events:
        township.county.task()
        task = township.county.task(modality="ECG")
        uid, _ = events.next_state()
        assert first(Client(township, "manager").get(uid), "0020000D") == township.study(task).study_instance_uid
        suspended = Client(township, "manager").send("POST", f"/{FILTERED}/subscribers/WATCHER/suspend")
        assert suspended.status_code == 200
        township.county.task(modality="ECG")
        township.county.claim(task, "radiologist")
        assert events.next_state() == (uid, "IN PROGRESS")
        subscribe(township, "manager", GLOBAL)
        states = {events.next_state()[1] for _ in range(3)}
        assert states == {"SCHEDULED", "IN PROGRESS"}


def test_who_has_unsubscribed_hears_nothing(township: Township) -> None:
    manager = Client(township, "manager")
    subscribe(township, "manager", GLOBAL)
    subscribe(township, "manager", GLOBAL, ae_title="OTHER")
    assert manager.send("DELETE", f"/{GLOBAL}/subscribers/WATCHER").status_code == 200
    assert manager.send("DELETE", f"/{GLOBAL}/subscribers/WATCHER").status_code == 404
    with channel(township, "manager") as silent, channel(township, "manager", "OTHER") as events:
        township.county.task()
        events.next_state()
        with pytest.raises(TimeoutError):
            silent._socket.recv(timeout=0)


def test_what_makes_no_sense_is_refused(township: Township) -> None:
    manager = Client(township, "manager")
    assert manager.send("POST", f"/{FILTERED}/subscribers/W").status_code == 400
    assert manager.send("POST", f"/{FILTERED}/subscribers/W?filter=Colour=red").status_code == 400
    assert manager.send("POST", "/1.2.3/subscribers/W").status_code == 404
    assert manager.send("POST", "/1.2.3/subscribers/W/suspend").status_code == 404
    assert manager.send("POST", f"/{GLOBAL}/subscribers/W/suspend").status_code == 404
    township.county.task()
    uid = first(manager.search()[0], "00080018")
    subscribe(township, "manager", uid)
    assert manager.send("POST", f"/{uid}/subscribers/WATCHER/suspend").status_code == 400


@pytest.mark.parametrize(
    "headers,status",
    [({}, 401), ({"Authorization": "Bearer nobody"}, 401), ({"Origin": "https://elsewhere.example"}, 404)],
)
def test_strangers_open_no_channel(township: Township, headers: dict[str, str], status: int) -> None:
    if "Origin" in headers:
        headers = {**headers, "Authorization": f"Bearer {township.token('manager')}"}
    with pytest.raises(InvalidStatus) as refused, channel(township, "manager", **(headers or {"X-Nothing": "1"})):
        pass
    assert refused.value.response.status_code == status


def test_the_authority_opens_none_either(township: Township) -> None:
    with pytest.raises(InvalidStatus) as refused, channel(township, "regulator"):
        pass
    assert refused.value.response.status_code == 403


def test_the_channel_wants_a_websocket(township: Township) -> None:
    answer = township.client("manager").get("/dicomweb/ws/subscribers/WATCHER")
    assert (answer.status_code, answer.headers["upgrade"]) == (426, "websocket")


def test_a_server_that_stops_says_so(township: Township) -> None:
    subscribe(township, "manager", GLOBAL)
    with channel(township, "manager") as events:
        township.county.task()
        events.next_state()
        township.server.should_exit = True
        last = events.next()
        assert (first(last, "00001002"), first(last, "00741242")) == (4, "GOING DOWN")
        with pytest.raises(ConnectionClosed):
            events.next()
