"""Sends results to the clinics' systems: in the order of their numbers, each until it is accepted."""

import logging
import socket
import threading
from datetime import timedelta

from dicom_gateway.hl7.answers import Code
from dicom_gateway.hl7.charsets import decode
from dicom_gateway.hl7.message import parse_message
from dicom_gateway.hl7.mllp import Frames, NotMllp, framed
from dicom_gateway.hl7.results import Addressee, OrderReference, control_id, oru_message
from storage.db.queries import hl7_destinations
from storage.db.queries.hl7_destinations import Errand
from storage.db.session import Database
from storage.domain.clock import Clock, monotonic
from storage.domain.errors import Invalid

_log = logging.getLogger(__name__)

_REST, _AFTER_FAILURE = 2.0, 5.0
_HOLD = timedelta(minutes=2)
_CONNECT_SECONDS, _ANSWER_SECONDS = 10.0, 60.0
_READ = 64 << 10
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=15)
_DOUBLINGS = 7


class NotAccepted(Exception):
    """The other side could not be reached, or does not want it; the message says which."""


class ResultSender:
    """One thread. A result that is not accepted is tried again with growing waits, and those after it wait for it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hl7-results", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End after the message in hand; a message without answer goes out again, and is the same one."""
        self._stopping.set()
        self._thread.join(_AFTER_FAILURE)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                rest = 0.0 if self._turn() else _REST
            except Exception as error:  # noqa: BLE001 - the database is away; it has what is to be sent
                _log.warning("Results for HL7 wait (%s).", type(error).__name__)
                rest = _AFTER_FAILURE
            self._stopping.wait(rest)

    def _turn(self) -> bool:
        """One result to one destination; False when none is due."""
        with self._database.read() as work:
            if not hl7_destinations.is_any_due(work):
                return False
        with self._database.write() as work:
            errand = hl7_destinations.claim_next(work, _HOLD)
        if errand is None:
            return False
        try:
            self._send(errand)
        except NotAccepted as error:
            _log.warning("%s did not take an HL7 message: %s", errand.destination.institution.code, error)
            with self._database.write() as work:
                hl7_destinations.note_failed(work, errand, str(error), _wait_after(errand.destination.attempts))
        else:
            with self._database.write() as work:
                hl7_destinations.note_accepted(work, errand)
        return True

    def _send(self, errand: Errand) -> None:
        destination, content = errand.destination, errand.result.report_version.content
        to = Addressee(destination.application, destination.facility, destination.charset)
        message = oru_message(content, errand.result.seq, to, self._clock.now(), _reference(errand))
        answer = exchange(destination.host, destination.port, message)
        require_accepted(answer, control_id(content["institution"]["code"], errand.result.seq))


def exchange(host: str, port: int, message: bytes) -> bytes:
    """Send one message and wait for its answer. Raises `NotAccepted` when there is none."""
    deadline = monotonic() + _ANSWER_SECONDS
    try:
        with socket.create_connection((host, port), timeout=_CONNECT_SECONDS) as line:
            line.sendall(framed(message))
            frames = Frames()
            while (left := deadline - monotonic()) > 0:
                line.settimeout(left)
                data = line.recv(_READ)
                if not data:
                    raise NotAccepted("The system closed the connection without an answer.")
                for answer in frames.feed(data):
                    return answer
    except NotMllp as error:
        raise NotAccepted("What answers there does not speak MLLP.") from error
    except OSError as error:
        raise NotAccepted(f"The system cannot be reached: {error.strerror or type(error).__name__}.") from error
    raise NotAccepted("The system did not answer in time.")


def require_accepted(answer: bytes, asked: str) -> None:
    """Raise `NotAccepted` unless `answer` acknowledges the message `asked` (HL7 v2.5.1 2.9.2)."""
    try:
        said = parse_message(decode(answer)[0]).first("MSA")
    except Invalid as error:
        raise NotAccepted("The answer is no HL7 message.") from error
    if said.value(2) != asked:
        raise NotAccepted("The answer is for another message.")
    if said.value(1) not in (Code.ACCEPTED, "CA"):
        raise NotAccepted(f"The system answered {said.value(1) or 'nothing'}.")


def _reference(errand: Errand) -> OrderReference | None:
    order = errand.order
    if order is None:
        return None
    return OrderReference(order.placer_order_number, order.procedure_code, order.procedure_description)


def _wait_after(attempts: int) -> timedelta:
    return min(_LONGEST_WAIT, _FIRST_WAIT * (1 << min(attempts, _DOUBLINGS)))
