"""ZIP archives from outside, read entry by entry in bounded memory; whatever they claim, they cost no more than that.

Names inside an archive are shown to people and never used as paths. What an archive says of its sizes is believed only
as a limit: an entry that turns out longer ends where it was said to end, and fails its checksum.
"""

import contextlib
import errno
import struct
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from storage.domain.errors import EncryptedArchive, TooLarge, TruncatedObject, UnusableArchive
from storage.ingest.opening import Readable

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
"""How a ZIP starts: with an entry, or without any."""

_END = struct.Struct("<4s4H2IH")
_END_MAGIC = b"PK\x05\x06"
_MAX_COMMENT = 0xFFFF
_DIRECTORY_IN_ZIP64 = 0xFFFFFFFF
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_UTF8 = 0x800
_LONGEST_NAME = 200
_NOISE = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
_GIB = 1 << 30


@dataclass
class ArchiveLimits:
    """What one file from outside may cost, all archives inside it together.

    `entries` counts them, `total` is in bytes when unpacked, `ratio` how many times larger than packed all may be (small
    archives, up to `small` bytes unpacked, need not keep to it), `depth` how many archives may lie inside each other,
    and `directory` is in bytes: a list of entries is held in memory.
    """

    entries: int = 50_000
    total: int = 64 * _GIB
    ratio: int = 200
    small: int = _GIB
    depth: int = 2
    directory: int = 8 << 20
    used_entries: int = field(default=0, init=False)
    used_bytes: int = field(default=0, init=False)


@dataclass(frozen=True)
class Entry:
    """One file of an archive; `name` is for people."""

    name: str
    stream: Readable


def is_archive(start: bytes) -> bool:
    """Whether a file that starts like this is a ZIP."""
    return start[:4] in MAGIC


def entries_of(stream: BinaryIO, workspace: Path, limits: ArchiveLimits, prefix: str = "") -> Iterator[Entry]:
    """The files of a seekable archive in its order, those of archives inside it too.

    Raises `UnusableArchive`, `EncryptedArchive` or `TooLarge` before or between entries; a damaged entry raises
    `TruncatedObject` when it is read. `workspace` is a folder for archives inside the archive.
    """
    with _opened(stream, limits) as archive:
        infos = [info for info in archive.infolist() if not _is_noise(info)]
        _check(infos, stream, limits)
        for info in infos:
            yield from _entry(archive, info, workspace, limits, prefix)


def _entry(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, workspace: Path, limits: ArchiveLimits, prefix: str
) -> Iterator[Entry]:
    name = f"{prefix}{_name(info)}"
    with _member(archive, info) as member:
        stream = _Checked(member)
        try:
            start = stream.read(4)
        except TruncatedObject as error:
            yield Entry(name, _Damaged(error))
            return
        if not is_archive(start):
            yield Entry(name, _Rewound(start, stream))
            return
        if limits.depth <= 1:
            raise TooLarge("There are too many ZIP files inside each other.")
        limits.depth -= 1
        with tempfile.TemporaryFile(dir=workspace) as unpacked:
            unpacked.write(start)
            while chunk := stream.read(1 << 18):
                unpacked.write(chunk)
            unpacked.seek(0)
            yield from entries_of(unpacked, workspace, limits, f"{name}/")
        limits.depth += 1


def _opened(stream: BinaryIO, limits: ArchiveLimits) -> zipfile.ZipFile:
    if _directory_size(stream) > limits.directory:
        raise TooLarge("The ZIP has more entries than are taken at once.")
    try:
        return zipfile.ZipFile(stream)
    except Exception as error:
        raise _unusable(error) from error


def _directory_size(stream: BinaryIO) -> int:
    """Bytes of the central directory (APPNOTE 4.3.16), which the reader takes into memory as a whole."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _END.size - _MAX_COMMENT))
    tail = stream.read()
    place = tail.rfind(_END_MAGIC)
    if place < 0 or len(tail) - place < _END.size:
        raise UnusableArchive("The ZIP is damaged or incomplete.")
    told: int = _END.unpack_from(tail, place)[5]
    if told != _DIRECTORY_IN_ZIP64:
        return told
    # ZIP64 (4.3.14): the record's own place is told by a locator in front of the end record.
    locator = tail[max(0, place - 20) : place]
    if locator[:4] != b"PK\x06\x07":
        return told
    stream.seek(min(struct.unpack_from("<Q", locator, 8)[0], size))
    record = stream.read(56)
    return struct.unpack_from("<Q", record, 40)[0] if record[:4] == b"PK\x06\x06" and len(record) == 56 else told  # noqa: PLR2004


def _is_noise(info: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(info.filename).parts
    return info.filename.endswith("/") or not parts or any(part in _NOISE for part in parts)


def _check(infos: list[zipfile.ZipInfo], stream: BinaryIO, limits: ArchiveLimits) -> None:
    size = stream.seek(0, 2)
    unpacked = sum(info.file_size for info in infos)
    limits.used_entries += len(infos)
    limits.used_bytes += unpacked
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise EncryptedArchive("The ZIP has a password. Pack it again without one.")
    if any(info.compress_type not in _METHODS for info in infos):
        raise UnusableArchive("The ZIP is packed in an unusual way. Pack it again as an ordinary ZIP.")
    if limits.used_entries > limits.entries:
        raise TooLarge(f"The ZIP has more than {limits.entries} files.")
    if limits.used_bytes > limits.total:
        raise TooLarge(f"The ZIP unpacks to more than {limits.total // _GIB} GiB.")
    if unpacked > limits.small and unpacked > limits.ratio * size:
        raise TooLarge("The ZIP unpacks to far more than images do.")
    if sum(info.compress_size for info in infos) > size:
        raise UnusableArchive("The entries of the ZIP overlap.")


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    try:
        return archive.open(info)  # type: ignore[return-value]
    except Exception as error:
        raise _unusable(error) from error


def _unusable(error: Exception) -> Exception:
    """Whatever the library makes of bytes from outside means the same; a disk that cannot be read is something else."""
    if isinstance(error, OSError) and error.errno == errno.EIO:
        return error
    return UnusableArchive("The ZIP is damaged or incomplete.")


def _name(info: zipfile.ZipInfo) -> str:
    """As people know it: archives made in China name files in GBK and do not say so."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    return shown_name(name)


def shown_name(name: str) -> str:
    """A name from outside, fit to be shown: no control characters, no climbing, not longer than people read."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    shown = "".join(letter if letter.isprintable() else "?" for letter in "/".join(parts))
    return shown[-_LONGEST_NAME:] or "?"


class _Checked:
    """An entry whose damage is told in the words of this package."""

    def __init__(self, member: BinaryIO) -> None:
        self._member = member

    def read(self, size: int = -1) -> bytes:
        try:
            return self._member.read(size)
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EIO:
                raise
            raise TruncatedObject("This entry of the ZIP is damaged.") from error


class _Damaged:
    """An entry that cannot be read."""

    def __init__(self, error: TruncatedObject) -> None:
        self._error = error

    def read(self, _size: int = -1) -> bytes:
        raise self._error


class _Rewound:
    """A stream whose start has been looked at."""

    def __init__(self, start: bytes, rest: _Checked) -> None:
        self._start = start
        self._rest = rest

    def read(self, size: int = -1) -> bytes:
        if self._start:
            start, self._start = self._start, b""
            return start
        return self._rest.read(size)
