"""A sheet of A4 to write on: text in the two weights, rules, boxes. Points, from the lower left corner."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any
from unicodedata import east_asian_width

from reportlab.lib.pagesizes import A4

from reading_queue.report_pdf.fonts import Fonts, ReportFont
from reading_queue.report_pdf.line_breaking import wrap

WIDTH, HEIGHT = A4
LEFT, RIGHT = 48.0, WIDTH - 48.0
INNER = RIGHT - LEFT
ELLIPSIS = "…"

Colour = tuple[float, float, float]
BLACK: Colour = (0, 0, 0)
GREY: Colour = (0.32, 0.32, 0.32)
PALE: Colour = (0.94, 0.94, 0.94)
RED: Colour = (0.72, 0.05, 0.05)
PALE_RED: Colour = (1, 0.92, 0.92)
WATERMARK: Colour = (0.87, 0.87, 0.87)
_SMALLEST = 0.6
_DIAGONAL = 760.0
"""What fits across the page between its margins, at 45 degrees."""
_STEP = 0.95


@dataclass(frozen=True)
class Style:
    """How a text looks; sizes in points."""

    size: float
    leading: float
    is_bold: bool = False
    colour: Colour = BLACK


class Sheet:
    """Writes on the current page of a reportlab canvas."""

    def __init__(self, canvas: Any, fonts: Fonts) -> None:
        self.canvas = canvas
        self._fonts = fonts

    def font(self, style: Style) -> ReportFont:
        return self._fonts.bold if style.is_bold else self._fonts.regular

    def width(self, text: str, style: Style) -> float:
        return self.font(style).width(text, style.size)

    def measure(self, style: Style) -> Callable[[str], float]:
        """The width of a text in this style, as a function of the text alone."""
        return lambda text: self.width(text, style)

    def text(self, x: float, y: float, text: str, style: Style, spacing: float = 0.0) -> None:
        """Write one line from `x` on the baseline `y`; `spacing` is added in each of its `gaps`."""
        line = self.canvas.beginText(x, y)
        line.setFont(self.font(style).fontName, style.size)
        line.setFillColorRGB(*style.colour)
        for run, is_spaced in _runs(text) if spacing else [(text, False)]:
            line.setCharSpace(spacing if is_spaced else 0)
            line.textOut(run)
        line.setCharSpace(0)
        self.canvas.drawText(line)

    def centred(self, y: float, text: str, style: Style) -> None:
        text, style = self.fitted(text, style, INNER)
        self.text((WIDTH - self.width(text, style)) / 2, y, text, style)

    def flush_right(self, x: float, y: float, text: str, style: Style) -> None:
        self.text(x - self.width(text, style), y, text, style)

    def fitted(self, text: str, style: Style, width: float) -> tuple[str, Style]:
        """The text and the size at which it fits into `width`: smaller first, then cut with an ellipsis."""
        smaller = style
        while self.width(text, smaller) > width and smaller.size * _STEP >= style.size * _SMALLEST:
            smaller = replace(smaller, size=smaller.size * _STEP)
        if self.width(text, smaller) <= width:
            return text, smaller
        return self.shortened(text, smaller, width), smaller

    def shortened(self, text: str, style: Style, width: float) -> str:
        """The longest beginning of `text` that fits into `width` together with an ellipsis."""
        used = self.width(ELLIPSIS, style)
        for place, character in enumerate(text):
            used += self.width(character, style)
            if used > width:
                return text[:place] + ELLIPSIS
        return text + ELLIPSIS

    def wrapped(self, text: str, style: Style, width: float, most: int) -> list[str]:
        """At most `most` lines; what does not fit is marked by an ellipsis."""
        lines = [line.text for line in wrap(text, width, self.measure(style))]
        if len(lines) <= most:
            return lines
        return [*lines[: most - 1], self.shortened(lines[most - 1], style, width)]

    def rule(self, y: float, thickness: float, left: float = LEFT, right: float = RIGHT) -> None:
        self.canvas.setLineWidth(thickness)
        self.canvas.line(left, y, right, y)

    def vertical(self, x: float, bottom: float, top: float, thickness: float) -> None:
        self.canvas.setLineWidth(thickness)
        self.canvas.line(x, bottom, x, top)

    def fill(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        self.canvas.setFillColorRGB(*colour)
        self.canvas.rect(x, y, width, height, stroke=0, fill=1)

    def frame(self, x: float, y: float, width: float, height: float, thickness: float) -> None:
        self.canvas.setLineWidth(thickness)
        self.canvas.rect(x, y, width, height, stroke=1, fill=0)

    def watermark(self, text: str, size: tuple[float, float] = A4) -> None:
        """Across a page of that size, to be drawn before the text so that the text stays readable."""
        style = Style(size=100, leading=100, is_bold=True, colour=WATERMARK)
        too_wide = self.width(text, style) / _DIAGONAL
        if too_wide > 1:
            style = replace(style, size=style.size / too_wide)
        self.canvas.saveState()
        self.canvas.translate(size[0] / 2, size[1] / 2)
        self.canvas.rotate(45)
        self.text(-self.width(text, style) / 2, -style.size / 3, text, style)
        self.canvas.restoreState()


def gaps(text: str) -> int:
    """How many places of a line may be widened: those beside a Chinese character, never inside a word or a number."""
    return sum(_is_wide(one) or _is_wide(other) for one, other in pairwise(text))


def _runs(text: str) -> list[tuple[str, bool]]:
    """The line in runs of characters that are, or are not, followed by a gap."""
    spaced = [_is_wide(one) or _is_wide(other) for one, other in pairwise(text)] + [False]
    grouped = groupby(zip(text, spaced, strict=True), key=itemgetter(1))
    return [("".join(character for character, _ in run), is_spaced) for is_spaced, run in grouped]


def _is_wide(character: str) -> bool:
    return east_asian_width(character) in "WF"
