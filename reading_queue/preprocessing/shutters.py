"""Display shutters: what lies outside of the field is covered (PS3.3 C.7.6.11)."""

import numpy as np
import skimage
from numpy.typing import NDArray
from pydicom import Dataset

from reading_queue.preprocessing.attributes import integer, number, numbers, texts

Shown = NDArray[np.uint8]
Mask = NDArray[np.bool_]

KEYWORDS = (
    "ShutterShape ShutterLeftVerticalEdge ShutterRightVerticalEdge ShutterUpperHorizontalEdge ShutterLowerHorizontalEdge "
    "CenterOfCircularShutter RadiusOfCircularShutter VerticesOfThePolygonalShutter ShutterPresentationValue"
)
_WHITE = 65535
_FEWEST = 6
"""Numbers of a polygon: three vertices of two."""


def shuttered(shown: Shown, ds: Dataset, aspect: float = 1.0) -> Shown:
    """The picture under the shutter of its data set. `aspect` is the height of a pixel over its width."""
    openings = [
        opening
        for shape in texts(ds, "ShutterShape")
        if (opening := _opening(shape.upper(), ds, shown.shape[:2], aspect)) is not None
    ]
    if not openings:
        return shown
    grey = round((number(ds, "ShutterPresentationValue") or 0) / _WHITE * 255)
    covered = shown.copy()
    covered[~np.logical_and.reduce(openings)] = grey
    return covered


def _opening(shape: str, ds: Dataset, size: tuple[int, ...], aspect: float) -> Mask | None:
    """What is left to be seen; None for a shape that is not described."""
    if shape == "RECTANGULAR":
        return _rectangle(ds, size)
    if shape == "CIRCULAR":
        return _circle(ds, size, aspect)
    return _polygon(ds, size) if shape == "POLYGONAL" else None


def _rectangle(ds: Dataset, size: tuple[int, ...]) -> Mask | None:
    """The pixels that its edges name are seen."""
    sides = ("LeftVertical", "RightVertical", "UpperHorizontal", "LowerHorizontal")
    left, right, upper, lower = (integer(ds, f"Shutter{side}Edge") for side in sides)
    if left is None or right is None or upper is None or lower is None or left > right or upper > lower:
        return None
    mask = np.zeros(size, np.bool_)
    mask[max(0, upper - 1) : max(0, lower), max(0, left - 1) : max(0, right)] = True
    return mask


def _circle(ds: Dataset, size: tuple[int, ...], aspect: float) -> Mask | None:
    """Round in the patient: its radius counts pixels along a row."""
    centre, radius = numbers(ds, "CenterOfCircularShutter"), number(ds, "RadiusOfCircularShutter")
    if len(centre) != 2 or radius is None or radius <= 0:  # noqa: PLR2004 - row and column
        return None
    rows, columns = np.ogrid[1 : size[0] + 1, 1 : size[1] + 1]
    inside: Mask = ((rows - centre[0]) * aspect) ** 2 + (columns - centre[1]) ** 2 <= radius**2
    return inside


def _polygon(ds: Dataset, size: tuple[int, ...]) -> Mask | None:
    places = numbers(ds, "VerticesOfThePolygonalShutter")
    if len(places) < _FEWEST:
        return None
    vertices = np.array(places[: len(places) // 2 * 2]).reshape(-1, 2) - 1
    inside: Mask = skimage.draw.polygon2mask(size, vertices)  # type: ignore[no-untyped-call]
    return inside
