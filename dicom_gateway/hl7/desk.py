"""Takes one message and gives its answer: whatever the bytes, there is one."""

import hashlib
import logging
from datetime import tzinfo

from dicom_gateway.hl7.answers import Answer, Code, acknowledgement
from dicom_gateway.hl7.charsets import decode
from dicom_gateway.hl7.message import Message, parse_message
from dicom_gateway.hl7.reading import read_wishes
from reading_queue.green_orders import GREEN_CHANNEL
from reading_queue.rulebook import in_force
from storage.db.models import Hl7Message, Institution
from storage.db.queries.hl7_messages import answered, remember
from storage.db.queries.people import institution_by_code
from storage.db.session import Database, UnitOfWork
from storage.domain.clock import Clock
from storage.domain.errors import CountyReadError, Invalid, NotFound
from storage.orders.messages import Asker, Wish, fulfil
from storage.orders.placing import lock_institution

_log = logging.getLogger(__name__)

_TYPES = frozenset({("ORM", "O01"), ("OMG", "O19"), ("OMI", "O23")})
_LONGEST_NAME = 100


class Rejected(Exception):
    """The message is not for us; it says what to change."""


class OrderDesk:
    """Where order messages are handed in. Thread-safe; never raises."""

    def __init__(self, database: Database, clock: Clock, zone: tzinfo) -> None:
        self._database = database
        self._clock = clock
        self._zone = zone

    def answer(self, raw: bytes) -> bytes:
        """The acknowledgement of a message."""
        text, codec = decode(raw)
        try:
            message = parse_message(text)
        except Invalid as error:
            _log.warning("An HL7 message cannot be read.")
            return acknowledgement(None, Answer(Code.REJECTED, error.message), self._clock.now(), codec)
        given = self._decide(message, hashlib.sha256(raw).hexdigest())
        return acknowledgement(message.header, given, self._clock.now(), codec)

    def _decide(self, message: Message, sha256: str) -> Answer:
        try:
            _check_kind(message)
            _check_wishes(read_wishes(message, self._zone))
            with self._database.write() as work:
                rules = in_force(work, GREEN_CHANNEL).content
                return self._fulfil_all(work, message, sha256, read_wishes(message, self._zone, rules))
        except Rejected as rejection:
            _log.warning("An HL7 message is rejected.")
            return Answer(Code.REJECTED, str(rejection))
        except CountyReadError as error:
            _log.warning("An HL7 message cannot be done: %s", error.code)
            return Answer(Code.ERROR, error.message)
        except Exception as error:  # noqa: BLE001 - however the database is away, the sender is told to come again
            _log.warning("An HL7 message cannot be kept: %s", type(error).__name__)
            return Answer(Code.ERROR, "The order cannot be kept now: send it again later.")

    def _fulfil_all(self, work: UnitOfWork, message: Message, sha256: str, wishes: list[Wish]) -> Answer:
        header = message.header
        institution = _institution(work, message)
        lock_institution(work, institution.id)
        sender, control_id = f"{header.value(3)}|{header.value(4)}"[:_LONGEST_NAME], header.value(10)[:_LONGEST_NAME]
        before = answered(work, sender, control_id, sha256)
        if before is not None:
            return Answer(Code(before.code), before.text)
        asker = Asker(institution, f"hl7:{institution.code}", self._zone)
        for wish in wishes:
            fulfil(work, asker, wish)
        row = Hl7Message(
            sender=sender, control_id=control_id, sha256=sha256, code=Code.ACCEPTED, text="", answered_at=work.now
        )
        remember(work, row)
        _log.info("Took an HL7 message with %d orders of %s.", len(wishes), institution.code)
        return Answer(Code.ACCEPTED)


def _check_kind(message: Message) -> None:
    header = message.header
    if (header.value(9), header.value(9, 2)) not in _TYPES:
        raise Rejected("MSH-9 must be ORM^O01, OMG^O19 or OMI^O23: other messages are not taken here.")
    if not header.value(10):
        raise Rejected("MSH-10 (message control ID) is missing: the answer could not name the message.")


def _check_wishes(wishes: list[Wish]) -> None:
    if not wishes:
        raise Invalid("The message has no ORC segment: it orders nothing.")
    placers = [wish.placer for wish in wishes]
    if len(set(placers)) < len(placers):
        raise Invalid("Two orders of the message have one placer order number: give each its own in ORC-2 or OBR-2.")


def _institution(work: UnitOfWork, message: Message) -> Institution:
    """The institution whose code is the sending facility (MSH-4), or else the sending application (MSH-3)."""
    for code in (message.header.value(4), message.header.value(3)):
        for written in (code, code.lower()):
            try:
                if written:
                    return institution_by_code(work, written)
            except NotFound:
                continue
    raise Rejected("MSH-4 (sending facility) must be the code of an institution here, such as t01.")
