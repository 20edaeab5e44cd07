"""One FTP session of a cart that knows nothing else: it may put files, and sees nothing of what is here.

A file is answered with 226 when it is durable, never before. What is no DICOM object (yet) is kept in quarantine and
answered with 226 too: many carts delete a recording whatever the answer is.
"""

import errno
import logging
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from pyftpdlib.filesystems import AbstractedFS  # type: ignore[import-untyped]
from pyftpdlib.handlers import DTPHandler, FTPHandler  # type: ignore[import-untyped]

from storage.domain.errors import CountyReadError, MediaDirectory, StorageFull, TooLarge
from storage.ingest.door import Delivery, Door
from storage.ingest.unpacking import take_file

_log = logging.getLogger(__name__)

_IMAGE_TYPE = "i"
_NO_ROOM = "452 There is no room; send it again later."
_FULL = (errno.ENOSPC, errno.EDQUOT)
_LOOK_AT_ROOM_EVERY = 16 << 20
PERMISSIONS = "elmfw"
"""Change folder, list (nothing), make folders (of nothing), rename what was put, and put."""


@dataclass(frozen=True)
class Limits:
    """Of one FTP door. `largest` and `reserve` are in bytes, times in seconds."""

    largest: int
    reserve: int
    idle: int = 300
    stalled: int = 60
    sessions: int = 64
    sessions_of_one: int = 8


class Incoming:
    """A file as it comes, on the spool's disk and without a name there; gone with the process that takes it."""

    def __init__(self, name: str, door: Door, limits: Limits) -> None:
        self.name = name
        self.closed = False
        self._door = door
        self._limits = limits
        self._size = self._looked_at = 0
        self._file: BinaryIO = cast(BinaryIO, tempfile.TemporaryFile(dir=workspace(door)))  # noqa: SIM115 - closed by close

    def write(self, data: bytes) -> None:
        """Raises `OSError` when there is no more room or the file is too large: the transfer ends with 426."""
        self._size += len(data)
        if self._size > self._limits.largest:
            raise OSError(errno.EFBIG, "The file is too large")
        if self._size - self._looked_at >= _LOOK_AT_ROOM_EVERY:
            self._looked_at = self._size
            if self._door.spool.free() < self._limits.reserve:
                raise OSError(errno.ENOSPC, "There is no room")
        self._file.write(data)

    def close(self) -> None:
        self.closed = True
        self._file.close()

    def keep(self, delivery: Delivery) -> str:
        """Make it durable, and say what came of it. Raises `StorageFull`, `TooLarge`, and `NotDicom` when it is empty."""
        self._file.flush()
        self._file.seek(0)
        outcomes = list(take_file(delivery, self._file, "file", workspace(self._door)))
        refused = [one.refusal for one in outcomes if one.refusal is not None]
        if all(isinstance(error, MediaDirectory) for error in refused):
            return "Stored."
        self._file.seek(0)
        delivery.keep(self._file)
        return "Kept for a person to look at; it is not DICOM yet."


def workspace(door: Door) -> Path:
    """Where files lie that have no name."""
    return door.spool.folder / "incoming"


class PutOnly(AbstractedFS):  # type: ignore[misc]
    """Folders as the cart likes to think of them: every one exists, all are empty, and no path leads to this machine's."""

    def open(self, filename: str, mode: str) -> Incoming:
        if "w" not in mode:
            raise PermissionError(errno.EACCES, "Files can be put and not read")
        return cast(Incoming, self.cmd_channel.begin_file(filename))

    def mkstemp(self, suffix: str = "", prefix: str = "", dir: str | None = None, mode: str = "wb") -> Incoming:  # noqa: A002
        return self.open(f"{dir or '/'}/{prefix}file{suffix}", mode)

    def validpath(self, _path: str) -> bool:
        return True

    def chdir(self, path: str) -> None:
        self.cwd = self.fs2ftp(path)

    def realpath(self, path: str) -> str:
        return path

    def listdir(self, _path: str) -> list[str]:
        return []

    def mkdir(self, _path: str) -> None:
        """It exists, like all others."""

    def rename(self, _src: str, _dst: str) -> None:
        """Carts put a file under another name first; it has been taken already."""

    def isdir(self, _path: str) -> bool:
        return True

    def isfile(self, _path: str) -> bool:
        return False

    def islink(self, _path: str) -> bool:
        return False

    def lexists(self, _path: str) -> bool:
        return True

    def stat(self, _path: str) -> Any:
        raise FileNotFoundError(errno.ENOENT, "There is no such file")

    lstat = getsize = getmtime = readlink = utime = chmod = rmdir = remove = stat


class DataChannel(DTPHandler):  # type: ignore[misc]
    """Answers when the file is durable."""

    def enable_receiving(self, _type: str, cmd: str) -> None:
        # Carts forget to say that their files are binary; in ASCII mode they would be spoilt.
        super().enable_receiving(_IMAGE_TYPE, cmd)

    def handle_close(self) -> None:
        if self._closed or not self.receive or self.file_obj is None:
            super().handle_close()
            return
        self.transfer_finished, answer = self.cmd_channel.take(self.file_obj)
        self._resp = (answer, _log.debug)
        self.close()


class Session(FTPHandler):  # type: ignore[misc]
    """A control connection; `door`, `limits` and `title_of` are given to a subclass by the FTP door."""

    banner = "County Reading takes ECGs and images."
    use_sendfile = False
    dtp_handler = DataChannel
    abstracted_fs = PutOnly
    door: Door
    limits: Limits
    title_of: Callable[[str], str]
    _delivery: Delivery | None = None

    def begin_file(self, name: str) -> Incoming:
        """A file comes. Raises `OSError` when there is no room for it."""
        if self.door.spool.free() < self.limits.reserve:
            raise OSError(errno.ENOSPC, "There is no room, try again later")
        return Incoming(name, self.door, self.limits)

    def ftp_STOR(self, file: str, mode: str = "w") -> str | None:
        """Without room the answer is one that has carts try again, before anything is sent."""
        if self.door.spool.free() < self.limits.reserve:
            self.respond(_NO_ROOM)
            return None
        return cast(str | None, super().ftp_STOR(file, mode))

    def take(self, incoming: Incoming) -> tuple[bool, str]:
        """Whether it is durable, and the answer for the cart."""
        try:
            return True, f"226 {incoming.keep(self._delivered())}"
        except StorageFull:
            return False, _NO_ROOM
        except TooLarge as error:
            return False, f"552 {error.message}"
        except CountyReadError as error:
            return False, f"550 {error.message}"
        except Exception as error:  # noqa: BLE001 - the cart has to be told, whatever it is
            _log.error("A file could not be kept (%s).", type(error).__name__)
            is_full = isinstance(error, OSError) and error.errno in _FULL
            return False, _NO_ROOM if is_full else "451 Send it again later."

    def _delivered(self) -> Delivery:
        title = type(self).title_of(self.username)
        if self._delivery is None or self._delivery.ae_title != title:
            self._end_delivery()
            self._delivery = self.door.open(title, self.remote_ip)
        return self._delivery

    def _end_delivery(self) -> None:
        if self._delivery is not None:
            self._delivery.end()
            self._delivery = None

    def close(self) -> None:
        super().close()
        self._end_delivery()

    def log_transfer(self, *_: object, **__: object) -> None:
        """Names of files may be patients'."""
