"""The same SOP Instance UID again: the same object, the same image in another encoding, or something else."""

from collections.abc import Mapping
from typing import Any

from storage.db.models import Instance
from storage.domain.studies import QuarantineReason
from storage.ingest.arrival import Arrival

Difference = tuple[QuarantineReason, str]

_OF_ENCODING = frozenset(
    {
        "00080005",  # Specific Character Set
        "00080008",  # Image Type
        "00082111",  # Derivation Description
        "00082112",  # Source Image Sequence
        "00089215",  # Derivation Code Sequence
        "00280004",  # Photometric Interpretation
        "00280006",  # Planar Configuration
        "00280106",  # Smallest Image Pixel Value
        "00280107",  # Largest Image Pixel Value
        "00282110",  # Lossy Image Compression
        "00282112",  # Lossy Image Compression Ratio
        "00282114",  # Lossy Image Compression Method
        "00080012",  # Instance Creation Date
        "00080013",  # Instance Creation Time
    }
)
"""Attributes that change when pixel data is compressed or expanded (PS3.3 C.7.6.1.1.5, C.7.6.3)."""


def what_differs(arrival: Arrival, present: Instance) -> Difference | None:
    """None when `arrival` is the object that the catalogue has."""
    same_encoding = arrival.meta.transfer_syntax_uid == present.transfer_syntax_uid
    if same_encoding and arrival.has_data_set(present.dataset_digest):
        return None
    assert arrival.header is not None
    if not same_encoding and _told(arrival.header.model) == _told(present.header):
        return QuarantineReason.OTHER_ENCODING, "The same object came in another transfer syntax."
    return QuarantineReason.OTHER_BYTES, "Other content came under the UID of an object that is here."


def _told(model: Mapping[str, Any]) -> dict[str, object]:
    """The model without what depends on the encoding: implicit VR may give an element another VR."""
    return {tag: _content(element) for tag, element in model.items() if tag not in _OF_ENCODING}


def _content(element: Mapping[str, Any]) -> object:
    if "InlineBinary" in element:
        return element["InlineBinary"]
    return [_told(value) if element["vr"] == "SQ" else value for value in element.get("Value", ())]
