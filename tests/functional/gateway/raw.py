"""PDUs made by hand (PS3.8 9.3), and a line to send them over, for peers that keep to nothing."""

import contextlib
import socket
import ssl
import struct
from collections.abc import Iterator, Sequence

from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from tests.functional.gateway.running import AE_TITLE

ASSOCIATE_AC, ASSOCIATE_RJ, RELEASE_RP, ABORT = 0x02, 0x03, 0x06, 0x07
LOCAL_LIMIT = (2, 3, 2)
_DEADLINE = 30.0

Contexts = Sequence[tuple[int, str, Sequence[str]]]
ONE_CONTEXT: Contexts = ((1, CTImageStorage, (ExplicitVRLittleEndian,)),)


def item(kind: int, value: bytes) -> bytes:
    return struct.pack(">BxH", kind, len(value)) + value


def user_information(maximum: int = 16384, more: bytes = b"") -> bytes:
    return item(0x50, item(0x51, struct.pack(">I", maximum)) + item(0x52, b"1.2.3.4") + more)


def request(
    calling: str | bytes = "T01_CT",
    called: str | bytes = AE_TITLE,
    *,
    contexts: Contexts = ONE_CONTEXT,
    application: str = "1.2.840.10008.3.1.1.1",
    user: bytes | None = None,
) -> bytes:
    """A whole A-ASSOCIATE-RQ."""
    body = b"".join(
        item(
            0x20,
            bytes([number, 0, 0, 0])
            + item(0x30, sop_class.encode())
            + b"".join(item(0x40, syntax.encode()) for syntax in syntaxes),
        )
        for number, sop_class, syntaxes in contexts
    )
    titles = b"".join(
        (title.encode() if isinstance(title, str) else title).ljust(16)[:16] for title in (called, calling)
    )
    variable = item(0x10, application.encode()) + body + (user_information() if user is None else user)
    return pdu(0x01, struct.pack(">HH", 1, 0) + titles + bytes(32) + variable)


def pdu(kind: int, value: bytes, length: int | None = None) -> bytes:
    """Any PDU; `length` is what it claims."""
    return struct.pack(">BxI", kind, len(value) if length is None else length) + value


def value(context_id: int, control: int, content: bytes, length: int | None = None) -> bytes:
    """A presentation data value item; `length` is what it claims."""
    return struct.pack(">IBB", len(content) + 2 if length is None else length, context_id, control) + content


def command(sop_class: str = CTImageStorage, sop_instance: bytes = b"1.2.3\0", *, has_data_set: bool = True) -> bytes:
    """The command set of a C-STORE-RQ."""
    elements = b"".join(
        struct.pack("<HHI", 0, number, len(content)) + content
        for number, content in (
            (0x0002, sop_class.encode() + b"\0" * (len(sop_class) % 2)),
            (0x0100, struct.pack("<H", 1)),
            (0x0110, struct.pack("<H", 1)),
            (0x0700, struct.pack("<H", 2)),
            (0x0800, struct.pack("<H", 1 if has_data_set else 0x0101)),
            (0x1000, sop_instance),
        )
    )
    return struct.pack("<HHII", 0, 0, 4, len(elements)) + elements


class Line:
    """A connection to the gateway."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection

    def say(self, content: bytes) -> None:
        """Send as much as the gateway wants to hear."""
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            self.connection.sendall(content)

    def hear(self) -> tuple[int, bytes] | None:
        """The next PDU; None when the gateway has closed the connection."""
        try:
            header = self._exactly(6)
            return header[0], self._exactly(int.from_bytes(header[2:], "big"))
        except (ConnectionError, ssl.SSLError):
            return None

    def is_over(self) -> bool:
        """Wait until the gateway has aborted or closed."""
        heard = self.hear()
        while heard is not None and heard[0] == ABORT:
            heard = self.hear()
        return heard is None

    def _exactly(self, count: int) -> bytes:
        content = b""
        while len(content) < count:
            piece = self.connection.recv(count - len(content))
            if not piece:
                raise ConnectionError
            content += piece
        return content


@contextlib.contextmanager
def connect(port: int) -> Iterator[Line]:
    with socket.create_connection(("127.0.0.1", port), timeout=_DEADLINE) as connection:
        yield Line(connection)


@contextlib.contextmanager
def associated(port: int, calling: str = "T01_CT", contexts: Contexts = ONE_CONTEXT) -> Iterator[Line]:
    """A line with an established association, in which context 1 is CT in explicit VR little endian."""
    with connect(port) as line:
        line.say(request(calling, contexts=contexts))
        heard = line.hear()
        assert heard is not None
        assert heard[0] == ASSOCIATE_AC, heard
        yield line
