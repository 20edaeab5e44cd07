"""Long records: read by stretches they say what they would say read at once; beats, events and overview are what was put in."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray

from reading_queue.ecg.ambulatory import StoredSource, long_recording
from reading_queue.preprocessing.ecg.ambulatory.columns import pack_beats, unpack_beats
from reading_queue.preprocessing.ecg.ambulatory.events import EventKind, events, st_events
from reading_queue.preprocessing.ecg.ambulatory.overview import NOTHING, STEP_UV, coarser, overview
from reading_queue.preprocessing.ecg.ambulatory.summary import summary_of
from reading_queue.preprocessing.ecg.ambulatory.tendency import tendency
from reading_queue.preprocessing.ecg.measuring.engine import measure_short
from reading_queue.preprocessing.ecg.measuring.long_record import InMemory, measure_long
from reading_queue.preprocessing.ecg.measuring.long_results import CLASSES, LongRecord
from reading_queue.preprocessing.ecg.measuring.results import BeatClass
from reading_queue.preprocessing.ecg.stored import StoredEcg, find_samples, reader_of
from tests.services.holter import Holter, holter, holter_file, string
from tests.unit.reading_queue.preprocessing.ecg.synthetic import Shape

pytestmark = pytest.mark.thorough


_CLOSE_S = 0.06


def _strung(seconds: float, *beats: tuple[NDArray[np.float64], Shape]) -> InMemory:
    """Lead II and V5 with these beats."""
    signal = np.random.default_rng(1).integers(-5, 6, (round(seconds * 500), 2)).astype(np.int16)
    for onsets, shape in beats:
        string(signal, onsets, shape, 500, (1, 10))
    return InMemory(("II", "V5"), 500, signal.T.astype(np.float64))


@pytest.fixture(scope="module")
def made() -> Holter:
    return holter(600, ectopy=0.04)


@pytest.fixture(scope="module")
def record(made: Holter) -> LongRecord:
    return measure_long(InMemory(made.leads, made.hz, made.microvolts))


def test_every_beat_is_found_once_and_in_its_class(made: Holter, record: LongRecord):
    assert len(record.beats) == len(made.peaks_s)
    assert np.abs(record.beats.at_s - made.peaks_s).max() < _CLOSE_S
    assert [str(CLASSES[kind]) for kind in record.beats.kind] == [str(kind) for kind in made.kinds]


def test_in_stretches_it_is_what_it_is_at_once(made: Holter, record: LongRecord):
    at_once = measure_short(made.microvolts, made.leads, made.hz)
    assert len(at_once.beats) == len(record.beats)
    assert np.abs(np.array([beat.at_s for beat in at_once.beats]) - record.beats.at_s).max() < 0.012
    assert [beat.kind for beat in at_once.beats] == [CLASSES[kind] for kind in record.beats.kind]
    ours, whole = record.measurements, at_once
    for name in ("hr", "pr_ms", "qrs_ms", "qt_ms"):
        assert getattr(ours.overall, name) == pytest.approx(getattr(whole.overall, name), abs=8)
    assert ours.rr.longest_ms == pytest.approx(whole.rr.longest_ms, abs=8)
    assert len(ours.rr.ventricular_runs) == len(whole.rr.ventricular_runs) == 1
    assert record.gaps[0].start_s == pytest.approx(made.off_s[0], abs=0.1)


def test_what_happened_is_told_with_its_time(made: Holter, record: LongRecord):
    found = {one.kind: one for one in events(record)}
    assert found[EventKind.PAUSE].seconds == pytest.approx(made.pause_s[1], abs=0.02)
    assert found[EventKind.LONGEST_RR].at_s == pytest.approx(made.pause_s[0] + 0.04, abs=0.05)
    assert found[EventKind.VENTRICULAR_RUN].beats == 6
    assert found[EventKind.VENTRICULAR_RUN].rate == pytest.approx(60 / 0.42, abs=2)
    assert found[EventKind.NO_SIGNAL].seconds == pytest.approx(made.off_s[1] - made.off_s[0], abs=0.2)
    assert found[EventKind.FASTEST].rate > found[EventKind.SLOWEST].rate
    assert EventKind.ST not in found
    assert EventKind.IRREGULAR not in found


def test_hours_add_up_to_the_whole():
    long = holter(4000, hz=100, leads=("II",), ectopy=0.02)
    told = summary_of(measure_long(InMemory(long.leads, long.hz, long.microvolts)))
    assert [hour["start_s"] for hour in told["hours"]] == [0, 3600]
    assert sum(hour["beats"] for hour in told["hours"]) == told["whole"]["beats"] == len(long.onsets_s)
    assert told["whole"]["pauses"] == 1
    assert told["whole"]["lowest_hr"] <= told["whole"]["mean_hr"] <= told["whole"]["highest_hr"]
    assert told["whole"]["missing_s"] == pytest.approx(long.off_s[1] - long.off_s[0], abs=0.5)


def test_st_goes_up_where_it_does():
    usual, up = np.arange(0.6, 179.5, 0.8), np.arange(180.2, 299, 0.8)
    record = measure_long(_strung(300, (usual, Shape()), (up, Shape(st_uv=300))))
    assert record.st is not None
    minutes = record.st.microvolts[0]
    share = np.cos(np.radians(60 - 40))
    assert np.abs(minutes[:3]).max() < 25
    assert minutes[3:] == pytest.approx(300 * share * np.sqrt(3) / 2 / np.cos(np.radians(30)), abs=80)
    assert {(one.at_s, one.seconds, one.lead) for one in st_events(record.st)} >= {(180.0, 120.0, "II")}


def test_a_rhythm_at_random_is_told_where_it_is():
    chance = np.random.default_rng(3)
    gaps = np.r_[np.full(200, 0.8), chance.uniform(0.45, 1.1, 250), np.full(200, 0.8)]
    onsets = 0.6 + np.cumsum(gaps)
    record = measure_long(_strung(onsets[-1] + 1, (onsets, Shape(p_uv=0))))
    (span,) = record.irregular
    assert span.start_s == pytest.approx(onsets[200], abs=60)
    assert span.beats == pytest.approx(250, abs=100)
    assert record.beats.of(BeatClass.SUPRAVENTRICULAR).sum() < 25


def test_a_pacemaker_of_hours_is_told_by_its_pulses():
    onsets = np.arange(0.7, 199, 0.85)
    source = _strung(200, (onsets, Shape(p_uv=0, qrs_ms=150)))
    source.signal[:, np.rint((onsets - 0.006) * source.hz).astype(int)] += 2500
    record = measure_long(source)
    assert record.beats.of(BeatClass.PACED).mean() > 0.95


def test_a_record_without_a_signal_says_so():
    record = measure_long(InMemory(("II", "V5"), 250, np.full((2, 250 * 300), np.nan)))
    assert record.measurements.not_measured == {"all": "no lead has a signal"}
    assert summary_of(record)["whole"]["beats"] == 0
    assert len(unpack_beats(pack_beats(record.beats))) == 0


def test_beats_fit_into_a_few_bytes_each(record: LongRecord):
    packed = pack_beats(record.beats)
    assert len(packed) < 4 * len(record.beats)
    again = unpack_beats(packed)
    assert np.abs(again.at_s - record.beats.at_s).max() < 0.0011
    assert (again.kind == record.beats.kind).all()
    assert (again.template == record.beats.template).all()
    assert (again.early == record.beats.early).all()
    assert (np.isnan(again.rr_s) == np.isnan(record.beats.rr_s)).all()
    with pytest.raises(ValueError, match="not the beats"):
        unpack_beats(b"something else")


def test_the_overview_shows_what_the_samples_have(made: Holter):
    source = InMemory(made.leads, made.hz, made.microvolts)
    columns = overview(source)
    assert columns.shape == (3, 15_000, 2)
    off = slice(round(made.off_s[0] / 0.04) + 1, round(made.off_s[1] / 0.04) - 1)
    assert (columns[:, off] == NOTHING).all()
    there = np.r_[columns[0, : off.start - 1], columns[0, off.stop + 1 :]]
    assert (there[:, 0] <= there[:, 1]).all()
    height = np.ptp(made.microvolts[0, 1000:1250])
    assert np.ptp(there[100:125].astype(int)) * STEP_UV == pytest.approx(height, abs=150)
    wide = coarser(columns[0], 25)
    assert len(wide) == 600
    assert wide[10, 1] == columns[0, 250:275, 1].max()
    assert (wide[round(made.off_s[0]) + 2] == NOTHING).all()


def test_the_tendency_is_of_the_intervals_in_each_part(record: LongRecord):
    parts = tendency(record.beats, 0, 600, 10)
    own = record.beats.rr_s[(record.beats.at_s >= 60) & (record.beats.at_s < 120)] * 1000
    assert parts[1] == pytest.approx([own.min(), np.median(own), own.max()])
    assert np.isnan(tendency(record.beats, 380, 10, 2)).all()


def test_samples_stay_in_the_file_and_are_read_by_range(made: Holter):
    stream = io.BytesIO(holter_file(made))
    found = long_recording(stream)
    assert found is not None
    ecg = StoredEcg.from_json(found.ecg.as_json())
    assert (ecg.leads, ecg.hz, ecg.samples) == (made.leads, made.hz, 150_000)
    part = StoredSource(ecg, reader_of(stream)).cut(1000, 2000)
    assert np.array_equal(part, made.microvolts[:, 1000:2000].astype(np.float32))
    assert np.isnan(ecg.cut(reader_of(stream), *(round(at * made.hz) for at in made.off_s))).all()
    assert long_recording(io.BytesIO(holter_file(holter(60)))) is None


@pytest.mark.parametrize("kept", [200, 2000, 100_000])
def test_a_file_that_ends_early_is_refused(made: Holter, kept: int):
    assert long_recording(io.BytesIO(holter_file(made)[:kept])) is None


def test_twelve_bits_without_their_sign_are_told_from_the_whole_file(made: Holter):
    from pydicom import dcmread

    ds = dcmread(io.BytesIO(holter_file(made)))
    (group,) = ds.WaveformSequence
    stored = np.frombuffer(group.WaveformData, "<i2").reshape(-1, 3)
    group.WaveformData = (stored.clip(-2000, 2000) & 0x0FFF).astype("<i2").tobytes()
    for channel in group.ChannelDefinitionSequence:
        channel.WaveformBitsStored = 12
    stream = io.BytesIO()
    ds.save_as(stream, enforce_file_format=True)
    found = find_samples(stream)
    assert found is not None
    part = found.ecg.cut(reader_of(stream), 1000, 2000)
    assert np.array_equal(part, stored[1000:2000].clip(-2000, 2000).T)
