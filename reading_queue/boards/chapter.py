"""The county's chapter BOARDS: what the manager's board counts, and how long a link to a wall screen may live."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, model_validator

from reading_queue.rule_shapes import Shape, read_shape
from reading_queue.rulebook import Chapter
from storage.domain.rulebook import RuleKind

Target = Annotated[float, Field(ge=0, le=100)]
Minutes = Annotated[int, Field(ge=1, le=7 * 24 * 60)]


class BoardRules(Shape):
    """`due_minutes`: the steps by which what is due is counted. A device that has been silent for `silent_hours` is named.

    A wall screen asks anew every `wall_seconds`, and its link lives `wall_days` at most. `targets` are what the county holds
    itself to, in percent by the code of a national indicator; those of images and of writing are in the chapter QUALITY.
    """

    due_minutes: tuple[Minutes, ...] = Field(min_length=1, max_length=6)
    silent_hours: float = Field(gt=0, le=31 * 24)
    wall_seconds: int = Field(ge=5, le=600)
    wall_days: int = Field(ge=1, le=1100)
    targets: dict[str, Target] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _upwards(self) -> "BoardRules":
        if list(self.due_minutes) != sorted(set(self.due_minutes)):
            message = "due_minutes must grow"
            raise ValueError(message)
        return self


def _parse(content: Mapping[str, Any]) -> BoardRules:
    return read_shape(BoardRules, content)


BOARDS: Chapter[BoardRules] = Chapter(
    RuleKind.BOARDS,
    {
        "due_minutes": [10, 30, 60],
        "silent_hours": 24,
        "wall_seconds": 15,
        "wall_days": 400,
        "targets": {"RQI-RRC-02": 95, "RQI-RCV-04": 100, "US-CV-01": 100},
    },
    _parse,
)
