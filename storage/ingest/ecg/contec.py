"""Contec ECG90A raw files (.ECG): 43 bytes of header, frames of eight 16-bit samples, 37 bytes of footer.

The format is not published. What is read here was seen in files: 800 Hz, zero at 2048, five microvolts a step, and 0x6800
where an electrode is off.
"""

import re

import numpy as np

from storage.domain.errors import UnreadableEcg
from storage.ingest.ecg.recording import PatientFacts, Recording
from storage.ingest.ecg.texts import moment_of, text_of

NAME = "Contec ECG90A"
_HEADER, _FOOTER, _HZ, _ZERO, _STEP, _OFF = 43, 37, 800.0, 2048, 5.0, 0x6800
_LEADS = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")
_START = re.compile(rb"\d{7}\0\0\0\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\0", re.ASCII)
_ID, _TIME, _NAME, _SEX, _AGE = slice(0, 10), slice(10, 29), slice(32, 40), 40, 41
_SEXES = {0: "F", 1: "M"}
_OLDEST = 130
_LARGEST = 4096


def begins_as_contec(start: bytes) -> bool:
    """A number of seven digits and a time."""
    return _START.match(start) is not None


def is_contec(data: bytes) -> bool:
    """As it begins, and whole frames."""
    frames = len(data) - _HEADER - _FOOTER
    return begins_as_contec(data) and frames > 0 and frames % (2 * len(_LEADS)) == 0


def read(data: bytes) -> Recording:
    """Raises `UnreadableEcg`."""
    frames = np.frombuffer(data[_HEADER : len(data) - _FOOTER], "<u2").reshape(-1, len(_LEADS)).T
    on = frames != _OFF
    if (frames[on] >= _LARGEST).any():
        raise UnreadableEcg("The Contec file holds samples of more than twelve bits.")
    microvolts = np.where(on, (frames.astype(np.float64) - _ZERO) * _STEP, np.nan)
    age = data[_AGE] if 0 < data[_AGE] <= _OLDEST else None
    return Recording(
        NAME,
        _LEADS,
        _HZ,
        microvolts,
        patient=PatientFacts(
            text_of(data[_ID]), text_of(data[_NAME]), _SEXES.get(data[_SEX], ""), None, float(age) if age else None
        ),
        started_at=moment_of(text_of(data[_TIME]), "%Y-%m-%d %H:%M:%S"),
        assumed=("800 Hz, five microvolts a step and the order of leads: the format is not published",),
        device={"manufacturer": "Contec", "model": "ECG90A"},
    )
