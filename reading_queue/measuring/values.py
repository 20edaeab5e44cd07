"""What the server makes of points: it trusts no client's numbers."""

from dataclasses import dataclass
from math import isfinite
from typing import Any

from reading_queue.measuring.geometry import geometric_figures
from reading_queue.measuring.spacing import scale_of
from reading_queue.measuring.statistics import value_figures
from reading_queue.preprocessing.decoding import read_dataset
from reading_queue.preprocessing.errors import UndecodableImage
from storage.db.models import Instance
from storage.domain.errors import InvalidField
from storage.domain.measuring import OF_VALUES, POINTS, Figure, MeasurementKind, Points, SpacingMethod
from storage.objects import ObjectStore


@dataclass(frozen=True)
class Drawn:
    """What a reader drew in a frame, counted from 1."""

    kind: MeasurementKind
    frame: int
    points: Points


@dataclass(frozen=True)
class Measured:
    """What came out, and where the size of a pixel came from."""

    figures: list[Figure]
    method: SpacingMethod


def measure(store: ObjectStore, instance: Instance, drawn: Drawn) -> Measured:
    """The figures of what was drawn. Raises `InvalidField` where it does not fit the image, and as the store does."""
    _require_inside(instance, drawn)
    scale = scale_of(instance.header, drawn.frame, drawn.points)
    figures = geometric_figures(drawn.kind, drawn.points, scale)
    if drawn.kind in OF_VALUES:
        figures = [*_value_figures(store, instance, drawn), *figures]
    return Measured(figures, scale.method)


def _value_figures(store: ObjectStore, instance: Instance, drawn: Drawn) -> list[Figure]:
    """None where the pixels cannot be read: the shape is kept all the same."""
    with store.open(instance.object_key) as stream:
        ds = read_dataset(stream)
    try:
        return value_figures(ds, drawn.frame, drawn.kind, drawn.points)
    except UndecodableImage:
        return []


def _require_inside(instance: Instance, drawn: Drawn) -> None:
    if not 1 <= drawn.frame <= max(1, instance.frames):
        raise InvalidField("frame", f"must be from 1 to {max(1, instance.frames)}.")
    wanted = POINTS[drawn.kind]
    if len(drawn.points) != wanted:
        raise InvalidField("points", f"must be {wanted} for a measurement of this kind.")
    columns, rows = instance.columns or 0, instance.rows or 0
    if not all(_is_within(point, columns, rows) for point in drawn.points):
        raise InvalidField("points", f"must lie in the image, from 0, 0 to {columns}, {rows}.")


def _is_within(point: Any, columns: int, rows: int) -> bool:
    column, row = point
    return isfinite(column) and isfinite(row) and 0 <= column <= columns and 0 <= row <= rows
