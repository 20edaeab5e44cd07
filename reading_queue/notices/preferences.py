"""What a person wants of the notices that would reach him outside the application. What is URGENT always comes."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from reading_queue.notices.rules import QuietHours
from reading_queue.rule_shapes import Shape, read_shape
from storage.db.models import User
from storage.domain.errors import InvalidField
from storage.domain.notices import Channel

_Pattern = Annotated[str, Field(min_length=1, max_length=64)]
_EMAIL = re.compile(r"[^@\s<>\",;]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_MOBILE = re.compile(r"\+?\d{5,20}")


class Preferences(Shape):
    """Channels that are off, kinds that are not wanted (patterns), and quiet hours instead of the county's."""

    off: tuple[Channel, ...] = ()
    muted: Annotated[tuple[_Pattern, ...], Field(max_length=100)] = ()
    quiet_hours: QuietHours | None = None


def preferences_of(user: User) -> Preferences:
    """His own, or none."""
    return read_shape(Preferences, user.notice_preferences or {})


def keep_preferences(user: User, content: Mapping[str, Any]) -> None:
    """Raise `InvalidField` for what makes no sense."""
    user.notice_preferences = read_shape(Preferences, content).model_dump(mode="json")


def reach(user: User, *, email: str | None = None, mobile: str | None = None) -> None:
    """Where he is reached from now on; empty for nowhere, None for no change. Raises `InvalidField`."""
    if email is not None:
        user.email = _checked(_EMAIL, "email", email.strip(), "must be one address, such as name@example.org.")
    if mobile is not None:
        digits = re.sub(r"[\s()-]", "", mobile)
        user.mobile = _checked(_MOBILE, "mobile", digits, "must be 5 to 20 digits, with or without a + in front.")


def _checked(pattern: re.Pattern[str], field: str, value: str, advice: str) -> str:
    if value and not pattern.fullmatch(value):
        raise InvalidField(field, advice)
    return value
