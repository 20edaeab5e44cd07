"""The frames of the minimal lower layer protocol (HL7 Transport Specification MLLP, release 1): VT, message, FS, CR."""

START, END, AFTER = b"\x0b", b"\x1c", b"\r\n"
MAX_MESSAGE = 256 << 10
"""Bytes: a hundred times what an order needs."""

_MAX_BETWEEN = 256


class NotMllp(Exception):
    """The peer sends something else, or something longer than any order."""


class Frames:
    """Takes bytes as they come, gives whole messages."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    @property
    def is_within(self) -> bool:
        """Whether part of a message has come."""
        return bool(self._bytes.strip(AFTER))

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that `data` completes. Raises `NotMllp`."""
        self._bytes += data
        messages = []
        while (message := self._next()) is not None:
            messages.append(message)
        return messages

    def _next(self) -> bytes | None:
        start = self._bytes.find(START)
        if start < 0:
            if len(self._bytes) > _MAX_BETWEEN:
                raise NotMllp
            return None
        end = self._bytes.find(END, start)
        if start > _MAX_BETWEEN or (len(self._bytes) if end < 0 else end) - start > MAX_MESSAGE:
            raise NotMllp
        if end < 0:
            return None
        message = bytes(self._bytes[start + 1 : end])
        del self._bytes[: end + 1]
        return message


def framed(message: bytes) -> bytes:
    """`message` as it goes over the line."""
    return START + message + END + b"\r"
