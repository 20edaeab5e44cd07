"""An object store in a local folder: an object is whole and on the disk, or it is not there."""

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from storage.domain.errors import ChecksumMismatch, ObjectNotFound, StorageFull, StoreUnavailable
from storage.objects.contract import checked_key
from storage.objects.durable import sync_folder, sync_folders

_CHUNK = 1 << 20
_INCOMING = ".incoming"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_NO_LINKS = (errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EMLINK)
"""Another file system, or one that has no second names."""


class FolderStore:
    """Keys are paths below `root`. Several processes may share it.

    A file of the same file system is taken in by a second name rather than as a copy, for who puts a file never changes
    it. The root is made once, here: a disk that is not mounted later is an outage and not an empty store.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        with contextlib.suppress(OSError):
            (root / _INCOMING).mkdir(parents=True, exist_ok=True)
            _clear_abandoned(root / _INCOMING)

    def put(self, key: str, stream: BinaryIO, *, size: int, sha256: str) -> None:
        target = self._path(key)
        with _store_errors():
            if _digest_or_none(target, size) == sha256:
                return
            if self._link(stream, target, size, sha256):
                return
            with _incoming_file(self._root / _INCOMING) as incoming:
                temporary = Path(incoming.name)
                _write_durably(incoming, stream)
                self._verify(key, temporary, size, sha256)
                self._publish(temporary, target)

    def _verify(self, key: str, written: Path, size: int, sha256: str) -> None:
        if _digest_or_none(written, size) != sha256:
            raise ChecksumMismatch(f"What arrived in the store for {key} is not what was announced.")

    def _link(self, stream: BinaryIO, target: Path, size: int, sha256: str) -> bool:
        """Give a whole file of the same file system a second name; False when `stream` is anything else."""
        start = stream.tell()
        try:
            descriptor = stream.fileno()
            whole = start == 0 and os.fstat(descriptor).st_size == size
            if not whole or hashlib.file_digest(stream, "sha256").hexdigest() != sha256:  # type: ignore[arg-type]
                return False
            os.fsync(descriptor)
            self._make_folders(target.parent)
            # Without a folder's descriptor Python does not follow the link in /proc; the path is absolute, so any will do.
            os.link(f"/proc/self/fd/{descriptor}", target, src_dir_fd=descriptor, follow_symlinks=True)
        except OSError:
            return False
        finally:
            stream.seek(start)
        sync_folder(target.parent)
        return True

    def adopt(self, files: Mapping[str, Path]) -> Collection[str]:
        with _store_errors():
            targets = {key: self._path(key) for key in files}
            taken = [key for key, path in files.items() if self._adopt(targets[key], path)]
            sync_folders({targets[key].parent for key in taken})
        return taken

    def _adopt(self, target: Path, path: Path) -> bool:
        try:
            return _give_second_name(path, target)
        except FileNotFoundError:
            if not path.exists():
                return False
            self._make_folders(target.parent)
            return _give_second_name(path, target)

    def _publish(self, temporary: Path, target: Path) -> None:
        self._make_folders(target.parent)
        temporary.replace(target)
        sync_folder(target.parent)

    def _make_folders(self, wanted: Path) -> None:
        for folder in reversed(_missing_folders(wanted)):
            folder.mkdir(exist_ok=True)
            sync_folder(folder.parent)

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        with self._read_errors(key):
            return self._path(key).open("rb")

    def open_range(self, key: str, start: int, stop: int) -> bytes:
        with self._read_errors(key), self._path(key).open("rb") as stream:
            stream.seek(start)
            return stream.read(max(0, stop - start))

    def delete(self, key: str) -> None:
        with _store_errors():
            self._path(key).unlink(missing_ok=True)

    def presign(self, key: str, ttl: timedelta) -> str | None:  # noqa: ARG002 - a folder has no URLs
        return None

    def _path(self, key: str) -> Path:
        return self._root.joinpath(checked_key(key))

    @contextlib.contextmanager
    def _read_errors(self, key: str) -> Iterator[None]:
        with _store_errors():
            try:
                yield
            except (FileNotFoundError, IsADirectoryError):
                if (self._root / _INCOMING).is_dir():
                    raise ObjectNotFound(key) from None
                raise


@contextlib.contextmanager
def _store_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull("The disk of the object store is full.") from error
        reason = errno.errorcode.get(error.errno or 0, "unknown")
        raise StoreUnavailable(f"The folder of the object store cannot be used ({reason}).") from error


@contextlib.contextmanager
def _incoming_file(folder: Path) -> Iterator[BinaryIO]:
    """A new file, locked for as long as somebody writes it; gone at the end unless it has been renamed."""
    with contextlib.ExitStack() as stack:
        file = stack.enter_context((folder / uuid.uuid4().hex).open("xb"))
        fcntl.flock(file, fcntl.LOCK_EX)
        stack.callback(Path(file.name).unlink, missing_ok=True)
        if os.fstat(file.fileno()).st_nlink == 0:
            raise StoreUnavailable("Another process cleared the store just now; the object is put again.")
        yield file


def _clear_abandoned(folder: Path) -> None:
    """Remove what killed processes left half-written: the files that nobody holds a lock on."""
    for path in folder.iterdir():
        with contextlib.suppress(OSError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)


def _give_second_name(path: Path, name: Path) -> bool:
    """False where that cannot be, or where the name stands for another file: `put` compares that one and mends it."""
    try:
        os.link(path, name)
    except FileExistsError:
        return name.samefile(path)
    except OSError as error:
        if error.errno in _NO_LINKS:
            return False
        raise
    return True


def _write_durably(output: BinaryIO, stream: BinaryIO) -> None:
    shutil.copyfileobj(stream, output, _CHUNK)
    output.flush()
    os.fsync(output.fileno())


def _digest_or_none(path: Path, size: int) -> str | None:
    try:
        if path.stat().st_size != size:
            return None
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def _missing_folders(folder: Path) -> list[Path]:
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    return missing
