"""Pixel values inside a shape: mean, deviation, extremes."""

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from reading_queue.preprocessing.attributes import functional_group, text
from reading_queue.preprocessing.decoding import decode_frame
from reading_queue.preprocessing.modality import modality_transform
from storage.domain.measuring import Figure, MeasurementKind, Points

Values = NDArray[np.float64]
_GREY = 2


def value_figures(ds: Dataset, frame: int, kind: MeasurementKind, points: Points) -> list[Figure]:
    """Of frame `frame` (from 1) after the modality transform; empty for colours and where no pixel is inside.

    Raises `UndecodableImage`.
    """
    stored = decode_frame(ds, frame - 1)
    if stored.ndim != _GREY:
        return []
    inside = stored[_mask(kind, points, stored.shape)]
    if inside.size == 0:
        return []
    values = np.asarray(modality_transform(ds, frame - 1)(inside), dtype=np.float64)
    unit = unit_of(ds, frame)
    if kind is MeasurementKind.PROBE:
        return [_figure("value", float(values[0]), unit)]
    found = {"mean": values.mean(), "sd": values.std(), "min": values.min(), "max": values.max()}
    return [_figure(name, float(value), unit) for name, value in found.items()]


def unit_of(ds: Dataset, frame: int) -> str:
    """HU where the object says so, or is a CT that does not say otherwise (PS3.3 C.8.2.1.1.2); else empty."""
    source = functional_group(ds, frame - 1, "PixelValueTransformationSequence") or ds
    declared = text(source, "RescaleType").upper()
    return "HU" if declared == "HU" or (declared == "" and text(ds, "Modality") == "CT") else ""


def _mask(kind: MeasurementKind, points: Points, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The pixels whose centres lie in the closed shape; a probe's is the pixel that it stands in."""
    rows, columns = shape
    row, column = np.arange(rows)[:, None] + 0.5, np.arange(columns)[None, :] + 0.5
    if kind is MeasurementKind.PROBE:
        at = min(int(points[0][0]), columns - 1), min(int(points[0][1]), rows - 1)
        inside = (column == at[0] + 0.5) & (row == at[1] + 0.5)
        return np.asarray(inside, dtype=np.bool_)
    (left, right), (top, bottom) = (sorted(axis) for axis in zip(*points, strict=True))
    if left == right or top == bottom:
        return np.zeros(shape, dtype=np.bool_)
    if kind is MeasurementKind.RECTANGLE:
        inside = (column >= left) & (column <= right) & (row >= top) & (row <= bottom)
        return np.asarray(inside, dtype=np.bool_)
    across = (2 * column - left - right) / (right - left)
    along = (2 * row - top - bottom) / (bottom - top)
    return np.asarray(across**2 + along**2 <= 1, dtype=np.bool_)


def _figure(name: str, value: float, unit: str) -> Figure:
    return {"name": name, "value": round(value, 6), "unit": unit}
