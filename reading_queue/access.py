"""Who gets in, and for how long: the county's chapter ACCESS."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from reading_queue.rule_shapes import Shape, read_shape
from reading_queue.rulebook import Chapter
from storage.domain.accounts import LockOut
from storage.domain.reading import Role
from storage.domain.rulebook import RuleKind

LEGAL_YEARS = 15
"""Out-patient records are kept for 15 years at least (医疗机构管理条例实施细则, article 53); their audit trail no shorter."""


class PasswordRules(Shape):
    """`remembered` is how many former passwords may not come back."""

    min_length: Annotated[int, Field(ge=8, le=64)]
    remembered: Annotated[int, Field(ge=0, le=24)]


class LockOutRules(Shape):
    """Wrong log-ins in a row that an account and an address may have; then the minutes of the first lock-out and the longest."""

    account_tries: Annotated[int, Field(ge=3, le=50)]
    address_tries: Annotated[int, Field(ge=10, le=10_000)]
    first_minutes: Annotated[float, Field(gt=0, le=60)]
    longest_minutes: Annotated[float, Field(gt=0, le=24 * 60)]

    def figures(self) -> LockOut:
        """As the log-in counts them."""
        first, longest = timedelta(minutes=self.first_minutes), timedelta(minutes=self.longest_minutes)
        return LockOut(self.account_tries, self.address_tries, first, longest)


class SecondFactorRules(Shape):
    """Roles that must log in with a second factor; everybody else may."""

    roles: tuple[Role, ...]


class SessionRules(Shape):
    """Minutes without a hand at the computer after which a session ends, by role; a role that is missing has no such limit."""

    idle_minutes: Mapping[Role, Annotated[float, Field(gt=0, le=24 * 60)]]

    def idle(self, role: Role) -> timedelta | None:
        """After how long a session of this role ends by itself."""
        minutes = self.idle_minutes.get(role)
        return None if minutes is None else timedelta(minutes=minutes)


class GlassRules(Shape):
    """How long access in an emergency lasts."""

    minutes: Annotated[float, Field(ge=5, le=24 * 60)]


class ShareRules(Shape):
    """How long a link may live, and how long a browser that has shown it may look."""

    longest_hours: Annotated[float, Field(gt=0, le=24 * 30)]
    visit_minutes: Annotated[float, Field(ge=5, le=24 * 60)]
    passcode_required: bool


class KeyRules(Shape):
    """The longest life of an API key, and how long its forerunner still works after a rotation."""

    longest_days: Annotated[int, Field(ge=1, le=3650)]
    overlap_hours: Annotated[float, Field(ge=0, le=24 * 90)]


class AuditRules(Shape):
    """How long the audit trail is kept, and how often its head is written down outside the database."""

    keep_years: Annotated[int, Field(ge=LEGAL_YEARS, le=100)]
    anchor_minutes: Annotated[float, Field(ge=1, le=24 * 60)]


class AccessRules(Shape):
    """The chapter as a whole."""

    passwords: PasswordRules
    lock_out: LockOutRules
    second_factor: SecondFactorRules
    sessions: SessionRules
    emergency: GlassRules
    shares: ShareRules
    api_keys: KeyRules
    audit: AuditRules


def _parse(content: Mapping[str, Any]) -> AccessRules:
    return read_shape(AccessRules, content)


ACCESS: Chapter[AccessRules] = Chapter(
    RuleKind.ACCESS,
    {
        "passwords": {"min_length": 10, "remembered": 5},
        "lock_out": {"account_tries": 10, "address_tries": 100, "first_minutes": 5, "longest_minutes": 240},
        "second_factor": {"roles": []},
        "sessions": {
            "idle_minutes": {
                "clinic": 240,
                "radiologist": 120,
                "auditor": 120,
                "manager": 60,
                "regulator": 60,
                "admin": 30,
                "consultant": 60,
            }
        },
        "emergency": {"minutes": 60},
        "shares": {"longest_hours": 168, "visit_minutes": 60, "passcode_required": False},
        "api_keys": {"longest_days": 730, "overlap_hours": 72},
        "audit": {"keep_years": 30, "anchor_minutes": 60},
    },
    _parse,
)
