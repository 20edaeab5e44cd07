"""Measurements as the interface shows them."""

from typing import Annotated

from pydantic import Field, FiniteFloat

from storage.domain.measuring import MeasurementKind, SpacingMethod
from viewer_api.schemas import Moment, RequestSchema, Schema

PointIn = tuple[FiniteFloat, FiniteFloat]
Points = Annotated[list[PointIn], Field(min_length=1, max_length=6, examples=[[[10.5, 20.0], [40.0, 60.25]]])]
Label = Annotated[str, Field(max_length=200, examples=["右下叶结节"])]


class MeasurementIn(RequestSchema):
    """A new drawing. Points are pairs of column and row; 0, 0 is the outer corner of the first pixel."""

    sop_instance_uid: Annotated[str, Field(min_length=1, max_length=64)]
    frame: Annotated[int, Field(ge=1, le=100_000)] = 1
    kind: MeasurementKind
    points: Points
    label: Label = ""
    for_clinic: bool = False


class MeasurementChange(RequestSchema):
    """What it is to be from now on. `version` is the one that the client knows: 409 when there is a later one."""

    version: Annotated[int, Field(ge=1)]
    points: Points | None = None
    label: Label | None = None
    for_clinic: bool | None = None


class FigureOut(Schema):
    name: Annotated[str, Field(examples=["length"])]
    value: float
    unit: Annotated[str, Field(examples=["mm", "HU", ""])]
    """Empty for pixel values without a unit."""


class MeasurementOut(Schema):
    """A measurement with what the server made of it."""

    id: int
    version: int
    series_instance_uid: str
    sop_instance_uid: str
    frame: int
    kind: MeasurementKind
    points: list[tuple[float, float]]
    label: str
    for_clinic: bool
    figures: list[FigureOut]
    method: SpacingMethod
    """Where the size of a pixel came from."""
    author: str
    at: Moment


class MeasurementList(Schema):
    items: list[MeasurementOut]
    may_measure: bool
    """Whether the caller may draw in this study now."""
