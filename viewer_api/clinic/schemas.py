"""Bodies of a clinic's figures."""

from datetime import date
from typing import Annotated

from pydantic import Field

from viewer_api.schemas import RequestSchema, Schema


class ClinicQuery(RequestSchema):
    """How many months back, the present one included. `institution` for those who see all."""

    months: Annotated[int, Field(ge=1, le=36)] = 6
    institution: Annotated[str, Field(max_length=64)] = ""


class ClinicLine(Schema):
    """A month, or a modality. Minutes are medians and ninetieth percentiles; null where nothing was signed."""

    key: str
    signed: int
    from_exam_median: float | None
    """From the start of the examination to the report, nothing taken off."""
    from_ready_median: float | None
    """From when the images were whole to the report, less what waited for the clinic."""
    from_ready_p90: float | None
    in_time: int
    """Signed before the maximum of their class."""
    retakes: int
    grade_a: int
    grade_b: int
    grade_c: int
    grade_reject: int
    critical: int | None
    """Critical values; null by modality."""


class ClinicFigures(Schema):
    """A clinic's months and modalities."""

    begin: date
    end: date
    whole: ClinicLine
    months: list[ClinicLine]
    modalities: list[ClinicLine]
