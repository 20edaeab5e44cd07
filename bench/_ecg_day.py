"""A day of ECG, made here, measured as the worker does: how long, how much memory, and what it missed."""

import argparse
import resource
import tempfile
import time

import numpy as np

from reading_queue.ecg.ambulatory import StoredSource, long_recording
from reading_queue.preprocessing.ecg.ambulatory.columns import pack_beats
from reading_queue.preprocessing.ecg.ambulatory.overview import overview
from reading_queue.preprocessing.ecg.measuring.long_record import measure_long
from reading_queue.preprocessing.ecg.measuring.long_results import CLASSES
from reading_queue.preprocessing.ecg.stored import reader_of
from tests.services.holter import holter, holter_file

_NEAR_S = 0.08


def measure_day(asked: argparse.Namespace) -> None:
    """One line of a table; memory is the process's highest after measuring less that before it."""
    made = holter(asked.day * 3600, hz=asked.hz, leads=asked.leads.split(","))
    peaks, kinds, samples = made.peaks_s, made.kinds, made.stored.size
    with tempfile.TemporaryFile() as file:
        file.write(holter_file(made))
        del made
        found = long_recording(file)
        assert found is not None
        before, started = _megabytes(), time.process_time()
        source = StoredSource(found.ecg, reader_of(file))
        record = measure_long(source)
        columns = overview(source)
        spent, most = time.process_time() - started, _megabytes()
    at = np.searchsorted(record.beats.at_s, peaks - _NEAR_S).clip(0, len(record.beats) - 1)
    hit = np.abs(record.beats.at_s[at] - peaks) <= _NEAR_S
    alike = np.array([str(CLASSES[kind]) for kind in record.beats.kind[at]]) == kinds
    print(
        "| hours | leads | Hz | samples | beats | Se % | PPV % | class right % | CPU s | peak MB | beats kB | overview kB |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    print(
        f"| {asked.day:g} | {len(source.leads)} | {asked.hz:g} | {samples:,} | {len(peaks)} | {100 * hit.mean():.2f} "
        f"| {100 * hit.sum() / max(1, len(record.beats)):.2f} | {100 * (hit & alike).mean():.2f} | {spent:.0f} "
        f"| {most:.0f} (before {before:.0f}) | {len(pack_beats(record.beats)) / 1000:.0f} | {columns.nbytes / 1000:.0f} |"
    )


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
