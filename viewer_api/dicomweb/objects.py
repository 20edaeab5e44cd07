"""The bytes of stored objects, by range; small objects are kept in memory for a while."""

import io
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from storage.db.models import Instance
from storage.domain.errors import ObjectNotFound, StoreUnavailable
from storage.domain.studies import InstanceState
from storage.ingest.spool import SpooledFiles
from storage.objects import ObjectStore

_SMALL_BYTES = 4 * 1024 * 1024
_KEPT_BYTES = 96 * 1024 * 1024
_LOOK_AHEAD_BYTES = 64 * 1024


@dataclass(frozen=True)
class ObjectRef:
    """Where the Part 10 file of an instance is: in the object store, or still in a spool of this machine."""

    key: str
    size: int
    sha256: str
    spooled_at: tuple[str, str] | None

    @classmethod
    def of(cls, instance: Instance) -> "ObjectRef":
        spooled = (instance.gateway, instance.spool_name) if instance.state == InstanceState.SPOOLED else None
        return cls(instance.object_key, instance.size, instance.sha256, spooled)


class ObjectReader:
    """Reads objects, wherever they are on their way. Thread-safe."""

    def __init__(self, store: ObjectStore, spools: Path) -> None:
        self._store = store
        self._spooled_files = SpooledFiles(spools)
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._kept_bytes = 0
        self._lock = threading.Lock()

    def range(self, ref: ObjectRef, start: int, stop: int) -> bytes:
        """Bytes `start` to `stop`, the latter excluded. Raises `ObjectNotFound` or `StoreUnavailable`."""
        if ref.size <= _SMALL_BYTES:
            return self._small(ref)[start:stop]
        return self._read(ref, start, stop)

    def whole(self, ref: ObjectRef) -> bytes:
        """All bytes."""
        return self._small(ref) if ref.size <= _SMALL_BYTES else self._read(ref, 0, ref.size)

    @contextmanager
    def open_header(self, ref: ObjectRef) -> Iterator[BinaryIO]:
        """A stream for reading here and there near the start: it fetches what is read and little more."""
        if ref.size <= _SMALL_BYTES:
            yield io.BytesIO(self._small(ref))
        else:
            yield io.BufferedReader(_Ranges(self, ref), _LOOK_AHEAD_BYTES)

    @contextmanager
    def open(self, ref: ObjectRef) -> Iterator[BinaryIO]:
        """A stream for reading all of it."""
        spooled = self._spooled(ref)
        if ref.size <= _SMALL_BYTES:
            yield io.BytesIO(self._small(ref))
        elif spooled is not None:
            with spooled.open("rb") as stream:
                yield stream
        else:
            with self._store.open(ref.key) as stream:
                yield stream

    def _small(self, ref: ObjectRef) -> bytes:
        with self._lock:
            found = self._kept.get(ref.key)
            if found is not None:
                self._kept.move_to_end(ref.key)
                return found
        data = self._read(ref, 0, ref.size)
        with self._lock:
            if ref.key not in self._kept:
                self._kept[ref.key] = data
                self._kept_bytes += len(data)
            while self._kept_bytes > _KEPT_BYTES:
                self._kept_bytes -= len(self._kept.popitem(last=False)[1])
        return data

    def _read(self, ref: ObjectRef, start: int, stop: int) -> bytes:
        spooled = self._spooled(ref)
        if spooled is not None:
            try:
                with spooled.open("rb") as stream:
                    stream.seek(start)
                    return stream.read(stop - start)
            except FileNotFoundError:  # it has just gone to the store
                pass
        try:
            return self._store.open_range(ref.key, start, stop)
        except ObjectNotFound:
            if ref.spooled_at is None:
                raise
            raise StoreUnavailable("The image is still on its way to the object store; try again shortly.") from None

    def _spooled(self, ref: ObjectRef) -> Path | None:
        return self._spooled_files.find(*ref.spooled_at) if ref.spooled_at is not None else None


class _Ranges(io.RawIOBase):
    """An object as a seekable stream over range reads."""

    def __init__(self, reader: ObjectReader, ref: ObjectRef) -> None:
        self._reader, self._ref, self._at = reader, ref, 0
        self.name = ref.key

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._ref.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: object) -> int:
        view = cast(memoryview, memoryview(buffer))  # type: ignore[arg-type]
        stop = min(self._at + len(view), self._ref.size)
        data = self._reader.range(self._ref, self._at, stop) if stop > self._at else b""
        view[: len(data)] = data
        self._at += len(data)
        return len(data)
