"""The waiting room: open screens and long polls wait here for changes, without a thread or a connection of their own.

One background look at the database serves everybody who waits in this process, and only while somebody does. The
database is the only channel, so it works alike with one API process and with several.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool

from storage.db.session import Database, Scope
from viewer_api.changes import Change, ChangeReader

logger = logging.getLogger(__name__)

_LOOK_EVERY_SECONDS = 0.5
_MAX_UNREAD = 512


class Listener:
    """One who waits. It hears of what its scope may see and no more."""

    def __init__(self, scope: Scope, kinds: frozenset[str]) -> None:
        self._scope = scope
        self._kinds = kinds
        self._unread: deque[Change] = deque(maxlen=_MAX_UNREAD)
        self._woken = asyncio.Event()

    def tell(self, changes: list[Change]) -> None:
        """Hand over what it may hear of."""
        own = self._scope.institution_id
        heard = [c for c in changes if c.kind in self._kinds and (own is None or c.institution_id == own)]
        if heard:
            self._unread.extend(heard)
            self._woken.set()

    def wake(self) -> None:
        """End its waiting, with or without news."""
        self._woken.set()

    async def wait(self, seconds: float) -> list[Change]:
        """What has changed since the last call; empty when `seconds` pass without a change, or the server stops."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), max(seconds, 0.0))
        self._woken.clear()
        heard = list(self._unread)
        self._unread.clear()
        return heard


class Hub:
    """Hands changes to listeners; `closing` tells them that the server is about to stop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: set[Listener] = set()
        self._looking: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._left = asyncio.Event()
        self.closing = False

    @contextlib.asynccontextmanager
    async def listen(self, scope: Scope, *kinds: str) -> AsyncIterator[Listener]:
        """Hear of every change of these kinds that is committed from now on: look at the database after entering."""
        listener = Listener(scope, frozenset(kinds))
        self._listeners.add(listener)
        try:
            await self._start_looking()
            yield listener
        finally:
            self._listeners.discard(listener)
            if not self._listeners:
                self._left.set()
                self._stop_looking()

    def close(self) -> None:
        """Wake everybody who waits; from now on nobody waits any more."""
        self.closing = True
        for listener in self._listeners:
            listener.wake()

    async def wait_until_left(self, seconds: float) -> None:
        """After `close`: give those who wait the time to say goodbye, no more than this."""
        if self._listeners:
            self._left.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._left.wait(), seconds)

    @property
    def listeners(self) -> int:
        """How many wait."""
        return len(self._listeners)

    async def _start_looking(self) -> None:
        async with self._starting:
            if self._looking is None or self._looking.done():
                reader = ChangeReader()
                await run_in_threadpool(self._look, reader)
                self._looking = asyncio.create_task(self._keep_looking(reader))

    def _stop_looking(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    async def _keep_looking(self, reader: ChangeReader) -> None:
        while not self.closing:
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
            try:
                changes = await run_in_threadpool(self._look, reader)
            except Exception as error:  # noqa: BLE001 - the database may be away for a while; listeners go on waiting
                logger.warning("Looking for changes failed: %s", type(error).__name__)
                continue
            for listener in tuple(self._listeners):
                listener.tell(changes)

    def _look(self, reader: ChangeReader) -> list[Change]:
        with self._database.read() as work:
            return reader.read(work)
