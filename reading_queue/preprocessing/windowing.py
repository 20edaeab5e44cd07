"""A frame as it is shown: the greyscale pipeline of PS3.4 N.2, palettes and colours, down to 8 bits."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from reading_queue.preprocessing.attributes import integer, text
from reading_queue.preprocessing.colour import COLOURS
from reading_queue.preprocessing.decoding import decode_frame
from reading_queue.preprocessing.modality import modality_transform
from reading_queue.preprocessing.palette import palette_rgb
from reading_queue.preprocessing.pixel_format import PixelFormat
from reading_queue.preprocessing.voi import Window, chosen_window, computed_window, declared_voi, padding_mask

Pixels = NDArray[Any]
Shown = NDArray[np.uint8]

_TABLE_VALUES = 1 << 16
_SCREEN_BITS = 8


def to_display(ds: Dataset, index: int = 0, window: tuple[float, float] | Window | None = None) -> Shown:
    """Frame `index` (from 0) as (rows, columns) grey or (rows, columns, 3) RGB, 0 black.

    `window` is (centre, width) in modality units, or one with a function of its own, and replaces what the object declares; colour frames ignore it.
    Raises UndecodableImage, and ValueError for a window without width.
    """
    fmt = PixelFormat.of(ds)
    stored = decode_frame(ds, index)
    if stored.ndim == COLOURS:
        return _eight_bits(stored, fmt.bits_stored)
    if fmt.photometric == "PALETTE COLOR":
        return palette_rgb(ds, stored)
    return _grey(ds, index, stored, window)


def _grey(ds: Dataset, index: int, stored: Pixels, window: tuple[float, float] | Window | None) -> Shown:
    modality = modality_transform(ds, index)
    chosen = chosen_window(*window) if isinstance(window, tuple) else window
    voi = chosen or declared_voi(ds, index) or _own_window(ds, stored, modality)
    inverted = _is_inverted(ds)

    def shown(values: Pixels) -> Shown:
        fraction = voi(modality(values.astype(np.float64)))
        grey: Shown = np.rint(255 * np.nan_to_num(1 - fraction if inverted else fraction)).astype(np.uint8)
        return grey

    return _by_table(stored, shown)


def _own_window(ds: Dataset, stored: Pixels, modality: Callable[[Pixels], Pixels]) -> Window:
    """8 bit and 1 bit pictures without a window were made for a screen and keep their greys; deeper ones get a computed window."""
    bits = integer(ds, "BitsStored") or 0
    if stored.dtype == np.uint8 and bits <= _SCREEN_BITS and text(ds, "Modality") != "SEG":
        low, high = modality(np.array([0.0, (1 << bits) - 1]))
        return Window((low + high) / 2, max(abs(high - low), 1e-6), "LINEAR_EXACT")
    return computed_window(modality(stored.astype(np.float64)), padding_mask(ds, stored))


def _is_inverted(ds: Dataset) -> bool:
    """MONOCHROME1 and Presentation LUT Shape INVERSE say the same thing, once (PS3.3 C.7.6.3.1.2, C.11.6.1)."""
    photometric, shape = text(ds, "PhotometricInterpretation"), text(ds, "PresentationLUTShape")
    return photometric.upper() == "MONOCHROME1" or shape.upper() == "INVERSE"


def _by_table(stored: Pixels, shown: Callable[[Pixels], Shown]) -> Shown:
    """Applies `shown` once per possible value instead of once per pixel where there are fewer of these."""
    if stored.dtype.kind == "f":
        return shown(stored)
    low, high = int(stored.min()), int(stored.max())
    if high - low >= min(_TABLE_VALUES, stored.size):
        return shown(stored)
    table = shown(np.arange(low, high + 1))
    return table[stored.astype(np.int64) - low if low else stored]


def _eight_bits(rgb: Pixels, bits: int) -> Shown:
    if bits > _SCREEN_BITS:
        return (rgb >> (bits - _SCREEN_BITS)).astype(np.uint8)
    return rgb.astype(np.uint8, copy=False)
