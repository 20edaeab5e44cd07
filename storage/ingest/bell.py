"""Tells the intake at once what the doors have brought: a named pipe beside the spools.

A ring is a hint and may get lost: the pipe is full, or nobody listens. The listener looks into the folders when it
starts, when it is told that a ring was lost, and every minute besides.
"""

import contextlib
import errno
import os
import select
import threading
from pathlib import Path

_NAME = "bell"
_LOST = "*"
_READ = 64 << 10


class Bell:
    """The ringing end; thread-safe, and it never blocks."""

    def __init__(self, spools: Path) -> None:
        self._path = spools / _NAME
        self._descriptor = -1
        self._lost = False
        self._guard = threading.Lock()

    def ring(self, word: str) -> None:
        """Send one word without white space, of less than 500 bytes (a line of a pipe is written whole or not at all)."""
        with self._guard:
            if self._lost:
                self._lost = not self._send(_LOST)
            if not self._send(word):
                self._lost = True

    def settle(self) -> None:
        """Say that rings were lost, as soon as that can be said; to be called now and then."""
        with self._guard:
            if self._lost:
                self._lost = not self._send(_LOST)

    def close(self) -> None:
        with self._guard:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1

    def _send(self, word: str) -> bool:
        """Whether it was heard, or need not be heard because nobody listens: who begins to listen looks first."""
        try:
            if self._descriptor < 0:
                self._descriptor = os.open(self._path, os.O_WRONLY | os.O_NONBLOCK)
            os.write(self._descriptor, f"{word}\n".encode())
        except BlockingIOError:
            return False
        except OSError as error:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1
            return error.errno in (errno.ENXIO, errno.ENOENT, errno.EPIPE)
        return True


class BellListener:
    """The listening end, made before the folders are looked into."""

    def __init__(self, spools: Path) -> None:
        path = spools / _NAME
        with contextlib.suppress(FileExistsError):
            os.mkfifo(path, 0o660)
        # Open for writing too: the pipe then never ends when the last door closes.
        self._descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        self._rest = b""
        self.was_lost = False

    def wait(self, seconds: float) -> list[str]:
        """The words that were rung; empty after `seconds` of silence. `was_lost` is set when some were lost."""
        if not select.select([self._descriptor], [], [], seconds)[0]:
            return []
        *lines, self._rest = (self._rest + os.read(self._descriptor, _READ)).split(b"\n")
        words = [line.decode("utf-8", "replace") for line in lines]
        self.was_lost = self.was_lost or _LOST in words
        return [word for word in words if word != _LOST]

    def close(self) -> None:
        os.close(self._descriptor)
