"""A frame as it is shown: the greyscale pipeline of PS3.4 N.2, palettes and colours, down to 8 bits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from reading_queue.preprocessing.attributes import integer, text
from reading_queue.preprocessing.colour import COLOURS
from reading_queue.preprocessing.decoding import decode_frame
from reading_queue.preprocessing.modality import modality_transform
from reading_queue.preprocessing.palette import palette_rgb
from reading_queue.preprocessing.pixel_format import PixelFormat
from reading_queue.preprocessing.voi import Grey, Window, chosen_window, computed_window, declared_voi, padding_range

Pixels = NDArray[Any]
Shown = NDArray[np.uint8]

_TABLE_VALUES = 1 << 16
_SCREEN_BITS = 8


def to_display(ds: Dataset, index: int = 0, window: tuple[float, float] | Window | None = None) -> Shown:
    """Frame `index` (from 0) as (rows, columns) grey or (rows, columns, 3) RGB, 0 black.

    `window` is (centre, width) in modality units, or one with a function of its own, and replaces what the object declares; colour frames ignore it.
    Raises UndecodableImage, and ValueError for a window without width.
    """
    display = Display.of(ds, index)
    chosen = chosen_window(*window) if isinstance(window, tuple) else window
    return display.shown(decode_frame(ds, index), chosen)


@dataclass(frozen=True)
class Display:
    """How a frame gets from stored values to the screen, apart from its pixels: alike for all frames that say the same."""

    ds: Dataset
    fmt: PixelFormat
    modality: Callable[[Pixels], Pixels]
    declared: Grey | None
    inverted: bool
    padding: tuple[int, int] | None

    @classmethod
    def of(cls, ds: Dataset, index: int) -> Self:
        """Of frame `index` (from 0); the pixel data is not looked at. Raises UndecodableImage."""
        fmt = PixelFormat.of(ds)
        modality, declared = modality_transform(ds, index), declared_voi(ds, index)
        return cls(ds, fmt, modality, declared, _is_inverted(ds), padding_range(ds))

    def shown(self, stored: Pixels, window: Window | None = None) -> Shown:
        """What `decode_frame` gave, as `to_display` shows it. Raises UndecodableImage for a damaged palette."""
        if stored.ndim == COLOURS:
            return _eight_bits(stored, self.fmt.bits_stored)
        if self.fmt.photometric == "PALETTE COLOR":
            return palette_rgb(self.ds, stored)
        voi = window or self.declared or self._own_window(stored)

        def shown(values: Pixels) -> Shown:
            fraction = voi(self.modality(values.astype(np.float64)))
            grey: Shown = np.rint(255 * np.nan_to_num(1 - fraction if self.inverted else fraction)).astype(np.uint8)
            return grey

        return _by_table(stored, shown)

    def _own_window(self, stored: Pixels) -> Window:
        """8 bit and 1 bit pictures without a window were made for a screen and keep their greys; deeper ones get a computed window."""
        bits = integer(self.ds, "BitsStored") or 0
        if stored.dtype == np.uint8 and bits <= _SCREEN_BITS and text(self.ds, "Modality") != "SEG":
            low, high = self.modality(np.array([0.0, (1 << bits) - 1]))
            return Window((low + high) / 2, max(abs(high - low), 1e-6), "LINEAR_EXACT")
        return computed_window(stored, self.modality, self.padding)


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
    if stored.dtype.itemsize > 2:  # noqa: PLR2004 - bytes
        return table[stored.astype(np.int64) - low]
    # Negative values are counted from the end, as their bits read without a sign are.
    whole = np.zeros(1 << 8 * stored.dtype.itemsize, np.uint8)
    whole[np.arange(low, high + 1)] = table
    return whole.take(stored.view(f"u{stored.dtype.itemsize}"))


def _eight_bits(rgb: Pixels, bits: int) -> Shown:
    if bits > _SCREEN_BITS:
        return (rgb >> (bits - _SCREEN_BITS)).astype(np.uint8)
    return rgb.astype(np.uint8, copy=False)
