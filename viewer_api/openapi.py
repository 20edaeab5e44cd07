"""What the OpenAPI document says about refusals."""

from functools import cache
from typing import Annotated, Any

from pydantic import Field

from viewer_api.schemas import Schema

Responses = dict[int | str, dict[str, Any]]
"""What a route may answer, by status, as FastAPI takes it."""

_EXAMPLES = {
    401: ("not_authenticated", "The session has ended: log in again."),
    403: ("forbidden", "Your role does not allow this."),
    404: ("not_found", "There is no such study."),
    406: ("not_acceptable", "The frames cannot be sent in any of the accepted encodings."),
    409: ("stale_lease", "The case is no longer yours; nothing was changed."),
    413: ("too_large", "The body is larger than 1 MiB."),
    422: ("invalid", "Some fields are missing or make no sense; see errors."),
    429: ("too_many_attempts", "Too many requests at once; wait a moment."),
    503: ("database_unavailable", "The database does not answer. Nothing was changed; try again in a few seconds."),
    507: ("storage_full", "Free space is below the set reserve."),
}


class FieldFault(Schema):
    """One field that makes no sense."""

    field: str
    message: str
    code: str | None = None
    """What is wrong, for programs that say it in words of their own."""


class Problem(Schema):
    """A refusal (RFC 9457). `code` is stable and meant for programs, `detail` for people."""

    type: Annotated[str, Field(examples=["urn:countyread:problem:stale_lease"])]
    title: str
    status: int
    code: str
    detail: str
    ups_status: Annotated[str | None, Field(examples=["0xC301"])] = None
    """Of a step that was refused: the status code of the Unified Procedure Step service that says the same (PS3.4 CC.2)."""
    errors: list[FieldFault] | None = None
    """With code `invalid`: which fields."""


def refusals(*statuses: int) -> Responses:
    """The `responses` of a route: those named, and those that every route may give."""
    return {status: _refusal(status) for status in sorted({*statuses, 422, 429, 503})}


@cache
def _refusal(status: int) -> dict[str, Any]:
    code, detail = _EXAMPLES[status]
    example = {"type": f"urn:countyread:problem:{code}", "title": "", "status": status, "code": code, "detail": detail}
    return {
        "description": detail,
        "content": {"application/problem+json": {"schema": Problem.model_json_schema(), "example": example}},
    }
