"""Which kind of notice leaves the house by which channel, and to whom: the county's chapter NOTICES."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta, tzinfo
from fnmatch import fnmatchcase
from typing import Annotated, Any

from pydantic import Field

from reading_queue.rule_shapes import Shape, read_shape
from reading_queue.rulebook import Chapter
from storage.domain.notices import Channel, Urgency
from storage.domain.reading import Role
from storage.domain.rulebook import RuleKind

_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"


class QuietHours(Shape):
    """Local times between which nobody is disturbed, over midnight when the second is the earlier one."""

    begins: Annotated[str, Field(pattern=_TIME)]
    ends: Annotated[str, Field(pattern=_TIME)]

    def over_at(self, moment: datetime, zone: tzinfo) -> datetime:
        """When the quiet hours that `moment` falls into end; `moment` itself outside them."""
        local = moment.astimezone(zone)
        begins, ends = time.fromisoformat(self.begins), time.fromisoformat(self.ends)
        now = local.time()
        within = begins <= now < ends if begins <= ends else now >= begins or now < ends
        if not within:
            return moment
        day = local.date() + timedelta(days=1) if now >= ends else local.date()
        return datetime.combine(day, ends, zone).astimezone(moment.tzinfo)


class Way(Shape):
    """For notices of these kinds (patterns such as "critical.*") and urgencies, told to these roles, or to everybody.

    `also` are roles of the county centre that are told besides.
    """

    kinds: Annotated[list[str], Field(min_length=1)]
    urgencies: tuple[Urgency, ...] = tuple(Urgency)
    roles: tuple[Role, ...] | None = None
    channels: tuple[Channel, ...]
    also: tuple[Role, ...] = ()

    def is_for(self, kind: str, urgency: str) -> bool:
        """Whether it speaks of this notice at all."""
        return urgency in self.urgencies and any(fnmatchcase(kind, pattern) for pattern in self.kinds)


class _Attempts(Shape):
    email: Annotated[int, Field(ge=1, le=100)]
    sms: Annotated[int, Field(ge=1, le=100)]
    webhook: Annotated[int, Field(ge=1, le=100)]


class NoticeRules(Shape):
    """`ways` are read from the top; the first that is for a notice and a role decides on that role's channels."""

    ways: list[Way]
    quiet_hours: QuietHours | None = None
    attempts: _Attempts

    def channels(self, kind: str, urgency: str, role: str) -> frozenset[Channel]:
        """By which a person with this role is told."""
        for way in self.ways:
            if way.is_for(kind, urgency) and (way.roles is None or role in way.roles):
                return frozenset(way.channels)
        return frozenset()

    def told_besides(self, kind: str, urgency: str) -> frozenset[Role]:
        """Who is told besides the audience."""
        return frozenset(role for way in self.ways if way.is_for(kind, urgency) for role in way.also)

    def max_attempts(self, channel: str) -> int:
        """After how many a delivery is given up."""
        return int(getattr(self.attempts, channel))


def matches(patterns: Sequence[str] | None, kind: str) -> bool:
    """Whether a kind is among the wanted ones; None wants all."""
    return patterns is None or any(fnmatchcase(kind, pattern) for pattern in patterns)


def _parse(content: Mapping[str, Any]) -> NoticeRules:
    return read_shape(NoticeRules, content)


NOTICES: Chapter[NoticeRules] = Chapter(
    RuleKind.NOTICES,
    {
        "ways": [
            {"kinds": ["notice.*"], "channels": []},
            {"kinds": ["*"], "urgencies": ["urgent"], "channels": ["sms", "email"]},
            {
                "kinds": ["*"],
                "urgencies": ["normal"],
                "roles": ["clinic", "consultant", "manager"],
                "channels": ["email"],
            },
        ],
        "quiet_hours": {"begins": "22:00", "ends": "07:00"},
        "attempts": {"email": 10, "sms": 6, "webhook": 15},
    },
    _parse,
)
