"""The two DIMSE messages of C-STORE on the wire (PS3.7 9.3.1, 6.3.1: implicit VR little endian) and their PDU (PS3.8 9.3.5)."""

import struct
from dataclasses import dataclass

from dicom_gateway.status import StoreStatus

C_STORE_RQ, C_STORE_RSP = 0x0001, 0x8001
NO_DATA_SET = 0x0101
COMMAND, LAST = 0x01, 0x02
"""Bits of the message control header (PS3.8 E.2)."""

P_DATA_TF = 0x04
_US_LENGTH = 2


class MalformedCommand(Exception):
    """A command set that does not keep to PS3.7."""


@dataclass(frozen=True)
class StoreRequest:
    """A C-STORE-RQ."""

    context_id: int
    message_id: int
    sop_class_uid: str
    sop_instance_uid: str
    has_data_set: bool


def decode_command(data: bytes) -> dict[int, bytes]:
    """The elements of group 0000 by element number. Raises `MalformedCommand`."""
    elements: dict[int, bytes] = {}
    position = 0
    while position < len(data):
        if position + 8 > len(data):
            raise MalformedCommand
        group, element, length = struct.unpack_from("<HHI", data, position)
        position += 8
        if group != 0 or position + length > len(data):
            raise MalformedCommand
        elements[element] = data[position : position + length]
        position += length
    return elements


def store_request(context_id: int, elements: dict[int, bytes]) -> StoreRequest | None:
    """The C-STORE-RQ that `elements` are; None for another command. Raises `MalformedCommand`."""
    if _number(elements, 0x0100) != C_STORE_RQ:
        return None
    return StoreRequest(
        context_id=context_id,
        message_id=_number(elements, 0x0110),
        sop_class_uid=_uid(elements, 0x0002),
        sop_instance_uid=_uid(elements, 0x1000),
        has_data_set=has_data_set(elements),
    )


def has_data_set(elements: dict[int, bytes]) -> bool:
    """Whether the message goes on after its command. Raises `MalformedCommand`."""
    return _number(elements, 0x0800) != NO_DATA_SET


def encode_store_response(request: StoreRequest, status: StoreStatus) -> bytes:
    """A whole P-DATA-TF PDU with the C-STORE-RSP."""
    elements = (
        _element(0x0002, _even(request.sop_class_uid, b"\x00"))
        + _element(0x0100, struct.pack("<H", C_STORE_RSP))
        + _element(0x0120, struct.pack("<H", request.message_id))
        + _element(0x0800, struct.pack("<H", NO_DATA_SET))
        + _element(0x0900, struct.pack("<H", status))
        + (_element(0x0902, _even(status.comment, b" ")) if status.comment else b"")
        + _element(0x1000, _even(request.sop_instance_uid, b"\x00"))
    )
    command = _element(0x0000, struct.pack("<I", len(elements))) + elements
    value = struct.pack(">IBB", len(command) + 2, request.context_id, COMMAND | LAST) + command
    return struct.pack(">BxI", P_DATA_TF, len(value)) + value


def _number(elements: dict[int, bytes], element: int) -> int:
    value = elements.get(element, b"")
    if len(value) != _US_LENGTH:
        raise MalformedCommand
    return int.from_bytes(value, "little")


def _uid(elements: dict[int, bytes], element: int) -> str:
    return elements.get(element, b"").decode("latin-1").strip("\x00 ")


def _element(element: int, value: bytes) -> bytes:
    return struct.pack("<HHI", 0, element, len(value)) + value


def _even(text: str, padding: bytes) -> bytes:
    value = text.encode("latin-1", "replace")
    return value + padding * (len(value) % 2)
