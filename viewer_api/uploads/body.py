"""Request bodies of any size, read by code that knows nothing of asyncio, in a thread of their own pool.

A sender who dawdles holds one of these threads and none of those that answer everybody else.
"""

from collections.abc import AsyncIterator, Callable
from typing import ParamSpec, TypeVar

import anyio
from anyio import CapacityLimiter
from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

Given = ParamSpec("Given")
Result = TypeVar("Result")

_SILENCE_SECONDS = 60.0


class SenderGone(Exception):
    """The sender hung up, or said nothing for too long; nobody reads the answer."""


class BodyStream:
    """The body of a request as a stream. To be read in a thread that `in_thread` started."""

    def __init__(self, request: Request) -> None:
        self._chunks: AsyncIterator[bytes] = request.stream()
        self._rest = b""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes as they come, all that is there when negative; empty at the end. Raises `SenderGone`."""
        if not self._rest:
            self._rest = anyio.from_thread.run(self._next)
        chunk, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return chunk

    def drain(self) -> None:
        """Pass over the rest."""
        while self.read():
            pass

    async def _next(self) -> bytes:
        try:
            with anyio.fail_after(_SILENCE_SECONDS):
                async for chunk in self._chunks:
                    if chunk:
                        return chunk
        except (ClientDisconnect, TimeoutError) as error:
            raise SenderGone from error
        return b""


async def in_thread(
    limiter: CapacityLimiter, function: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
) -> Result:
    """Run `function`, which reads a body, in a thread; those beyond the limit wait, and their senders with them.

    A body that does not come to its end is answered with 408, should anybody still listen.
    """
    try:
        return await anyio.to_thread.run_sync(lambda: function(*args, **kwargs), limiter=limiter)
    except SenderGone:
        raise HTTPException(408, "The body did not come to its end.") from None
