"""An object of the store as a file whose parts are fetched when they are read."""

import io
from typing import cast

from storage.objects import ObjectStore

_BLOCK = 64 << 10


class _Ranged(io.RawIOBase):
    name = "an object of the store"
    """What reads DICOM asks every file for."""

    def __init__(self, store: ObjectStore, key: str, size: int) -> None:
        self._store, self._key, self._size, self._at = store, key, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        data = self._store.open_range(self._key, self._at, min(self._size, self._at + len(buffer)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def ranged(store: ObjectStore, key: str, size: int) -> io.BufferedReader:
    """Reading raises what `ObjectStore.open_range` raises."""
    return cast(io.BufferedReader, io.BufferedReader(_Ranged(store, key, size), _BLOCK))
