"""The record and its sections (EN 1064 section 5.2): where each lies, and whether it is as it was written."""

import binascii
import struct
from collections.abc import Mapping

from storage.domain.errors import UnreadableEcg

_RECORD, _SECTION, _POINTER = struct.Struct("<HI"), struct.Struct("<HHIBB6s"), struct.Struct("<HII")
_MARK = slice(16, 22)
_FIRST_CRC = 0xFFFF


def is_scp(data: bytes) -> bool:
    """Whether the pointer section has its mark, which begins the reserved bytes of its header."""
    return data[_MARK] == b"SCPECG"


def sections(data: bytes) -> Mapping[int, bytes]:
    """The content of each section by its number, without the header. Raises `UnreadableEcg`."""
    if len(data) < _RECORD.size + _SECTION.size:
        raise UnreadableEcg("The SCP-ECG file is cut off.")
    told, size = _RECORD.unpack_from(data)
    if size > len(data):
        raise UnreadableEcg("The SCP-ECG file is cut off.")
    _check(told, data[2:size])
    pointers = _section(data, 0, _RECORD.size, None)
    found: dict[int, bytes] = {}
    for at in range(0, len(pointers) - _POINTER.size + 1, _POINTER.size):
        number, length, index = _POINTER.unpack_from(pointers, at)
        if number and length > _SECTION.size:
            found[number] = _section(data, number, index - 1, length)
    return found


def _section(data: bytes, number: int, at: int, length: int | None) -> bytes:
    if not 0 <= at <= len(data) - _SECTION.size:
        raise UnreadableEcg("A section of the SCP-ECG file lies outside of it.")
    told, found, size, *_ = _SECTION.unpack_from(data, at)
    if found != number or length not in (None, size) or size < _SECTION.size or at + size > len(data):
        raise UnreadableEcg("A section of the SCP-ECG file is not where it should be.")
    _check(told, data[at + 2 : at + size])
    return data[at + _SECTION.size : at + size]


def _check(told: int, content: bytes) -> None:
    """CRC-CCITT (5.1.5); some carts leave it at zero."""
    if told and told != binascii.crc_hqx(content, _FIRST_CRC):
        raise UnreadableEcg("The SCP-ECG file is damaged: a checksum does not fit.")
