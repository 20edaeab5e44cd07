"""A day of ECG made of waves whose beats are known: what a recorder on a belt would have brought in."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

from tests.unit.reading_queue.preprocessing.ecg.ecgs import channel, group
from tests.unit.reading_queue.preprocessing.ecg.synthetic import LEADS, Shape, make

AMBULATORY = "1.2.840.10008.5.1.4.1.1.9.1.3"
NOTHING = -32768
_USUAL = Shape()
_EARLY = Shape(p_uv=90, p_axis=-20)
_WIDE = Shape(p_uv=0, qrs_ms=160, r_uv=2000, qrs_axis=-70, t_uv=-500, t_axis=-60, qt_ms=440)
_SHAPES = {"normal": _USUAL, "ventricular": _WIDE, "supraventricular": _EARLY}
_CUT_S = 0.3
"""No beat is put this close to where the electrodes come off: whether half a beat is one nobody could say."""
_R_SHARE = 0.45
"""Of the QRS that a wave's highest point lies after its onset."""


@dataclass(frozen=True)
class Holter:
    """`stored`: (samples, leads), whole microvolts, `NOTHING` where the electrodes were off; beats by onset of QRS."""

    stored: NDArray[np.int16]
    leads: tuple[str, ...]
    hz: float
    onsets_s: NDArray[np.float64]
    kinds: NDArray[np.str_]
    pause_s: tuple[float, float]
    """Where the longest pause begins, and how long it is."""
    off_s: tuple[float, float]
    """Where nothing was recorded: begin and end."""

    @property
    def microvolts(self) -> NDArray[np.float64]:
        return np.where(self.stored == NOTHING, np.nan, self.stored.astype(np.float64)).T

    @property
    def peaks_s(self) -> NDArray[np.float64]:
        widths = np.array([_SHAPES[str(kind)].qrs_ms for kind in self.kinds]) / 1000
        return self.onsets_s + _R_SHARE * widths


def holter(
    seconds: float, *, hz: float = 250, leads: Sequence[str] = ("II", "V1", "V5"), ectopy: float = 0.01, seed: int = 1
) -> Holter:
    """A record with a slow night, `ectopy` early beats of either kind, a run of six, a pause and electrodes off for a while."""
    chance = np.random.default_rng(seed)
    off = (seconds * 0.62, seconds * 0.62 + min(90.0, seconds * 0.05))
    onsets, kinds, pause = _rhythm(seconds, chance, ectopy)
    there = (onsets < off[0] - _CUT_S) | (onsets > off[1] + _CUT_S)
    onsets, kinds = onsets[there], kinds[there]
    places = [LEADS.index(lead) for lead in leads]
    samples = round(seconds * hz)
    signal = chance.integers(-8, 9, (samples, len(leads)), dtype=np.int16)
    time = np.arange(samples, dtype=np.float32) / np.float32(hz)
    signal += (120 * np.sin(2 * np.pi * time / 5.3) + 60 * np.sin(2 * np.pi * time / 37)).astype(np.int16)[:, None]
    beats = {
        kind: make([0.5], shape, hz=hz, seconds=1.2, noise_uv=0).signal[places].T for kind, shape in _SHAPES.items()
    }
    before = round(0.5 * hz)
    for onset, kind in zip(onsets, kinds, strict=True):
        first = round(onset * hz) - before
        beat = beats[str(kind)][max(0, -first) : samples - first]
        start = max(0, first)
        signal[start : start + len(beat)] += np.rint(beat).astype(np.int16)
    signal[round(off[0] * hz) : round(off[1] * hz)] = NOTHING
    return Holter(signal, tuple(leads), hz, np.rint(onsets * hz) / hz, kinds, pause, off)


def string(
    signal: NDArray[np.int16], onsets_s: NDArray[np.float64], shape: Shape, hz: float, places: Sequence[int]
) -> None:
    """Adds beats of one shape to (samples, leads); `places` are the leads among `LEADS`."""
    beat = np.rint(make([0.5], shape, hz=hz, seconds=1.2, noise_uv=0).signal[list(places)].T).astype(np.int16)
    for first in (np.rint(onsets_s * hz).astype(int) - round(0.5 * hz)).tolist():
        part = beat[max(0, -first) : max(0, len(signal) - first)]
        signal[max(0, first) : max(0, first) + len(part)] += part


def _rhythm(
    seconds: float, chance: np.random.Generator, ectopy: float
) -> tuple[NDArray[np.float64], NDArray[np.str_], tuple[float, float]]:
    onsets, kinds = [0.7], ["normal"]
    pause_at, run_at, pause = 0.35 * seconds, 0.8 * seconds, (0.0, 0.0)
    skip = False
    while onsets[-1] < seconds - 1.5:
        at = onsets[-1]
        usual = 60 / (72 + 18 * np.sin(2 * np.pi * at / seconds)) + chance.normal(0, 0.015)
        kind, gap = "normal", usual * (1.35 if skip else 1.0)
        skip = False
        if at >= run_at:
            for _ in range(6):
                onsets.append(onsets[-1] + 0.42)
                kinds.append("ventricular")
            run_at, skip = np.inf, True
            continue
        if at >= pause_at and kinds[-1] == "normal":
            pause_at, gap = np.inf, 3.4
            pause = (at, gap)
        elif kinds[-3:] == ["normal"] * 3 and chance.random() < ectopy:
            kind = str(chance.choice(["ventricular", "supraventricular"]))
            gap, skip = usual * 0.66, kind == "ventricular"
        onsets.append(at + gap)
        kinds.append(kind)
    return np.array(onsets), np.array(kinds), pause


def holter_file(made: Holter, **attributes: object) -> bytes:
    """The record as an Ambulatory ECG object (PS3.3 A.34.5)."""
    ds = Dataset()
    ds.SOPClassUID, ds.SOPInstanceUID = UID(AMBULATORY), generate_uid()
    ds.StudyInstanceUID, ds.SeriesInstanceUID = generate_uid(), generate_uid()
    ds.PatientID, ds.PatientName, ds.PatientSex, ds.PatientBirthDate = "H1", "Zhou^Min", "F", "19550203"
    ds.Modality, ds.StudyDate, ds.StudyTime, ds.InstanceNumber = "ECG", "20260309", "080000", 1
    ds.AcquisitionDateTime = "20260309080000"
    padding = np.int16(NOTHING).tobytes()
    rhythm = group(made.stored, [channel(lead) for lead in made.leads], made.hz)
    rhythm.add_new("WaveformPaddingValue", "OW", padding)
    ds.WaveformSequence = Items([rhythm])
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    ds.file_meta = FileMetaDataset()
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    stream = io.BytesIO()
    ds.save_as(stream, enforce_file_format=True)
    return stream.getvalue()
