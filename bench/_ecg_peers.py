"""What the peers say of ECG records; run by `bench.ecg` with a Python that has them, never imported.

    _ecg_peers.py SAMPLES.npz HZ

prints one line of JSON for each program and record.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

warnings.simplefilter("ignore")

_LEAD_II = 1
_MIDDLE_QUESTIONS = ("pr_ms", "qrs_ms", "qt_ms", "p_ms")


def neurokit(method: str) -> Callable[[np.ndarray, float], dict[str, Any]]:
    """R peaks of lead II, then each lead's delineation by `method`, joined by the median over the leads."""

    def run(signal: np.ndarray, hz: float) -> dict[str, Any]:
        import neurokit2 as nk

        rate = int(hz)
        clean = [nk.ecg_clean(lead, sampling_rate=rate) for lead in signal]
        _, peaks = nk.ecg_peaks(clean[_LEAD_II], sampling_rate=rate)
        places = peaks["ECG_R_Peaks"]
        found: dict[str, list[float]] = {name: [] for name in _MIDDLE_QUESTIONS}
        for lead in clean:
            try:
                _, waves = nk.ecg_delineate(lead, places, sampling_rate=rate, method=method)
            except (IndexError, KeyError, TypeError, ValueError, ZeroDivisionError):
                continue
            for name, value in _intervals(waves, hz).items():
                found[name].append(value)
        intervals = {name: float(np.median(values)) for name, values in found.items() if values}
        return {"beats_s": (np.asarray(places) / hz).tolist(), "intervals": intervals, "has_p": "pr_ms" in intervals}

    return run


def _intervals(waves: Mapping[str, Any], hz: float) -> dict[str, float]:
    marks = {name: np.asarray(waves.get(f"ECG_{name}", []), float) for name in _MARKS}
    pairs = {
        "pr_ms": ("P_Onsets", "R_Onsets"),
        "qrs_ms": ("R_Onsets", "R_Offsets"),
        "qt_ms": ("R_Onsets", "T_Offsets"),
        "p_ms": ("P_Onsets", "P_Offsets"),
    }
    found = {}
    for name, (start, end) in pairs.items():
        length = min(len(marks[start]), len(marks[end]))
        apart = marks[end][:length] - marks[start][:length]
        if np.isfinite(apart).any():
            found[name] = float(np.nanmedian(apart) / hz * 1000)
    return found


_MARKS = ("P_Onsets", "P_Offsets", "R_Onsets", "R_Offsets", "T_Offsets")


def xqrs(signal: np.ndarray, hz: float) -> dict[str, Any]:
    from wfdb import processing

    found = processing.xqrs_detect(signal[_LEAD_II] / 1000, fs=hz, verbose=False)
    return {"beats_s": (np.asarray(found) / hz).tolist()}


def gqrs(signal: np.ndarray, hz: float) -> dict[str, Any]:
    from wfdb import processing

    found = processing.gqrs_detect(sig=signal[_LEAD_II] / 1000, fs=hz)
    return {"beats_s": (np.asarray(found) / hz).tolist()}


def hamilton(signal: np.ndarray, hz: float) -> dict[str, Any]:
    from biosppy.signals import ecg

    places = ecg.hamilton_segmenter(signal=signal[_LEAD_II] / 1000, sampling_rate=hz)["rpeaks"]
    found = ecg.correct_rpeaks(signal=signal[_LEAD_II] / 1000, rpeaks=places, sampling_rate=hz)["rpeaks"]
    return {"beats_s": (np.asarray(found) / hz).tolist()}


PROGRAMS = {
    "NeuroKit2 0.2.13, dwt delineation": neurokit("dwt"),
    "NeuroKit2 0.2.13, peak delineation": neurokit("peak"),
    "NeuroKit2 0.2.13, prominence delineation": neurokit("prominence"),
    "wfdb 4.3.1 xqrs": xqrs,
    "wfdb 4.3.1 gqrs": gqrs,
    "BioSPPy 2.2.4 hamilton": hamilton,
}


def main() -> None:
    samples, hz = np.load(sys.argv[1]), float(sys.argv[2])
    for name, program in PROGRAMS.items():
        for record in samples.files:
            started = time.process_time()
            try:
                said, failed = program(samples[record], hz), False
            except Exception:  # noqa: BLE001 - how often a peer raises is part of the result
                said, failed = {"beats_s": []}, True
            spent = (time.process_time() - started) * 1000
            line = {
                "program": name,
                "record": int(record),
                "ms": spent,
                "failed": failed,
                "intervals": {},
                "has_p": None,
            }
            print(json.dumps(line | said), flush=True)


if __name__ == "__main__":
    main()
