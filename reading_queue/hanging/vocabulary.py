"""What hanging protocols may say: one vocabulary for the county's chapter, readers' own rules, and the viewer that hangs by them.

Views are DICOM View Position codes (PS3.3 C.8.11.5, C.8.1.1), planes those that the orientation of an image (0020,0037) lies in.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from reading_queue.rule_shapes import Shape

LAYOUTS: Mapping[str, int] = {f"{rows}x{columns}": rows * columns for rows in range(1, 4) for columns in range(1, 4)}
"""Rows and columns, and how many cells that makes."""

MOST_PROTOCOLS = 200

_Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
_NameBeside = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
_Code = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z0-9 _]{1,16}$")]
_CodeOrNone = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z0-9 _]{0,16}$")]
_Plane = Literal["axial", "coronal", "sagittal"]
_Side = Literal["", "L", "R"]
_Words = Annotated[tuple[_Word, ...], Field(max_length=40)]


class Window(Shape):
    """Width and centre in the units of the modality."""

    width: Annotated[float, Field(ge=1, le=100_000)]
    center: Annotated[float, Field(ge=-100_000, le=100_000)]


class HangingCell(Shape):
    """What goes into a cell; what is left out is not asked, and a cell for which nothing fits takes the next that is left.

    Modality, side and orientation must be as said; of view and words one must be found. Of all that fit `phase` takes the
    first, second, ... in the order in which they were taken. `series` counts the series with images from 0. `prior` counts
    earlier studies of the same kind, 1 for the latest. `plane` is cut out of the series, or else out of that with the most
    images. Cells of one `group` scroll together, and with others not.
    """

    source: Literal["current", "prior"] = "current"
    prior: Annotated[int, Field(ge=1, le=9)] = 1
    modality: _CodeOrNone = ""
    series: Annotated[int, Field(ge=0, le=99)] | None = None
    view: _CodeOrNone = ""
    laterality: _Side = ""
    orientation: Literal["", "axial", "coronal", "sagittal"] = ""
    words: _Words = ()
    phase: Annotated[int, Field(ge=1, le=99)] | None = None
    plane: _Plane | None = None
    window: Window | None = None
    group: Literal["", "A", "B", "C", "D"] = ""


class HangingStep(Shape):
    """A layout with its cells in rows from the left; cells that are not named take what is left."""

    layout: Literal["1x1", "1x2", "1x3", "2x1", "2x2", "2x3", "3x1", "3x2", "3x3"]
    cells: Annotated[tuple[HangingCell, ...], Field(max_length=9)] = ()


class Condition(Shape):
    """Which exams it is for; what is left out is not asked.

    One of `body_parts` must be that of the study or of a series, one of `words` be in body part or descriptions; `views`
    must all be there; `least` and `most` count pictures of projections and ultrasound, else series.
    """

    modalities: Annotated[tuple[_Code, ...], Field(max_length=20)] = ()
    body_parts: _Words = ()
    words: _Words = ()
    views: Annotated[tuple[_Code, ...], Field(max_length=9)] = ()
    laterality: _Side = ""
    least: Annotated[int, Field(ge=0, le=999)] = 0
    most: Annotated[int, Field(ge=1, le=999)] | None = None
    prior: bool | None = None


class Protocol(Shape):
    """A rule; a key on the reading page goes on to its next step, and then to the next rule that fits.

    A reader's rule with the `key` of one of the county's stands in its place.
    """

    key: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]{1,40}$")]
    zh: _Name
    en: _NameBeside = ""
    when: Condition = Condition()
    steps: Annotated[tuple[HangingStep, ...], Field(min_length=1, max_length=9)]


class Protocols(Shape):
    """Rules in the order in which they are asked whether they fit."""

    protocols: Annotated[tuple[Protocol, ...], Field(max_length=MOST_PROTOCOLS)]
