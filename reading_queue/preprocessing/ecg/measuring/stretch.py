"""One stretch of a long record: read with a margin on either side, so that nothing is lost or found twice where two meet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.averaging import levelled, quiet_place
from reading_queue.preprocessing.ecg.measuring.detection import find_beats
from reading_queue.preprocessing.ecg.measuring.fibrillation import find_fibrillation
from reading_queue.preprocessing.ecg.measuring.long_results import Source
from reading_queue.preprocessing.ecg.measuring.pacing import without_atrial
from reading_queue.preprocessing.ecg.measuring.preparing import Prepared, best_leads, prepare
from reading_queue.preprocessing.ecg.measuring.results import LeadQuality, Span
from reading_queue.preprocessing.ecg.measuring.signals import HZ, Samples
from reading_queue.preprocessing.ecg.measuring.templates import Pieces, pieces_around

STRETCH_S, MINUTE_S = 120.0, 60.0
_MARGIN_S = 8.0
"""As far as the threshold of a beat looks back and forth; filters have settled long before."""
_MOST_LEADS, _MOST_SHAPE_LEADS = 4, 3
_PREFERRED = ("II", "V5", "V1", "MLII", "CM5", "V2", "I", "aVF", "V3", "V4", "V6")
"""Leads that tell most, the first ones first."""
_LARGEST_UV = 60_000.0
_LOOK_AT = (0.3, 0.5, 0.1, 0.7, 0.9, 0.0)

BEFORE_S, AFTER_S = 0.24, 0.36
MEDIAN_HZ = HZ / 2
_MOST_AVERAGED, _FEWEST_AVERAGED = 40, 10


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which leads of a record are looked at all the time, and which of these tell shapes; places in the record's leads."""

    looked_at: tuple[int, ...]
    shapes: tuple[int, ...]

    @property
    def mask(self) -> NDArray[np.bool_]:
        """The shape leads among those looked at."""
        return np.isin(self.looked_at, self.shapes)


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """What is kept of it; `places` and `pulses` count from the beginning of the record, at the measuring rate.

    `medians`: of each minute and shape lead the median beat around its place, `MEDIAN_HZ`; None with too few beats.
    """

    start: int
    places: NDArray[np.intp]
    pieces: NDArray[np.float16]
    pulses: NDArray[np.intp]
    gaps: list[tuple[float, float]]
    fibrillation: tuple[Span, ...]
    quality: Sequence[LeadQuality]
    noise: float
    medians: Sequence[NDArray[np.float32] | None]


def cut(source: Source, start_s: float, seconds: float) -> NDArray[np.float64]:
    """All leads from `start_s` on, as far as the record goes."""
    first, last = max(0, round(start_s * source.hz)), min(source.samples, round((start_s + seconds) * source.hz))
    return np.asarray(source.cut(first, last), np.float64)


def choose(source: Source) -> Chosen | None:
    """The leads that are usable in the first of a few stretches spread over the record that has any; None without one."""
    seconds = source.samples / source.hz
    for share in _LOOK_AT:
        usable = np.flatnonzero(prepare(cut(source, share * seconds, MINUTE_S), source.hz).steady)
        if len(usable):
            order = {name: rank for rank, name in enumerate(_PREFERRED)}
            ranked = sorted(usable.tolist(), key=lambda at: (order.get(source.leads[at], len(order)), at))
            few = len(source.leads) <= _MOST_LEADS
            looked_at = range(len(source.leads)) if few else sorted(ranked[:_MOST_LEADS])
            return Chosen(tuple(looked_at), tuple(sorted(ranked[:_MOST_SHAPE_LEADS])))
    return None


def read_stretch(source: Source, start_s: float, chosen: Chosen) -> Stretch:
    """Beats of the stretch from `start_s` on, and what tells their shapes."""
    begin_s = max(0.0, start_s - _MARGIN_S)
    samples = cut(source, begin_s, start_s + STRETCH_S + _MARGIN_S - begin_s)
    prepared = prepare(samples[list(chosen.looked_at)], source.hz)
    offset = round(begin_s * HZ)
    first, last = round((start_s - begin_s) * HZ), round((start_s - begin_s + STRETCH_S) * HZ)
    there = bool(prepared.usable.any())
    places = _beats(prepared) if there else np.empty(0, np.intp)
    places = places[(places >= first) & (places < last)]
    pulses = prepared.pulses[(prepared.pulses >= first) & (prepared.pulses < last)]
    spans = find_fibrillation(prepared.samples[:, first:last], prepared.usable)
    return Stretch(
        start=round(start_s * HZ),
        places=places + offset,
        pieces=_halved(pieces_around(prepared.samples, chosen.mask, places)),
        pulses=pulses + offset,
        gaps=_gaps(prepared, begin_s, start_s),
        fibrillation=tuple(replace(span, start_s=span.start_s + start_s) for span in spans),
        quality=prepared.quality,
        noise=float(np.mean([lead.noise_uv + lead.drift_uv / 20 for lead in prepared.quality])),
        medians=_medians(prepared.samples[chosen.mask], places, first, last),
    )


def _beats(prepared: Prepared) -> NDArray[np.intp]:
    chosen = best_leads(prepared)
    return without_atrial(find_beats(prepared.samples, chosen), prepared.pulses, prepared.samples[chosen])


def _halved(pieces: Pieces) -> NDArray[np.float16]:
    """In half the bytes: there are a hundred thousand of them in a day."""
    return pieces.clip(-_LARGEST_UV, _LARGEST_UV).astype(np.float16)


def _gaps(prepared: Prepared, begin_s: float, start_s: float) -> list[tuple[float, float]]:
    """Within the stretch itself; all of it where no lead has a signal."""
    end_s = min(start_s + STRETCH_S, begin_s + prepared.samples.shape[1] / HZ)
    if not prepared.usable.any():
        return [(start_s, end_s)]
    inside = [(max(start + begin_s, start_s), min(end + begin_s, end_s)) for start, end in prepared.gaps]
    return [(start, end) for start, end in inside if end > start]


def _medians(samples: Samples, places: NDArray[np.intp], first: int, last: int) -> list[NDArray[np.float32] | None]:
    before, after = round(BEFORE_S * HZ), round(AFTER_S * HZ)
    edges = np.arange(first, min(last, samples.shape[1]), round(MINUTE_S * HZ))
    if not len(places):
        return [None] * len(edges)
    level = levelled(samples, places, quiet_place(samples, places))
    inside = places[(places >= before) & (places + after < samples.shape[1])]
    found: list[NDArray[np.float32] | None] = []
    for edge in edges:
        own = inside[(inside >= edge) & (inside < edge + round(MINUTE_S * HZ))]
        if len(own) < _FEWEST_AVERAGED:
            found.append(None)
            continue
        some = own[np.unique(np.linspace(0, len(own) - 1, _MOST_AVERAGED).astype(np.intp))]
        pieces = level[:, some[:, None] + np.arange(-before, after, 2)]
        found.append(np.median(pieces, axis=1).astype(np.float32))
    return found
