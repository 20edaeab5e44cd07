"""A disk that can lose power: it watches the calls of this process and knows what of them would be left."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from storage.objects import durable


class Disk:
    """What is below `root`, as the system shows it and as far as it was synced.

    The worst that POSIX allows: bytes of a file last when that file is synced, a name lasts when its folder is; what was
    not synced may be there or not. Where `names_follow`, a file that is synced lasts under the name that it has by then, and
    a size that was noted before a name lasts with it. `after_each` is called after every call that changes or syncs
    something.
    """

    def __init__(self, root: Path, *, names_follow: bool = False) -> None:
        self._root = str(root)
        self._names_follow = names_follow
        self._names: dict[str, int] = {}
        self._bytes: dict[int, bytearray] = {}
        self._synced: dict[int, bytes] = {}
        self._lasting: dict[str, int] = {}
        self._noted: dict[int, int] = {}
        self._open: dict[int, str] = {}
        self._inodes: dict[int, int] = {}
        self._next = 0
        self.after_each: Callable[[], None] = lambda: None

    def after_a_power_cut(self) -> dict[str, dict[str, bytes]]:
        """The files that would be there, by path, with the bytes that would be in them; by what lasts though not synced."""
        removed = {path: inode for path, inode in self._lasting.items() if self._names.get(path) == inode}
        outcomes = {"nothing": self._lasting, "every change": self._names, "removals alone": removed}
        return {
            what: {path: self._synced.get(inode, b"") for path, inode in names.items() if not self._is_torn(inode)}
            for what, names in outcomes.items()
        }

    def _is_torn(self, inode: int) -> bool:
        """Whether the next life puts it aside: less is there than was noted."""
        return self._noted.get(inode, 0) > len(self._synced.get(inode, b""))

    @contextmanager
    def watched(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Watch the calls in this block."""
        with monkeypatch.context() as patch:
            patch.setattr(os, "open", self._watching(os.open, self._opened))
            for name in (
                "close",
                "write",
                "writev",
                "fdatasync",
                "fsync",
                "rename",
                "replace",
                "link",
                "unlink",
                "setxattr",
            ):
                patch.setattr(os, name, self._watching(getattr(os, name), getattr(self, f"_{name}")))
            patch.setattr(durable, "sync_file_system", self._watching(durable.sync_file_system, self._sync_all))
            yield

    def _watching(self, real: Callable[..., Any], note: Callable[..., None]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            result = real(*arguments, **options)
            note(result, *map(_plain, arguments))
            self.after_each()
            return result

        return call

    def _opened(self, descriptor: int, path: str, flags: int, *_mode: int) -> None:
        if not str(path).startswith(self._root):
            return
        self._open[descriptor] = path
        if flags & os.O_CREAT and path not in self._names:
            self._next += 1
            self._names[path] = self._next
            self._bytes[self._next] = bytearray()
        if path in self._names:
            self._inodes[descriptor] = self._names[path]

    def _close(self, _result: None, descriptor: int) -> None:
        self._open.pop(descriptor, None)
        self._inodes.pop(descriptor, None)

    def _write(self, count: int, descriptor: int, data: bytes) -> None:
        if descriptor in self._inodes:
            self._bytes[self._inodes[descriptor]] += bytes(data)[:count]

    def _writev(self, count: int, descriptor: int, parts: list[bytes]) -> None:
        self._write(count, descriptor, b"".join(map(bytes, parts)))

    def _fdatasync(self, _result: None, descriptor: int) -> None:
        if descriptor in self._inodes:
            inode = self._inodes[descriptor]
            self._synced[inode] = bytes(self._bytes[inode])

    def _fsync(self, _result: None, descriptor: int) -> None:
        self._fdatasync(None, descriptor)
        if descriptor in self._inodes and self._names_follow:
            inode = self._inodes[descriptor]
            others = {path: other for path, other in self._lasting.items() if other != inode}
            self._lasting = others | {path: other for path, other in self._names.items() if other == inode}
        folder = self._open.get(descriptor)
        if folder is None or descriptor in self._inodes:
            return
        elsewhere = {path: inode for path, inode in self._lasting.items() if not _is_in(path, folder)}
        self._lasting = elsewhere | {path: inode for path, inode in self._names.items() if _is_in(path, folder)}

    def _sync_all(self, _result: None, _descriptor: int) -> None:
        self._synced = {inode: bytes(content) for inode, content in self._bytes.items()}
        self._lasting = dict(self._names)

    def _rename(self, _result: None, old: str, new: str) -> None:
        if old in self._names:
            self._names[new] = self._names.pop(old)

    def _replace(self, result: None, old: str, new: str) -> None:
        self._rename(result, old, new)

    def _link(self, _result: None, old: str, new: str) -> None:
        real = str(Path(old).readlink()) if old.startswith("/proc/self/fd/") else old
        if real in self._names:
            self._names[new] = self._names[real]

    def _setxattr(self, _result: None, descriptor: int, _name: str, value: bytes) -> None:
        if descriptor in self._inodes:
            self._noted[self._inodes[descriptor]] = int(value)

    def _unlink(self, _result: None, path: str) -> None:
        self._names.pop(path, None)


def _is_in(path: str, folder: str) -> bool:
    return str(Path(path).parent) == folder


def _plain(argument: object) -> object:
    return os.fspath(argument) if isinstance(argument, os.PathLike) else argument
