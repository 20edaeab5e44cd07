"""Beats of a day as a few bytes each: time since the beat before, class, shape."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.long_results import CLASSES, BeatColumns
from reading_queue.preprocessing.ecg.measuring.signals import HZ

_MAGIC = b"ECGB"
_EARLY, _NO_INTERVAL, _KIND = 0x10, 0x20, 0x0F


def pack_beats(beats: BeatColumns) -> bytes:
    """Times to 2 ms, which is what they are measured to."""
    ticks = np.rint(beats.at_s * HZ).astype("<u4")
    flags = beats.kind | np.where(beats.early, _EARLY, 0) | np.where(np.isfinite(beats.rr_s), 0, _NO_INTERVAL)
    since = np.diff(ticks, prepend=np.uint32(0)).astype("<u4")
    body = since.tobytes() + flags.astype(np.uint8).tobytes() + beats.template.astype(np.int8).tobytes()
    return _MAGIC + struct.pack("<I", len(beats)) + zlib.compress(body, 6)


def unpack_beats(data: bytes) -> BeatColumns:
    """What `pack_beats` packed. Raises ValueError for anything else."""
    if data[:4] != _MAGIC:
        raise ValueError("not the beats of an ECG")
    (count,) = struct.unpack_from("<I", data, 4)
    body = zlib.decompress(data[8:])
    since: NDArray[np.uint32] = np.frombuffer(body, "<u4", count)
    flags = np.frombuffer(body, np.uint8, count, 4 * count)
    template = np.frombuffer(body, np.int8, count, 5 * count)
    kind = np.minimum(flags & _KIND, len(CLASSES) - 1).astype(np.uint8)
    rr = np.where(flags & _NO_INTERVAL, np.nan, since / HZ)
    return BeatColumns(np.cumsum(since, dtype=np.int64) / HZ, rr, kind, template, (flags & _EARLY) > 0)
