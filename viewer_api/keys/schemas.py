"""Bodies of API keys."""

from typing import Annotated

from pydantic import Field

from storage.domain.accounts import Scope
from viewer_api.schemas import Moment, RequestSchema, Schema

Days = Annotated[int | None, Field(ge=1, le=3650, examples=[365])]


class NewKey(RequestSchema):
    """A key for a machine of one institution."""

    name: Annotated[str, Field(min_length=1, max_length=64, examples=["HIS"])]
    institution: Annotated[str, Field(min_length=1, max_length=64, examples=["t01"])]
    scopes: Annotated[set[Scope], Field(min_length=1, examples=[["results:read", "receipts:write"]])]
    days: Days = None
    """How long it lives; as long as the county's rules allow when not given."""


class Rotation(RequestSchema):
    """How long the key that follows lives."""

    days: Days = None


class KeyLine(Schema):
    """A key, without its secret. `prefix` is how people know it."""

    id: int
    name: str
    prefix: Annotated[str, Field(examples=["3fa85f64"])]
    institution: str
    institution_name: str
    institution_name_en: str
    scopes: list[Scope]
    created_at: Moment
    expires_at: Moment | None
    last_used_at: Moment | None
    last_used_address: str
    revoked_at: Moment | None
    live: bool


class KeyList(Schema):
    """Every key, the latest first."""

    items: list[KeyLine]


class ShownKey(Schema):
    """`secret` goes into `Authorization: Bearer`. It is not kept and not shown again."""

    key: KeyLine
    secret: Annotated[str, Field(examples=["crk_3fa85f64_DUiNBRvUvVRmBi0Wz0kiBA4nZbZpTuNAbMjJgUXV1g0"])]
