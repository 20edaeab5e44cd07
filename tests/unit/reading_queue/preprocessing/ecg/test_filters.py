"""Filters of the paper: the same numbers as the screen's, whose test reads the same file."""

import json
from pathlib import Path

import numpy as np
import pytest

from reading_queue.preprocessing.ecg.filters import UNFILTERED, FilterChoice, filtered

SHARED = json.loads((Path(__file__).resolve().parents[5] / "viewer_api/web/tests/ecg-filters.json").read_text())
HZ = 500.0


@pytest.mark.parametrize("made", SHARED["filtered"], ids=lambda made: json.dumps(made["choice"]))
def test_paper_and_screen_filter_alike(made: dict) -> None:
    samples = np.array([np.nan if one is None else one for one in SHARED["samples"]])
    expected = np.array([np.nan if one is None else one for one in made["samples"]])
    found = filtered(samples, SHARED["hz"], FilterChoice(**made["choice"]))
    assert found == pytest.approx(expected, abs=0.02, nan_ok=True)


def test_nothing_is_shifted_in_time() -> None:
    peak = 1000 * np.exp(-(((np.arange(2000) - 1000) / 6) ** 2))
    assert int(np.argmax(filtered(peak, HZ, FilterChoice(0.5, 40, 50)))) == 1000


def test_the_mains_are_taken_out_and_the_heart_is_left() -> None:
    time = np.arange(5000) / HZ
    hum, wave = 300 * np.sin(2 * np.pi * 50 * time), 1000 * np.sin(2 * np.pi * 8 * time)
    left = filtered(hum + wave, HZ, FilterChoice(notch=50))[1000:4000]
    assert np.abs(left - wave[1000:4000]).max() < 20


def test_without_a_choice_the_samples_are_those_that_came() -> None:
    samples = np.arange(10.0)
    assert filtered(samples, HZ, UNFILTERED) is samples
