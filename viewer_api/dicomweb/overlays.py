"""Overlay planes as the metadata describes them: each with data of its own, wherever the object keeps it (PS3.3 C.9.2)."""

from collections.abc import Iterator
from typing import Any

from pydicom import Dataset

from reading_queue.preprocessing import overlays
from viewer_api.dicomweb.transfer_syntaxes import SENT_AS_STORED

DicomJson = dict[str, Any]

_FRAMES = "00280008"


def overlay_tags(header: DicomJson) -> Iterator[str]:
    """Tags of the Overlay Data of planes that have a size and, as they are described, data of their own."""
    for group in overlays.GROUPS:
        if not _first(header, group, overlays.ROWS) or not _first(header, group, overlays.COLUMNS):
            continue
        if not _is_embedded(header, group):
            yield _tag(group, overlays.DATA)


def describe_apart(header: DicomJson, stored: str) -> None:
    """Describe planes in unused bits of native pixels as if they were apart from these, which leave without such bits.

    Every frame of the image has its bit, whatever the plane says.
    """
    if stored in SENT_AS_STORED:
        return
    for group in overlays.GROUPS:
        if not _first(header, group, overlays.ROWS) or not _is_embedded(header, group):
            continue
        header[_tag(group, overlays.BITS_ALLOCATED)] = {"vr": "US", "Value": [1]}
        header[_tag(group, overlays.BIT_POSITION)] = {"vr": "US", "Value": [0]}
        frames = header.get(_FRAMES, {}).get("Value")
        if frames and frames[0] != 1:
            header[_tag(group, overlays.FRAMES)] = {"vr": "IS", "Value": frames}


def bit_of_pixels(ds: Dataset, tag: int) -> int | None:
    """The bit of each pixel that keeps the Overlay Data `tag`; None where it is an element, or nothing at all."""
    group, element = tag >> 16, tag & 0xFFFF
    if group not in overlays.GROUPS or element != overlays.DATA or tag in ds:
        return None
    return overlays.embedded_bit(ds, group)


def _is_embedded(header: DicomJson, group: int) -> bool:
    allocated, position = (_first(header, group, one) for one in (overlays.BITS_ALLOCATED, overlays.BIT_POSITION))
    return _above(allocated, 1) or _above(position, 0)


def _above(found: Any, least: int) -> bool:
    return isinstance(found, int) and found > least


def _first(header: DicomJson, group: int, element: int) -> Any:
    found = header.get(_tag(group, element), {}).get("Value")
    return found[0] if isinstance(found, list) and found else None


def _tag(group: int, element: int) -> str:
    return f"{group:04X}{element:04X}"
