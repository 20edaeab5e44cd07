import socket
import threading
from collections.abc import Iterator

import pytest

from dicom_gateway.lobby import CAPACITY, Entrance, Guest, Lobby
from tests.functional.gateway.raw import ABORT, ASSOCIATE_RJ, LOCAL_LIMIT, Line, connect, pdu, request
from tests.services.waiting import wait_until


class House:
    """A lobby at a port, and who was shown in."""

    def __init__(self, *, has_room: bool = True, patience: float = 30.0) -> None:
        self.shown_in: list[Guest] = []
        self._entrance = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self._entrance.getsockname()[1]
        self.lobby = Lobby([Entrance(self._entrance)], lambda: has_room, self.shown_in.append, patience)
        self._thread = threading.Thread(target=self.lobby.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self.lobby.stop()
        self._thread.join()
        self._entrance.close()
        for guest in self.shown_in:
            guest.connection.close()


@pytest.fixture
def house() -> Iterator[House]:
    made = House()
    yield made
    made.close()


def test_who_has_asked_is_shown_in_with_what_he_said(house: House) -> None:
    whole = request()
    with connect(house.port) as line:
        for position in range(0, len(whole), 50):
            line.say(whole[position : position + 50])
        wait_until(lambda: house.shown_in, 30, "the guest to be shown in")
        assert bytes(house.shown_in[0].said) == whole
        assert len(house.lobby) == 0


def test_bytes_behind_the_request_are_left_for_the_association(house: House) -> None:
    with connect(house.port) as line:
        line.say(request() + b"more")
        wait_until(lambda: house.shown_in, 30, "the guest to be shown in")
        connection = house.shown_in[0].connection
        connection.setblocking(True)
        assert connection.recv(10) == b"more"


def test_who_says_nothing_in_time_has_to_leave() -> None:
    house = House(patience=0.5)
    try:
        with connect(house.port) as silent, connect(house.port) as slow:
            slow.say(request()[:-1])
            assert silent.is_over()
            assert slow.is_over()
        wait_until(lambda: len(house.lobby) == 0, 30, "the lobby to empty")
        assert house.shown_in == []
    finally:
        house.close()


def test_a_full_house_says_so() -> None:
    house = House(has_room=False)
    try:
        with connect(house.port) as line:
            line.say(request())
            assert line.hear() == (ASSOCIATE_RJ, bytes([0, *LOCAL_LIMIT]))
            assert line.is_over()
    finally:
        house.close()


def test_what_is_no_request_is_answered_with_an_abort(house: House) -> None:
    for noise in (b"GET / HTTP/1.0\r\n", pdu(1, bytes(80)), pdu(1, b"", length=1 << 30)):
        with connect(house.port) as line:
            line.say(noise)
            assert line.hear() == (ABORT, bytes(4))


def test_a_crowd_that_says_nothing_never_holds_more_than_the_lobby_has_seats_for(house: House) -> None:
    lines = [socket.create_connection(("127.0.0.1", house.port), timeout=30) for _ in range(CAPACITY + 60)]
    assert Line(lines[0]).is_over()
    assert len(house.lobby) <= CAPACITY
    Line(lines[-1]).say(request())
    wait_until(lambda: house.shown_in, 30, "the last one to be shown in")
    for line in lines:
        line.close()


def test_stopping_sends_everybody_away(house: House) -> None:
    with connect(house.port) as line:
        wait_until(lambda: len(house.lobby) == 1, 30, "the guest to sit")
        house.lobby.stop()
        assert line.is_over()
