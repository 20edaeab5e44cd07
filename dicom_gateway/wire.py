"""The receiving end of a connection: what pynetdicom does for every PDU, done faster for the ones that carry objects.

pynetdicom reads 4 kB at a time, sleeps when its queue is empty, and makes several objects for every fragment. Here the
fragments of a C-STORE go from one reused buffer straight to the spool file, and the answer goes out with one send.
Every other PDU takes pynetdicom's normal way.
"""

import contextlib
import logging
import select
import socket
import ssl
import threading
from collections.abc import Callable
from typing import cast

from pynetdicom.association import Association
from pynetdicom.dul import DULServiceProvider
from pynetdicom.fsm import InvalidEventError
from pynetdicom.pdu_primitives import P_DATA, _PDUPrimitiveType
from pynetdicom.transport import AddressInformation, AssociationSocket

from dicom_gateway.dimse import (
    COMMAND,
    LAST,
    P_DATA_TF,
    MalformedCommand,
    StoreRequest,
    decode_command,
    encode_store_response,
    has_data_set,
    store_request,
)
from dicom_gateway.order import BrokenPdu, MessageOrder, Pace
from dicom_gateway.quiet import QuietLog
from dicom_gateway.receiver import StoreReceiver
from dicom_gateway.status import StoreStatus

_quiet = QuietLog(logging.getLogger(__name__))

_BUFFER = 256 << 10
_HEADER = 6
_CONTEXT_AND_CONTROL = 2
_MAX_OTHER_PDU = 1 << 20
_MAX_FRAGMENTS = 256
"""Of one write; a system takes 1024 (writev(2), IOV_MAX)."""

_REST = 0.25
_QUIET_STATES = ("Sta2", "Sta3", "Sta6")
"""PS3.8 9.2.2: waiting for an A-ASSOCIATE-RQ, for our own answer to it, and for data."""

_LINGER = 0.05
"""Seconds to wait for the next object before pynetdicom's loop takes over again."""


def _is_readable(seconds: float, *connections: socket.socket) -> bool:
    """Whether one of them has something within that time. `select` would not do: it knows only 1024 descriptors."""
    poll = select.poll()
    for connection in connections:
        poll.register(connection, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


class ReceivingSocket(AssociationSocket):
    """A socket with one large buffer, whose bytes can be looked at and taken without copies."""

    def __init__(
        self,
        assoc: Association,
        client_socket: socket.socket,
        address: AddressInformation | None = None,
        *,
        said: bytes = b"",
    ) -> None:
        """`said` has been read from the connection before."""
        super().__init__(assoc, client_socket, address)
        self._buffer = memoryview(bytearray(max(_BUFFER, len(said))))
        self._buffer[: len(said)] = said
        self._start, self._end = 0, len(said)
        self.before_reuse: Callable[[], None] = lambda: None
        """Called before bytes that have been taken are overwritten."""
        self.pace = Pace()
        self.writing = threading.Lock()

    @property
    def has_bytes(self) -> bool:
        """Whether bytes have been read that nobody has taken, here or inside TLS, where no poll sees them."""
        if self._start < self._end:
            return True
        return isinstance(self.socket, ssl.SSLSocket) and self.socket.pending() > 0

    @property
    def ready(self) -> bool:
        if self.socket is None:
            return False
        try:
            return self.has_bytes or _is_readable(0, self.socket)
        except (OSError, ValueError):
            self.event_queue.put("Evt17")
            return False

    def send(self, bytestream: bytes) -> None:
        with self.writing:
            super().send(bytestream)

    def recv(self, nr_bytes: int) -> bytearray:
        start, end = self._start, self._start + nr_bytes
        if end <= self._end:  # as of all headers but those between two readings
            self._start = end
            return bytearray(self._buffer[start:end])
        taken = bytearray()
        while len(taken) < nr_bytes and (piece := self.take(nr_bytes - len(taken))):
            taken += piece
        return taken

    def take(self, limit: int) -> memoryview:
        """At least 1 and at most `limit` bytes; none when the peer has closed. Valid until `before_reuse` is called."""
        if self._start == self._end:
            self.before_reuse()
            self._start = self._end = 0
            self._fill()
        piece = self._buffer[self._start : min(self._end, self._start + limit)]
        self._start += len(piece)
        return piece

    def peek(self, size: int) -> bytes:
        """The next `size` bytes without taking them. Raises `ConnectionError` when the peer closes before."""
        if self._end - self._start >= size:
            return bytes(self._buffer[self._start : self._start + size])
        if len(self._buffer) - self._start < size:
            self.before_reuse()
            waiting = bytes(self._buffer[self._start : self._end])
            self._buffer[: len(waiting)] = waiting
            self._start, self._end = 0, len(waiting)
        while self._end - self._start < size:
            if not self._fill():
                raise ConnectionError
        return bytes(self._buffer[self._start : self._start + size])

    def wait(self, seconds: float) -> bool:
        """Whether bytes are there, now or within `seconds`."""
        if self.has_bytes:
            return True
        return self.socket is not None and _is_readable(seconds, self.socket)

    def _fill(self) -> int:
        if self.socket is None:
            return 0
        count = self.socket.recv_into(self._buffer[self._end :])
        self.pace.moved(count)
        self._end += count
        return count


class Bell(threading.Event):
    """Stands in for the event that the loop of an association passes a thousand times a second: there it rests now.

    It goes on when rung, and after a quarter of a second at the latest to look after its timers.
    """

    def __init__(self) -> None:
        super().__init__()
        self._ringing = threading.Event()
        self.set()

    def set(self) -> None:
        super().set()
        self._ringing.set()

    def ring(self) -> None:
        """There is something for the association to do."""
        self._ringing.set()

    def wait(self, timeout: float | None = None) -> bool:
        passed = super().wait(timeout)
        self._ringing.wait(_REST)
        self._ringing.clear()
        return passed


class ReceivingProvider(DULServiceProvider):
    """The upper layer of one association. `receiver` is set once the caller is admitted."""

    def __init__(self, assoc: Association, on_end: Callable[[Association], None]) -> None:
        super().__init__(assoc)
        self.receiver: StoreReceiver | None = None
        self._bell = Bell()
        assoc._reactor_checkpoint = self._bell  # noqa: SLF001 - see Bell
        self._wake, self._woken = socket.socketpair()
        for end in (self._wake, self._woken):
            end.setblocking(False)
        self._on_end = on_end
        self._command = bytearray()
        self._order = MessageOrder()
        self._request: StoreRequest | None = None
        self._fragments: list[memoryview] = []

    def run_reactor(self) -> None:
        try:
            super().run_reactor()
        except InvalidEventError:
            # The peer has broken off while we were about to answer; the association sees that nobody is here.
            cast(ReceivingSocket, self.socket).close()
        finally:
            if self.receiver is not None:
                self.receiver.abandon()
            self._on_end(self.assoc)
            self._bell.set()
            self._wake.close()
            self._woken.close()

    def send_pdu(self, primitive: _PDUPrimitiveType) -> None:
        super().send_pdu(primitive)
        with contextlib.suppress(OSError):
            self._wake.send(b"!")

    def _is_transport_event(self) -> bool:
        if not (self.to_user_queue.empty() and self.assoc.dimse.msg_queue.empty()):
            self._bell.ring()
        if self.state_machine.current_state in _QUIET_STATES and self.event_queue.empty():
            self._rest()
        return super()._is_transport_event()

    def _rest(self) -> None:
        """Until the peer or this side has something to say, instead of asking a thousand times a second."""
        line = cast(ReceivingSocket, self.socket)
        if line.socket is None or line.has_bytes or not self.to_provider_queue.empty():
            return
        with contextlib.suppress(OSError, ValueError):
            _is_readable(_REST, line.socket, self._woken)
            self._woken.recv(_HEADER)

    def _read_pdu_data(self) -> None:
        if self.state_machine.current_state == "Sta13":
            self._pass_over()
            return
        if self.receiver is None or self.state_machine.current_state != "Sta6":
            self._read_other_pdu()
            return
        try:
            self._receive(self.receiver)
        except (OSError, ValueError):
            self.event_queue.put("Evt17")
        except (BrokenPdu, MalformedCommand):
            self._complain()
            self.event_queue.put("Evt19")

    def _complain(self) -> None:
        title = self.receiver.ae_title if self.receiver is not None else "A peer"
        _quiet.warning(title, "%s broke the protocol; its association is aborted.", title)

    def _pass_over(self) -> None:
        """What comes after we have aborted or rejected is read, so that our last word gets through, and means nothing."""
        try:
            is_over = not cast(ReceivingSocket, self.socket).take(_BUFFER)
        except OSError:
            is_over = True
        if is_over:
            self.event_queue.put("Evt17")

    def _read_other_pdu(self) -> None:
        """As pynetdicom does, which keeps a whole PDU in memory and believes what the peer says of its length."""
        try:
            header = cast(ReceivingSocket, self.socket).peek(_HEADER)
        except OSError:
            self.event_queue.put("Evt17")
            return
        if int.from_bytes(header[2:], "big") > _MAX_OTHER_PDU:
            self._complain()
            self.event_queue.put("Evt19")
            return
        super()._read_pdu_data()

    def _receive(self, receiver: StoreReceiver) -> None:
        """Stay while objects come; everything else is left to pynetdicom, and so is a pause."""
        line = cast(ReceivingSocket, self.socket)
        line.before_reuse = self._write_out
        while not self._kill_thread and (self._order.in_progress or line.wait(_LINGER)):
            if not self._order.in_progress:
                line.pace.restart()
            if line.peek(_HEADER)[0] != P_DATA_TF:
                self._read_other_pdu()
                return
            self._receive_data_pdu(line, receiver)
            self._idle_timer.restart()
            if not self.to_provider_queue.empty() or not self.dimse_is_idle():
                return

    def dimse_is_idle(self) -> bool:
        """Whether pynetdicom has no message in hand, so that nothing waits for its loop."""
        return self.assoc.dimse.message is None and self.assoc.dimse.msg_queue.empty()

    def _receive_data_pdu(self, line: ReceivingSocket, receiver: StoreReceiver) -> None:
        left = int.from_bytes(line.recv(_HEADER)[2:], "big")
        while left:
            if left < _HEADER:
                raise BrokenPdu
            header = line.recv(_HEADER)
            length = int.from_bytes(header[:4], "big")
            if len(header) < _HEADER:
                raise ConnectionError
            if length < _CONTEXT_AND_CONTROL or length + 4 > left:
                raise BrokenPdu
            left -= length + 4
            self._receive_value(line, receiver, header[4], header[5], length - _CONTEXT_AND_CONTROL)

    def _receive_value(
        self, line: ReceivingSocket, receiver: StoreReceiver, context_id: int, control: int, length: int
    ) -> None:
        if control & COMMAND:
            self._order.take_command(context_id, length)
            self._command += self._exactly(line, length)
            if control & LAST:
                self._serve_command(receiver, context_id)
            return
        is_stored, is_last = receiver.is_receiving, bool(control & LAST)
        self._order.take_data(context_id, length, is_stored=is_stored, is_last=is_last)
        if not is_stored:
            self._pass_on(context_id, control, self._exactly(line, length))
            return
        self._gather(line, length)
        if is_last:
            self._write_out()
            self._answer(receiver.finish())

    def _gather(self, line: ReceivingSocket, length: int) -> None:
        """Fragments stay in the buffer until it is needed again: fewer and larger writes to the disk."""
        while length:
            piece = line.take(length)
            if not piece:
                raise ConnectionError
            self._fragments.append(piece)
            length -= len(piece)
            if len(self._fragments) == _MAX_FRAGMENTS:
                self._write_out()

    def _write_out(self) -> None:
        if self._fragments and self.receiver is not None:
            fragments, self._fragments = self._fragments, []
            self.receiver.write(fragments)

    def _exactly(self, line: ReceivingSocket, length: int) -> bytes:
        value = bytes(line.recv(length))
        if len(value) < length:
            raise ConnectionError
        return value

    def _serve_command(self, receiver: StoreReceiver, context_id: int) -> None:
        command = bytes(self._command)
        self._command.clear()
        context = self.assoc._accepted_cx.get(context_id)  # noqa: SLF001 - its public form sorts a copy each time
        if context is None:
            raise BrokenPdu
        elements = decode_command(command)
        self._order.end_command(has_data_set=has_data_set(elements))
        request = store_request(context_id, elements)
        if request is None:
            self._pass_on(context_id, COMMAND | LAST, command)
            return
        self._request = request
        if request.has_data_set:
            receiver.begin(request, context.transfer_syntax[0])
        else:
            self._answer(StoreStatus.CANNOT_UNDERSTAND)

    def _answer(self, status: StoreStatus) -> None:
        assert self._request is not None, "an answer follows a request"
        cast(ReceivingSocket, self.socket).send(encode_store_response(self._request, status))

    def _pass_on(self, context_id: int, control: int, value: bytes) -> None:
        primitive = P_DATA()
        primitive.presentation_data_value_list.append((context_id, bytes([control]) + value))
        self.assoc.dimse.receive_primitive(primitive)
