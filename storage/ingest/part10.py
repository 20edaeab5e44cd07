"""The wrapping of a DICOM file (PS3.10 section 7.1): preamble, prefix and file meta information around a data set."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from storage.domain.errors import UnreadableObject

IMPLEMENTATION_CLASS_UID = "2.25.160894357210945822375187364501928374650"
IMPLEMENTATION_VERSION_NAME = "COUNTYREAD"

_PREAMBLE = bytes(128) + b"DICM"
_LONG_VRS = (b"OB", b"UN", b"OW", b"SQ", b"UT")
_MAX_META = 1 << 20
_MAX_AE_TITLE = 16
_SHORT_HEADER = 8


@dataclass(frozen=True)
class FileMeta:
    """What the file meta information says of a data set and of who sent it (Source Application Entity Title)."""

    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax_uid: str
    source_ae_title: str


def encode_start(meta: FileMeta) -> bytes:
    """Everything of a Part 10 file that comes before the data set."""
    elements = b"".join(
        (
            struct.pack("<HH2sHI", 0x0002, 0x0001, b"OB", 0, 2) + b"\x00\x01",
            _uid(0x0002, meta.sop_class_uid),
            _uid(0x0003, meta.sop_instance_uid),
            _uid(0x0010, meta.transfer_syntax_uid),
            _uid(0x0012, IMPLEMENTATION_CLASS_UID),
            _text(0x0013, b"SH", IMPLEMENTATION_VERSION_NAME),
            _text(0x0016, b"AE", meta.source_ae_title[:_MAX_AE_TITLE]),
        )
    )
    return _PREAMBLE + struct.pack("<HH2sHI", 0x0002, 0x0000, b"UL", 4, len(elements)) + elements


def _uid(element: int, value: str) -> bytes:
    return _short(element, b"UI", value.encode("ascii", "replace"), b"\x00")


def _text(element: int, vr: bytes, value: str) -> bytes:
    return _short(element, vr, value.encode("ascii", "replace"), b" ")


def _short(element: int, vr: bytes, value: bytes, padding: bytes) -> bytes:
    padded = value + padding * (len(value) % 2)
    return struct.pack("<HH2sH", 0x0002, element, vr, len(padded)) + padded


def read_start(stream: BinaryIO) -> FileMeta:
    """Read what `encode_start` or another writer wrote; the stream stands at the data set afterwards.

    Raises `UnreadableObject` for anything else than a Part 10 file.
    """
    if stream.read(len(_PREAMBLE))[128:] != b"DICM":
        raise UnreadableObject("The file has no DICM prefix.")
    values: dict[int, str] = {}
    while True:
        position = stream.tell()
        header = stream.read(_SHORT_HEADER)
        if len(header) < _SHORT_HEADER or header[:2] != b"\x02\x00":
            stream.seek(position)
            return FileMeta(*(values.get(element, "") for element in (0x0002, 0x0003, 0x0010, 0x0016)))
        element, vr, length = struct.unpack("<HH2sH", header)[1:]
        if vr in _LONG_VRS:
            (length,) = struct.unpack("<I", stream.read(4).ljust(4, b"\xff"))
        if length > _MAX_META:
            raise UnreadableObject("The file meta information is damaged.")
        values[element] = stream.read(length).decode("ascii", "replace").strip("\x00 ")
