"""One look for everybody who asks at about the same time."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from starlette.concurrency import run_in_threadpool

from viewer_api.recent import Key

Found = TypeVar("Found")

logger = logging.getLogger(__name__)


class Together(Generic[Key, Found]):
    """Looks up, all together, what was asked for while the look before was under way. Belongs to one event loop."""

    def __init__(self, read: Callable[[Sequence[Key]], Mapping[Key, Found]]) -> None:
        self._read = read
        self._asked: dict[Key, asyncio.Future[Found | None]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def ask(self, key: Key) -> Found | None:
        """What is there at some moment after this call; None when nothing is, or when it cannot be looked up."""
        known = self._asked.get(key)
        if known is None:
            known = self._asked[key] = asyncio.get_running_loop().create_future()
            if self._looking is None:
                self._looking = asyncio.create_task(self._look())
        return await asyncio.shield(known)

    async def _look(self) -> None:
        while self._asked:
            asked, self._asked = self._asked, {}
            found: Mapping[Key, Found] = {}
            try:
                found = await run_in_threadpool(self._read, list(asked))
            except Exception as error:  # noqa: BLE001 - nothing is found for any of them
                logger.warning("A look for %d who asked failed: %s", len(asked), type(error).__name__)
            for key, future in asked.items():
                if not future.done():
                    future.set_result(found.get(key))
        self._looking = None
