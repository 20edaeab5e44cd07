"""What makes bytes and names last, and what makes that quick. The C library is asked where Python has no function."""

import ctypes
import os
from collections.abc import Collection
from pathlib import Path

_FEW = 4
_WRITE_OUT = 2
"""SYNC_FILE_RANGE_WRITE of sync_file_range(2)."""

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
