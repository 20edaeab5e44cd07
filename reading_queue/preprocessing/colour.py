"""Colour spaces of stored pixels (PS3.3 C.7.6.3.1.2) turned into RGB."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.errors import UndecodableImage

Pixels = NDArray[Any]
COLOURS = 3
"""Samples of a colour pixel, and dimensions of a colour frame."""

_FULL = np.array([[1, 0, 1.402], [1, -0.344136, -0.714136], [1, 1.772, 0]], np.float32)
_PARTIAL = np.array([[1.164383, 0, 1.596027], [1.164383, -0.391762, -0.812968], [1.164383, 2.017232, 0]], np.float32)
_ALREADY_RGB = ("RGB", "YBR_RCT", "YBR_ICT")


def to_rgb(pixels: Pixels, photometric: str, bits: int) -> Pixels:
    """RGB of (rows, columns, 3) unsigned pixels of `bits` bits, same type.

    YBR_RCT and YBR_ICT are RGB here: they name a transform inside the JPEG 2000 codestream that its decoder has undone.
    """
    if photometric in _ALREADY_RGB:
        return pixels
    if photometric.startswith("YBR_FULL"):
        return _from_ybr(pixels, _FULL, 0, bits)
    if photometric.startswith("YBR_PARTIAL"):
        return _from_ybr(pixels, _PARTIAL, 16 << bits >> 8, bits)
    raise UndecodableImage("colours in a space that cannot be shown")


def _from_ybr(pixels: Pixels, matrix: NDArray[np.float32], black: int, bits: int) -> Pixels:
    middle = 1 << bits >> 1
    offset = np.array([black, middle, middle], np.float32)
    rgb = (pixels.astype(np.float32) - offset) @ matrix.T
    return np.clip(np.rint(rgb), 0, (1 << bits) - 1).astype(pixels.dtype)


def upsample_pairs(pairs: Pixels, shape: tuple[int, int, int]) -> Pixels:
    """(rows, columns, 3) of uncompressed pixels stored as Y1 Y2 CB CR for every two of them."""
    y1, y2, cb, cr = pairs.reshape(-1, 4).T
    triples = np.stack([y1, cb, cr, y2, cb, cr], axis=-1)
    return triples.reshape(shape)
