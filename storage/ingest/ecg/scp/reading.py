"""An SCP-ECG record as one recording."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from storage.domain.errors import UnreadableEcg
from storage.ingest.ecg.recording import DeviceMeasurements, Recording
from storage.ingest.ecg.scp.container import is_scp, sections
from storage.ingest.ecg.scp.huffman import Table, read_tables
from storage.ingest.ecg.scp.patient import device_of, fields, filters_of, patient_of, started_at
from storage.ingest.ecg.scp.signals import Block, Leads, read_beats, read_block, read_leads, with_reference_beat

__all__ = ["NAME", "is_scp", "read"]

NAME = "SCP-ECG"
_PATIENT, _TABLES, _LEADS, _BEATS, _REFERENCE, _RHYTHM = 1, 2, 3, 4, 5, 6
_MILLISECONDS = 1000.0


def read(data: bytes) -> Recording:
    """Raises `UnreadableEcg`."""
    found = sections(data)
    if _LEADS not in found or _RHYTHM not in found:
        raise UnreadableEcg("The SCP-ECG file has no rhythm.")
    told, leads, tables = fields(found.get(_PATIENT, b"")), read_leads(found[_LEADS]), read_tables(found.get(_TABLES))
    block = read_block(found[_RHYTHM], [lead.samples for lead in leads.leads], len(leads.leads), tables)
    names = tuple(lead.name for lead in leads.leads)
    rows = _microvolts(names, block)
    if leads.subtracted:
        rows = _whole(found, rows, leads, tables, block.hz)
    return Recording(
        NAME,
        names,
        block.hz,
        np.stack([rows[name] for name in names]),
        filters=filters_of(told),
        device_measurements=DeviceMeasurements(),
        patient=patient_of(told),
        started_at=started_at(told),
        device=device_of(told),
    )


def _whole(
    found: Mapping[int, bytes],
    rows: Mapping[str, NDArray[np.float64]],
    leads: Leads,
    tables: Sequence[Table] | None,
    hz: float,
) -> dict[str, NDArray[np.float64]]:
    """The rhythm with its reference beat put back (section 5.7)."""
    if _BEATS not in found or _REFERENCE not in found:
        raise UnreadableEcg("The SCP-ECG file is stored without its reference beat.")
    milliseconds, fiducial, beats = read_beats(found[_BEATS])
    count = round(milliseconds * hz / _MILLISECONDS)
    reference = read_block(found[_REFERENCE], [count] * len(leads.leads), len(leads.leads), tables)
    if reference.hz != hz:
        raise UnreadableEcg("The reference beat of the SCP-ECG file has another rate than its rhythm.")
    beat = _microvolts([lead.name for lead in leads.leads], reference)
    return with_reference_beat(rows, beat, fiducial, beats)


def _microvolts(names: Sequence[str], block: Block) -> dict[str, NDArray[np.float64]]:
    rows = [row.astype(np.float64) * block.microvolts for row in block.rows]
    return dict(zip(names, rows, strict=True))
