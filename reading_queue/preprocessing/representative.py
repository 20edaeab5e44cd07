"""Which frame of an instance, and which instance of a series, stands for the whole."""

from collections.abc import Sequence

import numpy as np
from pydicom import Dataset

from reading_queue.preprocessing.attributes import integer, numbers, text, texts
from reading_queue.preprocessing.decoding import frame_count

_LOCALIZERS = {"LOCALIZER", "SCOUT", "TOPOGRAM", "SURVEY", "SURVIEW", "SCANOGRAM"}
_PLANE = 6
_ROUNDING = 2


def representative_index(ds: Dataset) -> int:
    """Frame (from 0) that shows what the instance is: its Representative Frame Number (PS3.3 C.7.6.6), else the middle one."""
    frames = frame_count(ds)
    chosen = integer(ds, "RepresentativeFrameNumber")
    return chosen - 1 if chosen is not None and 1 <= chosen <= frames else frames // 2


def pick_representative(headers: Sequence[Dataset]) -> int:
    """Place in `headers` (pixel data not needed) of the instance that stands for a series.

    The middle slice along the normal of the most frequent plane, else by Instance Number; localizers and derived pictures
    (dose pages, screen shots) only when there is nothing else. Raises ValueError when `headers` is empty.
    """
    if not headers:
        raise ValueError("a series without instances has no representative")
    best = min(_rank(header) for header in headers)
    candidates = [place for place, header in enumerate(headers) if _rank(header) == best]
    ordered = _along_normal(headers, candidates) or _by_number(headers, candidates)
    return ordered[len(ordered) // 2]


def _rank(header: Dataset) -> int:
    """0 images as acquired, 1 derived pictures and screen shots, 2 localizers, 3 objects without rows."""
    kinds = {one.upper() for one in texts(header, "ImageType")}
    if not integer(header, "Rows"):
        return 3
    if kinds & _LOCALIZERS or _LOCALIZERS & set(text(header, "SeriesDescription").upper().split()):
        return 2
    return 1 if "SECONDARY" in kinds and "ORIGINAL" not in kinds else 0


def _along_normal(headers: Sequence[Dataset], places: list[int]) -> list[int]:
    """The places that lie in the most frequent plane, by position along its normal (PS3.3 C.7.6.2.1.1); empty without planes."""
    planes: dict[tuple[float, ...], list[int]] = {}
    for place in places:
        plane = numbers(headers[place], "ImageOrientationPatient")
        if len(plane) == _PLANE and len(numbers(headers[place], "ImagePositionPatient")) == _PLANE // 2:
            planes.setdefault(tuple(round(cosine, _ROUNDING) for cosine in plane), []).append(place)
    if not planes:
        return []
    plane, members = max(planes.items(), key=lambda entry: len(entry[1]))
    normal = np.cross(plane[:3], plane[3:])
    return sorted(members, key=lambda place: float(normal @ numbers(headers[place], "ImagePositionPatient")))


def _by_number(headers: Sequence[Dataset], places: list[int]) -> list[int]:
    return sorted(places, key=lambda place: integer(headers[place], "InstanceNumber") or 0)
