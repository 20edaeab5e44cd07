"""The county's chapter HANGING: protocols as data, the first that fits an exam is the one it opens with.

The viewer chooses (viewer_api/web/src/viewer/hanging): it knows the series, their views, and which priors there are.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from reading_queue.hanging.shipped import SHIPPED
from reading_queue.rule_shapes import Shape, read_shape
from reading_queue.rulebook import Chapter
from storage.domain.errors import InvalidField
from storage.domain.rulebook import RuleKind

LAYOUTS: Mapping[str, int] = {"1x1": 1, "1x2": 2, "2x1": 2, "2x2": 4, "2x3": 6, "3x3": 9}
"""Rows and columns, and how many cells that makes."""

_Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class Window(Shape):
    """Width and centre in the units of the modality."""

    width: Annotated[float, Field(ge=1, le=100_000)]
    center: Annotated[float, Field(ge=-100_000, le=100_000)]


class HangingCell(Shape):
    """What goes into a cell: an image of that view and side, a series with those words or that number, or the next that is left.

    `series` counts the series with images from 0. `plane` is cut out of it, or else of the series with the most images.
    """

    source: Literal["current", "prior"] = "current"
    series: Annotated[int, Field(ge=0, le=99)] | None = None
    view: Annotated[str, Field(max_length=16)] = ""
    laterality: Literal["", "L", "R"] = ""
    words: Annotated[tuple[_Word, ...], Field(max_length=20)] = ()
    plane: Literal["axial", "coronal", "sagittal"] | None = None
    window: Window | None = None


class HangingStep(Shape):
    """A layout with its cells in rows from the left; cells that are not named take what is left."""

    layout: Literal["1x1", "1x2", "2x1", "2x2", "2x3", "3x3"]
    cells: Annotated[tuple[HangingCell, ...], Field(max_length=9)] = ()


class Condition(Shape):
    """Which exams it is for; what is left out is not asked. `words` are looked for in body part and descriptions.

    `views` must all be there; `least` and `most` count pictures of projections and ultrasound, else series.
    """

    modalities: Annotated[tuple[_Word, ...], Field(max_length=20)] = ()
    words: Annotated[tuple[_Word, ...], Field(max_length=40)] = ()
    views: Annotated[tuple[_Word, ...], Field(max_length=9)] = ()
    laterality: Literal["", "L", "R"] = ""
    least: Annotated[int, Field(ge=0, le=999)] = 0
    most: Annotated[int, Field(ge=1, le=999)] | None = None
    prior: bool | None = None


class Protocol(Shape):
    """A protocol; a key on the reading page goes on to its next step, and then to the next protocol that fits."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]{1,40}$")]
    zh: _Name
    en: _Name
    when: Condition = Condition()
    steps: Annotated[tuple[HangingStep, ...], Field(min_length=1, max_length=9)]


class _Content(Shape):
    protocols: Annotated[tuple[Protocol, ...], Field(max_length=200)]


def read_step(raw: Mapping[str, Any]) -> HangingStep:
    """Raise `InvalidField` naming what is wrong."""
    step = read_shape(HangingStep, raw)
    if len(step.cells) > LAYOUTS[step.layout]:
        raise InvalidField("cells", f"names more cells than {step.layout} has.")
    return step


def parse(content: Mapping[str, Any]) -> tuple[Protocol, ...]:
    """Raise `InvalidField` naming what is wrong."""
    protocols = read_shape(_Content, content).protocols
    keys = [protocol.key for protocol in protocols]
    for number, protocol in enumerate(protocols):
        if keys.index(protocol.key) != number:
            raise InvalidField(f"protocols.{number}.key", "is used twice.")
        for place, step in enumerate(protocol.steps):
            if len(step.cells) > LAYOUTS[step.layout]:
                raise InvalidField(
                    f"protocols.{number}.steps.{place}.cells", f"names more cells than {step.layout} has."
                )
    return protocols


HANGING: Chapter[tuple[Protocol, ...]] = Chapter(RuleKind.HANGING, SHIPPED, parse)
