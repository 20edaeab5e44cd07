"""The county's chapter RESULTS: when a result that nobody fetched is spoken of, and how long a silent system is called."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic import Field

from reading_queue.rule_shapes import Shape, read_shape
from reading_queue.rulebook import Chapter
from storage.domain.reading import Priority
from storage.domain.rulebook import RuleKind


class _Hours(Shape):
    P0: float = Field(gt=0, le=720)
    P1: float = Field(gt=0, le=720)
    P2: float = Field(gt=0, le=720)
    P3: float = Field(gt=0, le=720)


class ResultRules(Shape):
    """Hours after which the clinic is told that a result has no receipt, by priority, and again each `repeat_hours`.

    From the `manager_from`th time on the county's manager is told too, and after `most_times` nobody any more. A system
    that refuses every call for `call_days` is called no more until somebody says so; its log is kept for `log_days`.
    """

    unfetched_hours: _Hours
    repeat_hours: float = Field(gt=0, le=720)
    manager_from: int = Field(ge=1, le=20)
    most_times: int = Field(ge=0, le=20)
    call_days: float = Field(gt=0, le=60)
    log_days: int = Field(ge=1, le=3650)

    def first_after(self, priority: str) -> timedelta:
        """How long a result of that priority may lie."""
        return timedelta(hours=getattr(self.unfetched_hours, Priority(priority)))


def _parse(content: Mapping[str, Any]) -> ResultRules:
    return read_shape(ResultRules, content)


RESULTS: Chapter[ResultRules] = Chapter(
    RuleKind.RESULTS,
    {
        "unfetched_hours": {"P0": 1, "P1": 4, "P2": 24, "P3": 72},
        "repeat_hours": 24,
        "manager_from": 2,
        "most_times": 5,
        "call_days": 5,
        "log_days": 90,
    },
    _parse,
)
