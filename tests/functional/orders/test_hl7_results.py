"""Results go to a clinic's system in order, each until it is accepted, whatever that system does."""

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from dicom_gateway.hl7.message import parse_message
from dicom_gateway.hl7.mllp import Frames, framed
from dicom_gateway.hl7.sending import ResultSender
from reading_queue import service
from storage.db.models import Hl7Destination
from storage.domain.clock import SystemClock
from tests.services.waiting import wait_until
from tests.unit.reading_queue.county import REPORT, County

Answering = Callable[[int], str]


class ClinicSystem:
    """Takes messages over MLLP and answers each as it is told; "" closes the line without a word."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.answering: Answering = lambda _number: "AA"
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            with line:
                self._serve(line)

    def _serve(self, line: socket.socket) -> None:
        frames = Frames()
        while data := line.recv(65536):
            for message in frames.feed(data):
                parsed = parse_message(message.decode("gb18030"))
                code = self.answering(len(self.taken))
                self.taken.append((parsed.header.value(10), code))
                if not code:
                    return
                line.sendall(framed(f"MSH|^~\\&|HIS\rMSA|{code}|{parsed.header.value(10)}\r".encode()))

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(10)


@pytest.fixture
def clinic() -> Iterator[ClinicSystem]:
    system = ClinicSystem()
    yield system
    system.close()


@pytest.fixture
def county(tmp_path) -> County:
    return County.at(f"sqlite:///{tmp_path / 'county.sqlite'}")


@pytest.fixture
def sender(county: County) -> Iterator[ResultSender]:
    running = ResultSender(county.database, SystemClock())
    running.start()
    yield running
    running.stop()


def _sign(county: County) -> None:
    task = county.task(modality="ECG")
    token = county.claim(task, "radiologist").token
    with county.write() as work:
        service.sign(work, task.id, county.actor("radiologist"), token, REPORT)


def _send_to(county: County, clinic: ClinicSystem, **values: object) -> None:
    with county.write() as work:
        row = Hl7Destination(
            institution_id=county.user("clinic01").institution_id,
            host="127.0.0.1",
            port=clinic.port,
            application="HIS",
            facility="",
            charset="GBK",
            delivered_seq=0,
            next_try_at=work.now,
            attempts=0,
            last_error="",
        )
        for name, value in values.items():
            setattr(row, name, value)
        work.session.add(row)


def _destination(county: County) -> Hl7Destination:
    with county.database.read() as work:
        return work.session.query(Hl7Destination).one()


def test_results_go_in_order_and_once(county: County, clinic: ClinicSystem, sender: ResultSender) -> None:
    _send_to(county, clinic)
    for _ in range(3):
        _sign(county)
    wait_until(lambda: _destination(county).delivered_seq == 3, 30, "three results to be accepted")
    assert clinic.taken == [("t01-1", "AA"), ("t01-2", "AA"), ("t01-3", "AA")]


@pytest.mark.parametrize("answer, reason", [("AE", "answered AE"), ("AR", "answered AR"), ("", "without an answer")])
def test_one_that_is_not_accepted_holds_up_the_others_until_it_is(
    county: County, clinic: ClinicSystem, sender: ResultSender, answer: str, reason: str
) -> None:
    clinic.answering = lambda number: answer if number == 0 else "AA"
    _sign(county)
    _sign(county)
    _send_to(county, clinic)
    wait_until(lambda: reason in _destination(county).last_error, 30, "the reason")
    assert (_destination(county).delivered_seq, _destination(county).attempts) == (0, 1)
    county.clock.advance(seconds=11)
    wait_until(lambda: _destination(county).delivered_seq == 2, 30, "both to be accepted")
    assert [number for number, _ in clinic.taken] == ["t01-1", "t01-1", "t01-2"]


def test_a_system_that_is_away_is_asked_again(county: County, sender: ResultSender) -> None:
    gone = ClinicSystem()
    gone.close()
    _sign(county)
    _send_to(county, gone)
    wait_until(lambda: "cannot be reached" in _destination(county).last_error, 30, "the reason")
    back = ClinicSystem()
    with county.write() as work:
        work.session.query(Hl7Destination).one().port = back.port
    county.clock.advance(seconds=11)
    wait_until(lambda: _destination(county).delivered_seq == 1, 30, "the result to be accepted")
    back.close()


def test_what_another_gateway_sends_is_left_to_it(county: County, clinic: ClinicSystem) -> None:
    _sign(county)
    _send_to(county, clinic, claimed_until=county.clock.now() + timedelta(minutes=1))
    sender = ResultSender(county.database, SystemClock())
    assert not sender._turn()
    county.clock.advance(seconds=61)
    assert sender._turn()
    assert not sender._turn()
    assert clinic.taken == [("t01-1", "AA")]
