"""A memory of what bytes mean: the slices of a series share nearly all their elements."""

import threading
from typing import Generic, TypeVar

Value = TypeVar("Value")

_OVERHEAD = 250
"""Bytes that Python itself needs for an entry: two objects, and their place in a dictionary."""


class Memo(Generic[Value]):
    """What was computed for a key, kept within about `limit` bytes; what is not asked for any more is forgotten.

    Two generations: `young` takes what is new; when it holds half of the limit it becomes the old one, and what is
    still asked for moves over. For any number of threads.
    """

    def __init__(self, limit: int) -> None:
        self.young: dict[object, Value] = {}
        self._old: dict[object, Value] = {}
        self._half = limit // 2
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: object) -> Value | None:
        """What is remembered; None when nothing is."""
        value = self.young.get(key)
        return self._old.get(key) if value is None else value

    def keep(self, key: object, value: Value, size: int) -> None:
        """Remember `value`, which takes `size` bytes together with its key."""
        if key in self.young:
            return
        with self._lock:
            self._size += size + _OVERHEAD
            if self._size > self._half:
                self._old, self.young, self._size = self.young, {}, size + _OVERHEAD
            self.young[key] = value

    @property
    def entries(self) -> int:
        """How many are remembered."""
        return len(self.young) + len(self._old)
