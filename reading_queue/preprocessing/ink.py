"""Lines and letters with smooth edges on a numpy picture."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]

_FINER = 4
"""Lines are drawn this much larger and averaged down, which keeps the height of the sharpest spike."""


class Ink:
    """Marks of one colour for a picture of (`height`, `width`) pixels; coordinates are pixels, y downwards."""

    def __init__(self, height: int, width: int) -> None:
        self._mask = Image.new("L", (width * _FINER, height * _FINER))
        self._draw = ImageDraw.Draw(self._mask)

    def line(self, points: NDArray[np.float64], thickness: float) -> None:
        """A line through (n, 2) points of x and y."""
        places = [(float(x), float(y)) for x, y in points * _FINER]
        if len(places) > 1:
            self._draw.line(places, fill=255, width=max(1, round(thickness * _FINER)))

    def area(self, points: NDArray[np.float64]) -> None:
        """A filled polygon of (n, 2) points."""
        self._draw.polygon([(float(x), float(y)) for x, y in points * _FINER], fill=255)

    def text(self, x: float, y: float, words: str, height: float, anchor: str = "ls") -> None:
        """Words `height` pixels high; `anchor` as in Pillow, left on the baseline unless told otherwise."""
        self._draw.text((x * _FINER, y * _FINER), words, fill=255, font=_font(round(height * _FINER)), anchor=anchor)

    def on(self, picture: Picture, colour: Colour) -> Picture:
        """The picture with the marks on it."""
        mask = np.asarray(self._mask.reduce(_FINER))
        marked = mask > 0
        cover = mask[marked].astype(np.float32)[:, None] / 255
        marked_picture = picture.copy()
        marked_picture[marked] = np.rint(picture[marked] * (1 - cover) + np.array(colour, np.float32) * cover)
        return marked_picture


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
