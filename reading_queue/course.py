"""How long the steps around a reading may take, beside the two clocks: the county's chapter COURSE."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import timedelta
from typing import Any

from reading_queue.rulebook import Chapter
from storage.domain.errors import Invalid
from storage.domain.rulebook import RuleKind

_A_YEAR = 366 * 24 * 60


@dataclass(frozen=True)
class Course:
    """Minutes, but for `draft_versions`.

    An asked hospital is reminded every `consult_remind` and given up after `consult_expire`; a case that is to be matched
    is called to mind every `hold_remind`; a delivered one is closed `close_after` its receipt. `return_accept` is how long a
    case that came back from a consultation stays in the hand of the one who asked. The last `draft_versions` texts of a
    draft are kept. Somebody has to accept a patient who was sent on within `referral_answer`, and the clinic has to know
    what came of it within `referral_end`; editions of before are without both.
    """

    consult_remind: float
    consult_expire: float
    return_accept: float
    hold_remind: float
    close_after: float
    draft_versions: int
    referral_answer: float = 2 * 60
    referral_end: float = 48 * 60

    def span(self, name: str) -> timedelta:
        """That length of time."""
        return timedelta(minutes=float(getattr(self, name)))


def parse(content: Mapping[str, Any]) -> Course:
    """Raise `Invalid` naming what is wrong."""
    values = {}
    for one in fields(Course):
        told = content.get(one.name, None if one.default is MISSING else one.default)
        if isinstance(told, bool) or not isinstance(told, int | float) or not 0 < told <= _A_YEAR:
            raise Invalid(f"{one.name} must be a number above zero, and no more than {_A_YEAR}.")
        values[one.name] = told
    unknown = sorted(set(content) - set(values))
    if unknown:
        raise Invalid(f"{unknown[0]} is not known.")
    versions = int(values.pop("draft_versions"))
    return Course(**values, draft_versions=versions)


COURSE: Chapter[Course] = Chapter(
    RuleKind.COURSE,
    {
        "consult_remind": 30,
        "consult_expire": 24 * 60,
        "return_accept": 10,
        "hold_remind": 120,
        "close_after": 24 * 60,
        "draft_versions": 20,
        "referral_answer": 2 * 60,
        "referral_end": 48 * 60,
    },
    parse,
)
