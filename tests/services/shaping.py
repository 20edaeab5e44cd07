"""A bad line: a TCP proxy with little bandwidth, long delays, lost packets, and cuts.

Cuts and losses come after so many bytes rather than after so many seconds, so that a test meets the same ones on every
machine; only the pace is by the clock.
"""

import contextlib
import queue
import random
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.services.ports import HOST, free_port

_READ = 16 << 10
_RESET = struct.pack("ii", 1, 0)
_POLL = 0.2


@dataclass(frozen=True)
class Shape:
    """What is wrong with a line. Zero is nothing.

    ``rate`` is in bytes a second and direction, ``latency`` in seconds one way. After every ``cut_after`` bytes that went
    up, all connections are reset. Every ``packet`` bytes are lost with probability ``loss``, which costs ``stall`` seconds
    as a retransmission does; ``seed`` decides which.
    """

    rate: float = 0
    latency: float = 0
    cut_after: int = 0
    loss: float = 0
    stall: float = 0.2
    packet: int = 1400
    seed: int = 1


class BadLine:
    """Listens on ``port`` and carries everything to ``target``. A context manager."""

    def __init__(self, target: int, shape: Shape | None = None) -> None:
        self.port = free_port()
        self.shape = shape or Shape()
        self.bytes_up = self.bytes_down = self.connections = self.cuts = 0
        self._target = target
        self._guard = threading.Lock()
        self._random = random.Random(self.shape.seed)
        self._free_at = {True: 0.0, False: 0.0}
        self._open: set[socket.socket] = set()
        self._is_up = True
        self._closing = threading.Event()
        self._listener = socket.create_server((HOST, self.port))
        self._listener.settimeout(_POLL)
        self._thread = threading.Thread(target=self._accept, name="bad-line", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._thread.join()
        self._listener.close()
        self.cut()

    def down(self) -> None:
        """No line: new connections are reset at once, and those there are too."""
        self._is_up = False
        self.cut()

    def up(self) -> None:
        """There is a line again."""
        self._is_up = True

    def cut(self) -> None:
        """Reset all connections."""
        with self._guard:
            ends, self._open = self._open, set()
            self.cuts += bool(ends)
        for end in ends:
            _reset(end)

    def _accept(self) -> None:
        while not self._closing.is_set():
            with contextlib.suppress(TimeoutError):
                client, _ = self._listener.accept()
                self._connect(client)

    def _connect(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection((HOST, self._target), 5) if self._is_up else None
        except OSError:
            server = None
        if server is None:
            _reset(client)
            return
        with self._guard:
            self.connections += 1
            self._open.update((client, server))
        for end in (client, server):
            end.settimeout(None)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        over = _Once(lambda: self._forget(client, server))
        _Direction(client, server, lambda data: self._pass(data, up=True), self.shape.latency, over).start()
        _Direction(server, client, lambda data: self._pass(data, up=False), self.shape.latency, over).start()

    def _forget(self, *ends: socket.socket) -> None:
        with self._guard:
            self._open.difference_update(ends)
        for end in ends:
            end.close()

    def _pass(self, data: bytes, *, up: bool) -> None:
        """Take the time that the line takes for these bytes, and cut it where a cut is due."""
        shape = self.shape
        with self._guard:
            before = self.bytes_up
            if up:
                self.bytes_up += len(data)
            else:
                self.bytes_down += len(data)
            lost = sum(self._random.random() < shape.loss for _ in range(1 + len(data) // shape.packet))
            start = max(self._free_at[up], time.monotonic())
            self._free_at[up] = start + (len(data) / shape.rate if shape.rate else 0) + lost * shape.stall
            is_cut = up and shape.cut_after and before // shape.cut_after != self.bytes_up // shape.cut_after
        self._closing.wait(max(0.0, self._free_at[up] - time.monotonic()))
        if is_cut:
            self.cut()


class _Once:
    """Called by each of two directions when it is over; the second call counts."""

    def __init__(self, then: Callable[[], None]) -> None:
        self._then = then
        self._guard = threading.Lock()
        self._calls = 0

    def __call__(self) -> None:
        with self._guard:
            self._calls += 1
            is_second = self._calls == 2
        if is_second:
            self._then()


class _Direction:
    """Carries bytes from one end to the other, late."""

    def __init__(
        self,
        source: socket.socket,
        sink: socket.socket,
        take_time: Callable[[bytes], None],
        latency: float,
        over: Callable[[], None],
    ) -> None:
        self._source, self._sink = source, sink
        self._take_time = take_time
        self._latency = latency
        self._over = over
        # Little is under way at once, as on a real line: the sender notices how slow it is.
        self._under_way: queue.Queue[tuple[float, bytes]] = queue.Queue(8)

    def start(self) -> None:
        for step in (self._read, self._write):
            threading.Thread(target=step, daemon=True).start()

    def _read(self) -> None:
        data = b"?"
        while data:
            try:
                data = self._source.recv(_READ)
            except OSError:
                data = b""
            self._under_way.put((time.monotonic() + self._latency, data))

    def _write(self) -> None:
        while True:
            due, data = self._under_way.get()
            threading.Event().wait(max(0.0, due - time.monotonic()))
            if not data:
                break
            self._take_time(data)
            try:
                self._sink.sendall(data)
            except OSError:
                _reset(self._source)
        with contextlib.suppress(OSError):
            self._sink.shutdown(socket.SHUT_WR)
        self._over()


def _reset(end: socket.socket) -> None:
    """Close so that the peer gets an RST and not an orderly end."""
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        end.shutdown(socket.SHUT_RDWR)
    end.close()
