"""The floor under the engine's accuracy: records that cardiologists have marked, where they are at hand; else waves made here."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring import EcgMeasurements, measure
from reading_queue.preprocessing.ecg.measuring.results import Presence
from tests.services import ludb
from tests.unit.reading_queue.preprocessing.ecg.synthetic import LEADS, Shape, regular

pytestmark = pytest.mark.thorough


_EVERY = 3
_HALF_WINDOW_S = 0.075


@dataclass(frozen=True)
class _Case:
    beats_s: NDArray[np.float64]
    span_s: tuple[float, float]
    intervals: dict[str, float]
    has_p: bool
    measured: EcgMeasurements


def _cases(shared_data: Path | None) -> Iterator[_Case]:
    folder = shared_data / "ecg" / "ludb_odd" if shared_data else None
    if folder is None or not folder.is_dir():
        yield from map(_made, range(24))
        return
    for record in ludb.records(folder)[::_EVERY]:
        if record.is_paced:
            continue
        first, last = record.marked_span()
        span = (first / ludb.HZ - 0.02, last / ludb.HZ + 0.02)
        measured = measure(record.microvolts(), ludb.LEADS, ludb.HZ)
        yield _Case(record.beats() / ludb.HZ, span, record.intervals_ms(), record.has_p, measured)


def _made(number: int) -> _Case:
    shape = Shape(pr_ms=130 + 5 * number, qrs_ms=80 + 2 * number, qt_ms=380 + 3 * number, qrs_axis=10 * number - 90)
    made = regular(52 + 1.5 * number, shape, noise_uv=8, seed=number)
    known = {"pr_ms": shape.pr_ms, "qrs_ms": shape.qrs_ms, "qt_ms": shape.qt_ms}
    beats = np.array(made.onsets) + 0.45 * shape.qrs_ms / 1000
    return _Case(beats, (0.0, 10.0), known, has_p=True, measured=measure(made.signal, LEADS, made.hz))


@pytest.fixture(scope="module")
def cases(shared_data: Path | None) -> list[_Case]:
    return list(_cases(shared_data))


def test_hardly_a_beat_is_missed_or_invented(cases: list[_Case]):
    hit = missed = invented = 0
    for case in cases:
        found = np.array([beat.at_s for beat in case.measured.beats])
        found = found[(found >= case.span_s[0]) & (found <= case.span_s[1])]
        near = np.abs(found[:, None] - case.beats_s[None, :]) <= _HALF_WINDOW_S
        hit += near.any(axis=0).sum()
        missed += (~near.any(axis=0)).sum()
        invented += (~near.any(axis=1)).sum()
    assert hit / (hit + missed) >= 0.998
    assert hit / (hit + invented) >= 0.998


@pytest.mark.parametrize(
    "name, mean_ms, sd_ms, share", [("pr_ms", 5, 11, 0.97), ("qrs_ms", 5, 10, 0.98), ("qt_ms", 10, 24, 0.92)]
)
def test_intervals_are_close_to_what_cardiologists_mark(cases: list[_Case], name, mean_ms, sd_ms, share):
    wanted = [case for case in cases if name in case.intervals]
    pairs = [(getattr(case.measured.overall, name), case.intervals[name]) for case in wanted]
    errors = np.array([ours - marked for ours, marked in pairs if ours is not None])
    systematic = 10 if not any(case.intervals.get("p_ms") for case in cases) else 0
    assert len(errors) >= share * len(pairs)
    assert abs(errors.mean()) <= mean_ms + systematic
    assert errors.std() <= sd_ms


def test_p_waves_are_neither_lost_nor_invented(cases: list[_Case]):
    agree = [(case.measured.atria.p_waves == Presence.PRESENT) == case.has_p for case in cases]
    assert np.mean(agree) >= 0.93


def test_beats_of_ten_minutes_are_found(shared_data: Path | None):
    folder = shared_data / "ecg" / "wfdb" if shared_data else None
    if folder is None or not folder.is_dir():
        made = regular(80, seconds=600, noise_uv=20)
        signal, hz, beats = made.signal[:2], made.hz, np.array(made.onsets) + 0.04
    else:
        signal, hz, beats = ludb.read_212(folder, "100")
        signal = signal[:, : round(600 * hz)]
        beats = beats[beats < 599.9]
    found = np.array([beat.at_s for beat in measure(signal, ("MLII", "V5"), hz).beats])
    near = np.abs(found[:, None] - beats[None, :]) <= 2 * _HALF_WINDOW_S
    assert near.any(axis=0).mean() >= 0.998
    assert near.any(axis=1).mean() >= 0.998
