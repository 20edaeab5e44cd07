"""Pictures of ECGs: to scale, complete, and drawn whatever was recorded."""

import imagecodecs
import numpy as np
import pytest

from reading_queue.preprocessing.decoding import read_dataset
from reading_queue.preprocessing.ecg.picture import LAYOUTS, draw_ecg, ecg_thumbnail
from reading_queue.preprocessing.ecg.waveform import EcgWaveform, read_ecg
from tests.unit.reading_queue.preprocessing.images import own_file

pytestmark = pytest.mark.thorough


LEFT_MM = 4 + 4 + 5
"""Margin, calibration pulse with its line, and the pulse's 0.2 s at 25 mm/s."""


@pytest.fixture(scope="module")
def resting():
    return read_ecg(read_dataset(own_file("waveform_ecg.dcm").read_bytes()))


@pytest.fixture(scope="module")
def resting_sheet(resting):
    return sheet(resting)


def sheet(waveform, **options):
    return imagecodecs.png_decode(draw_ecg(waveform, **options))


def ink(picture):
    """Where the dark trace is."""
    return picture.max(axis=2) < 90


def made(samples_uv, leads=("II",), hz=500.0):
    return EcgWaveform(tuple(leads), hz, np.array(samples_uv, np.float32).reshape(len(leads), -1))


@pytest.mark.parametrize("layout, rows", [("3x4", 3), ("3x4+1", 4), ("6x2", 6), ("12x1", 12)])
def test_every_layout_shows_every_lead(resting, layout, rows):
    picture = sheet(resting, layout=layout)
    marks = ink(picture)
    pulses = marks[:, (4 * 6) : round((LEFT_MM - 0.5) * 6)].any(axis=1)
    assert np.count_nonzero(np.diff(pulses.astype(int)) == 1) == rows
    columns = np.array_split(marks[:-60, LEFT_MM * 6 : -24], 4, axis=1)
    assert all(column.any(axis=0).mean() > 0.97 for column in columns)


def test_layouts_are_those_named(resting):
    assert LAYOUTS == ("3x4", "3x4+1", "6x2", "12x1")
    with pytest.raises(ValueError, match="no layout"):
        draw_ecg(resting, layout="5x5")
    with pytest.raises(ValueError, match="positive"):
        draw_ecg(resting, speed_mm_s=0)


@pytest.mark.parametrize("speed, gain, px", [(25, 10, 6), (50, 20, 4), (12.5, 5, 8)])
def test_time_and_voltage_are_to_scale(speed, gain, px):
    """A 1 mV step at 4 s, read back from the pixels."""
    samples = np.zeros(5000)
    samples[2000:2100] = 1000
    picture = sheet(made(samples), speed_mm_s=speed, gain_mm_mv=gain, px_per_mm=px)
    left = (4 + 4 + 0.2 * speed) * px
    trace = ink(picture)[: -8 * px, round(left) + 12 * px :]
    rows, columns = np.nonzero(trace)
    base = int(np.bincount(rows).argmax())
    high = columns[rows < base - 0.7 * gain * px]
    assert (base - rows.min()) / px == pytest.approx(gain, abs=0.5)
    assert (high.min() + round(left) + 12 * px - left) / px == pytest.approx(4 * speed, abs=0.5)
    assert np.ptp(high) / px == pytest.approx(0.2 * speed, abs=0.6)


def test_the_grid_has_a_line_every_millimetre(resting_sheet):
    column = resting_sheet[:, 8, 1].astype(int)
    lines = np.flatnonzero(column < 240)
    assert np.diff(lines[:40]).tolist() == [6] * 39
    bold = np.flatnonzero(column < 200)
    assert np.diff(bold[:8]).tolist() == [30] * 7


def test_a_spike_of_one_sample_keeps_its_height():
    samples = np.zeros(10_000)
    samples[5000] = 1500
    rows, _ = np.nonzero(ink(sheet(made(samples, hz=1000.0)))[:-48, 200:])
    assert np.ptp(rows) / 6 == pytest.approx(15, abs=0.7)


def test_fewer_leads_become_rows(resting, resting_sheet):
    two = sheet(EcgWaveform(("MLII", "V5"), 360.0, resting.samples_uv[:2, :3600]))
    assert two.shape[0] < resting_sheet.shape[0]
    assert two.shape[1] == resting_sheet.shape[1]


def test_eight_leads_are_completed_to_twelve(resting, resting_sheet):
    kept = [place for place, lead in enumerate(resting.leads) if lead not in ("III", "aVR", "aVL", "aVF")]
    eight = EcgWaveform(
        tuple(resting.leads[place] for place in kept), 1000.0, resting.samples_uv[kept], resting.filters
    )
    difference = sheet(eight).astype(int) - resting_sheet
    assert (np.abs(difference).max(axis=2) > 60).mean() < 0.002


def test_long_records_show_their_first_ten_seconds(resting, resting_sheet):
    long = EcgWaveform(resting.leads, 1000.0, np.tile(resting.samples_uv, 6), resting.filters)
    above_the_legend = slice(None, -60)
    assert (sheet(long)[above_the_legend] == resting_sheet[above_the_legend]).all()


def test_leads_recorded_in_turns_are_shown_where_they_were_recorded(resting):
    turns = resting.samples_uv.copy()
    for place in range(12):
        start = place // 3 * 2500
        turns[place, :start] = np.nan
        turns[place, start + 2500 :] = np.nan
    picture = sheet(EcgWaveform(resting.leads, 1000.0, turns), layout="3x4")
    assert (np.abs(picture.astype(int) - sheet(resting, layout="3x4"))[:-60].max(axis=2) > 60).mean() < 0.002


@pytest.mark.parametrize(
    "samples",
    [np.full(500, np.nan), [1.0], np.zeros(5000), np.full(5000, 1e7), [np.nan, 5.0, np.nan, 6.0, 7.0]],
    ids=["nothing", "one sample", "flat", "saturated", "gaps"],
)
def test_odd_records_are_drawn(samples):
    assert sheet(made(samples)).ndim == 3
    assert imagecodecs.png_decode(ecg_thumbnail(made(samples))).shape == (192, 256, 3)


@pytest.mark.parametrize("width", [128, 256, 400])
def test_thumbnails_have_the_width_asked_for(resting, width):
    picture = imagecodecs.png_decode(ecg_thumbnail(resting, width))
    assert picture.shape == (width * 3 // 4, width, 3)
    assert ink(picture).any(axis=0).mean() > 0.9
