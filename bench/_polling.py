"""Thousands of clinics that poll, and open screens that listen, from one event loop."""

import asyncio
import random
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_EVERY_SECONDS = 10.0
_AT_ONCE = 40
_HEAD_END = b"\r\n\r\n"


@dataclass
class Polled:
    """Milliseconds from when each poll was due, refusals, and how many of the event streams still stood at the end.

    `share`: seconds of the server's processor in each second of it.
    """

    times: list[float] = field(default_factory=list)
    share: float = 0.0
    refused: int = 0
    streams: int = 0


def poll(port: int, tokens: Sequence[str], listeners: Sequence[str], rounds: int, cpu: Callable[[], float]) -> Polled:
    """Every clinic polls every ten seconds on a connection of its own, while each listener holds an event stream open.

    Before that each polls once, for the connections, and for the line that the audit trail has of each clinic once an hour.
    `cpu` tells how many seconds of a processor the server has taken so far.
    """
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return asyncio.run(_poll(port, tokens, listeners, rounds, cpu))


async def _poll(
    port: int, tokens: Sequence[str], listeners: Sequence[str], rounds: int, cpu: Callable[[], float]
) -> Polled:
    polled = Polled()
    streams = [asyncio.create_task(_listen(port, token)) for token in listeners]
    gate = asyncio.Semaphore(_AT_ONCE)
    opened = await asyncio.gather(*(_first(port, token, gate) for token in tokens))
    started, before, when = time.monotonic(), cpu(), random.Random(1)
    clinics = [
        asyncio.create_task(_clinic(one, started + when.random() * _EVERY_SECONDS, rounds, polled)) for one in opened
    ]
    await asyncio.gather(*clinics)
    polled.share = (cpu() - before) / (time.monotonic() - started)
    polled.streams = sum(not task.done() for task in streams)
    for task in streams:
        task.cancel()
    polled.times.sort()
    return polled


@dataclass(frozen=True)
class _Line:
    """A clinic's connection, and what it knows."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    token: str
    etag: str


async def _first(port: int, token: str, gate: asyncio.Semaphore) -> _Line:
    async with gate:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        _, etag = await _ask(reader, writer, token, "")
        return _Line(reader, writer, token, etag)


async def _clinic(line: _Line, due: float, rounds: int, polled: Polled) -> None:
    for _ in range(rounds):
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        status, _ = await _ask(line.reader, line.writer, line.token, line.etag)
        polled.refused += status not in (b"200", b"304")
        polled.times.append(1000 * (time.monotonic() - due))
        due += _EVERY_SECONDS
    line.writer.close()


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str, etag: str) -> tuple[bytes, str]:
    known = f"If-None-Match: {etag}\r\n" if etag else ""
    writer.write(
        f"GET /api/v1/results?after=0 HTTP/1.1\r\nHost: county\r\nAuthorization: Bearer {token}\r\n{known}\r\n".encode()
    )
    head = await reader.readuntil(_HEAD_END)
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    if size := int(fields.get(b"content-length", b"0")):
        await reader.readexactly(size)
    return head.split(b" ", 2)[1], fields.get(b"etag", b"").decode()


async def _listen(port: int, token: str) -> None:
    """Until the server ends it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /api/v1/events HTTP/1.1\r\nHost: county\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    while await reader.read(4096):
        pass
