"""The table of rules alone: facts in, verdict out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reading_queue.readiness import RULES, Facts, judge, markdown
from storage.domain.readiness import ReadyReason, ReadyTimes, WaitingFor
from storage.domain.reading import Priority

START = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
TIMES = ReadyTimes(idle=10, idle_by_modality={"US": 60}, missing=300, limit=1800, limit_urgent=240)
_DOCS = Path(__file__).parents[3] / "docs" / "workflow.md"
R, W = ReadyReason, WaitingFor


def _facts(quiet: float = 0, since: float = 0, **known: object) -> Facts:
    """A study whose first object came `since` seconds ago (at least `quiet`), the last one `quiet` seconds ago."""
    now = START + timedelta(hours=1)
    first = now - timedelta(seconds=max(since, quiet))
    facts = Facts(now=now, receiving_since=first, last_received_at=now - timedelta(seconds=quiet), count=40, images=40)
    return replace(facts, **known)


NAMED = {"listed": 40, "lists_hold": True}
LACKING = {"listed": 40, "unlisted": 3, "count": 37}

READY = {
    "named, all there, at once": (_facts(**NAMED), R.LISTED),
    "announced, all there, however the line ended": (_facts(announced=40), R.COUNTED),
    "more than announced": (_facts(announced=39), R.COUNTED),
    "released, as many as the study says": (_facts(released=True, stated=40), R.COUNTED),
    "released, every series as many as it says": (_facts(released=True, series_stated=True, modality="DX"), R.COUNTED),
    "released by a device that sends whole exams": (_facts(released=True, release_means_whole=True), R.RELEASED),
    "the sender says it is done": (_facts(said_done=True), R.RELEASED),
    "idle": (_facts(quiet=10), R.IDLE),
    "idle for its modality": (_facts(quiet=60, modality="US"), R.IDLE),
    "idle for its device": (_facts(quiet=3, modality="US", device_idle=3), R.IDLE),
    "idle, and says that it has more, but was released": (_facts(quiet=10, released=True, stated_missing=3), R.IDLE),
    "images after the list, idle": (_facts(quiet=10, listed=39), R.IDLE),
    "missing for long": (_facts(quiet=300, **LACKING), R.MISSING),
    "cut off, and missing for long": (_facts(quiet=300, stated_missing=3), R.MISSING),
    "the limit, while it is coming": (_facts(since=1800, is_coming=True), R.LIMIT),
    "the limit, while some are missing": (_facts(since=1800, **LACKING), R.LIMIT),
    "an emergency's limit": (_facts(since=240, priority=Priority.P1, is_coming=True), R.LIMIT),
    "the limit, with a dead object store": (_facts(quiet=1800, unstored=40), R.LIMIT_UNSTORED),
    "the limit, with a dead object store and missing": (_facts(since=1800, unstored=40, **LACKING), R.LIMIT),
    "whole although looked at late": (_facts(quiet=9999, **NAMED), R.LISTED),
}

WAITING = {
    "nothing to read": (_facts(quiet=9999, images=0), W.IMAGES),
    "named and there, but more is coming": (_facts(is_coming=True, **NAMED), W.ASSOCIATION),
    "coming for long": (_facts(quiet=1700, is_coming=True), W.ASSOCIATION),
    "named and there, but not stored": (_facts(quiet=100, unstored=1, **NAMED), W.STORE),
    "named, and some missing": (_facts(quiet=299, **LACKING), W.MISSING),
    "missing for long, and what came is not stored": (_facts(quiet=300, unstored=1, **LACKING), W.STORE),
    "fewer than announced, although released": (_facts(quiet=60, released=True, announced=41), W.MISSING),
    "a device of whole exams, but its list says more": (
        _facts(quiet=60, released=True, release_means_whole=True, **LACKING),
        W.MISSING,
    ),
    "aborted with fewer than it says": (_facts(quiet=60, stated_missing=3), W.MISSING),
    "aborted by a device that sends whole exams": (_facts(release_means_whole=True), W.IDLE),
    "aborted with as many as the study says": (_facts(stated=40), W.IDLE),
    "a localizer that is complete": (_facts(released=True, series_stated=True, modality="CT"), W.IDLE),
    "a series that says less than there is to come": (_facts(released=True, stated_missing=2, stated=42), W.IDLE),
    "not idle yet": (_facts(quiet=9), W.IDLE),
    "not idle yet for its modality": (_facts(quiet=59, modality="US"), W.IDLE),
    "not idle yet for its device": (_facts(quiet=599, device_idle=600), W.IDLE),
    "an image that came after the list": (_facts(listed=39), W.IDLE),
    "routine does not have an emergency's limit": (_facts(since=1700, quiet=5, is_coming=True), W.ASSOCIATION),
}


@pytest.mark.parametrize("facts, reason", READY.values(), ids=READY)
def test_whole(facts: Facts, reason: ReadyReason):
    verdict = judge(facts, TIMES)
    assert (verdict.ready, verdict.waiting, verdict.look_at) == (reason, None, None)


@pytest.mark.parametrize("facts, waiting", WAITING.values(), ids=WAITING)
def test_not_whole(facts: Facts, waiting: WaitingFor):
    verdict = judge(facts, TIMES)
    assert (verdict.ready, verdict.waiting) == (None, waiting)


def test_every_rule_is_tried():
    tried = {
        judge(facts, TIMES).ready or judge(facts, TIMES).waiting for facts, _ in (*READY.values(), *WAITING.values())
    }
    assert tried == {rule.outcome for rule in RULES}


def test_it_says_how_many_are_missing_of_how_many():
    verdict = judge(_facts(**LACKING), TIMES)
    assert (verdict.missing, verdict.expected) == (3, 40)
    verdict = judge(_facts(announced=50), TIMES)
    assert (verdict.missing, verdict.expected) == (10, 50)
    verdict = judge(_facts(stated_missing=5), TIMES)
    assert (verdict.missing, verdict.expected) == (5, 45)
    assert judge(_facts(), TIMES).expected is None


_FACTS = st.builds(
    Facts,
    now=st.just(START + timedelta(hours=1)),
    receiving_since=st.integers(0, 3600).map(lambda s: START + timedelta(seconds=s)),
    last_received_at=st.integers(0, 3600).map(lambda s: START + timedelta(seconds=s)),
    priority=st.sampled_from(Priority),
    modality=st.sampled_from(["CT", "DX", "US", ""]),
    is_coming=st.booleans(),
    released=st.booleans(),
    release_means_whole=st.booleans(),
    device_idle=st.none() | st.floats(0, 3600),
    images=st.integers(0, 5),
    count=st.integers(1, 50),
    unstored=st.integers(0, 5),
    listed=st.integers(0, 50),
    unlisted=st.integers(0, 5),
    announced=st.integers(0, 60),
    stated=st.integers(0, 60),
    series_stated=st.booleans(),
    stated_missing=st.integers(0, 5),
)


@settings(max_examples=300)
@given(_FACTS)
def test_a_study_with_images_is_always_looked_at_again_until_it_is_whole(facts: Facts):
    verdict = judge(facts, TIMES)
    assert (verdict.ready is None) != (verdict.waiting is None)
    if facts.images and verdict.waiting is not None:
        assert verdict.look_at is not None
        assert facts.now < verdict.look_at <= facts.now + timedelta(seconds=15)
        assert facts.now < facts.limit(TIMES)


@settings(max_examples=300)
@given(_FACTS)
def test_what_is_known_to_be_missing_is_opened_with_a_mark_alone(facts: Facts):
    verdict = judge(facts, TIMES)
    if verdict.missing and verdict.ready is not None:
        assert verdict.ready in (R.MISSING, R.LIMIT)


def test_the_documentation_has_this_table():
    text = _DOCS.read_text(encoding="utf-8")
    assert markdown() in text, "run python -m reading_queue.readiness and put its output into docs/workflow.md"
