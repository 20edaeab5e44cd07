"""Overlay planes: bitmaps that an image brings along (PS3.3 C.9.2, C.9.3), also in unused bits of its pixels (PS3.5-2004 8.1.2)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from reading_queue.preprocessing.attributes import integer

Shown = NDArray[np.uint8]

GROUPS = range(0x6000, 0x6020, 2)
ROWS, COLUMNS, FRAMES, TYPE, ORIGIN, FIRST_FRAME = 0x10, 0x11, 0x15, 0x40, 0x50, 0x51
BITS_ALLOCATED, BIT_POSITION, DATA = 0x100, 0x102, 0x3000
DESCRIBING = (ROWS, COLUMNS, FRAMES, TYPE, ORIGIN, FIRST_FRAME, BITS_ALLOCATED, BIT_POSITION)
"""Elements that say where a plane lies and how it is kept."""

_GRAPHICS, _REGION, _OPACITY = (255, 255, 255), (79, 216, 196), 0.4
"""The standard leaves open how planes look (PS3.3 C.9.2); regions let the image shine through."""


@dataclass(frozen=True)
class OverlayPlane:
    """Where a plane lies. `top` and `left` are of its first point, from 0, and may be negative; `frames` is None where it lies on all."""

    group: int
    rows: int
    columns: int
    top: int
    left: int
    is_region: bool
    frames: int | None
    first_frame: int

    @classmethod
    def of(cls, ds: Dataset, group: int) -> Self | None:
        """The plane of `group`; None when there is none, or one without a size."""
        rows, columns = (_whole(ds, group, element) or 0 for element in (ROWS, COLUMNS))
        if rows < 1 or columns < 1:
            return None
        origin = _wholes(ds, group, ORIGIN)
        top, left = origin[:2] if len(origin) > 1 else (1, 1)
        is_region = str(_value(ds, group, TYPE) or "").strip().upper() == "R"
        frames, first = _whole(ds, group, FRAMES), _whole(ds, group, FIRST_FRAME)
        if embedded_bit(ds, group) is not None:
            frames = integer(ds, "NumberOfFrames") or frames
        return cls(group, rows, columns, top - 1, left - 1, is_region, frames, 1 if first is None else first)

    def bitmap_on(self, frame: int) -> int | None:
        """Which of its bitmaps lies on `frame` (from 1): an index from 0, None for none."""
        if self.frames is None:
            return 0
        index = frame - self.first_frame
        return index if 0 <= index < max(1, self.frames) else None

    def points(self, data: bytes, index: int) -> NDArray[np.bool_]:
        """Bitmap `index` as (rows, columns). Bitmaps follow each other without padding (PS3.5 8.1.2); what data does not reach is not set."""
        count = self.rows * self.columns
        first, skip = divmod(index * count, 8)
        packed = np.frombuffer(data, np.uint8)[first : first + -(-(skip + count) // 8)]
        bits = np.unpackbits(packed, bitorder="little")[skip : skip + count]
        points = np.zeros(count, np.bool_)
        points[: len(bits)] = bits
        return points.reshape(self.rows, self.columns)


def overlay_planes(ds: Dataset) -> list[OverlayPlane]:
    """In the order of their groups."""
    return [plane for group in GROUPS if (plane := OverlayPlane.of(ds, group)) is not None]


def embedded_bit(ds: Dataset, group: int) -> int | None:
    """The bit of each pixel that the plane is kept in; None for a plane with data of its own."""
    position = _whole(ds, group, BIT_POSITION) or 0
    return position if position > 0 or (_whole(ds, group, BITS_ALLOCATED) or 1) > 1 else None


def packed_from_pixels(pixels: bytes, bits_allocated: int, bit: int, *, little_endian: bool = True) -> bytes:
    """One bit of each pixel, packed as Overlay Data is. Raises `ValueError` for pixels that have no such bit."""
    if bits_allocated not in (8, 16, 32) or not 0 <= bit < bits_allocated:
        raise ValueError(bit)
    size = bits_allocated // 8
    cells = np.frombuffer(pixels[: len(pixels) // size * size], f"{'<' if little_endian else '>'}u{size}")
    packed = np.packbits((cells >> bit) & 1, bitorder="little").tobytes()
    return packed + b"\0" * (len(packed) % 2)


def with_overlays(shown: Shown, planes: list[OverlayPlane], data_of: Callable[[int], bytes], frame: int) -> Shown:
    """Frame `frame` (from 1) with the planes that lie on it; what is outside of the image is cut off.

    `data_of` gives the Overlay Data of a group, in little endian.
    """
    for plane in planes:
        index = plane.bitmap_on(frame)
        if index is not None:
            points = _within(plane.points(data_of(plane.group), index), plane, shown.shape[:2])
            shown = _drawn(shown, points, is_region=plane.is_region)
    return shown


def _within(points: NDArray[np.bool_], plane: OverlayPlane, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The points of the plane as a mask of the image."""
    mask = np.zeros(shape[:2], np.bool_)
    rows, columns = shape[:2]
    top, left = max(0, plane.top), max(0, plane.left)
    bottom, right = min(rows, plane.top + plane.rows), min(columns, plane.left + plane.columns)
    if top < bottom and left < right:
        mask[top:bottom, left:right] = points[
            top - plane.top : bottom - plane.top, left - plane.left : right - plane.left
        ]
    return mask


def _drawn(shown: Shown, mask: NDArray[np.bool_], *, is_region: bool) -> Shown:
    """Graphics leave grey pictures grey; regions are coloured."""
    if not mask.any():
        return shown
    if not is_region:
        drawn = shown.copy()
        drawn[mask] = 255 if drawn.ndim == 2 else _GRAPHICS  # noqa: PLR2004 - rows and columns
        return drawn
    drawn = shown.copy() if shown.ndim > 2 else np.repeat(shown[..., np.newaxis], 3, axis=-1)  # noqa: PLR2004
    drawn[mask] = np.rint(drawn[mask] * (1 - _OPACITY) + np.array(_REGION) * _OPACITY).astype(np.uint8)
    return drawn


def _value(ds: Dataset, group: int, element: int) -> Any:
    try:
        return ds[group, element].value if (group, element) in ds else None
    except Exception:  # noqa: BLE001 - pydicom converts lazily, and broken bytes raise a dozen different types
        return None


def _wholes(ds: Dataset, group: int, element: int) -> list[int]:
    found = _value(ds, group, element)
    several = [found] if isinstance(found, int | str) else list(found or ())
    try:
        return [int(one) for one in several]
    except (TypeError, ValueError):
        return []


def _whole(ds: Dataset, group: int, element: int) -> int | None:
    return next(iter(_wholes(ds, group, element)), None)
