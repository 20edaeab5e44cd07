"""Series metadata for the viewer: the DICOM JSON of every instance (PS3.18 annex F), in reading order."""

from collections.abc import Sequence
from typing import Any

from storage.db.models import Instance
from viewer_api.dicomweb.overlays import describe_apart
from viewer_api.dicomweb.transfer_syntaxes import LITTLE_ENDIAN, delivered_syntax, is_decoded

DicomJson = dict[str, Any]

_AVAILABLE_TRANSFER_SYNTAX = "00083002"
_NUMBER, _POSITION, _ORIENTATION = "00200013", "00200032", "00200037"
_PHOTOMETRIC, _PLANAR = "00280004", "00280006"
_BITS_ALLOCATED, _BITS_STORED, _HIGH_BIT = "00280100", "00280101", "00280102"
_WORD = 16
_LUMINANCE_OR_INDEX = ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR")


def series_metadata(instances: Sequence[Instance]) -> list[DicomJson]:
    """One object an instance, sorted as it is read."""
    return [instance_metadata(instance) for instance in in_reading_order(instances)]


def instance_metadata(instance: Instance) -> DicomJson:
    """Its header as it describes the frames that are delivered, which may differ from those stored."""
    header = dict(instance.header)
    stored = instance.transfer_syntax_uid
    header[_AVAILABLE_TRANSFER_SYNTAX] = {"vr": "UI", "Value": [delivered_syntax(stored)]}
    if is_decoded(stored):
        _describe_decoded(header)
    elif stored in LITTLE_ENDIAN and value(header, _BITS_ALLOCATED) == _WORD:
        _fill_low_bits(header)
    describe_apart(header, stored)
    return header


def _describe_decoded(header: DicomJson) -> None:
    if value(header, _PHOTOMETRIC) not in _LUMINANCE_OR_INDEX:
        header[_PHOTOMETRIC] = {"vr": "CS", "Value": ["RGB"]}
        header[_PLANAR] = {"vr": "US", "Value": [0]}
    if value(header, _BITS_ALLOCATED) == 1:
        header[_BITS_ALLOCATED] = {"vr": "US", "Value": [8]}
    _fill_low_bits(header)


def _fill_low_bits(header: DicomJson) -> None:
    # Frames leave with unused bits cleared and the values in the low bits (PS3.5 8.1.1).
    stored = value(header, _BITS_STORED)
    if isinstance(stored, int):
        header[_HIGH_BIT] = {"vr": "US", "Value": [stored - 1]}


def in_reading_order(instances: Sequence[Instance]) -> list[Instance]:
    """By Instance Number; by position along the normal of the slices where numbers are missing or repeated."""
    numbers = [instance.number for instance in instances]
    if None not in numbers and len(set(numbers)) == len(numbers):
        return sorted(instances, key=lambda instance: instance.number or 0)
    places = {instance.id: _along_normal(instance.header) for instance in instances}
    if any(place is None for place in places.values()):
        return sorted(instances, key=lambda one: (one.number is None, one.number or 0, one.id))
    return sorted(instances, key=lambda one: (places[one.id] or 0.0, one.number or 0, one.id))


def _along_normal(header: DicomJson) -> float | None:
    """Millimetres along the normal of the slice (PS3.3 C.7.6.2.1.1)."""
    position, orientation = values(header, _POSITION), values(header, _ORIENTATION)
    if len(position) != 3 or len(orientation) != 6 or not _are_numbers(position + orientation):  # noqa: PLR2004
        return None
    (a, b, c), (d, e, f) = orientation[:3], orientation[3:]
    normal = (b * f - c * e, c * d - a * f, a * e - b * d)
    return float(sum(along * at for along, at in zip(normal, position, strict=True)))


def _are_numbers(found: list[Any]) -> bool:
    return all(isinstance(one, int | float) for one in found)


def values(header: DicomJson, tag: str) -> list[Any]:
    """The values of an attribute; empty when it is absent or empty."""
    found = header.get(tag, {}).get("Value", [])
    return found if isinstance(found, list) else []


def value(header: DicomJson, tag: str) -> Any:
    """The first value of an attribute; None when it is absent or empty."""
    return next(iter(values(header, tag)), None)
