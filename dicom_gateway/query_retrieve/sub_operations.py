"""C-STORE sub-operations (PS3.4 C.4.2, C.4.3): stored objects go out as they are, or in a form that the peer takes."""

import logging
from collections.abc import Iterable
from enum import Enum, auto
from typing import BinaryIO

from pynetdicom.presentation import PresentationContext

from dicom_gateway.messages import Command, ConnectionLost, Messages
from dicom_gateway.query_retrieve.status import C_STORE_RQ
from dicom_gateway.query_retrieve.transcoding import TARGETS, transcode
from storage.db.queries.query_retrieve import Location
from storage.domain.errors import CountyReadError
from storage.ingest.holding import Holding
from storage.ingest.part10 import read_start

_log = logging.getLogger(__name__)

_ANSWER_SECONDS = 300.0
_LOW_PRIORITY = 2
_WARNINGS = (0x0001, 0x0107, 0x0116, *range(0xB000, 0xC000))


class NotTaken(CountyReadError):
    """The peer accepted no presentation context in which the object can be sent."""

    code = "not_taken"


class Outcome(Enum):
    """What became of one object."""

    DONE = auto()
    WARNING = auto()
    FAILED = auto()


class Sender:
    """Sends objects on one association; `origin` is what a C-MOVE adds to its requests (PS3.7 9.3.1.1)."""

    def __init__(self, messages: Messages, holding: Holding, origin: Command | None = None) -> None:
        self._messages = messages
        self._holding = holding
        self._origin = dict(origin or {})
        self._contexts = _by_class(messages.association.accepted_contexts)

    def send(self, location: Location) -> Outcome:
        """Send it on. Raises `ConnectionLost`."""
        try:
            with self._holding.open(location) as stream:
                context_id, data_set = self._form(location, stream)
                status = self._store(location, context_id, data_set)
        except ConnectionLost:
            raise
        except (CountyReadError, OSError) as error:
            _log.warning("An object was not sent on (%s).", type(error).__name__)
            return Outcome.FAILED
        if status == 0:
            return Outcome.DONE
        return Outcome.WARNING if status in _WARNINGS else Outcome.FAILED

    def _form(self, location: Location, stream: BinaryIO) -> tuple[int, BinaryIO]:
        taken = self._contexts.get(location.sop_class_uid, {})
        if location.transfer_syntax_uid in taken:
            read_start(stream)
            return taken[location.transfer_syntax_uid], stream
        for target in TARGETS:
            if target in taken:
                return taken[target], transcode(stream, target)
        raise NotTaken("The other side takes the object in no form that it can have.")

    def _store(self, location: Location, context_id: int, data_set: BinaryIO) -> int:
        message_id = self._messages.next_id()
        command: Command = {
            0x0002: location.sop_class_uid,
            0x0100: C_STORE_RQ,
            0x0110: message_id,
            0x0700: _LOW_PRIORITY,
            0x1000: location.sop_instance_uid,
            **self._origin,
        }
        self._messages.send(context_id, command, data_set)
        return int(self._messages.receive(message_id, _ANSWER_SECONDS).Status)


def _by_class(contexts: Iterable[PresentationContext]) -> dict[str, dict[str, int]]:
    """Of the contexts in which this side may send, the identifier by transfer syntax."""
    taken: dict[str, dict[str, int]] = {}
    for context in contexts:
        if context.as_scu and context.context_id is not None:
            syntaxes = taken.setdefault(str(context.abstract_syntax), {})
            syntaxes.setdefault(str(context.transfer_syntax[0]), context.context_id)
    return taken
