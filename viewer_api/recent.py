"""Values that were used lately, up to a number of them or a weight."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


def _one(_value: object) -> int:
    return 1


class Recent(Generic[Key, Value]):
    """The most recently used values; those used longest ago go when all together weigh more than `limit`. Thread-safe."""

    def __init__(self, limit: int, weight: Callable[[Value], int] = _one) -> None:
        self._limit = limit
        self._weigh = weight
        self._weight = 0
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Value | None:
        """The value, which counts as used now."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Keep it, in the place of an older one."""
        with self._lock:
            self._forget(key)
            self._kept[key] = value
            self._weight += self._weigh(value)
            while self._weight > self._limit and self._kept:
                self._forget(next(iter(self._kept)))

    def _forget(self, key: Key) -> None:
        old = self._kept.pop(key, None)
        if old is not None:
            self._weight -= self._weigh(old)
