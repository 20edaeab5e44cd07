"""How long a pixel is, and how that is known: from an object's header as DICOM JSON (PS3.18 annex F)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isclose
from typing import Any

from storage.domain.measuring import Points, SpacingMethod

Header = Mapping[str, Any]

_MODALITY = "00080060"
_MAGNIFICATION = "00181114"
_IMAGER_SPACING = "00181164"
_SCANNED_SPACING = "00182010"
_REGIONS = "00186011"
_SPACING = "00280030"
_CALIBRATION_TYPE = "00280A02"
_PIXEL_MEASURES = "00289110"
_SHARED_GROUPS, _FRAME_GROUPS = "52009229", "52009230"

_PROJECTIONS = frozenset({"CR", "DX", "MG", "IO", "PX", "RG", "RF", "XA"})
_UNITS = {3: "cm", 4: "s", 5: "Hz", 7: "cm/s"}
_HIGH_PRIORITY = 1


@dataclass(frozen=True)
class Scale:
    """What a step of one column (`x`) and of one row (`y`) is worth. `y_origin` is the row where `y_at_origin` is reached."""

    method: SpacingMethod
    x: float
    y: float
    x_unit: str
    y_unit: str
    y_origin: float = 0.0
    y_at_origin: float = 0.0

    @property
    def is_spatial(self) -> bool:
        """Both axes are of the same length unit, so that slanted lines, angles and areas have a meaning."""
        return self.x_unit == self.y_unit and self.x_unit in ("mm", "cm", "px")


def scale_of(header: Header, frame: int, points: Points) -> Scale:
    """The scale that holds where all `points` lie, in frame `frame` (from 1). See `docs/measuring.md`."""
    regions = _items(header, _REGIONS)
    if regions:
        return _region_scale(regions, points)
    if (spacing := _spacing(header, frame)) is None:
        return Scale(SpacingMethod.PIXELS, 1.0, 1.0, "px", "px")
    method, row, column = spacing
    return Scale(method, column, row, "mm", "mm")


def _spacing(header: Header, frame: int) -> tuple[SpacingMethod, float, float] | None:
    """The method and the millimetres between rows and between columns (PS3.3 10.7.1.3)."""
    at_patient, at_detector = _pair(_pixel_measures(header, frame), _SPACING), _pair(header, _IMAGER_SPACING)
    if at_patient is not None and not _is_projection(header, at_detector):
        return (SpacingMethod.PATIENT, *at_patient)
    if at_patient is not None and _is_corrected(header, at_patient, at_detector):
        return (SpacingMethod.CALIBRATED, *at_patient)
    if (plane := at_detector or at_patient) is not None:
        return _at_detector(plane, _number(header, _MAGNIFICATION))
    scanned = _pair(header, _SCANNED_SPACING)
    return None if scanned is None else (SpacingMethod.FILM, *scanned)


def _at_detector(plane: tuple[float, float], magnification: float | None) -> tuple[SpacingMethod, float, float]:
    """As the detector has it, or at the patient by the Estimated Radiographic Magnification Factor (PS3.3 C.8.7.2)."""
    row, column = plane
    if magnification is not None and magnification >= 1:
        return SpacingMethod.MAGNIFICATION, row / magnification, column / magnification
    return SpacingMethod.DETECTOR, row, column


def _is_projection(header: Header, at_detector: tuple[float, float] | None) -> bool:
    return at_detector is not None or _text(header, _MODALITY) in _PROJECTIONS


def _is_corrected(header: Header, at_patient: tuple[float, float], at_detector: tuple[float, float] | None) -> bool:
    """By its calibration type, or because it differs from the spacing at the detector."""
    if _text(header, _CALIBRATION_TYPE) in ("GEOMETRY", "FIDUCIAL"):
        return True
    pairs = zip(at_patient, at_detector or at_patient, strict=True)
    return not all(isclose(one, other, rel_tol=1e-3) for one, other in pairs)


def _pixel_measures(header: Header, frame: int) -> Header:
    """The functional group of the frame, else the shared one, else the header itself (PS3.3 C.7.6.16.2.1)."""
    groups = [*_items(header, _FRAME_GROUPS)[frame - 1 : frame], *_items(header, _SHARED_GROUPS)[:1]]
    measures = (item for group in groups for item in _items(group, _PIXEL_MEASURES)[:1])
    return next(measures, header)


def _region_scale(regions: list[Header], points: Points) -> Scale:
    """That of the ultrasound region with all the points in it (PS3.3 C.8.5.5), the one of high priority where two overlap."""
    found = sorted((_priority(one), n) for n, one in enumerate(regions) if _holds(one, points))
    scale = _scale_of_region(regions[found[0][1]]) if found else None
    return scale or Scale(SpacingMethod.UNCALIBRATED, 1.0, 1.0, "px", "px")


def _priority(region: Header) -> tuple[int, float]:
    flags, (left, top, right, bottom) = int(_number(region, "00186016") or 0), _box(region)
    return int(not flags & _HIGH_PRIORITY), (right - left) * (bottom - top)


def _box(region: Header) -> tuple[float, float, float, float]:
    """Left, top, right, bottom as outer edges: the locations name the first and the last pixel inside."""
    left, top, right, bottom = (_number(region, tag) or 0.0 for tag in ("00186018", "0018601A", "0018601C", "0018601E"))
    return left, top, right + 1, bottom + 1


def _holds(region: Header, points: Points) -> bool:
    left, top, right, bottom = _box(region)
    return all(left <= column <= right and top <= row <= bottom for column, row in points)


def _scale_of_region(region: Header) -> Scale | None:
    x_unit, y_unit = (_UNITS.get(int(_number(region, tag) or 0), "") for tag in ("00186024", "00186026"))
    x, y = (_number(region, tag) for tag in ("0018602C", "0018602E"))
    if not x or not y or not x_unit or not y_unit:
        return None
    origin = _box(region)[1] + (_number(region, "00186022") or 0.0) + 0.5
    return Scale(SpacingMethod.REGION, x, y, x_unit, y_unit, origin, _number(region, "0018602A") or 0.0)


def _items(header: Header, tag: str) -> list[Header]:
    return [one for one in _values(header, tag) if isinstance(one, Mapping)]


def _pair(header: Header, tag: str) -> tuple[float, float] | None:
    """Two positive numbers; None where there are none."""
    numbers = [*_numbers(header, tag)][:2]
    return (numbers[0], numbers[1]) if len(numbers) == 2 and min(numbers) > 0 else None  # noqa: PLR2004 - a pair


def _number(header: Header, tag: str) -> float | None:
    return next(_numbers(header, tag), None)


def _numbers(header: Header, tag: str) -> Iterator[float]:
    for one in _values(header, tag):
        try:
            yield float(one)
        except (TypeError, ValueError):
            return


def _text(header: Header, tag: str) -> str:
    return next((one for one in _values(header, tag) if isinstance(one, str)), "")


def _values(header: Header, tag: str) -> list[Any]:
    element = header.get(tag)
    return list(element.get("Value") or []) if isinstance(element, Mapping) else []
