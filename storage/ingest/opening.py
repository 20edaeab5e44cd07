"""The first bytes of a file from outside: a Part 10 file, a bare data set, or something else.

Doors beside DIMSE get no presentation context that would tell the transfer syntax, and much old equipment writes data
sets without a preamble, or without file meta information.
"""

import struct
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Protocol

from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    MediaStorageDirectoryStorage,
)

from storage.domain.errors import MediaDirectory, NotDicom, UnreadableObject
from storage.domain.identifiers import is_usable_uid
from storage.ingest.header import Identifiers, read_identifiers
from storage.ingest.part10 import FileMeta, read_start

HEAD = 256 << 10
"""Bytes of the start in which the file meta information, and the UIDs of the object, have to be."""

_PREFIX_END = 132
_PREAMBLE = bytes(128) + b"DICM"
_META_GROUP = b"\x02\x00"
_VR = frozenset(
    b"AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV".split()
)
_MAX_FIRST_VALUE = 1 << 16
_NOT_DICOM = "This is not a DICOM file."


_KINDS = (
    (b"%PDF", "a PDF document"),
    (b"<?xml", "an XML document"),
    (b"\xef\xbb\xbf<?xml", "an XML document"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"PK\x03\x04", "a ZIP archive"),
)
_SCP_ECG = slice(16, 22)
"""Where SCP-ECG (ISO 11073-91064) has its name, in the header of section 0."""


class Readable(Protocol):
    """Whatever gives bytes; empty at the end."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Opening:
    """What the start tells. `data_set` is where in `head` the data set begins."""

    meta: FileMeta
    head: bytes
    data_set: int


def read_head(stream: Readable, size: int = HEAD) -> bytes:
    """The first `size` bytes, or all when there are fewer."""
    parts: list[bytes] = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def not_dicom_yet(start: bytes) -> str:
    """What to tell of a file that was kept although it is no DICOM object."""
    kind = next((words for magic, words in _KINDS if start.startswith(magic)), "a file of an unknown kind")
    if start[_SCP_ECG] == b"SCPECG":
        kind = "an ECG in SCP-ECG"
    return f"Not DICOM yet: {kind}."


def open_file(head: bytes, source_ae_title: str) -> Opening:
    """Understand the start of a file. Raises `NotDicom`, or `MediaDirectory` for a DICOMDIR."""
    meta, offset = _file_meta(head)
    if meta.sop_class_uid == MediaStorageDirectoryStorage:
        raise MediaDirectory("This is a DICOMDIR, a list of files; the files themselves are taken.")
    if not meta.transfer_syntax_uid:
        meta = replace(meta, transfer_syntax_uid=_guessed_syntax(head[offset:]))
    told = _identifiers(head[offset:], meta.transfer_syntax_uid)
    meta = FileMeta(
        (told and told.sop_class_uid) or meta.sop_class_uid,
        (told and told.sop_instance_uid) or meta.sop_instance_uid,
        meta.transfer_syntax_uid,
        source_ae_title,
    )
    if not all(map(is_usable_uid, (meta.sop_class_uid, meta.sop_instance_uid, meta.transfer_syntax_uid))):
        raise NotDicom(_NOT_DICOM)
    return Opening(meta, head, offset)


def _file_meta(head: bytes) -> tuple[FileMeta, int]:
    if head[128:_PREFIX_END] == b"DICM":
        added = 0
    elif head[:2] == _META_GROUP:
        head, added = _PREAMBLE + head, _PREFIX_END
    else:
        return FileMeta("", "", "", ""), 0
    stream = BytesIO(head)
    try:
        meta = read_start(stream)
    except UnreadableObject as error:
        raise NotDicom("The file meta information is damaged.") from error
    if stream.tell() > len(head):
        raise NotDicom("The file meta information is damaged.")
    return meta, stream.tell() - added


def _guessed_syntax(data_set: bytes) -> str:
    """Of a data set that nothing tells about (PS3.5 7.1); raises `NotDicom` when it looks like none."""
    if len(data_set) < 8:  # noqa: PLR2004 - the shortest element
        raise NotDicom(_NOT_DICOM)
    if data_set[:2] == b"\x00\x08" and data_set[4:6] in _VR:
        return str(ExplicitVRBigEndian)
    if data_set[:2] != b"\x08\x00":
        raise NotDicom(_NOT_DICOM)
    if data_set[4:6] in _VR:
        return str(ExplicitVRLittleEndian)
    (length,) = struct.unpack_from("<I", data_set, 4)
    if length > _MAX_FIRST_VALUE:
        raise NotDicom(_NOT_DICOM)
    return str(ImplicitVRLittleEndian)


def _identifiers(start: bytes, transfer_syntax_uid: str) -> Identifiers | None:
    """As far as the start of the data set tells them."""
    try:
        return read_identifiers(BytesIO(start), transfer_syntax_uid)
    except UnreadableObject:
        return None
