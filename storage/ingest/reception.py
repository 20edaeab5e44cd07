"""One object on its way into a spool, from the first byte to the sync that lets it be acknowledged."""

import contextlib
import errno
import os
import threading
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from storage.domain.errors import StorageFull
from storage.ingest.spool_entry import SpoolEntry
from storage.objects.durable import begin_writing_out

_FULL = (errno.ENOSPC, errno.EDQUOT)
_HEAD = 4 << 10
_WRITE_OUT = 128 << 10
_FEW = 2


class OpenFiles:
    """How many objects are on their way into a spool."""

    def __init__(self) -> None:
        self._count = 0
        self._guard = threading.Lock()

    def add(self, change: int) -> None:
        with self._guard:
            self._count += change

    @property
    def are_few(self) -> bool:
        """Whether the disk has time between them: where many objects wait for it, they wait for each other's bytes."""
        return self._count <= _FEW


class Keeper(Protocol):
    """The spool, as an object sees it that is on its way in."""

    incoming: str
    """The folder of what is not acknowledged."""
    open_files: OpenFiles

    def keep(self, path: str, file: int, size: int, entry: SpoolEntry) -> None:
        """Move a complete file of `incoming` in; return when it is durable."""


class Reception:
    """One object on its way into the spool. Not for several threads at once."""

    def __init__(self, keeper: Keeper, entry: SpoolEntry, start: bytes) -> None:
        self.entry = entry
        self.size = 0
        """Bytes written so far."""
        self._keeper = keeper
        self._path = f"{keeper.incoming}/{entry.name}.part"
        self._start: bytes | None = start
        self._data_set_offset = len(start)
        self._head = b""
        self._written_out = 0
        self._open_files = keeper.open_files
        self._file = -1
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o640)
        except OSError as error:
            raise self._failed(error) from error
        self._open_files.add(1)

    def write(self, *fragments: memoryview) -> None:
        """Append bytes of the data set, in up to 1000 pieces. Raises `StorageFull`, after which nothing is left of it."""
        try:
            self._append(list(fragments))
        except OSError as error:
            raise self._failed(error) from error
        if self.size - self._written_out >= _WRITE_OUT and self._open_files.are_few:
            begin_writing_out(self._file, self._written_out, self.size - self._written_out)
            self._written_out = self.size

    def _append(self, fragments: list[memoryview]) -> None:
        """The file meta information goes with the first bytes of the data set."""
        if self._start is not None:
            self._head = b"".join(fragment[:_HEAD] for fragment in fragments[:_HEAD])[:_HEAD]
            fragments, self._start = [memoryview(self._start), *fragments], None
        while fragments:
            written = os.writev(self._file, fragments)
            self.size += written
            while fragments and written >= len(fragments[0]):
                written -= len(fragments.pop(0))
            if fragments:
                fragments[0] = fragments[0][written:]

    def data_set(self) -> BinaryIO:
        """What has been written of the data set, for reading; the stream starts where the data set does."""
        return cast(BinaryIO, _Written(self._file, self._data_set_offset, self._head))

    def finish(self) -> SpoolEntry:
        """Make the object durable; from here on it may be acknowledged. Raises `StorageFull`."""
        try:
            if self._start is not None:
                self._append([])
            self._keeper.keep(self._path, self._file, self.size, self.entry)
        except OSError as error:
            raise self._failed(error) from error
        self._close()
        return self.entry

    def discard(self) -> None:
        """Leave no trace of the object; a second call does nothing."""
        self._close()
        with contextlib.suppress(OSError):
            Path(self._path).unlink()

    def _close(self) -> None:
        # The number may belong to another thread's file once it is closed.
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)
            self._open_files.add(-1)

    def _failed(self, error: OSError) -> Exception:
        self.discard()
        return StorageFull("The disk of the spool is full.") if error.errno in _FULL else error


class _Written:
    """A file that is still being written, from `offset` on. Its first bytes are at hand: most readers need no more."""

    def __init__(self, file: int, offset: int, head: bytes) -> None:
        self._file, self._offset, self._head = file, offset, head
        self._at = 0

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size()}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int = -1) -> bytes:
        end = self._at + size if size >= 0 else self._size()
        if end <= len(self._head):
            found = self._head[self._at : end]
        else:
            found = os.pread(self._file, max(0, end - self._at), self._offset + self._at)
        self._at += len(found)
        return found

    def _size(self) -> int:
        return os.fstat(self._file).st_size - self._offset
