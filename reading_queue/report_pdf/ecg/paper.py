"""ECG paper as vectors: the millimetre grid, calibration pulses, curves. Millimetres, from the upper left corner of the page."""

from collections.abc import Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray
from reportlab.lib.units import mm

from reading_queue.report_pdf.ecg.layout import GRID_HEIGHT_MM, GRID_WIDTH_MM

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 297.0, 210.0
LEFT_MM, TOP_MM = (PAGE_WIDTH_MM - GRID_WIDTH_MM) / 2, 40.0

_FINE, _STRONG = (0.965, 0.83, 0.8), (0.9, 0.62, 0.58)
_FINE_MM, _STRONG_MM, _TRACE_MM = 0.1, 0.18, 0.25
_STRONG_EVERY = 5
_PULSE_S, _PULSE_UP_MM, _PULSE_FOOT_MM = 0.2, 2.0, 1.0
_MARK_MM = 3.0

Samples = NDArray[np.float64]


class Paper:
    """Draws on the current page of a reportlab canvas."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas

    def grid(self) -> None:
        """Lines of 1 mm, every fifth stronger."""
        self._lines(1, _FINE, _FINE_MM, skip=_STRONG_EVERY)
        self._lines(_STRONG_EVERY, _STRONG, _STRONG_MM)

    def _lines(self, step: int, colour: tuple[float, float, float], width: float, skip: int = 0) -> None:
        right, bottom = LEFT_MM + GRID_WIDTH_MM, TOP_MM + GRID_HEIGHT_MM
        across = [at for at in range(0, round(GRID_WIDTH_MM) + 1, step) if not skip or at % skip]
        down = [at for at in range(0, round(GRID_HEIGHT_MM) + 1, step) if not skip or at % skip]
        lines = [(x_pt(LEFT_MM + at), y_pt(TOP_MM), x_pt(LEFT_MM + at), y_pt(bottom)) for at in across]
        lines += [(x_pt(LEFT_MM), y_pt(TOP_MM + at), x_pt(right), y_pt(TOP_MM + at)) for at in down]
        self.canvas.setStrokeColorRGB(*colour)
        self.canvas.setLineWidth(width * mm)
        self.canvas.lines(lines)

    def pulse(self, middle_mm: float, speed: float, gain: float) -> None:
        """One millivolt for 0.2 s, its edges on lines of the grid."""
        up = LEFT_MM + _PULSE_UP_MM
        down, top = up + _PULSE_S * speed, middle_mm - gain
        corners = ((up, middle_mm), (up, top), (down, top), (down, middle_mm))
        feet = (up - _PULSE_FOOT_MM, middle_mm), (down + _PULSE_FOOT_MM, middle_mm)
        self._ink()
        self._path(_points([feet[0], *corners, feet[1]]))

    def curve(self, microvolts: Samples, hz: float, x_mm: float, middle_mm: float, scale: tuple[float, float]) -> None:
        """Samples from `x_mm` on, zero at `middle_mm`; `scale` is mm/s and mm/mV. What was not recorded is not drawn."""
        speed, gain = scale
        x = x_mm + np.arange(len(microvolts), dtype=np.float64) * (speed / hz)
        y = middle_mm - microvolts * (gain / 1000)
        self._ink()
        points = np.column_stack((x_pt(x), y_pt(y)))
        there = np.isfinite(microvolts)
        for piece in np.split(points, np.flatnonzero(np.diff(there.astype(np.int8))) + 1):
            if len(piece) > 1 and np.isfinite(piece[0, 1]):
                self._path(piece)

    def change_mark(self, x_mm: float, middle_mm: float, height_mm: float) -> None:
        """A short line above the curve where another lead begins."""
        self._ink()
        self._path(_points([(x_mm, middle_mm - height_mm), (x_mm, middle_mm - height_mm + _MARK_MM)]))

    def clipped(self) -> None:
        """Keep what is drawn from now on inside the grid, until the state is restored."""
        path = self.canvas.beginPath()
        corner = (x_pt(LEFT_MM), y_pt(TOP_MM + GRID_HEIGHT_MM))
        path.rect(*corner, GRID_WIDTH_MM * mm, GRID_HEIGHT_MM * mm)
        self.canvas.clipPath(path, stroke=0, fill=0)

    def _ink(self) -> None:
        self.canvas.setStrokeColorRGB(0, 0, 0)
        self.canvas.setLineWidth(_TRACE_MM * mm)
        self.canvas.setLineJoin(1)

    def _path(self, points: Samples) -> None:
        """A stroked line; written as such, since a path object takes seconds for the samples of a page."""
        lines = "".join(f" {x:.3f} {y:.3f} l" for x, y in points[1:].tolist())
        self.canvas.addLiteral(f"{points[0, 0]:.3f} {points[0, 1]:.3f} m{lines} S")


def _points(corners: Sequence[tuple[float, float]]) -> Samples:
    return np.array([(x_pt(x), y_pt(y)) for x, y in corners])


@overload
def x_pt(x_mm: float) -> float: ...
@overload
def x_pt(x_mm: Samples) -> Samples: ...
def x_pt(x_mm: float | Samples) -> float | Samples:
    """Points from the left edge."""
    return x_mm * float(mm)


@overload
def y_pt(y_mm: float) -> float: ...
@overload
def y_pt(y_mm: Samples) -> Samples: ...
def y_pt(y_mm: float | Samples) -> float | Samples:
    """Points from the lower edge."""
    return (PAGE_HEIGHT_MM - y_mm) * float(mm)
