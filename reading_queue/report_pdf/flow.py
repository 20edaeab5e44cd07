"""Lines of running text, and how they are dealt out over pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reading_queue.report_pdf.sheet import Style


@dataclass(frozen=True)
class Line:
    """One line across the page; heights and `spacing` (beside Chinese characters) in points.

    `indent` is from the left margin, `tag` is a framed word at the right end, `band` marks a line of a notice.
    """

    text: str
    style: Style
    space_before: float = 0.0
    spacing: float = 0.0
    indent: float = 0.0
    tag: str = ""
    band: bool = False
    keep_with_next: bool = False

    @property
    def height(self) -> float:
        return self.space_before + self.style.leading


def paginate(lines: Sequence[Line], first: float, following: float, tail: float) -> list[list[Line]]:
    """Deal `lines` out over pages with `first` and then `following` points of room; at least one page.

    Lines kept with the next one stay on its page. `tail` is room needed below the last line, on the same page.
    """
    pages: list[list[Line]] = [[]]
    room = first
    groups = list(_groups(lines))
    for number, group in enumerate(groups, start=1):
        needed = sum(line.height for line in group) + (tail if number == len(groups) else 0.0)
        if needed > room and (pages[-1] or room < following):
            pages.append([])
            room = following
        pages[-1].extend(group)
        room -= sum(line.height for line in group)
    return pages


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in lines:
        group.append(line)
        if not line.keep_with_next:
            yield group
            group = []
    if group:
        yield group


def baselines(lines: Sequence[Line], top: float) -> Iterator[tuple[Line, float]]:
    """Each line with the bottom of its own strip, counted down from `top`."""
    bottom = top
    for line in lines:
        bottom -= line.height
        yield line, bottom
