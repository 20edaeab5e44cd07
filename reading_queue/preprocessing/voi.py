"""Values of interest: windows and VOI LUTs (PS3.3 C.11.2), per frame where the object says so (C.7.6.16.2.10)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from reading_queue.preprocessing.attributes import functional_group, integer, is_little_endian, items, number, text
from reading_queue.preprocessing.lut import lookup_table

Pixels = NDArray[Any]
Grey = Callable[[Pixels], Pixels]
"""From modality values to the fraction of full brightness, 0 to 1."""

_EXTREMES = (0.5, 99.5)
_ENOUGH_SAMPLES = 1 << 18


@dataclass(frozen=True, slots=True)
class Window:
    """Centre, width and function of C.11.2.1.2 and C.11.2.1.3."""

    center: float
    width: float
    function: str = "LINEAR"

    def __call__(self, values: Pixels) -> Pixels:
        """Fraction of full brightness of each value."""
        if self.function == "SIGMOID":
            exponent = np.clip(-4 * (values - self.center) / self.width, -700, 700)
            return 1 / (1 + np.exp(exponent))
        if self.function == "LINEAR_EXACT":
            return np.clip((values - self.center) / self.width + 0.5, 0, 1)
        return self._linear(values)

    def _linear(self, values: Pixels) -> Pixels:
        if self.width == 1:
            return (values > self.center - 0.5).astype(np.float64)
        return np.clip((values - (self.center - 0.5)) / (self.width - 1) + 0.5, 0, 1)


def chosen_window(center: float, width: float) -> Window:
    """The window a person asked for. Raises ValueError when the width is not positive."""
    if not width > 0:
        raise ValueError("a window needs a positive width")
    return Window(center, width, "LINEAR" if width >= 1 else "LINEAR_EXACT")


def declared_voi(ds: Dataset, index: int) -> Grey | None:
    """What the object wants for frame `index`: its first VOI LUT, else its first usable window, else None."""
    source = functional_group(ds, index, "FrameVOILUTSequence") or ds
    for item in items(source, "VOILUTSequence")[:1]:
        table = lookup_table(item, little_endian=is_little_endian(ds))
        if table is not None:
            return lambda values: table(values) / ((1 << table.bits) - 1)
    return _declared_window(source)


def _declared_window(source: Dataset) -> Window | None:
    center, width = number(source, "WindowCenter"), number(source, "WindowWidth")
    function = text(source, "VOILUTFunction").upper()
    if function not in ("SIGMOID", "LINEAR_EXACT"):
        function = "LINEAR"
    if center is None or width is None or width <= 0 or (function == "LINEAR" and width < 1):
        return None
    return Window(center, width, function)


def computed_window(stored: Pixels, modality: Callable[[Pixels], Pixels], padding: tuple[int, int] | None) -> Window:
    """A window around all but the extreme half percent at both ends of the modality values of (rows, columns) `stored`.

    Values within `padding` are left out, unless there are no others.
    """
    counted = stored.ravel()
    if padding is not None:
        is_padding = (counted >= padding[0]) & (counted <= padding[1])
        counted = counted[~is_padding] if is_padding.any() and not is_padding.all() else counted
    values, counts = _histogram(counted[:: max(1, counted.size // _ENOUGH_SAMPLES)], modality)
    low, high = (_percentile(values, counts, share) for share in _EXTREMES) if values.size else (0.0, 1.0)
    if high <= low:
        low, high = (float(values[0]), float(values[-1])) if values.size else (0.0, 1.0)
    return Window((low + high) / 2, max(float(high - low), 1e-6), "LINEAR_EXACT")


def _histogram(stored: Pixels, modality: Callable[[Pixels], Pixels]) -> tuple[Pixels, Pixels]:
    """The finite modality values in rising order, and for each how many pixels have it or come before it."""
    if stored.dtype.kind == "f" or stored.dtype.itemsize > 2:  # noqa: PLR2004 - bytes
        values = modality(stored.astype(np.float64))
        counts = np.ones(values.size, np.intp)
    else:
        low = int(stored.min()) if stored.size else 0
        found = np.bincount(stored.astype(np.intp) - low)
        places = np.flatnonzero(found)
        values, counts = modality((places + low).astype(np.float64)), found[places]
    finite = np.isfinite(values)
    values, counts = values[finite], counts[finite]
    order = np.argsort(values, kind="stable")
    return values[order], np.cumsum(counts[order])


def _percentile(values: Pixels, up_to: Pixels, percent: float) -> float:
    """As `numpy.percentile` of every pixel interpolates, to the last bit."""
    last = int(up_to[-1]) - 1
    place = last * (percent / 100)
    below = int(place)
    one, other = values[np.searchsorted(up_to, (below, min(below + 1, last)), side="right")]
    share, step = place - below, other - one
    return float(one + step * share if share < 0.5 else other - step * (1 - share))  # noqa: PLR2004 - the nearer


def padding_range(ds: Dataset) -> tuple[int, int] | None:
    """The stored values that are padding: Pixel Padding Value, or from it to the Range Limit in either order (PS3.3 C.7.5.1.1.2)."""
    value = integer(ds, "PixelPaddingValue")
    if value is None:
        return None
    limit = integer(ds, "PixelPaddingRangeLimit")
    low, high = sorted((value, value if limit is None else limit))
    return low, high
