"""The structured part of a report in bodies."""

from typing import Annotated, Literal

from pydantic import Field

from reading_queue.templates.structures import Structure
from viewer_api.schemas import RequestSchema, Schema

_MOST_VALUES = 200

TemplateId = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$", examples=["chest-dr", "17"])]
"""A number, or the key of a shipped template."""

Value = str | int | float | list[str] | None
"""Of a field: text and choice, number, several choices; null empties a field that has a default."""

Values = Annotated[dict[str, Value], Field(max_length=_MOST_VALUES, examples=[{"lungs": "nodule", "size": 8}])]


class StructureIn(RequestSchema):
    """Values of a template, over its defaults."""

    template: TemplateId
    version: Annotated[int, Field(ge=1)]
    language: Literal["zh", "en"] = "zh"
    values: Annotated[Values, Field(default_factory=dict)]

    def structure(self) -> Structure:
        return Structure(self.template, self.version, self.language, self.values)


class StructureOut(Schema):
    """What a draft keeps of the template."""

    template: str
    version: int
    language: Literal["zh", "en"]
    values: dict[str, Value]


class StatementOut(Schema):
    """A coded statement of an ECG report; nameless where a county's own template made up the code."""

    code: Annotated[str, Field(examples=["lbbb"])]
    zh: str = ""
    en: str = ""
    aha: int | None = None


class SealedStructureOut(StructureOut):
    """What a signed version keeps: all values, classifications by name, as `{"BI-RADS": "4A"}`, and coded statements."""

    key: str
    title: dict[str, str]
    classes: dict[str, str]
    statements: Annotated[list[StatementOut], Field(default_factory=list)]
