"""DIMSE messages of this side, written straight to the socket (PS3.7 6.3, PS3.8 9.3.5 and annex E).

pynetdicom queues every PDU before one is sent: a list of ten thousand answers, or a clip of 2 GB, would lie in memory
until the peer has taken it. A blocking send keeps it where it is.
"""

import contextlib
import struct
import time
from collections.abc import Iterator, Mapping
from io import BytesIO
from queue import Empty
from typing import Any, BinaryIO

from pynetdicom.association import Association

from dicom_gateway.dimse import COMMAND, LAST, NO_DATA_SET, P_DATA_TF
from dicom_gateway.wire import ReceivingSocket
from storage.domain.clock import monotonic
from storage.domain.errors import CountyReadError

DATA_SET_FOLLOWS = 0x0001
_LARGEST, _SMALLEST = 256 << 10, 128
_PDV_HEADER = 6
_MOMENT = 0.001
_NUMBER = struct.Struct("<H")
_PADDED_WITH_NUL = frozenset({0x0002, 0x0003, 0x1000, 0x1001})
"""Elements of group 0000 that are UIDs (PS3.7 E.1)."""

Command = Mapping[int, int | str]
"""Values by element number of group 0000: numbers are US, texts UI, AE or LO."""


class ConnectionLost(CountyReadError):
    """The peer has closed the connection, aborted the association, or does not answer in time."""

    code = "connection_lost"


class Messages:
    """The messages of one association, used by one thread: the association's own, or the one that asked for it."""

    def __init__(self, association: Association) -> None:
        self._association = association
        self._number = 0

    @property
    def association(self) -> Association:
        return self._association

    def next_id(self) -> int:
        """A Message ID (0000,0110) for the next request."""
        self._number = self._number % 0xFFFF + 1
        return self._number

    def send(self, context_id: int, command: Command, data_set: BinaryIO | bytes | None = None) -> None:
        """Send a message; `data_set` is encoded as the context wants it and read to its end. Raises `ConnectionLost`."""
        source = BytesIO(data_set) if isinstance(data_set, bytes) else data_set
        follows = NO_DATA_SET if source is None else DATA_SET_FOLLOWS
        encoded = BytesIO(encode_command({**command, 0x0800: follows}))
        self._write(self._pdus(context_id, COMMAND, encoded))
        if source is not None:
            self._write(self._pdus(context_id, 0, source))

    def receive(self, message_id: int, seconds: float) -> Any:
        """The response to `message_id`; requests that come meanwhile are served afterwards. Raises `ConnectionLost`."""
        waiting, deadline = self._association.dimse.msg_queue, monotonic() + seconds
        later: list[Any] = []
        try:
            while True:
                try:
                    context_id, message = waiting.get(timeout=max(0.0, deadline - monotonic()))
                except Empty:
                    raise ConnectionLost("The other side does not answer.") from None
                if message is None:
                    raise ConnectionLost("The connection was lost.")
                if getattr(message, "MessageIDBeingRespondedTo", None) == message_id:
                    return message
                if getattr(message, "is_valid_request", False):
                    later.append((context_id, message))
        finally:
            for item in later:
                waiting.put(item)

    def was_cancelled(self, message_id: int) -> bool:
        """Whether a C-CANCEL for this request has come (PS3.7 9.3.2.3)."""
        return message_id in self._association.dimse.cancel_req

    def _largest(self) -> int:
        wanted = self._association.dimse.maximum_pdu_size or _LARGEST
        return max(_SMALLEST, min(wanted, _LARGEST)) - _PDV_HEADER

    def _pdus(self, context_id: int, control: int, source: BinaryIO) -> Iterator[bytes]:
        """As many as the largest that the peer takes make necessary; the last one says that it is."""
        size = self._largest()
        piece = source.read(size)
        while following := source.read(size):
            yield _pdu(context_id, control, piece)
            piece = following
        yield _pdu(context_id, control | LAST, piece)

    def _write(self, pdus: Iterator[bytes]) -> None:
        line = self._association.dul.socket
        if line is None or line.socket is None:
            raise ConnectionLost("The connection was lost.")
        turn = line.writing if isinstance(line, ReceivingSocket) else contextlib.nullcontext()
        for pdu in pdus:
            try:
                with turn:
                    line.socket.sendall(pdu)
            except (OSError, AttributeError) as error:
                self._association.dul.event_queue.put("Evt17")
                raise ConnectionLost("The connection was lost.") from error
        self._association.dul._idle_timer.restart()  # noqa: SLF001 - a long transfer is no idle peer


@contextlib.contextmanager
def messages_of(association: Association) -> Iterator[Messages]:
    """The messages of an association that this side asked for; pynetdicom's loop keeps away from them meanwhile."""
    checkpoint = association._reactor_checkpoint  # noqa: SLF001 - as its own send_* methods do
    checkpoint.clear()
    while association.is_alive() and not association._is_paused:  # noqa: SLF001
        time.sleep(_MOMENT)
    try:
        yield Messages(association)
    finally:
        checkpoint.set()


def encode_command(command: Command) -> bytes:
    """A command set with its group length (PS3.7 6.3.1)."""
    elements = b"".join(_element(number, command[number]) for number in sorted(command))
    return struct.pack("<HHII", 0, 0, 4, len(elements)) + elements


def _element(number: int, value: int | str) -> bytes:
    if isinstance(value, int):
        encoded = _NUMBER.pack(value)
    else:
        encoded = value.encode("ascii", "replace")
        encoded += (b"\x00" if number in _PADDED_WITH_NUL else b" ") * (len(encoded) % 2)
    return struct.pack("<HHI", 0, number, len(encoded)) + encoded


def _pdu(context_id: int, control: int, value: bytes) -> bytes:
    length = len(value) + 2
    return struct.pack(">BxIIBB", P_DATA_TF, length + 4, length, context_id, control) + value


def peer_title(association: Association) -> str:
    """The AE title of who opened the association."""
    return association.requestor.ae_title.strip()
