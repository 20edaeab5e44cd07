"""Displayed frames made smaller without aliasing, with pixels that are square on the screen."""

from typing import Any

import numpy as np
import skimage
from numpy.typing import NDArray
from pydicom import Dataset

from reading_queue.preprocessing.attributes import functional_group, numbers

Shown = NDArray[np.uint8]

_SPACINGS = ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing")
_MOST_STRETCH = 20.0


def pixel_aspect(ds: Dataset, index: int) -> float:
    """Height of a pixel over its width: Pixel Aspect Ratio (PS3.3 C.7.6.3.1.7), else spacing per frame or of the image."""
    measures = functional_group(ds, index, "PixelMeasuresSequence")
    candidates: list[tuple[float, ...]] = [numbers(ds, "PixelAspectRatio")]
    candidates += [numbers(measures, "PixelSpacing")] if measures is not None else []
    candidates += [numbers(ds, keyword) for keyword in _SPACINGS]
    for pair in candidates:
        if len(pair) == len("hw") and min(pair) > 0:
            aspect = pair[0] / pair[1]
            return aspect if 1 / _MOST_STRETCH <= aspect <= _MOST_STRETCH else 1.0
    return 1.0


def fitted(image: Shown, size: int, aspect: float = 1.0) -> Shown:
    """`image` with its longer side at most `size` pixels; small images are not blown up, except to square their pixels."""
    height, width = _fitted_shape(image.shape[0], image.shape[1], size, aspect)
    if (height, width) == image.shape[:2]:
        return image
    near = _halved_towards(image, height, width)
    grey_or_colour = (height, width, *image.shape[2:])
    small: NDArray[Any] = skimage.transform.resize(  # type: ignore[no-untyped-call]  # scikit-image is typed in part
        near, grey_or_colour, order=1, anti_aliasing=True, preserve_range=True
    )
    rounded: Shown = np.clip(np.rint(small), 0, 255).astype(np.uint8)
    return rounded


def _fitted_shape(rows: int, columns: int, size: int, aspect: float) -> tuple[int, int]:
    height, width = rows * max(1.0, aspect), columns * max(1.0, 1 / aspect)
    scale = min(1.0, size / max(height, width))
    return max(1, round(height * scale)), max(1, round(width * scale))


def _halved_towards(image: Shown, height: int, width: int) -> NDArray[np.float32]:
    """Whole blocks averaged down to at most about twice the wanted size: much faster than one wide Gaussian, and as free of aliases."""
    down, across = max(1, image.shape[0] // (2 * height)), max(1, image.shape[1] // (2 * width))
    as_float = image.astype(np.float32)
    if down == across == 1:
        return as_float
    rows, columns = image.shape[0] // down, image.shape[1] // across
    blocks = as_float[: rows * down, : columns * across].reshape(rows, down, columns, across, *image.shape[2:])
    averaged: NDArray[np.float32] = blocks.mean(axis=(1, 3))
    return averaged
