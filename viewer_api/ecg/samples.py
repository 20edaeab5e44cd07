"""Samples for a canvas: whole numbers of 16 bits with a scale for each lead.

The body is `ECGS`, the length of the header as a 32-bit number, the header as JSON padded with blanks to a multiple of four,
then for each lead in order its samples, all little endian. A sample times the lead's `scale_uv` are microvolts; -32768 is
"nothing recorded". The scale is chosen so that the largest sample fits: the error is at most half of it.
"""

import json
import struct
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storage.ingest.ecg.recording import Recording

MEDIA_TYPE = "application/vnd.countyread.ecg-samples"
MAGIC = b"ECGS"
NOTHING = -32768
_LARGEST = 32767
_FINEST_UV = 0.01
_ALIGNED = 4


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some seconds of a record: `microvolts` are (leads, samples), the first of them sample `first` of `total`."""

    leads: tuple[str, ...]
    derived: tuple[str, ...]
    hz: float
    microvolts: NDArray[Any]
    first: int
    total: int

    def of(self, wanted: Collection[str]) -> "Part":
        """Only these leads, as far as they are there; all without a wish."""
        chosen = [at for at, lead in enumerate(self.leads) if lead in wanted or not wanted]
        leads = tuple(self.leads[at] for at in chosen)
        derived = tuple(lead for lead in self.derived if lead in leads)
        return Part(leads, derived, self.hz, self.microvolts[chosen], self.first, self.total)


def part_of(recording: Recording, start_s: float, seconds: float) -> Part:
    total = int(recording.microvolts.shape[1])
    first, last = span(recording.hz, total, start_s, seconds)
    return Part(recording.leads, recording.derived, recording.hz, recording.microvolts[:, first:last], first, total)


def span(hz: float, total: int, start_s: float, seconds: float) -> tuple[int, int]:
    """First and last sample, the latter excluded, of some seconds of a record."""
    first = min(round(start_s * hz), total)
    return first, min(total, first + round(seconds * hz))


def packed(part: Part) -> bytes:
    """The body that goes out."""
    scales = [_scale(row) for row in part.microvolts]
    header = {
        "leads": list(part.leads),
        "derived_leads": list(part.derived),
        "sampling_hz": part.hz,
        "first_sample": part.first,
        "samples": part.microvolts.shape[1],
        "samples_in_record": part.total,
        "scale_uv": scales,
        "nothing": NOTHING,
    }
    text = json.dumps(header, ensure_ascii=False).encode()
    text += b" " * (-len(text) % _ALIGNED)
    body = b"".join(_whole(row, scale).tobytes() for row, scale in zip(part.microvolts, scales, strict=True))
    return MAGIC + struct.pack("<I", len(text)) + text + body


def _scale(row: NDArray[Any]) -> float:
    known = row[np.isfinite(row)]
    return max(float(np.abs(known).max()) / _LARGEST, _FINEST_UV) if len(known) else 1.0


def _whole(row: NDArray[Any], scale: float) -> NDArray[np.int16]:
    missing = ~np.isfinite(row)
    whole = np.rint(np.where(missing, 0.0, row) / scale).clip(-_LARGEST, _LARGEST)
    return np.where(missing, NOTHING, whole).astype("<i2")
