"""Every chapter of the county's rules, for what treats them alike: the list, the page, publishing, checking."""

from collections.abc import Mapping
from typing import Any

from reading_queue.access import ACCESS
from reading_queue.assignment.chapter import ASSIGNMENT
from reading_queue.boards.chapter import BOARDS
from reading_queue.course import COURSE
from reading_queue.critical.rules import CRITICAL_VALUES
from reading_queue.green_orders import GREEN_CHANNEL
from reading_queue.hanging.chapter import HANGING
from reading_queue.notices.rules import NOTICES
from reading_queue.ordering.chapter import ORDERS
from reading_queue.quality.chapter import QUALITY
from reading_queue.results.chapter import RESULTS
from reading_queue.rulebook import Chapter
from reading_queue.service_times import CALENDAR, SERVICE_TIMES
from reading_queue.settlement.chapter import SETTLEMENT
from reading_queue.signatures import SIGNATURES
from storage.domain.errors import NotFound
from storage.domain.rulebook import RuleKind

CHAPTERS: Mapping[RuleKind, Chapter[Any]] = {
    chapter.kind: chapter
    for chapter in (
        SERVICE_TIMES,
        CALENDAR,
        CRITICAL_VALUES,
        QUALITY,
        SIGNATURES,
        COURSE,
        NOTICES,
        ASSIGNMENT,
        ACCESS,
        GREEN_CHANNEL,
        RESULTS,
        ORDERS,
        SETTLEMENT,
        BOARDS,
        HANGING,
    )
}


def chapter_of(kind: RuleKind) -> Chapter[Any]:
    """The chapter of a kind. Raises `NotFound` for one that this release has no use for."""
    if kind not in CHAPTERS:
        raise NotFound(f"This release has no chapter {kind}.")
    return CHAPTERS[kind]
