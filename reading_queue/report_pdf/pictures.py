"""Key images on paper: small pictures, six on a page, each with its note."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.utils import ImageReader

from reading_queue.report_pdf.foot import BOTTOM
from reading_queue.report_pdf.sheet import INNER, LEFT, Sheet, Style

_COLUMNS, _ROWS = 2, 3
ON_A_PAGE = _COLUMNS * _ROWS
_GAP, _CAPTION_LINES = 14.0, 2
_CAPTION = Style(size=8.5, leading=11.5)


@dataclass(frozen=True)
class KeyPicture:
    """A JPEG, and what stands below it."""

    jpeg: bytes
    caption: str


def pages_of(pictures: Sequence[KeyPicture]) -> Iterator[Sequence[KeyPicture]]:
    """What goes on each page."""
    return (pictures[start : start + ON_A_PAGE] for start in range(0, len(pictures), ON_A_PAGE))


def draw_pictures(sheet: Sheet, pictures: Sequence[KeyPicture], top: float) -> None:
    """One page of them, from `top` down."""
    width = (INNER - _GAP * (_COLUMNS - 1)) / _COLUMNS
    height = (top - BOTTOM - _GAP * (_ROWS - 1)) / _ROWS
    for place, picture in enumerate(pictures):
        row, column = divmod(place, _COLUMNS)
        _draw(sheet, picture, (LEFT + column * (width + _GAP), top - row * (height + _GAP)), (width, height))


def _draw(sheet: Sheet, picture: KeyPicture, corner: tuple[float, float], room: tuple[float, float]) -> None:
    """`corner` is the upper left one of the `room` that picture and caption have."""
    image = ImageReader(BytesIO(picture.jpeg))
    pixels_wide, pixels_high = image.getSize()
    caption_height = _CAPTION.leading * _CAPTION_LINES
    scale = min(room[0] / pixels_wide, (room[1] - caption_height) / pixels_high)
    width, height = pixels_wide * scale, pixels_high * scale
    bottom = corner[1] - height
    sheet.canvas.drawImage(image, corner[0], bottom, width, height)
    for number, line in enumerate(sheet.wrapped(picture.caption, _CAPTION, room[0], _CAPTION_LINES), 1):
        sheet.text(corner[0], bottom - number * _CAPTION.leading, line, _CAPTION)
