"""Intervals between beats, and the class of each beat from its shape, its width and its time."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.results import Beat, BeatClass, RrStatistics, Span

_EARLY = 0.82
_PAUSE_S = 2.0
_WIDE_MS, _WIDER_MS = 110.0, 20.0
_ALIEN = 0.55
_SHORTEST_RR_S, _LONGEST_RR_S = 0.15, 15.0
_RUN_BEATS = 3
_FAST_RATE, _FAST_BEATS = 150.0, 5
_MINUTE_S, _TREND_FROM_S = 60.0, 120.0
_NEIGHBOURS = 9
_STRETCH = 64
_IRREGULAR = 0.08
_STRAY, _FEW_STRAY = 0.18, 0.26

Times = NDArray[np.float64]


def intervals(times: Times, gaps: Sequence[tuple[float, float]] = ()) -> Times:
    """Seconds since the beat before; NaN for the first and across a gap in the record (start and end in seconds)."""
    if not len(times):
        return np.empty(0)
    rr = np.asarray(np.r_[np.nan, np.diff(times)], np.float64)
    for start, end in gaps:
        rr[1:][(times[:-1] < end) & (times[1:] > start)] = np.nan
    return rr


def usual_rr(rr: Times) -> Times:
    """The median interval around each beat."""
    if not len(rr):
        return rr
    known = np.where(np.isfinite(rr), rr, np.nanmedian(rr) if np.isfinite(rr).any() else 1.0)
    half = _NEIGHBOURS // 2
    around = np.lib.stride_tricks.sliding_window_view(
        np.pad(known, half, mode="reflect" if len(known) > half else "edge"), _NEIGHBOURS
    )
    return np.asarray(np.median(around, axis=1))


def classes(
    rr: Times,
    group: NDArray[np.intp],
    likeness: Times,
    widths: Sequence[float | None],
    paced: NDArray[np.bool_],
    whole: NDArray[np.bool_],
    regular: NDArray[np.bool_] | None = None,
) -> tuple[list[BeatClass], NDArray[np.bool_]]:
    """The class of each beat, and whether it came early.

    `widths` are the QRS widths in ms of each beat's shape, the first group's first found at group 0; `whole` is False for
    beats that the ends of the record cut; `regular` says where the rhythm is, for records in which that changes. A strange, wide shape is ventricular; a strange shape that is not wide and comes
    early is supraventricular with aberration; an early beat of the usual shape is supraventricular, unless all beats come at
    random.
    """
    early = np.nan_to_num(rr / usual_rr(rr), nan=1.0) < _EARLY
    if regular is None:
        regular = np.full(len(rr), (irregularity(rr, group == 0, without_stray=True) or 0.0) < _IRREGULAR)
    main = next((width for width, number in zip(widths, group, strict=True) if number == 0 and width), None)
    found: list[BeatClass] = []
    for at, number in enumerate(group):
        if paced[at]:
            found.append(BeatClass.PACED)
        elif number == 0:
            found.append(BeatClass.SUPRAVENTRICULAR if early[at] and regular[at] else BeatClass.NORMAL)
        elif not whole[at]:
            found.append(BeatClass.UNCLASSIFIABLE)
        else:
            found.append(_strange(widths[at], main, float(likeness[at]), early=bool(early[at])))
    return found, early


def _strange(width: float | None, main: float | None, likeness: float, *, early: bool) -> BeatClass:
    if width is None or main is None:
        return BeatClass.VENTRICULAR if early and likeness < _ALIEN else BeatClass.UNCLASSIFIABLE
    if width >= max(_WIDE_MS, main + _WIDER_MS) or (likeness < _ALIEN and width >= _WIDE_MS):
        return BeatClass.VENTRICULAR
    if early:
        return BeatClass.SUPRAVENTRICULAR
    return BeatClass.NORMAL if likeness >= _ALIEN else BeatClass.UNCLASSIFIABLE


def regular_stretches(rr: Times, usual: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """For each beat of a long record whether the beats around it come regularly, or too few tell."""
    found = np.ones(len(rr), np.bool_)
    for start in range(0, len(rr), _STRETCH):
        around = slice(max(0, start - _STRETCH // 2), start + _STRETCH + _STRETCH // 2)
        own = irregularity(rr[around], usual[around], without_stray=True)
        found[start : start + _STRETCH] = (own or 0.0) < _IRREGULAR
    return found


def irregularity(rr: Times, usual: NDArray[np.bool_], *, without_stray: bool = False) -> float | None:
    """Mean change from one interval to the next as a share of the mean; only intervals between beats of the usual shape.

    The largest sixth of the changes is left out: a single early beat or pause. `without_stray` leaves out all intervals that
    differ much from those around them, as long as they are few; where they are many, they are the rhythm.
    """
    between = np.isfinite(rr) & usual & np.r_[False, usual[:-1]]
    if without_stray:
        stray = between & (np.abs(rr / usual_rr(rr) - 1) > _STRAY)
        between &= ~stray | (stray.sum() > _FEW_STRAY * between.sum())
    pairs = between & np.r_[False, between[:-1]]
    if pairs.sum() < _RUN_BEATS:
        return None
    changes = np.sort(np.abs(np.diff(rr, prepend=np.nan)[pairs]))
    kept = changes[: max(_RUN_BEATS, len(changes) - len(changes) // 6)]
    return float(kept.mean() / np.mean(rr[between]))


def statistics(times: Times, rr: Times, beats: Sequence[Beat], seconds: float) -> RrStatistics:
    known = rr[np.isfinite(rr) & (rr >= _SHORTEST_RR_S) & (rr <= _LONGEST_RR_S)]
    if not len(known):
        return RrStatistics()
    sinus = np.array([beat.kind not in (BeatClass.VENTRICULAR, BeatClass.UNCLASSIFIABLE) for beat in beats])
    nearby = np.isfinite(rr) & sinus & np.r_[False, sinus[:-1]]
    changes = np.diff(rr, prepend=np.nan)[nearby & np.r_[False, nearby[:-1]]]
    return RrStatistics(
        mean_ms=float(known.mean() * 1000),
        sd_ms=float(known.std(ddof=1) * 1000) if len(known) > 1 else None,
        rmssd_ms=float(np.sqrt((changes**2).mean()) * 1000) if len(changes) else None,
        shortest_ms=float(known.min() * 1000),
        longest_ms=float(known.max() * 1000),
        irregularity=irregularity(rr, np.array([beat.template == 0 for beat in beats])),
        pauses=tuple(Span(float(at - gap), float(gap)) for at, gap in zip(times, rr, strict=True) if gap >= _PAUSE_S),
        ventricular_runs=runs(times, rr, np.array([beat.kind == BeatClass.VENTRICULAR for beat in beats]), _RUN_BEATS),
        fast_runs=runs(times, rr, np.nan_to_num(rr, nan=9.0) <= 60 / _FAST_RATE, _FAST_BEATS),
        trend_hr=_trend(times, rr, seconds) if seconds >= _TREND_FROM_S else (),
    )


def runs(times: Times, rr: Times, flags: NDArray[np.bool_], fewest: int) -> tuple[Span, ...]:
    """Stretches of flagged neighbours."""
    edges = np.flatnonzero(np.diff(np.r_[False, flags, False].astype(np.int8)))
    spans = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if end - start < fewest or not np.isfinite(rr[start + 1 : end]).all():
            continue
        mean = float(np.mean(rr[start + 1 : end]))
        spans.append(
            Span(float(times[start]), float(times[end - 1] - times[start] + mean), int(end - start), 60 / mean)
        )
    return tuple(spans)


def _trend(times: Times, rr: Times, seconds: float) -> tuple[float | None, ...]:
    minutes = (times // _MINUTE_S).astype(int)
    trend: list[float | None] = []
    for minute in range(int(np.ceil(seconds / _MINUTE_S))):
        inside = rr[(minutes == minute) & np.isfinite(rr)]
        trend.append(float(60 / inside.mean()) if len(inside) else None)
    return tuple(trend)


def heart_rate(rr: Times) -> float | None:
    """Ventricular beats a minute over the record, from the mean interval; None with fewer than two beats."""
    known = rr[np.isfinite(rr) & (rr >= _SHORTEST_RR_S)]
    return float(60 / known.mean()) if len(known) else None
