"""Samples (EN 1064 sections 5.6 to 5.9): leads, reference beats, and the rhythm that is stored whole or as what remains."""

import struct
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from storage.domain.errors import UnreadableEcg
from storage.ingest.ecg.leads import NUMBERED
from storage.ingest.ecg.scp.huffman import Table, decode

_LEAD = struct.Struct("<IIB")
_HEAD = struct.Struct("<HHBB")
_NANO, _MICRO = 1000.0, 1e6
_SUBTRACTED, _BIMODAL = 1, 1
_MOST_SAMPLES, _MOST_LEADS = 1 << 26, 64


class Lead(NamedTuple):
    """Sample numbers count from 1, the last included; carts that count from 0 do not include the last."""

    name: str
    first: int
    last: int

    @property
    def samples(self) -> int:
        return self.last - self.first + (1 if self.first else 0)


class Leads(NamedTuple):
    """Of section 3. `subtracted` says that the rhythm is what remains when the reference beat is taken away."""

    leads: Sequence[Lead]
    subtracted: bool


class Beat(NamedTuple):
    """One place where a reference beat was subtracted: first sample, fiducial point, last sample; from 1."""

    kind: int
    first: int
    fiducial: int
    last: int


class Block(NamedTuple):
    """Samples of all leads as integers, with their worth in microvolts and their rate in Hz."""

    microvolts: float
    hz: float
    rows: list[NDArray[np.int64]]


def read_leads(section: bytes) -> Leads:
    """Section 3. Raises `UnreadableEcg`."""
    if not section or not 0 < section[0] <= _MOST_LEADS or len(section) < 2 + section[0] * _LEAD.size:
        raise UnreadableEcg("The SCP-ECG file does not tell its leads.")
    leads = []
    for number in range(section[0]):
        first, last, code = _LEAD.unpack_from(section, 2 + number * _LEAD.size)
        lead = Lead(NUMBERED.get(code, ""), first, last)
        if not lead.name or not 0 < lead.samples <= _MOST_SAMPLES:
            raise UnreadableEcg("A lead of the SCP-ECG file is not known, or has no samples.")
        leads.append(lead)
    if len({lead.name for lead in leads}) != len(leads) or len({lead.samples for lead in leads}) != 1:
        raise UnreadableEcg("The leads of the SCP-ECG file are not of one length, or one is there twice.")
    return Leads(leads, bool(section[1] & _SUBTRACTED))


def read_block(section: bytes, counts: Sequence[int] | None, leads: int, tables: Sequence[Table] | None) -> Block:
    """Section 5 or 6. `counts` are the samples of each lead where they are known. Raises `UnreadableEcg`."""
    try:
        nanovolts, micros, differences, packing = _HEAD.unpack_from(section)
        sizes = struct.unpack_from(f"<{leads}H", section, _HEAD.size)
    except struct.error as error:
        raise UnreadableEcg("The samples of the SCP-ECG file are cut off.") from error
    if not nanovolts or not micros or differences > 2:  # noqa: PLR2004 - none, first or second
        raise UnreadableEcg("The SCP-ECG file does not tell what a sample is worth, or how it is coded.")
    if counts is not None and packing & _BIMODAL:
        raise UnreadableEcg("The SCP-ECG file leaves samples out between the beats (bimodal compression).")
    at, rows = _HEAD.size + 2 * leads, []
    for number, size in enumerate(sizes):
        if at + size > len(section):
            raise UnreadableEcg("The samples of the SCP-ECG file are cut off.")
        raw = section[at : at + size]
        rows.append(_summed(_values(raw, tables, counts[number] if counts else None), differences))
        at += size
    return Block(nanovolts / _NANO, _MICRO / micros, rows)


def _values(raw: bytes, tables: Sequence[Table] | None, count: int | None) -> NDArray[np.int64]:
    if tables is None:
        if len(raw) % 2 or (count is not None and len(raw) < 2 * count):
            raise UnreadableEcg("The samples of the SCP-ECG file end too early.")
        return np.frombuffer(raw, "<i2")[:count].astype(np.int64)
    assert count is not None, "Huffman codes do not tell their number"
    return np.array(decode(raw, tables, count), dtype=np.int64)


def _summed(values: NDArray[np.int64], differences: int) -> NDArray[np.int64]:
    """Undo differences: the first sample, or the first two, are stored as they are."""
    if differences == 0 or len(values) < differences:
        return values
    if differences == 1:
        return np.cumsum(values)
    slopes = np.concatenate(([values[1] - values[0]], values[2:]))
    return np.concatenate((values[:1], values[0] + np.cumsum(np.cumsum(slopes))))


def read_beats(section: bytes) -> tuple[float, int, list[Beat]]:
    """Section 4: length of the reference beat in ms, its fiducial sample (from 1), and where it was subtracted."""
    try:
        length, fiducial, count = struct.unpack_from("<HHH", section)
        beats = [Beat(*struct.unpack_from("<HIII", section, 6 + 14 * number)) for number in range(count)]
    except struct.error as error:
        raise UnreadableEcg("The beats of the SCP-ECG file are cut off.") from error
    return float(length), fiducial, beats


def with_reference_beat(
    rows: Mapping[str, NDArray[np.float64]],
    reference: Mapping[str, NDArray[np.float64]],
    fiducial: int,
    beats: Sequence[Beat],
) -> dict[str, NDArray[np.float64]]:
    """What remained, with the reference beat (type 0) put back wherever it was taken away; all in microvolts."""
    whole = {name: row.copy() for name, row in rows.items()}
    for beat in beats:
        if beat.kind != 0:
            continue
        for name, row in whole.items():
            _add(row, reference[name], beat, fiducial)
    return whole


def _add(row: NDArray[np.float64], reference: NDArray[np.float64], beat: Beat, fiducial: int) -> None:
    first, last = beat.first - 1, beat.last
    start = first - (beat.fiducial - fiducial)
    if not 0 <= first < last <= len(row) or start < 0 or start + last - first > len(reference):
        raise UnreadableEcg("A beat of the SCP-ECG file lies outside of what was recorded.")
    row[first:last] += reference[start : start + last - first]
