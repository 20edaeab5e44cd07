"""When a study is whole, as one table of rules: the first line that fits decides.

`python -m reading_queue.readiness` prints it as the Markdown table of `docs/workflow.md`. Nothing here knows a database.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.domain.readiness import ReadyReason, ReadyTimes, WaitingFor
from storage.domain.reading import Priority

URGENT = (Priority.P0, Priority.P1)

SERIES_MAKE_NO_EXAM = frozenset({"CT", "MR", "PT", "NM", "XA", "RF"})
"""Modalities whose examinations have several series: a localizer that is complete says nothing of the rest."""

_SHORTEST_LOOK, _LONGEST_LOOK = timedelta(seconds=1), timedelta(seconds=15)
_PATIENCE = 5
"""A study that has been quiet for so many seconds is looked at again after one more."""


@dataclass(frozen=True)
class Facts:
    """What is known of a study at one moment.

    :ivar receiving_since: when the first object came, or the first one since it was last whole
    :ivar is_coming: an association that brought some of it is open, and its process is alive
    :ivar released: the association that brought the newest object ended in order, and was not aborted or cut
    :ivar release_means_whole: its device sends every examination in one association
    :ivar device_idle: what its device has instead of the installation's idle time, in seconds
    :ivar images: objects that somebody reads; `count` are all objects, `unstored` those not in the object store
    :ivar listed: objects that were named, of which `unlisted` have not come
    :ivar lists_hold: something was named, all of it is there, and no image that is not named came after the last list
    :ivar announced: how many objects a sender is going to bring; `said_done` that one said it brought all
    :ivar stated: how many objects the study has as its own objects say, `series_stated` whether every series says so
    :ivar stated_missing: how many of those have not come
    """

    now: datetime
    receiving_since: datetime
    last_received_at: datetime
    priority: str = Priority.P2
    modality: str = ""
    is_coming: bool = False
    released: bool = False
    release_means_whole: bool = False
    device_idle: float | None = None
    images: int = 1
    count: int = 1
    unstored: int = 0
    listed: int = 0
    unlisted: int = 0
    lists_hold: bool = False
    announced: int = 0
    said_done: bool = False
    stated: int = 0
    series_stated: bool = False
    stated_missing: int = 0

    @property
    def missing(self) -> int:
        """How many objects are known to be missing. What objects say of themselves counts when the sender was cut off."""
        cut_off = 0 if self.released or self.is_coming else self.stated_missing
        return max(self.unlisted, self.announced - self.count, cut_off, 0)

    @property
    def expected(self) -> int | None:
        """Out of how many, when that is known."""
        known = max(self.listed, self.announced)
        return known or (self.count + self.missing if self.missing else None)

    @property
    def quiet(self) -> timedelta:
        return self.now - self.last_received_at

    @property
    def is_held(self) -> bool:
        """Not before it is at rest: nobody is bringing more, the store has it, and nothing is known to be missing."""
        return self.is_coming or self.unstored > 0 or self.missing > 0

    @property
    def has_stated_count(self) -> bool:
        """Its objects say how many there are, and so many are there."""
        says_all = self.stated > 0 or (self.series_stated and self.modality not in SERIES_MAKE_NO_EXAM)
        return says_all and self.stated_missing == 0

    def idle(self, times: ReadyTimes) -> timedelta:
        by_modality = times.idle_by_modality.get(self.modality, times.idle)
        return timedelta(seconds=by_modality if self.device_idle is None else self.device_idle)

    def limit(self, times: ReadyTimes) -> datetime:
        """When it is read in any case."""
        seconds = times.limit_urgent if self.priority in URGENT else times.limit
        return self.receiving_since + timedelta(seconds=seconds)


Condition = Callable[[Facts, ReadyTimes], bool]
NextLook = Callable[[Facts, ReadyTimes], datetime | None]


@dataclass(frozen=True)
class Rule:
    """One line of the table. `outcome` opens the study, or says what it waits for and when it is looked at again."""

    outcome: ReadyReason | WaitingFor
    when: str
    applies: Condition
    look: NextLook = lambda _facts, _times: None


@dataclass(frozen=True)
class Verdict:
    """What follows from the facts: one of `ready` and `waiting`. `look_at` None waits for something to come."""

    ready: ReadyReason | None
    waiting: WaitingFor | None
    look_at: datetime | None
    missing: int
    expected: int | None


def judge(facts: Facts, times: ReadyTimes) -> Verdict:
    """Whether the study is whole, and if not, why, and when to look again."""
    rule = next(rule for rule in RULES if rule.applies(facts, times))
    if isinstance(rule.outcome, ReadyReason):
        return Verdict(rule.outcome, None, None, facts.missing, facts.expected)
    return Verdict(None, rule.outcome, rule.look(facts, times), facts.missing, facts.expected)


def may_be_incomplete(ready_reason: str, missing: int) -> bool:
    """Whether whoever reads the study must be told that images may be lacking."""
    return ready_reason == ReadyReason.LIMIT or (ready_reason != "" and missing > 0)


def _soon(facts: Facts, times: ReadyTimes) -> datetime:
    """Something is to happen elsewhere, and we may not be told of it."""
    wait = min(max(facts.quiet / _PATIENCE, _SHORTEST_LOOK), _LONGEST_LOOK)
    return min(facts.now + wait, max(facts.limit(times), facts.now + _SHORTEST_LOOK))


def _at(moment: datetime, facts: Facts, times: ReadyTimes) -> datetime:
    return min(moment, facts.limit(times), facts.now + _LONGEST_LOOK)


def _when_idle(facts: Facts, times: ReadyTimes) -> datetime:
    return _at(facts.last_received_at + facts.idle(times), facts, times)


def _when_given_up(facts: Facts, times: ReadyTimes) -> datetime:
    return _at(facts.last_received_at + timedelta(seconds=times.missing), facts, times)


def _is_counted(facts: Facts) -> bool:
    return 0 < facts.announced <= facts.count or (facts.released and facts.has_stated_count)


def _is_over(facts: Facts) -> bool:
    return facts.said_done or (facts.released and facts.release_means_whole)


def _is_given_up(facts: Facts, times: ReadyTimes) -> bool:
    at_rest = not facts.is_coming and facts.unstored == 0
    return at_rest and facts.missing > 0 and _is_long_quiet(facts, times)


def _is_long_quiet(facts: Facts, times: ReadyTimes) -> bool:
    return facts.quiet >= timedelta(seconds=times.missing)


RULES: tuple[Rule, ...] = (
    Rule(
        WaitingFor.IMAGES,
        "It has nothing to read: only presentation states, key objects, dose reports and the like have come.",
        lambda f, _t: f.images == 0,
    ),
    Rule(
        ReadyReason.LISTED,
        "Its objects were named (MPPS completed, storage commitment requested, or announced by an edge station or an "
        "upload) and all of them are stored. An image that is not on any list and came after the last one is waited "
        "for as below.",
        lambda f, _t: not f.is_held and f.lists_hold,
    ),
    Rule(
        ReadyReason.COUNTED,
        "As many objects are stored as were announced; or the association was released and as many are stored as the "
        "objects say: Number of Study Related Instances (0020,1208), or for every series Number of Series Related "
        "Instances (0020,1209) or Images in Acquisition (0020,1002), these two not for "
        + ", ".join(sorted(SERIES_MAKE_NO_EXAM))
        + ".",
        lambda f, _t: not f.is_held and _is_counted(f),
    ),
    Rule(
        ReadyReason.RELEASED,
        "The sender said that it has no more; or the association was released and the device sends each examination in "
        "one association.",
        lambda f, _t: not f.is_held and _is_over(f),
    ),
    Rule(
        ReadyReason.IDLE,
        "Nothing new for the idle time of the device, else of the modality, else of the installation.",
        lambda f, t: not f.is_held and f.quiet >= f.idle(t),
    ),
    Rule(
        ReadyReason.MISSING,
        "Objects are known to be missing, and nothing new came for `COUNTYREAD_READY_MISSING` seconds. The study says "
        "how many are missing.",
        _is_given_up,
    ),
    Rule(
        ReadyReason.LIMIT_UNSTORED,
        "The limit has passed, and nothing is lacking but that the object store has not got all of it.",
        lambda f, t: not f.is_coming and f.missing == 0 and f.unstored > 0 and f.now >= f.limit(t),
    ),
    Rule(
        ReadyReason.LIMIT,
        "`COUNTYREAD_READY_LIMIT` seconds (P0 and P1: `COUNTYREAD_READY_LIMIT_URGENT`) after the first object, whatever "
        "happens. The study says that it may be incomplete.",
        lambda f, t: f.now >= f.limit(t),
    ),
    Rule(
        WaitingFor.ASSOCIATION,
        "A sender that brought some of it is still connected to a process that is alive.",
        lambda f, _t: f.is_coming,
        _soon,
    ),
    Rule(
        WaitingFor.MISSING,
        "Objects are known to be missing: not on their lists yet, fewer than announced, or fewer than they say "
        "themselves when the association was aborted or cut.",
        lambda f, t: f.missing > 0 and not _is_long_quiet(f, t),
        _when_given_up,
    ),
    Rule(WaitingFor.STORE, "Some of it is not in the object store yet.", lambda f, _t: f.unstored > 0, _soon),
    Rule(WaitingFor.IDLE, "More may come.", lambda _f, _t: True, _when_idle),
)
"""The first line that applies decides; the last always does."""


def markdown() -> str:
    """The rules as a Markdown table, for people."""
    lines = ["| | when | then |", "|---|---|---|"]
    for number, rule in enumerate(RULES, 1):
        is_ready = isinstance(rule.outcome, ReadyReason)
        then = f"whole: `{rule.outcome}`" if is_ready else f"wait: `{rule.outcome}`"
        lines.append(f"| {number} | {rule.when} | {then} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(markdown())
