"""Spans of time: pairs of a beginning and an end, the end not included."""

from collections.abc import Iterable
from datetime import datetime

Span = tuple[datetime, datetime]


def overlap(one: Span, other: Span) -> bool:
    """Whether they have any moment in common."""
    return one[0] < other[1] and other[0] < one[1]


def clipped(spans: Iterable[Span], first: datetime, last: datetime) -> list[Span]:
    """What of the spans lies between the two moments."""
    cut = ((max(starts, first), min(ends, last)) for starts, ends in spans)
    return [span for span in cut if span[0] < span[1]]


def without(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """What is left of the spans when every hole has been cut out of them; spans that touch become one."""
    left = joined(spans)
    for starts, ends in joined(holes):
        left = [
            piece
            for span in left
            for piece in ((span[0], min(span[1], starts)), (max(span[0], ends), span[1]))
            if piece[0] < piece[1]
        ]
    return left


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same moments as spans apart from each other, in order."""
    whole: list[Span] = []
    for starts, ends in sorted(spans):
        if whole and starts <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], ends))
        elif starts < ends:
            whole.append((starts, ends))
    return whole
