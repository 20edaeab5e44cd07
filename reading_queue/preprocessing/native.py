"""Frames of uncompressed pixel data (PS3.5 8.1, 8.2)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.colour import upsample_pairs
from reading_queue.preprocessing.errors import UndecodableImage
from reading_queue.preprocessing.pixel_format import PixelFormat

Pixels = NDArray[Any]


def native_frame(data: bytes, fmt: PixelFormat, index: int, dtype: np.dtype[Any], *, words: bool) -> Pixels:
    """Frame `index` as stored, without the other frames being touched.

    `words`: 8 bit samples written as big endian 16 bit words (OW), so that every two bytes are swapped (PS3.5 8.1.2).
    Raises UndecodableImage when the data ends before the frame does.
    """
    if fmt.bits_allocated == 1:
        return _bit_frame(data, fmt, index)
    samples = fmt.pixels * (2 if fmt.halves_chroma else fmt.samples)
    start, length = index * samples * dtype.itemsize, samples * dtype.itemsize
    if len(data) < start + length:
        raise UndecodableImage("the pixel data ends before the frame does")
    stored = _swapped(data, start, length) if words else data[start : start + length]
    return _shaped(np.frombuffer(stored, dtype).astype(dtype.newbyteorder("="), copy=False), fmt)


def stored_type(fmt: PixelFormat, *, little_endian: bool) -> np.dtype[Any]:
    """The type of one stored sample in the byte order of the data."""
    kind = "i" if fmt.signed else "u"
    order = "<" if little_endian else ">"
    return np.dtype(f"{order}{kind}{max(1, fmt.bits_allocated // 8)}")


def _bit_frame(data: bytes, fmt: PixelFormat, index: int) -> Pixels:
    """One bit per pixel, least significant first; frames follow each other without padding (PS3.5 8.1.1)."""
    pixels = fmt.pixels * fmt.samples
    first, skip = divmod(index * pixels, 8)
    packed = np.frombuffer(data, np.uint8)[first : first + -(-(skip + pixels) // 8)]
    bits = np.unpackbits(packed, bitorder="little")[skip : skip + pixels]
    if len(bits) < pixels:
        raise UndecodableImage("the pixel data ends before the frame does")
    return _shaped(bits, fmt)


def _swapped(data: bytes, start: int, length: int) -> bytes:
    even = start - start % 2
    words = np.frombuffer(data[even : start + length + length % 2 + start % 2], np.uint8)
    swapped = words[: len(words) // 2 * 2].reshape(-1, 2)[:, ::-1].tobytes()
    frame = swapped[start - even : start - even + length]
    if len(frame) < length:
        raise UndecodableImage("the pixel data ends before the frame does")
    return frame


def _shaped(samples: Pixels, fmt: PixelFormat) -> Pixels:
    if fmt.halves_chroma:
        if fmt.columns % 2:
            raise UndecodableImage("an odd number of columns cannot share chroma in pairs")
        return upsample_pairs(samples, (fmt.rows, fmt.columns, 3))
    if fmt.samples > 1 and fmt.planar:
        return samples.reshape(fmt.samples, fmt.rows, fmt.columns).transpose(1, 2, 0)
    return samples.reshape(fmt.shape)


def aligned(stored: Pixels, bits: int, high_bit: int, *, signed: bool) -> Pixels:
    """The `bits` bits that end at `high_bit` of every sample, sign extended; all others (overlays, noise) are dropped (PS3.5 8.1.1)."""
    container = stored.dtype.itemsize * 8
    kind = np.dtype(f"{'i' if signed else 'u'}{stored.dtype.itemsize}")
    if bits == container or stored.dtype.kind == "f":
        return stored if stored.dtype.kind == "f" else stored.view(kind)
    raised = np.left_shift(np.ascontiguousarray(stored).view(f"u{stored.dtype.itemsize}"), container - 1 - high_bit)
    cut: Pixels = np.right_shift(raised.view(kind), container - bits)
    return cut
