"""Samples for a canvas: whole numbers of 16 bits with a scale for each lead.

The body is `ECGS`, the length of the header as a 32-bit number, the header as JSON padded with blanks to a multiple of four,
then for each lead in order its samples, all little endian. A sample times the lead's `scale_uv` are microvolts; -32768 is
"nothing recorded". The scale is chosen so that the largest sample fits: the error is at most half of it.
"""

import json
import struct

import numpy as np
from numpy.typing import NDArray

from storage.ingest.ecg.recording import Recording

MEDIA_TYPE = "application/vnd.countyread.ecg-samples"
MAGIC = b"ECGS"
NOTHING = -32768
_LARGEST = 32767
_FINEST_UV = 0.01
_ALIGNED = 4


def packed(recording: Recording, start_s: float, seconds: float) -> bytes:
    """`seconds` of all leads from `start_s` on."""
    first = min(round(start_s * recording.hz), recording.microvolts.shape[1])
    part = recording.microvolts[:, first : first + round(seconds * recording.hz)]
    scales = [_scale(row) for row in part]
    header = {
        "leads": list(recording.leads),
        "derived_leads": list(recording.derived),
        "sampling_hz": recording.hz,
        "first_sample": first,
        "samples": part.shape[1],
        "samples_in_record": recording.microvolts.shape[1],
        "scale_uv": scales,
        "nothing": NOTHING,
    }
    text = json.dumps(header, ensure_ascii=False).encode()
    text += b" " * (-len(text) % _ALIGNED)
    body = b"".join(_whole(row, scale).tobytes() for row, scale in zip(part, scales, strict=True))
    return MAGIC + struct.pack("<I", len(text)) + text + body


def _scale(row: NDArray[np.float64]) -> float:
    known = row[np.isfinite(row)]
    return max(float(np.abs(known).max()) / _LARGEST, _FINEST_UV) if len(known) else 1.0


def _whole(row: NDArray[np.float64], scale: float) -> NDArray[np.int16]:
    missing = ~np.isfinite(row)
    whole = np.rint(np.where(missing, 0.0, row) / scale).clip(-_LARGEST, _LARGEST)
    return np.where(missing, NOTHING, whole).astype("<i2")
