"""The measuring engine on ECGs whose fiducials are known, at every rate, with every kind of damage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reading_queue.preprocessing.ecg.measuring import EcgMeasurements, measure
from reading_queue.preprocessing.ecg.measuring.results import AtrialRhythm, BeatClass, Fault, Presence
from tests.unit.reading_queue.preprocessing.ecg.synthetic import LEADS, Made, Shape, fibrillating, make, regular

pytestmark = pytest.mark.thorough


_CLOSE_MS = 16
"""Raised cosines begin too gently to be seen at once, and corners look later through a low-pass than they are."""

_PVC = Shape(qrs_ms=150, p_uv=0, qrs_axis=-100, r_uv=1800, t_uv=-500)


def _measured(made: Made) -> EcgMeasurements:
    return measure(made.signal, LEADS, made.hz)


def _kinds(measured: EcgMeasurements) -> list[str]:
    return [beat.kind.value[0] for beat in measured.beats]


@pytest.mark.parametrize("hz", [100, 128, 250, 360, 500, 1000])
def test_intervals_are_the_same_at_every_rate(hz):
    found = _measured(regular(70, hz=hz)).overall
    assert found.hr == pytest.approx(70, abs=0.3)
    assert found.pr_ms == pytest.approx(160, abs=_CLOSE_MS)
    assert found.qrs_ms == pytest.approx(90, abs=_CLOSE_MS)
    assert found.qt_ms == pytest.approx(400, abs=_CLOSE_MS)
    assert found.p_ms == pytest.approx(100, abs=2 * _CLOSE_MS)


@pytest.mark.parametrize(
    "shape",
    [
        Shape(pr_ms=240),
        Shape(qrs_ms=150),
        Shape(qt_ms=500, t_ms=220),
        Shape(p_ms=130, pr_ms=190),
        Shape(r_uv=400, p_uv=80),
    ],
)
def test_intervals_follow_the_waves(shape):
    found = _measured(regular(64, shape)).overall
    assert found.pr_ms == pytest.approx(shape.pr_ms, abs=_CLOSE_MS)
    assert found.qrs_ms == pytest.approx(shape.qrs_ms, abs=_CLOSE_MS)
    assert found.qt_ms == pytest.approx(shape.qt_ms, abs=_CLOSE_MS)


@pytest.mark.parametrize("rate", [30, 45, 60, 100, 140, 180, 220])
def test_the_rate_is_that_of_the_beats(rate):
    squeezed = (60 / rate) ** 0.5
    shape = Shape(p_ms=80, pr_ms=120, qt_ms=400 * min(1, squeezed), t_ms=180 * min(1, squeezed))
    made = regular(rate, shape, seconds=12)
    measured = _measured(made)
    assert measured.overall.hr == pytest.approx(rate, rel=0.01)
    assert len(measured.beats) == len(made.onsets)


@pytest.mark.parametrize("axis", [-150, -100, -60, 0, 45, 90, 120, 170])
def test_axes_are_those_of_the_dipoles(axis):
    found = _measured(regular(70, Shape(qrs_axis=axis, p_axis=60, t_axis=30))).overall
    assert (found.qrs_axis_deg - axis + 180) % 360 - 180 == pytest.approx(0, abs=3)
    assert found.p_axis_deg == pytest.approx(60, abs=5)
    assert found.t_axis_deg == pytest.approx(30, abs=5)


def test_amplitudes_and_st_levels_are_by_lead():
    measured = _measured(regular(70, Shape(st_uv=300), noise_uv=1))
    two = measured.per_lead["II"]
    share = np.cos(np.radians(60 - 45))  # lead II looks along 60 degrees
    assert two.r_uv == pytest.approx(1200 * share, rel=0.06)
    assert two.p_uv == pytest.approx(150 * np.cos(np.radians(60 - 50)), rel=0.12)
    assert two.st_uv[1] == pytest.approx(300 * np.cos(np.radians(60 - 40)), rel=0.15)
    assert two.s_uv == pytest.approx(-0.3 * 1200 * share, rel=0.2)


def test_beats_lie_where_they_were_made():
    made = regular(72)
    measured = _measured(made)
    starts = [beat.qrs.on_s for beat in measured.beats if beat.qrs]
    assert np.abs(np.array(starts) - np.array(made.onsets)[: len(starts)]).max() < 0.016
    assert all(beat.p and beat.t for beat in measured.beats[1:-1])


def test_corrected_qt_follows_the_formulas():
    found = _measured(regular(100, Shape(qt_ms=320, t_ms=150))).overall
    rr = 60 / found.hr
    assert found.qtc_bazett_ms == pytest.approx(found.qt_ms / rr**0.5)
    assert found.qtc_fridericia_ms == pytest.approx(found.qt_ms / rr ** (1 / 3))
    assert found.qtc_framingham_ms == pytest.approx(found.qt_ms + 154 * (1 - rr))
    assert found.qtc_hodges_ms == pytest.approx(found.qt_ms + 1.75 * (found.hr - 60))


def test_wide_early_beats_are_ventricular_and_do_not_spoil_the_median_beat():
    measured = _measured(make([0.6, 1.5, 2.4, 4.2, 5.1, 6.0, 6.9, 8.7], others=[(2.95, _PVC), (7.4, _PVC)]))
    assert "".join(_kinds(measured)) == "nnnvnnnnvn"
    assert measured.overall.qrs_ms == pytest.approx(90, abs=_CLOSE_MS)


def test_early_beats_of_the_usual_shape_are_supraventricular():
    measured = _measured(make([0.6, 1.5, 2.4, 2.95, 4.1, 5.0, 5.9, 6.8, 7.7, 8.6]))
    assert "".join(_kinds(measured)) == "nnnsnnnnnn"


def test_pauses_and_runs_are_told():
    run = [(4.6 + 0.4 * at, _PVC) for at in range(5)]
    measured = _measured(make([0.6, 1.4, 2.2, 3.0, 3.8, 9.9, 10.7, 11.5], seconds=13, others=run))
    (pause,) = measured.rr.pauses
    (found,) = measured.rr.ventricular_runs
    assert pause.seconds == pytest.approx(3.7, abs=0.1)
    assert (found.beats, found.rate) == (5, pytest.approx(150, rel=0.03))


def test_fibrillation_has_no_p_and_no_pr():
    onsets = 0.5 + np.cumsum(np.random.default_rng(3).uniform(0.45, 1.1, 11))
    measured = _measured(fibrillating(onsets[onsets < 9.6]))
    assert (measured.atria.p_waves, measured.atria.rhythm) == (Presence.ABSENT, AtrialRhythm.FIBRILLATION)
    assert measured.overall.pr_ms is None
    assert measured.not_measured["pr_ms"] == "no P waves"
    assert measured.overall.qrs_ms is not None


def test_an_irregular_sinus_rhythm_keeps_its_p():
    onsets = 0.5 + np.cumsum(np.random.default_rng(5).uniform(0.7, 1.15, 10))
    measured = _measured(make(onsets[onsets < 9.6]))
    assert measured.atria.p_waves == Presence.PRESENT
    assert measured.overall.pr_ms == pytest.approx(160, abs=_CLOSE_MS)


def test_atria_that_beat_on_their_own_are_seen():
    atria = [(at + 0.16, Shape(r_uv=0, t_uv=0, p_uv=180)) for at in np.arange(0.1, 9.6, 0.72)]
    slow = Shape(p_uv=0, qrs_ms=130, qt_ms=420)
    measured = _measured(make(np.arange(0.5, 9.8, 1.6), slow, others=atria))
    assert measured.atria.dissociated
    assert measured.overall.atrial_rate == pytest.approx(60 / 0.72, rel=0.03)
    assert measured.overall.pr_ms is None


def test_pacemaker_pulses_are_found_and_are_no_beats():
    made = regular(72, Shape(qrs_ms=160, p_uv=0, qrs_axis=-70))
    for onset in made.onsets:
        made.signal[:, int((onset - 0.02) * made.hz)] += 1500
    measured = _measured(made)
    assert len(measured.pulses_s) == len(made.onsets)
    assert measured.count(BeatClass.PACED) == len(made.onsets)
    assert measured.overall.qrs_ms == pytest.approx(160, abs=_CLOSE_MS)


def test_ventricular_fibrillation_is_a_wave_and_not_a_rate():
    time = np.arange(5000) / 500
    wave = 500 * np.sin(2 * np.pi * np.cumsum(5 + 0.8 * np.sin(2 * np.pi * 0.3 * time)) / 500)
    signal = np.outer(np.linspace(0.5, 1, 12), wave * (1 + 0.4 * np.sin(2 * np.pi * 0.7 * time)))
    measured = measure(signal, LEADS, 500)
    assert sum(span.seconds for span in measured.fibrillation) >= 8
    assert not _measured(regular(180, Shape(pr_ms=120, p_ms=60, qt_ms=230, t_ms=100))).fibrillation


def test_swapped_arms_are_told_and_dextrocardia_is_not_taken_for_it():
    straight = regular(70).signal
    swapped = straight.copy()
    swapped[0], swapped[1], swapped[2] = -straight[0], straight[2], straight[1]
    swapped[3], swapped[4] = straight[4], straight[3]
    assert "right and left arm" in measure(swapped, LEADS, 500).swapped
    mirrored = swapped.copy()
    mirrored[6:] = -straight[6:]
    assert measure(mirrored, LEADS, 500).swapped == ""
    assert measure(straight, LEADS, 500).swapped == ""


def test_quality_names_what_is_wrong_with_which_lead():
    signal = regular(70).signal
    time = np.arange(signal.shape[1]) / 500
    signal[0] += 80 * np.sin(2 * np.pi * 50 * time)
    signal[1] += 80 * np.sin(2 * np.pi * 60 * time)
    signal[6] = 0
    signal[7] += 900 * np.sin(2 * np.pi * 0.2 * time)
    signal[8, 1000:1500] = np.nan
    signal[10] = np.clip(1.5 * signal[10], -1000, 1000)
    faults = {lead: found.faults for lead, found in measure(signal, LEADS, 500).quality.items()}
    assert Fault.MAINS_50 in faults["I"]
    assert Fault.MAINS_60 in faults["II"]
    assert Fault.FLAT in faults["V1"]
    assert Fault.DRIFT in faults["V2"]
    assert Fault.GAPS in faults["V3"]
    assert Fault.CLIPPED in faults["V5"]
    assert faults["aVF"] == ()


def test_mains_hum_does_not_move_the_marks():
    made = regular(70)
    made.signal[:] += 60 * np.sin(2 * np.pi * 50 * np.arange(made.signal.shape[1]) / 500)
    found = _measured(made).overall
    assert found.pr_ms == pytest.approx(160, abs=_CLOSE_MS)
    assert found.qt_ms == pytest.approx(400, abs=_CLOSE_MS)


@pytest.mark.parametrize("leads", [["II"], ["I", "II"], ["V2", "V5"], ["MLII", "V1", "X"]])
def test_a_few_leads_are_enough_for_intervals(leads):
    chosen = regular(70).signal[[LEADS.index(lead) if lead in LEADS else 1 for lead in leads]]
    found = measure(chosen, leads, 500).overall
    assert found.qrs_ms == pytest.approx(90, abs=_CLOSE_MS)
    assert found.pr_ms == pytest.approx(160, abs=_CLOSE_MS)
    assert (found.qrs_axis_deg is None) == (leads != ["I", "II"])


def test_a_printed_sheet_is_measured_from_pieces_of_its_leads():
    whole = regular(70).signal
    printed = np.full_like(whole, np.nan)
    for at in range(12):
        piece = slice(at // 3 * 1250, (at // 3 + 1) * 1250)
        printed[at, piece] = whole[at, piece]
    printed[1] = whole[1]
    found = measure(printed, LEADS, 500)
    assert found.overall.hr == pytest.approx(70, abs=1)
    assert found.overall.qrs_ms == pytest.approx(90, abs=_CLOSE_MS)
    assert found.per_lead["V1"].r_uv is not None or found.per_lead["V1"].q_uv is not None


def test_two_and_a_half_seconds_are_enough_for_a_beat():
    found = _measured(regular(70, seconds=2.5)).overall
    assert found.hr == pytest.approx(70, abs=1)
    assert found.qrs_ms == pytest.approx(90, abs=_CLOSE_MS)


def test_a_long_record_is_measured_in_pieces_without_losing_a_beat():
    onsets = np.arange(0.6, 299.5, 0.8)
    kept = np.abs(onsets - 150.2) > 2.0
    made = make(onsets[kept], seconds=300, others=[(50.65 + 8 * at, _PVC) for at in range(3)])
    measured = measure(made.signal[:3].astype(np.float32), LEADS[:3], 500)
    assert len(measured.beats) == kept.sum() + 3
    assert measured.count(BeatClass.VENTRICULAR) == 3
    assert len(measured.rr.trend_hr) == 5
    assert max(pause.seconds for pause in measured.rr.pauses) == pytest.approx(4.8, abs=0.1)
    assert measured.overall.pr_ms == pytest.approx(160, abs=_CLOSE_MS)


def test_a_gap_in_the_record_is_no_pause():
    made = regular(70, seconds=14)
    made.signal[:, 3000:5000] = np.nan
    measured = _measured(made)
    assert measured.rr.pauses == ()
    assert measured.overall.hr == pytest.approx(70, abs=1)


@pytest.mark.parametrize(
    "signal, leads, hz, reason",
    [
        (np.zeros((12, 0)), LEADS, 500, "too short"),
        (np.zeros((0, 5000)), (), 500, "do not belong"),
        (np.zeros((12, 5000)), LEADS, 500, "no lead has a signal"),
        (np.full((12, 5000), np.nan), LEADS, 500, "no lead has a signal"),
        (np.full((2, 5000), np.inf), LEADS[:2], 500, "no lead has a signal"),
        (np.zeros((2, 5000)), LEADS, 500, "do not belong"),
        (np.zeros((12, 5000)), LEADS, float("nan"), "sampling rate"),
        (np.zeros((12, 5000)), LEADS, 0, "sampling rate"),
        (np.zeros(5000), LEADS, 500, "do not belong"),
        (np.random.default_rng(1).normal(0, 80, (12, 5000)), LEADS, 500, "no beats"),
        (300 * np.sin(np.arange(5000) * 2 * np.pi * 50 / 500)[None], ("II",), 500, "no beats"),
    ],
)
def test_what_is_no_ecg_gives_a_reason_and_no_number(signal, leads, hz, reason):
    measured = measure(signal, leads, hz)
    assert reason in measured.not_measured["all"]
    assert measured.overall.hr is None
    assert measured.beats == ()


def test_coarse_samples_give_a_rate_and_no_intervals():
    measured = _measured(regular(70, hz=60))
    assert measured.overall.hr == pytest.approx(70, abs=2)
    assert measured.overall.qrs_ms is None
    assert "sampling rate" in measured.not_measured["qrs_ms"]


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    leads=st.integers(1, 12),
    hz=st.sampled_from([100.0, 250.0, 333.3, 500.0, 977.0]),
    seconds=st.floats(0.1, 6.0),
    rate=st.floats(20, 250),
    damage=st.sampled_from(["none", "nan", "spikes", "steps", "clip", "huge", "flat", "whole"]),
)
def test_whatever_comes_in_never_raises_and_never_invents(seed, leads, hz, seconds, rate, damage):
    chance = np.random.default_rng(seed)
    signal = regular(rate, hz=hz, seconds=seconds, noise_uv=float(chance.uniform(0, 200)), seed=seed % 1000).signal[
        :leads
    ]
    where = chance.random(signal.shape) < 0.02
    if damage == "nan":
        signal[where] = np.nan
        signal[0, : signal.shape[1] // 2] = np.inf
    elif damage == "spikes":
        signal[where] += 1e4
    elif damage == "steps":
        signal += np.where(np.arange(signal.shape[1]) > signal.shape[1] // 2, 3000.0, 0.0)
    elif damage == "clip":
        signal = np.clip(signal, -100, 100)
    elif damage == "huge":
        signal *= 1e300
    elif damage == "flat":
        signal[:] = 7.0
    elif damage == "whole":
        signal = np.rint(np.nan_to_num(signal)).astype(np.int16)
    measured = measure(signal, LEADS[:leads], hz)
    found = measured.overall
    assert found.hr is None or 10 < found.hr < 400
    assert found.qrs_ms is None or 0 < found.qrs_ms <= 240
    assert found.qt_ms is None or found.qrs_ms < found.qt_ms < 800
    assert found.pr_ms is None or (found.p_ms is not None and 0 < found.p_ms <= found.pr_ms < 400)
    assert all(0 <= beat.at_s <= measured.seconds for beat in measured.beats)
    assert found.pr_ms is not None or not measured.beats or "pr_ms" in measured.not_measured
