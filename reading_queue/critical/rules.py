"""The county's rules for critical values: which lists hold, when the next one is told, and who that is.

The limits are those of the steps: 10 minutes from the confirmation to the notification (RQI-RCV-04, US-CV-01), 5 minutes to
the acknowledgement and then the telephone, 10 minutes the head of the clinic and the duty line, after 30 and 60 minutes, 2 and
24 hours the posts above; treatment reported within 30 minutes for P0 and P1, 60 for the others; closed within 24 hours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from reading_queue.critical.lists import Finding, FindingList, findings_for, named_in, parse_list, require_known
from reading_queue.critical.shipped import SHIPPED_LISTS
from reading_queue.rulebook import Chapter
from storage.domain.critical import ENDED, UNLISTED, Basis, CaseState
from storage.domain.errors import Invalid
from storage.domain.reading import Priority, Role
from storage.domain.rulebook import RuleKind

CLINIC, CLINIC_HEAD, PHYSICIAN, DUTY_LINE = "clinic", "clinic_head", "physician", "duty_line"
COMPUTED_POSTS = (CLINIC, CLINIC_HEAD, PHYSICIAN, DUTY_LINE)
"""The requesting clinic's people, their head, who confirmed the value, and whoever is on duty: found for each case."""

_LONGEST_MINUTES = 7 * 24 * 60
_URGENT = frozenset({Priority.P0, Priority.P1})


@dataclass(frozen=True)
class LadderStep:
    """Tell `posts` when a case has been in `state` for `minutes`; for P0 and P1 for `urgent_minutes`."""

    name: str
    state: CaseState
    minutes: float
    urgent_minutes: float
    posts: tuple[str, ...]

    def after(self, priority: str) -> timedelta:
        return timedelta(minutes=self.urgent_minutes if priority in _URGENT else self.minutes)


@dataclass(frozen=True)
class Post:
    """A named post: users by name, everybody of the centre with one of `roles`, and a telephone."""

    name: str
    name_en: str
    users: tuple[str, ...]
    roles: frozenset[Role]
    phone: str


@dataclass(frozen=True)
class CriticalRules:
    """The chapter, read. `clinic_heads` are by the clinic's code."""

    steps: tuple[LadderStep, ...]
    posts: Mapping[str, Post]
    clinic_heads: Mapping[str, Post]
    lists: tuple[FindingList, ...]
    tell_clinic_at_once: bool

    def ladder(self, state: CaseState, priority: str) -> list[LadderStep]:
        """The steps of a state, the first first."""
        return sorted((one for one in self.steps if one.state == state), key=lambda one: one.after(priority))

    def limit(self, state: CaseState, priority: str, since: datetime) -> datetime | None:
        """When the state ought to be left: its first step."""
        return self.step_at(state, priority, since, 0)

    def step_at(self, state: CaseState, priority: str, since: datetime, told: int) -> datetime | None:
        """When the step after `told` steps is due; None at the end of the ladder."""
        ladder = self.ladder(state, priority)
        return since + ladder[told].after(priority) if told < len(ladder) else None

    def finding(self, modality: str, code: str) -> tuple[FindingList | None, Finding]:
        """The finding with this code in the county's lists for the modality. Raises `Invalid`."""
        if code == UNLISTED:
            return None, _OTHER
        for one, finding in findings_for(self.lists, modality):
            if finding.code == code:
                return one, finding
        raise Invalid(f"The county's lists of critical values have no {code} for {modality}.")

    def finding_in(self, modality: str, words: str) -> tuple[FindingList | None, Finding]:
        """The finding that these words name, else the one without a list."""
        return named_in(self.lists, modality, words) or (None, _OTHER)

    def basis(self, modality: str) -> Basis:
        """What the ten minutes of this modality count from."""
        found = [one.basis for one in self.lists if modality in one.modalities]
        return found[0] if found else Basis.DISCOVERED


_OTHER = Finding(UNLISTED, "其他危急值", "Other critical finding", "")


def parse_rules(content: Mapping[str, Any]) -> CriticalRules:
    """The chapter out of JSON. Raises `Invalid` naming what is wrong."""
    try:
        require_known(content, *SHIPPED_RULES)
        posts = {str(key): _post(one) for key, one in content["posts"].items()}
        rules = CriticalRules(
            steps=tuple(_step(one) for one in content["steps"]),
            posts=posts,
            clinic_heads={str(code): _post(one) for code, one in content.get("clinic_heads", {}).items()},
            lists=_chosen(content["lists"], [parse_list(one) for one in content.get("own_lists", ())]),
            tell_clinic_at_once=_flag(content, "tell_clinic_at_once"),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Invalid(f"The rules for critical values cannot be read: {error}.") from error
    _require_whole(rules)
    return rules


def _flag(content: Mapping[str, Any], name: str) -> bool:
    value = content.get(name, True)
    if not isinstance(value, bool):
        raise Invalid(f"{name} is true or false.")
    return value


def _step(content: Mapping[str, Any]) -> LadderStep:
    require_known(content, "name", "state", "minutes", "urgent_minutes", "posts")
    minutes = float(content["minutes"])
    return LadderStep(
        name=str(content["name"]),
        state=CaseState(content["state"]),
        minutes=minutes,
        urgent_minutes=float(content.get("urgent_minutes", minutes)),
        posts=tuple(map(str, content["posts"])),
    )


def _post(content: Mapping[str, Any]) -> Post:
    require_known(content, "name", "name_en", "users", "roles", "phone")
    return Post(
        name=str(content.get("name", "")),
        name_en=str(content.get("name_en", "")),
        users=tuple(map(str, content.get("users", ()))),
        roles=frozenset(Role(one) for one in content.get("roles", ())),
        phone=str(content.get("phone", "")),
    )


def _chosen(keys: Sequence[Any], own: Sequence[FindingList]) -> tuple[FindingList, ...]:
    lists = {**SHIPPED_LISTS, **{one.key: one for one in own}}
    unknown = [str(key) for key in keys if key not in lists]
    if unknown:
        raise Invalid(f"There is no list of critical values named {', '.join(unknown)}.")
    return (*own, *(lists[key] for key in keys if lists[key] not in own))


def _require_whole(rules: CriticalRules) -> None:
    known = {*rules.posts, *COMPUTED_POSTS}
    for step in rules.steps:
        if not all(0 < minutes <= _LONGEST_MINUTES for minutes in (step.minutes, step.urgent_minutes)):
            raise Invalid(f"The step {step.name} needs minutes above nought, and within a week.")
        if not step.posts or not known.issuperset(step.posts):
            raise Invalid(f"The step {step.name} tells a post that is not among {', '.join(sorted(known))}.")
    silent = [state for state in CaseState if state not in ENDED and not rules.ladder(state, Priority.P2)]
    if silent:
        raise Invalid(f"Nobody would be told of a case that stays {silent[0]}: give that state a step.")


def _ladder(state: str, *steps: tuple[str, float, Sequence[str]]) -> list[dict[str, Any]]:
    return [{"name": name, "state": state, "minutes": minutes, "posts": list(posts)} for name, minutes, posts in steps]


_AT_THE_CLINIC = (CLINIC, CLINIC_HEAD, DUTY_LINE)
_ABOVE: tuple[tuple[str, float, Sequence[str]], ...] = (
    ("department_head", 30, ["department_head", DUTY_LINE]),
    ("medical_affairs", 60, ["medical_affairs"]),
    ("vice_president", 120, ["vice_president"]),
    ("president", 1440, ["president"]),
)

SHIPPED_RULES: Mapping[str, Any] = {
    "tell_clinic_at_once": True,
    "steps": [
        *_ladder("suspected", ("duty_line", 10, [DUTY_LINE]), *_ABOVE[:2]),
        *_ladder("confirmed", ("duty_line", 10, [PHYSICIAN, DUTY_LINE]), *_ABOVE),
        *_ladder("notified", ("phone", 5, [PHYSICIAN, DUTY_LINE]), ("clinic_head", 10, _AT_THE_CLINIC), *_ABOVE),
        {"name": "feed_back", "state": "acked", "minutes": 60, "urgent_minutes": 30, "posts": [CLINIC, CLINIC_HEAD]},
        *_ladder("acked", ("department_head", 120, ["department_head", PHYSICIAN])),
        *_ladder("treated", ("close", 1440, [PHYSICIAN, "medical_affairs"])),
    ],
    "posts": {
        "duty_line": {"name": "值班电话", "name_en": "Duty line"},
        "department_head": {"name": "科主任", "name_en": "Head of department", "roles": ["auditor"]},
        "medical_affairs": {"name": "医务科", "name_en": "Medical affairs", "roles": ["manager"]},
        "vice_president": {"name": "分管副院长", "name_en": "Vice president", "roles": ["manager"]},
        "president": {"name": "院长", "name_en": "President", "roles": ["manager", "admin"]},
    },
    "clinic_heads": {},
    "lists": ["imaging-national", "imaging-hospitals", "ultrasound-national", "ecg-zhejiang", "ecg-holter"],
    "own_lists": [],
}

CRITICAL_VALUES: Chapter[CriticalRules] = Chapter(RuleKind.CRITICAL_VALUES, SHIPPED_RULES, parse_rules)
