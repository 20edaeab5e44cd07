"""Bodies of the session."""

from typing import Annotated, Any

from pydantic import Field

from storage.db.models import User
from storage.domain.accounts import Duty
from storage.domain.reading import Role
from viewer_api.auth.caller import Caller
from viewer_api.schemas import Moment, RequestSchema, Schema


class Credentials(RequestSchema):
    """A user name and its password."""

    username: Annotated[str, Field(min_length=1, max_length=64, examples=["radiologist"])]
    password: Annotated[str, Field(min_length=1, max_length=256, examples=["a long enough password"])]
    code: Annotated[str, Field(max_length=40, examples=["492039"])] = ""
    """Of the authenticator, or a recovery code; for accounts with a second factor."""
    masked: bool = False
    """For a screen on a wall: who patients are is not shown."""


class UserOut(Schema):
    """The person behind the session."""

    username: str
    name: str
    title: str
    role: Role
    institution: Annotated[str, Field(examples=["t01"])]
    institution_name: str
    institution_name_en: str
    modalities: list[str] | None
    """What a reader may take; null means everything."""
    preferences: dict[str, Any]


class SessionOut(Schema):
    """Who is logged in, and until when."""

    user: UserOut
    expires_at: Moment
    duty: Duty = Duty.NONE
    """What has to be done before anything else opens: a new password, or a second factor. Empty for nothing."""
    masked: bool = False


class NewSession(SessionOut):
    """`token` goes into `Authorization: Bearer`; a cookie with it opens GET requests."""

    token: str


def user_out(user: User) -> UserOut:
    return UserOut(
        username=user.username,
        name=user.display_name,
        title=user.title,
        role=Role(user.role),
        institution=user.institution.code,
        institution_name=user.institution.name,
        institution_name_en=user.institution.name_en,
        modalities=user.modalities,
        preferences=user.preferences,
    )


def session_out(caller: Caller) -> SessionOut:
    return SessionOut(user=user_out(caller.user), expires_at=caller.expires_at, duty=caller.duty, masked=caller.masked)


def new_session(token: str, caller: Caller) -> NewSession:
    return NewSession(
        token=token,
        user=user_out(caller.user),
        expires_at=caller.expires_at,
        duty=caller.duty,
        masked=caller.masked,
    )
