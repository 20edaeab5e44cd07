"""Lead names of the formats, and the limb leads that two of them give."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from storage.domain.errors import UnreadableEcg
from storage.ingest.ecg.recording import STANDARD_LEADS, Recording

_CHEST = ("V1", "V2", "V3", "V4", "V5", "V6")
NUMBERED: Mapping[int, str] = {
    **dict(enumerate(("I", "II", *_CHEST, "V7", "V2R", "V3R", "V4R", "V5R", "V6R", "V7R", "X", "Y", "Z"), start=1)),
    **dict(enumerate(("III", "aVR", "aVL", "aVF", "-aVR", "V8", "V9", "V8R", "V9R"), start=61)),
}
"""Numbers that SCP-ECG (EN 1064 table 9) and MDC (ISO/IEEE 11073-10102) share."""

NUMBERS = {name: number for number, name in NUMBERED.items()}
_EXTRA = ("MLI", "MLII", "MLIII", "MCL1", "MCL6", "CM5", "CC5")
_BY_SPELLING = {name.upper(): name for name in (*NUMBERED.values(), *_EXTRA)}
_PREFIXES = ("MDC_ECG_LEAD_", "MDC_ECG_ELEC_POTL_", "LEAD ", "LEAD_", "ECG ", "ECG_")


def lead_name(written: str) -> str:
    """The usual short name for what a file writes. Raises `UnreadableEcg` for a lead that nobody knows."""
    name = " ".join(written.split()).upper()
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    if name not in _BY_SPELLING:
        raise UnreadableEcg("A channel is of a lead that is not known.")
    return _BY_SPELLING[name]


def is_lead(written: str) -> bool:
    """Whether a channel's label names a lead."""
    try:
        lead_name(written)
    except UnreadableEcg:
        return False
    return True


def limb_leads(one: NDArray[np.float64], two: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """III, aVR, aVL and aVF from I and II (Einthoven, Goldberger), in the same unit."""
    return {"III": two - one, "aVR": -(one + two) / 2, "aVL": one - two / 2, "aVF": two - one / 2}


def with_limb_leads(recording: Recording) -> Recording:
    """Adds the limb leads that were not recorded where I and II were; they are named in `derived`."""
    if not {"I", "II"} <= set(recording.leads):
        return recording
    rows = dict(zip(recording.leads, recording.microvolts, strict=True))
    missing = {name: row for name, row in limb_leads(rows["I"], rows["II"]).items() if name not in rows}
    rows |= missing
    leads = in_usual_order(tuple(rows))
    return replace(
        recording,
        leads=leads,
        microvolts=np.stack([rows[name] for name in leads]),
        derived=(*recording.derived, *missing),
    )


def in_usual_order(leads: Sequence[str]) -> tuple[str, ...]:
    """The standard ones as they are printed, then the others as they came."""
    return tuple(
        sorted(leads, key=lambda name: STANDARD_LEADS.index(name) if name in STANDARD_LEADS else len(leads) + 12)
    )
