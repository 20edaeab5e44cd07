"""Bodies of links."""

from typing import Annotated

from pydantic import Field

from viewer_api.schemas import Moment, RequestSchema, Schema


class NewShare(RequestSchema):
    """For how long, and how often, a link shows the study. `purpose` is shown to who opens it: no patient's name."""

    hours: Annotated[float, Field(gt=0, le=720, examples=[72])] = 72
    passcode: Annotated[str, Field(max_length=64, examples=["4821"])] = ""
    max_uses: Annotated[int | None, Field(ge=1, le=1000)] = None
    purpose: Annotated[str, Field(max_length=200, examples=["转诊市人民医院"])] = ""


class ShareLine(Schema):
    """A link, without its token."""

    id: int
    study_instance_uid: str
    modality: str
    purpose: str
    created_by: str
    created_at: Moment
    expires_at: Moment
    passcode: bool
    max_uses: int | None
    uses: int
    last_used_at: Moment | None
    revoked_at: Moment | None
    live: bool


class ShareList(Schema):
    """The latest first."""

    items: list[ShareLine]


class ShownShare(Schema):
    """`path` behind the application's address is the link. The token stands behind the #, which browsers do not send."""

    share: ShareLine
    path: Annotated[str, Field(examples=["/#/shared/DUiNBRvUvVRmBi0Wz0kiBA4nZbZpTuNAbMjJgUXV1g0"])]


class Shown(RequestSchema):
    """The token of a link, and its passcode where it has one."""

    token: Annotated[str, Field(min_length=1, max_length=100, examples=["DUiNBRvUvVRmBi0Wz0kiBA4nZbZpTuNAbMjJgUXV1g0"])]
    passcode: Annotated[str, Field(max_length=64, examples=["4821"])] = ""


class VisitOut(Schema):
    """What opens the study's pictures for a while, as a bearer token; a cookie with it opens GET requests."""

    token: str
    seconds: float
    study_instance_uid: str
    purpose: str
