"""Reading an edition's JSON: shapes that name the field that makes no sense."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from storage.domain.errors import InvalidField

ShapeT = TypeVar("ShapeT", bound="Shape")


class Shape(BaseModel):
    """A part of an edition. A field that is not known is refused, so that a misspelt one is not silently without effect."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_serialization_defaults_required=True)


def read_shape(shape: type[ShapeT], content: Mapping[str, Any]) -> ShapeT:
    """The content as `shape`. Raises `InvalidField` with the path of the first field that makes no sense."""
    try:
        return shape.model_validate(content)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"]) or "content"
        raise InvalidField(where, f"makes no sense: {fault['msg']}") from error
