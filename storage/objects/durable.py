"""What makes bytes and names last, and what makes that quick. The C library is asked where Python has no function."""

import contextlib
import ctypes
import os
import re
from collections.abc import Collection
from pathlib import Path

_FEW = 4
_WRITE_OUT = 2
"""SYNC_FILE_RANGE_WRITE of sync_file_range(2)."""

_NAMES_FOLLOW = frozenset({"ext4", "xfs", "btrfs"})
_LATE_BYTES = frozenset({"data=writeback", "dioread_lock"})
_SIZE = "user.countyread.size"
_MOUNTS = Path("/proc/self/mountinfo")

_C = ctypes.CDLL(None, use_errno=True)
"""Of Linux: glibc and musl have both of these calls."""


def sync_folder(folder: Path) -> None:
    """Make renames and new names in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folders(folders: Collection[Path]) -> None:
    """As `sync_folder`, for folders of one file system.

    Where there are many, all that the file system has in hand goes to the disk at once: each folder by itself would cost
    a journal entry and a wait, and those who receive at the same time would stand behind it.
    """
    if len(folders) <= _FEW:
        for folder in folders:
            sync_folder(folder)
        return
    descriptor = os.open(next(iter(folders)), os.O_RDONLY | os.O_DIRECTORY)
    try:
        sync_file_system(descriptor)
    finally:
        os.close(descriptor)


def sync_file_system(descriptor: int) -> None:
    """All bytes and names of the file system that an open file is on, as syncfs(2). Raises `OSError`."""
    if _C.syncfs(descriptor) != 0:
        raise OSError(ctypes.get_errno(), "The file system could not be synced.")


def begin_writing_out(file: int, start: int, size: int) -> None:
    """Let the disk begin with these bytes of an open file: less is left to do when it is synced. Only a hint."""
    _C.sync_file_range(file, ctypes.c_int64(start), ctypes.c_int64(size), _WRITE_OUT)


def names_follow_files(folder: Path) -> bool:
    """Whether syncing a new file in `folder` makes last the name that it has by then, without a sync of the folder.

    POSIX does not promise it (fsync(2)); ext4, XFS and Btrfs log a new name with the file. Where the system does not say
    what `folder` is on, the answer is no. An ext4 that may keep a file's length before its bytes does not count:
    `is_all_written` could not tell there.
    """
    kind, options = _file_system(folder.resolve())
    return kind in _NAMES_FOLLOW and not _LATE_BYTES & options


def can_note_sizes(path: Path) -> bool:
    """Whether `note_size` works where `path` is, a file that may be written to."""
    try:
        with path.open("ab") as file:
            note_size(file.fileno(), file.tell())
    except OSError:
        return False
    return True


def note_size(file: int, size: int) -> None:
    """Keep with an open file that so many bytes are all of it (xattr(7)). Raises `OSError`."""
    os.setxattr(file, _SIZE, b"%d" % size)


def is_all_written(path: Path) -> bool:
    """False for a file whose size was noted, when bytes of it are missing from the disk, as after a power cut.

    Bytes that were written but not synced can be missing at the end or be a hole (lseek(2), SEEK_HOLE); ext4, XFS and Btrfs
    never show there what lay on the disk before. A file of which no size was noted is taken to be whole.
    """
    with path.open("rb") as file:
        try:
            noted = int(os.getxattr(file.fileno(), _SIZE))
        except OSError:
            return True
        if os.fstat(file.fileno()).st_size != noted:
            return False
        return noted == 0 or os.lseek(file.fileno(), 0, os.SEEK_HOLE) == noted


def _file_system(folder: Path) -> tuple[str, frozenset[str]]:
    """The kind and the options of the innermost mount that holds `folder`; proc(5), mountinfo."""
    deepest, found = -1, ("", frozenset[str]())
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
            before, _, after = line.partition(" - ")
            place = Path(_unescaped(before.split()[4]))
            kind, _source, options = after.split(" ", 2)
            if folder.is_relative_to(place) and len(place.parts) >= deepest:
                deepest, found = len(place.parts), (kind, frozenset(options.split(",")))
    return found


def _unescaped(name: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), name)
