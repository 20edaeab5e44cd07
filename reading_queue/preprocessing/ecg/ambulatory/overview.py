"""The whole record at a glance: the lowest and highest of every 40 ms, each lead around its own baseline."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.long_results import Source

COLUMN_S = 0.04
STEP_UV = 20.0
"""What one step of a column is worth; columns end at 127 of them, 2.54 mV."""
NOTHING = -128
_HIGHEST = 127
_PIECE_S = 400.0
_LEVEL_S = 2.0
_LEVEL_EVERY = 4

Columns = NDArray[np.int8]


def column_count(source: Source) -> int:
    return max(1, int(np.ceil(source.samples / source.hz / COLUMN_S - 1e-9)))


def overview(source: Source) -> Columns:
    """(leads, columns, lowest and highest) in steps; `NOTHING` where nothing was recorded."""
    return np.concatenate(list(_pieces(source)), axis=1)


def _pieces(source: Source) -> Iterator[Columns]:
    edges = np.minimum(np.rint(np.arange(column_count(source) + 1) * COLUMN_S * source.hz).astype(int), source.samples)
    step, margin = round(_PIECE_S / COLUMN_S), round(_LEVEL_S * source.hz)
    for first in range(0, len(edges) - 1, step):
        own = edges[first : first + step + 1]
        begin, end = max(0, int(own[0]) - margin), min(source.samples, int(own[-1]) + margin)
        samples = source.cut(begin, end).astype(np.float32)
        samples = samples - _baseline(samples, source.hz)
        yield _columns(samples, np.minimum(own - begin, samples.shape[1] - 1))


def _baseline(samples: NDArray[np.float32], hz: float) -> NDArray[np.float32]:
    """The median of every two seconds, joined by lines; gaps are passed over."""
    width = max(1, round(_LEVEL_S * hz))
    starts = np.arange(0, samples.shape[1], width)
    rows = []
    for row in samples:
        levels = np.array([_median(row[start : start + width : _LEVEL_EVERY]) for start in starts])
        known = np.isfinite(levels)
        middles = starts[known] + width / 2
        rows.append(np.interp(np.arange(len(row)), middles, levels[known]) if known.any() else np.zeros(len(row)))
    return np.array(rows, np.float32)


def _median(values: NDArray[np.float32]) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else np.nan


def _columns(samples: NDArray[np.float32], edges: NDArray[np.int_]) -> Columns:
    starts = np.minimum(edges[:-1], samples.shape[1] - 1)
    lowest = np.fmin.reduceat(samples, starts, axis=1)
    highest = np.fmax.reduceat(samples, starts, axis=1)
    pairs = np.stack([lowest, highest], axis=2) / STEP_UV
    missing = ~np.isfinite(pairs)
    whole = np.rint(np.where(missing, 0, pairs)).clip(-_HIGHEST, _HIGHEST)
    return np.where(missing, NOTHING, whole).astype(np.int8)


def coarser(columns: Columns, factor: int) -> Columns:
    """(columns, 2) with `factor` columns put into one; the last may have fewer."""
    if factor == 1 or not len(columns):
        return columns
    starts = np.arange(0, len(columns), factor)
    known = columns != NOTHING
    lowest = np.minimum.reduceat(np.where(known[:, 0], columns[:, 0], _HIGHEST), starts)
    highest = np.maximum.reduceat(np.where(known[:, 1], columns[:, 1], -_HIGHEST), starts)
    there = np.logical_or.reduceat(known[:, 0], starts)
    return np.stack([np.where(there, lowest, NOTHING), np.where(there, highest, NOTHING)], axis=1).astype(np.int8)
