"""Bodies of preferences."""

from typing import Annotated

from pydantic import Field, JsonValue

from storage.db.models import Preference
from viewer_api.schemas import Moment, RequestSchema, Schema

_EXAMPLE = {"rows": 1, "columns": 2}


class PreferenceIn(RequestSchema):
    """A value to keep. What it means is between the pages of the application."""

    value: Annotated[JsonValue, Field(examples=[_EXAMPLE])]
    after: Annotated[int | None, Field(ge=0, le=2**53)] = None
    """The version that the caller knows, 0 for none: when another was kept since, nothing changes (409). Without it the
    value is kept in any case."""


class PreferenceOut(Schema):
    """One thing that the caller set for himself."""

    name: Annotated[str, Field(examples=["viewer.layout"])]
    value: Annotated[JsonValue, Field(examples=[_EXAMPLE])]
    version: int
    """Counts how often it was set."""
    changed_at: Moment


def preference_out(kept: Preference) -> PreferenceOut:
    """As it is told."""
    return PreferenceOut(name=kept.name, value=kept.value, version=kept.version, changed_at=kept.changed_at)
