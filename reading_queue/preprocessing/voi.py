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


def computed_window(values: Pixels, padding: Pixels | None) -> Window:
    """A window around all but the extreme half percent at both ends of (rows, columns) `values`, padding left out."""
    counted = values[~padding] if padding is not None and not padding.all() else values.ravel()
    sample = counted[:: max(1, counted.size // _ENOUGH_SAMPLES)]
    sample = sample[np.isfinite(sample)]
    low, high = np.percentile(sample, _EXTREMES) if sample.size else (0.0, 1.0)
    if high <= low:
        low, high = (float(sample.min()), float(sample.max())) if sample.size else (0.0, 1.0)
    return Window((low + high) / 2, max(float(high - low), 1e-6), "LINEAR_EXACT")


def padding_mask(ds: Dataset, stored: Pixels) -> Pixels | None:
    """Which stored values are padding: Pixel Padding Value, or from it to the Range Limit in either order (PS3.3 C.7.5.1.1.2)."""
    value = integer(ds, "PixelPaddingValue")
    if value is None:
        return None
    limit = integer(ds, "PixelPaddingRangeLimit")
    low, high = sorted((value, value if limit is None else limit))
    return (stored >= low) & (stored <= high)
