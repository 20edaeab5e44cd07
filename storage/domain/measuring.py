"""Words of measuring in images: what is drawn, how a pixel became a length, and what comes out."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypedDict


class MeasurementKind(StrEnum):
    """What a reader draws."""

    LENGTH = "length"
    ANGLE = "angle"
    COBB = "cobb"
    CARDIOTHORACIC = "ctr"
    ELLIPSE = "ellipse"
    RECTANGLE = "rectangle"
    PROBE = "probe"
    ARROW = "arrow"
    TEXT = "text"


class SpacingMethod(StrEnum):
    """Where the size of a pixel comes from; `docs/measuring.md` has the rule of each."""

    PATIENT = "patient"
    CALIBRATED = "calibrated"
    MAGNIFICATION = "magnification"
    DETECTOR = "detector"
    FILM = "film"
    REGION = "region"
    UNCALIBRATED = "uncalibrated"
    PIXELS = "pixels"


class Figure(TypedDict):
    """A number with its unit: `mm`, `cm`, `px`, their squares, `deg`, `%`, `HU`, `s`, `cm/s`, `Hz`, empty for pixel values."""

    name: str
    value: float
    unit: str


Point = tuple[float, float]
"""Column and row; 0, 0 is the outer corner of the first pixel, whose centre is at 0.5, 0.5 (PS3.3 C.18.6.1.1)."""

Points = Sequence[Point]

POINTS: Mapping[MeasurementKind, int] = {
    MeasurementKind.LENGTH: 2,
    MeasurementKind.ANGLE: 3,
    MeasurementKind.COBB: 4,
    MeasurementKind.CARDIOTHORACIC: 4,
    MeasurementKind.ELLIPSE: 2,
    MeasurementKind.RECTANGLE: 2,
    MeasurementKind.PROBE: 1,
    MeasurementKind.ARROW: 2,
    MeasurementKind.TEXT: 1,
}
"""How many points each has: ends of a line, the angle's vertex in the middle, two lines one after the other (the chest
before the heart), opposite corners, an arrow's tip last."""

OF_VALUES = frozenset({MeasurementKind.ELLIPSE, MeasurementKind.RECTANGLE, MeasurementKind.PROBE})
"""Those that need the pixels themselves."""
