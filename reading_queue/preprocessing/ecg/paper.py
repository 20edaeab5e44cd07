"""ECG paper: 1 mm and 5 mm squares, and curves to scale on it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ink import Ink, Picture

PAPER = (255, 250, 248)
FINE = (252, 224, 220)
BOLD = (244, 180, 174)
TRACE = (24, 24, 40)
MARK = (170, 150, 160)

_BOLD_EVERY = 5
_TRACE_MM = 0.3
_CALIBRATION_S = 0.2


@dataclass(frozen=True, slots=True)
class Scale:
    """Millimetres of paper per second and per millivolt, pixels per millimetre."""

    speed_mm_s: float
    gain_mm_mv: float
    px_per_mm: float

    def x(self, seconds: float) -> float:
        """Pixels that a time takes."""
        return seconds * self.speed_mm_s * self.px_per_mm

    def mm(self, millimetres: float) -> float:
        """Pixels of a length on paper."""
        return millimetres * self.px_per_mm


def paper(height_mm: float, width_mm: float, scale: Scale, *, fine: bool = True) -> Picture:
    """(height, width, 3) of empty paper; without `fine` only the 5 mm squares, for small pictures."""
    height, width = round(scale.mm(height_mm)), round(scale.mm(width_mm))
    picture = np.full((height, width, 3), PAPER, np.uint8)
    for step, colour in ((1, FINE), (_BOLD_EVERY, BOLD))[0 if fine else 1 :]:
        rows = np.rint(np.arange(0, height_mm, step) * scale.px_per_mm).astype(int)
        columns = np.rint(np.arange(0, width_mm, step) * scale.px_per_mm).astype(int)
        picture[rows[rows < height]] = colour
        picture[:, columns[columns < width]] = colour
    return picture


def curve(ink: Ink, microvolts: NDArray[np.float32], hz: float, left: float, middle: float, scale: Scale) -> None:
    """Draws samples from `left` on, zero at the height `middle` (pixels); gaps (NaN) stay empty."""
    x = left + np.arange(len(microvolts)) * scale.x(1 / hz)
    y = middle - scale.mm(1) * scale.gain_mm_mv * microvolts.astype(np.float64) / 1000
    drawn = np.isfinite(y)
    for piece in np.split(np.arange(len(y)), np.flatnonzero(np.diff(drawn.astype(np.int8))) + 1):
        if drawn[piece[:1]].all() and len(piece):
            ink.line(_extremes(np.column_stack([x[piece], y[piece]])), max(scale.mm(_TRACE_MM), 1.0))


def _extremes(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """First, lowest, highest and last height of every half pixel: what the eye can see, in a fraction of the lines."""
    x, y = points.T
    starts = np.flatnonzero(np.r_[True, np.diff(np.floor(x * 2)) > 0])
    if len(starts) * 2 > len(x):
        return points
    lasts = np.r_[starts[1:] - 1, len(x) - 1]
    heights = [y[starts], np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts), y[lasts]]
    return np.column_stack([np.repeat(x[starts], len(heights)), np.stack(heights, axis=1).ravel()])


def calibration(ink: Ink, left: float, middle: float, scale: Scale) -> None:
    """The 1 mV pulse of 0.2 s, with a millimetre of line before and after."""
    top = middle - scale.mm(scale.gain_mm_mv)
    up = left + scale.mm(1)
    down = up + scale.x(_CALIBRATION_S)
    corners = [(left, middle), (up, middle), (up, top), (down, top), (down, middle), (down + scale.mm(1), middle)]
    ink.line(np.array(corners), max(scale.mm(_TRACE_MM), 1.0))
