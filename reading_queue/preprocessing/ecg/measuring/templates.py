"""Beats of one shape: grouped by correlation over all leads, and aligned by it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.signals import HZ, Samples, band

_STEP = 2
_RATE = HZ / _STEP
_BEFORE, _AFTER, _SHIFT = (round(seconds * _RATE) for seconds in (0.10, 0.14, 0.04))
_WINDOW = _BEFORE + _AFTER
_ALIKE = 0.82
_AMPLITUDES = (0.5, 2.0)
_MOST_TEMPLATES = 16
_SEEDS = 7
_SHAPE_HZ = (2.0, 40.0)
_BATCH = 256


@dataclass(frozen=True, slots=True)
class Grouped:
    """`places`: beats moved onto their fiducial; `group`: 0 for the most frequent shape, -1 for a shape of its own.

    `likeness` is the correlation with the first group's shape.
    """

    places: NDArray[np.intp]
    group: NDArray[np.intp]
    likeness: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Match:
    likeness: NDArray[np.float64]
    shift: NDArray[np.float64]
    """In samples of the measuring rate."""


Pieces = NDArray[np.float32]


def pieces_around(samples: Samples, usable: NDArray[np.bool_], places: NDArray[np.intp]) -> Pieces:
    """(beats, leads, samples) around each place, 2 to 40 Hz, at half the rate; held where the record ends."""
    inside = band(samples[usable], *_SHAPE_HZ)[:, ::_STEP]
    reach = np.arange(-_BEFORE - _SHIFT, _AFTER + _SHIFT)
    at = np.clip(places[:, None] // _STEP + reach, 0, inside.shape[1] - 1)
    return np.ascontiguousarray(inside[:, at].transpose(1, 0, 2)).astype(np.float32)


def group_beats(pieces: Pieces, places: NDArray[np.intp]) -> Grouped:
    """Beats by shape; `pieces` are what `pieces_around` gave for `places`."""
    if not len(places):
        return Grouped(places, np.empty(0, np.intp), np.empty(0))
    return _Shapes(pieces, places).grouped()


class _Shapes:
    """The surroundings of all beats, and what compares them."""

    def __init__(self, pieces: Pieces, places: NDArray[np.intp]) -> None:
        self._pieces = pieces
        power = np.einsum("bls,bls->bs", pieces, pieces)
        total = np.cumsum(np.pad(power, ((0, 0), (1, 0))), axis=1)
        self._sizes = np.sqrt(np.maximum(total[:, _WINDOW:] - total[:, :-_WINDOW], 1e-9))
        self._places = places

    def grouped(self) -> Grouped:
        count = len(self._places)
        group = np.full(count, -1, np.intp)
        shift = np.zeros(count)
        likeness: NDArray[np.float64] | None = None
        for number in range(_MOST_TEMPLATES):
            left = np.flatnonzero(group < 0)
            if not len(left) or (number and len(left) < 2):  # noqa: PLR2004 - one beat is no group
                break
            found, members = self._largest(left, everyone=likeness is None)
            likeness = found.likeness if likeness is None else likeness
            if number and len(members) < 2:  # noqa: PLR2004
                break
            group[members] = number
            shift[members] = found.shift[members]
        moved = np.clip(np.rint(self._places + shift).astype(np.intp), 0, None)
        assert likeness is not None
        return _by_size(Grouped(moved, group, likeness))

    def _largest(self, left: NDArray[np.intp], *, everyone: bool) -> tuple[_Match, NDArray[np.intp]]:
        """The shape that most of the beats `left` share, and those that do; the match of the others is not worked out unless
        it is wanted.
        """
        seeds = left[np.unique(np.linspace(0, len(left) - 1, _SEEDS).astype(np.intp))]
        sample = left[np.unique(np.linspace(0, len(left) - 1, 4 * _SEEDS).astype(np.intp))]
        votes = [int((self._match(self._window(int(seed), 0), sample).likeness >= _ALIKE).sum()) for seed in seeds]
        shape = self._window(int(seeds[int(np.argmax(votes))]), 0)
        compared = np.arange(len(self._places)) if everyone else left
        found = self._matched(shape, compared)
        members = self._members(found, left, shape)
        if len(members) > 2:  # noqa: PLR2004 - a mean needs a few
            shape = _centred(self._mean(members, found.shift))
            found = self._matched(shape, compared)
            members = self._members(found, left, shape)
        return found, members

    def _members(self, found: _Match, left: NDArray[np.intp], shape: NDArray[np.float32]) -> NDArray[np.intp]:
        sizes = self._sizes[left, _SHIFT] / max(float(np.sqrt((shape**2).sum())), 1e-9)
        fits = (found.likeness[left] >= _ALIKE) & (sizes > _AMPLITUDES[0]) & (sizes < _AMPLITUDES[1])
        return np.asarray(left[fits])

    def _window(self, beat: int, shift: int) -> NDArray[np.float32]:
        return self._pieces[beat, :, _SHIFT + shift : _SHIFT + shift + _WINDOW]

    def _mean(self, members: NDArray[np.intp], shifts: NDArray[np.float64]) -> NDArray[np.float32]:
        some = members[np.unique(np.linspace(0, len(members) - 1, 64).astype(np.intp))]
        pieces = [self._window(int(beat), int(np.rint(shifts[beat] / _STEP))) for beat in some]
        return np.asarray(np.median(np.stack(pieces), axis=0), np.float32)

    def _matched(self, shape: NDArray[np.float32], beats: NDArray[np.intp]) -> _Match:
        """Of all beats, those that were not compared unlike anything."""
        match = self._match(shape, beats)
        likeness, shift = np.full(len(self._places), -1.0), np.zeros(len(self._places))
        likeness[beats], shift[beats] = match.likeness, match.shift
        return _Match(likeness, shift)

    def _match(self, shape: NDArray[np.float32], beats: NDArray[np.intp]) -> _Match:
        size = max(float(np.sqrt((shape**2).sum())), 1e-9)
        likeness, shift = np.empty(len(beats)), np.empty(len(beats))
        for start in range(0, len(beats), _BATCH):
            some = beats[start : start + _BATCH]
            windows = np.lib.stride_tricks.sliding_window_view(self._pieces[some], _WINDOW, axis=2)
            alike = np.einsum("blsw,lw->bs", windows, shape, optimize=True) / (self._sizes[some] * size)
            best = alike.argmax(axis=1)
            likeness[start : start + _BATCH] = alike[np.arange(len(some)), best]
            shift[start : start + _BATCH] = (_between(alike, best) - _SHIFT) * _STEP
        return _Match(likeness, shift)


def _between(alike: NDArray[np.float64], best: NDArray[np.intp]) -> NDArray[np.float64]:
    """The top of the parabola through the best correlation and its neighbours."""
    inner = np.clip(best, 1, alike.shape[1] - 2)
    rows = np.arange(len(best))
    before, top, after = alike[rows, inner - 1], alike[rows, inner], alike[rows, inner + 1]
    bend = before - 2 * top + after
    offset = np.where(np.abs(bend) > 1e-9, 0.5 * (before - after) / np.where(bend == 0, 1, bend), 0.0)  # noqa: PLR2004
    return np.asarray(np.where(best == inner, inner + np.clip(offset, -0.5, 0.5), best))


def _centred(shape: NDArray[np.float32]) -> NDArray[np.float32]:
    """The shape moved so that its strongest moment is the fiducial, where that is near."""
    strength = (shape**2).sum(axis=0)
    off = int(np.argmax(np.convolve(strength, np.ones(5), "same"))) - _BEFORE
    if not 0 < abs(off) <= _SHIFT // 2:
        return shape
    return np.roll(shape, -off, axis=1)


def _by_size(grouped: Grouped) -> Grouped:
    """Groups numbered by how many beats they have, the most frequent 0."""
    numbers, counts = np.unique(grouped.group[grouped.group >= 0], return_counts=True)
    order = {int(number): rank for rank, number in enumerate(numbers[np.argsort(-counts, kind="stable")])}
    renumbered = np.array([order.get(int(number), -1) for number in grouped.group], np.intp)
    return Grouped(grouped.places, renumbered, grouped.likeness)
