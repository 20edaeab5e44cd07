"""The annotated ECG database LUDB (10.1109/ACCESS.2020.3029211, ODC-By) and other WFDB records, read without the wfdb package.

An annotation is a 16-bit number: six bits of kind, ten of the samples since the last one (MIT format).
"""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
HZ = 500.0
_QRS, _P, _OPENS, _CLOSES, _T, _SKIP, _NUMBERS, _NOTE = 1, 24, 39, 40, 27, 59, (60, 61, 62), 63
_BEATS = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 25, 34, 35, 38})
_GAIN = re.compile(r"([\d.]+)(?:\((-?\d+)\))?")


@dataclass(frozen=True)
class MarkedWave:
    """`kind` is P, QRS or T; places in samples, None where the cardiologist left it open."""

    kind: str
    on: int | None
    peak: int
    off: int | None


def annotations(path: Path) -> list[tuple[int, int]]:
    """Sample and kind of each annotation in a file."""
    words = np.frombuffer(path.read_bytes(), "<u2").astype(int)
    found: list[tuple[int, int]] = []
    at = sample = 0
    while at < len(words) and words[at]:
        kind, since = words[at] >> 10, words[at] & 1023
        at += 1
        if kind == _SKIP:
            sample += (words[at] << 16) | words[at + 1]
            at += 2
        elif kind == _NOTE:
            at += (since + 1) // 2
        elif kind not in _NUMBERS:
            sample += since
            found.append((int(sample), int(kind)))
    return found


@dataclass(frozen=True)
class Record:
    """One record of LUDB: twelve leads of ten seconds, each lead marked by cardiologists."""

    folder: Path
    number: int

    @cached_property
    def header(self) -> list[str]:
        return (self.folder / f"{self.number}.hea").read_text().splitlines()

    @property
    def notes(self) -> str:
        return " ".join(line[1:].strip() for line in self.header if line.startswith("#"))

    @property
    def is_paced(self) -> bool:
        return "pacing" in self.notes

    def microvolts(self) -> NDArray[np.float64]:
        raw = np.frombuffer((self.folder / f"{self.number}.dat").read_bytes(), "<i2").reshape(-1, len(LEADS)).T
        scales = [_GAIN.match(line.split()[2]) for line in self.header[1 : 1 + len(LEADS)]]
        rows = [(row - float(one[2] or 0)) / float(one[1]) * 1000 for row, one in zip(raw, scales, strict=True) if one]
        return np.array(rows)

    def waves(self, lead: str) -> list[MarkedWave]:
        marks = annotations(self.folder / f"{self.number}.{lead.lower()}")
        names = {_P: "P", _QRS: "QRS", _T: "T"}
        found = []
        for at, (place, kind) in enumerate(marks):
            if kind not in names:
                continue
            on = marks[at - 1][0] if at and marks[at - 1][1] == _OPENS else None
            off = marks[at + 1][0] if at + 1 < len(marks) and marks[at + 1][1] == _CLOSES else None
            found.append(MarkedWave(names[kind], on, place, off))
        return found

    @cached_property
    def by_lead(self) -> dict[str, list[MarkedWave]]:
        return {lead: self.waves(lead) for lead in LEADS}

    @property
    def has_p(self) -> bool:
        return any(wave.kind == "P" for waves in self.by_lead.values() for wave in waves)

    def beats(self) -> NDArray[np.float64]:
        """R in samples: where at least three leads have one, their median."""
        peaks = sorted(wave.peak for waves in self.by_lead.values() for wave in waves if wave.kind == "QRS")
        groups = np.split(peaks, np.flatnonzero(np.diff(peaks) > 75) + 1)
        return np.array([np.median(group) for group in groups if len(group) >= 3])

    def marked_span(self) -> tuple[int, int]:
        places = [
            place
            for waves in self.by_lead.values()
            for wave in waves
            for place in (wave.on, wave.peak, wave.off)
            if place is not None
        ]
        return min(places), max(places)

    def intervals_ms(self) -> dict[str, float]:
        """The median over the leads of each lead's median over its beats: P, PR, QRS, QT; a missing one is left out."""
        kinds: dict[str, list[float]] = {"p_ms": [], "pr_ms": [], "qrs_ms": [], "qt_ms": []}
        for waves in self.by_lead.values():
            for name, values in _intervals(waves).items():
                if values:
                    kinds[name].append(float(np.median(values)) * 1000 / HZ)
        return {name: float(np.median(values)) for name, values in kinds.items() if values}


def _intervals(waves: list[MarkedWave]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {"p_ms": [], "pr_ms": [], "qrs_ms": [], "qt_ms": []}
    for at, wave in enumerate(waves):
        if wave.on is not None and wave.off is not None and wave.kind in ("P", "QRS"):
            found["p_ms" if wave.kind == "P" else "qrs_ms"].append(wave.off - wave.on)
        if wave.kind != "QRS" or wave.on is None:
            continue
        before, after = waves[at - 1] if at else None, waves[at + 1] if at + 1 < len(waves) else None
        if before is not None and before.kind == "P" and before.on is not None:
            found["pr_ms"].append(wave.on - before.on)
        if after is not None and after.kind == "T" and after.off is not None:
            found["qt_ms"].append(after.off - wave.on)
    return found


def records(folder: Path) -> list[Record]:
    return [Record(folder, number) for number in sorted(int(path.stem) for path in folder.glob("*.hea"))]


def read_212(folder: Path, name: str) -> tuple[NDArray[np.float64], float, NDArray[np.float64]]:
    """Two leads in microvolts, their rate, and the seconds of the marked beats, of a MIT-BIH record in format 212."""
    header = [line for line in (folder / f"{name}.hea").read_text().splitlines() if not line.startswith("#")]
    hz, gain = float(header[0].split()[2].split("/")[0]), float(header[1].split()[2].split("(")[0].split("/")[0])
    packed = np.frombuffer((folder / f"{name}.dat").read_bytes(), "u1").astype(int)
    triples = packed[: len(packed) // 3 * 3].reshape(-1, 3)
    pair = triples[:, 0] | ((triples[:, 1] & 15) << 8), triples[:, 2] | ((triples[:, 1] >> 4) << 8)
    signal = np.stack([np.where(one > 2047, one - 4096, one) for one in pair]) / (gain or 200.0) * 1000
    beats = [place for place, kind in annotations(folder / f"{name}.atr") if kind in _BEATS]
    return signal.astype(float), hz, np.array(beats) / hz
