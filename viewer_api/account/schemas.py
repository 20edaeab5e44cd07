"""Bodies of the own account."""

from typing import Annotated

from pydantic import Field

from storage.domain.accounts import LoginMethod
from viewer_api.schemas import Moment, RequestSchema, Schema
from viewer_api.session.schemas import NewSession, UserOut

Password = Annotated[str, Field(min_length=1, max_length=256, examples=["a long enough password"])]
Code = Annotated[str, Field(min_length=1, max_length=40, examples=["492039"])]


class PasswordChange(RequestSchema):
    """The password of now, and the one to come."""

    password: Password
    new_password: Annotated[str, Field(min_length=1, max_length=256, examples=["another long password"])]


class PasswordShown(RequestSchema):
    """The password once more, before something that an open screen alone must not do."""

    password: Password


class CodeShown(RequestSchema):
    """What the authenticator shows now."""

    code: Code


class BothShown(RequestSchema):
    """Password, and a code of the authenticator or a recovery code."""

    password: Password
    code: Code


class AccountOut(Schema):
    """What there is to know about the own account."""

    user: UserOut
    method: LoginMethod
    second_factor: bool
    second_factor_required: bool
    recovery_codes_left: int
    password_set_at: Moment | None
    min_length: int
    """Characters that a password needs."""


class EnrolmentOut(Schema):
    """What the authenticator has to learn. It counts once a code of it was shown."""

    secret: Annotated[str, Field(examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"])]
    uri: Annotated[str, Field(examples=["otpauth://totp/County%20Reading:li?secret=JBSWY3DPEHPK3PXP"])]
    svg: Annotated[str, Field(examples=["<svg xmlns='http://www.w3.org/2000/svg'/>"])]
    """The URI as a QR code."""


class RecoveryCodes(Schema):
    """Each stands in for the authenticator once; they are not shown again."""

    recovery_codes: Annotated[list[str], Field(examples=[["k7ab-q2rs-pm3x-77ya"]])]


class Enrolled(RecoveryCodes):
    """The second factor counts; the session goes on under a new token."""

    session: NewSession


class OpenSession(Schema):
    """A session of mine. `agent` is what the browser calls itself."""

    id: int
    created_at: Moment
    last_active_at: Moment | None
    expires_at: Moment
    address: Annotated[str, Field(examples=["10.16.0.12"])]
    agent: Annotated[str, Field(examples=["Mozilla/5.0 (Windows NT 10.0; Win64; x64)"])]
    method: LoginMethod
    masked: bool
    current: bool
    """Whether it is the one that asks."""


class OpenSessions(Schema):
    """All of them, the latest first."""

    items: list[OpenSession]
