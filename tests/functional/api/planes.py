"""Overlay planes made for tests, of the image or kept in its pixels."""

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

Points = NDArray[np.bool_]

_VRS = {
    0x10: "US",
    0x11: "US",
    0x15: "IS",
    0x22: "LO",
    0x40: "CS",
    0x50: "SS",
    0x51: "US",
    0x100: "US",
    0x102: "US",
    0x1500: "LO",
    0x3000: "OW",
}


def packed(points: Points) -> bytes:
    """One bit a point, the least significant first, without padding between rows or frames (PS3.5 8.1.2)."""
    data = np.packbits(points.ravel(), bitorder="little").tobytes()
    return data + b"\0" * (len(data) % 2)


def put_overlay(
    ds: Dataset,
    group: int,
    points: Points,
    *,
    origin: tuple[int, int] = (1, 1),
    kind: str = "G",
    label: str = "",
    first_frame: int | None = None,
) -> None:
    """A plane of (rows, columns), or with a bitmap for each of several frames of (frames, rows, columns)."""
    frames = len(points) if points.ndim == 3 else None
    _put(ds, group, {0x10: points.shape[-2], 0x11: points.shape[-1], 0x40: kind, 0x50: list(origin)})
    _put(ds, group, {0x15: frames, 0x51: first_frame, 0x1500: label or None})
    _put(ds, group, {0x100: 1, 0x102: 0, 0x3000: packed(points)})


def embed_overlay(ds: Dataset, group: int, points: Points, bit: int) -> None:
    """A plane as large as the image in a bit that its pixels do not use, as equipment did before 2004 (PS3.5-2004 8.1.2)."""
    order = "<" if ds.file_meta.TransferSyntaxUID.is_little_endian else ">"
    cells = np.frombuffer(ds.PixelData, f"{order}u{ds.BitsAllocated // 8}").reshape(points.shape)
    ds.PixelData = (cells | (points.astype(cells.dtype) << bit)).astype(cells.dtype).tobytes()
    _put(ds, group, {0x10: points.shape[-2], 0x11: points.shape[-1], 0x40: "G", 0x50: [1, 1]})
    _put(ds, group, {0x100: ds.BitsAllocated, 0x102: bit})


def _put(ds: Dataset, group: int, elements: dict[int, object]) -> None:
    for element, value in elements.items():
        if value is not None:
            ds.add_new((group, element), _VRS[element], value)
