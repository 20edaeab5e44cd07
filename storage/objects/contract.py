"""The contract of an object store: six methods, written down once and tested on every back end."""

import re
from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from storage.domain.errors import Invalid, ObjectNotFound

_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_MAX_KEY_LENGTH = 512
_MAX_PART_LENGTH = 200


class ObjectStore(Protocol):
    """Holds bytes under keys. An outage is always `StoreUnavailable`, never taken for a missing object."""

    def put(self, key: str, stream: BinaryIO, *, size: int, sha256: str) -> None:
        """Store `size` bytes of `stream`, and return only when the store is known to hold them.

        The same key again with the same bytes is harmless. Raises `ChecksumMismatch` when the bytes are not those of
        `sha256`, before or after the way; `StorageFull`; `StoreUnavailable`.
        """
        ...

    def adopt(self, files: Mapping[str, Path]) -> Collection[str]:
        """Take whole files over under these keys by giving them a second name; those that were taken, durably.

        For a store on the same disk. The caller has read every file, its bytes are on the disk and never change, and its
        key tells what they are. Takes none where it cannot. Raises `StorageFull` or `StoreUnavailable`.
        """
        ...

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        """The object as a seekable stream. Raises `ObjectNotFound` or `StoreUnavailable`."""
        ...

    def open_range(self, key: str, start: int, stop: int) -> bytes:
        """Bytes `start` to `stop`, the latter excluded; fewer where the object ends earlier. Raises as `open`."""
        ...

    def delete(self, key: str) -> None:
        """Remove the object; one that is not there is fine."""
        ...

    def presign(self, key: str, ttl: timedelta) -> str | None:
        """A URL that gives this object to anybody for that long; None where the store has no such thing."""
        ...


def exists(store: ObjectStore, key: str) -> bool:
    """Whether the store holds the object. Raises `StoreUnavailable` when it cannot tell."""
    try:
        store.open_range(key, 0, 1)
    except ObjectNotFound:
        return False
    return True


def checked_key(key: str) -> str:
    """Return `key`. Raises `Invalid` unless it is made of plain path parts that stay below the store's root."""
    parts = key.split("/")
    if len(key) > _MAX_KEY_LENGTH or _KEY.fullmatch(key) is None or max(map(len, parts)) > _MAX_PART_LENGTH:
        raise Invalid("An object key is made of letters, digits, '.', '_', '-' and '/', and no part starts with a dot.")
    return key
