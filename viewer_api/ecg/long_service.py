"""Long ECGs as the interface shows them: each part read by range from what was made of the recording."""

import json
import struct
from collections.abc import Collection
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.ambulatory.columns import unpack_beats
from reading_queue.preprocessing.ecg.ambulatory.overview import coarser
from reading_queue.preprocessing.ecg.ambulatory.tendency import tendency
from reading_queue.preprocessing.ecg.measuring.long_results import CLASSES, BeatColumns
from storage.db.models import Ambulatory
from storage.db.queries import ecg as queries
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound
from storage.objects import ObjectStore
from viewer_api.ecg.long_schemas import (
    BeatKind,
    LongBeatOut,
    LongBeats,
    LongEcgOut,
    OverviewOut,
    TendencyOut,
)
from viewer_api.ecg.service import ecg_instance

MAGIC = b"ECGO"
_ALIGNED = 4
_MOST_COLUMNS = 50_000


def long_of(work: UnitOfWork, study_instance_uid: str, sop_instance_uid: str) -> Ambulatory:
    """What was made of a long recording. Raises `NotFound` also for one that is short, or is still being measured."""
    row = queries.latest_ambulatory(work, ecg_instance(work, study_instance_uid, sop_instance_uid))
    if row is None:
        raise NotFound("There is no overview of this ECG.")
    return row


def summary_out(row: Ambulatory, path: str, started_at: str | None) -> LongEcgOut:
    """`path` is the recording's own, without `/long`."""
    document, version = row.document, row.sha256[:16]
    stored, shown = document["stored"], document["overview"]
    return LongEcgOut(
        **document["summary"],
        sampling_hz=stored["hz"],
        started_at=started_at,
        leads=stored["leads"],
        overview=OverviewOut(
            url=f"{path}/long/overview?version={version}",
            leads=stored["leads"],
            columns=shown["columns"],
            column_s=shown["column_s"],
        ),
        samples_url=f"{path}/samples",
        beats_url=f"{path}/long/beats?version={version}",
        tendency_url=f"{path}/long/tendency?version={version}",
    )


def overview_tile(
    store: ObjectStore, row: Ambulatory, lead: str, start_s: float, seconds: float, per_column: int
) -> bytes:
    """`ECGO`, the header's length and the header as samples have them, then lowest and highest of each column, 8 bits each.

    A span of more than 50,000 columns is made coarser than was asked. Raises `NotFound` for a lead that is not there.
    """
    shown, leads = row.document["overview"], row.document["stored"]["leads"]
    if lead not in leads:
        raise NotFound("The recording has no such lead.")
    columns, column_s = shown["columns"], shown["column_s"]
    first = min(columns, int(start_s / column_s + 1e-6))
    last = min(columns, first + max(1, round(seconds / column_s)))
    factor = max(per_column, -(-(last - first) // _MOST_COLUMNS))
    begin = shown["offset"] + (leads.index(lead) * columns + first) * 2
    data = store.open_range(row.object_key, begin, begin + (last - first) * 2)
    tile = coarser(np.frombuffer(data, np.int8).reshape(-1, 2), factor)
    header = {
        "lead": lead,
        "start_s": round(first * column_s, 3),
        "column_s": round(column_s * factor, 3),
        "columns": len(tile),
        "step_uv": shown["step_uv"],
        "nothing": shown["nothing"],
    }
    text = json.dumps(header, ensure_ascii=False).encode()
    text += b" " * (-len(text) % _ALIGNED)
    return MAGIC + struct.pack("<I", len(text)) + text + tile.tobytes()


def beats_of(store: ObjectStore, row: Ambulatory) -> BeatColumns:
    where: dict[str, Any] = row.document["beats"]
    return unpack_beats(store.open_range(row.object_key, where["offset"], where["offset"] + where["length"]))


def beat_page(
    beats: BeatColumns, kinds: Collection[str], span: tuple[float, float], after: int, limit: int
) -> LongBeats:
    """Beats of these classes (all without one) from the first to the second of `span`, those numbered above `after`."""
    wanted = (beats.at_s >= span[0]) & (beats.at_s < span[1])
    if kinds:
        wanted &= np.isin(beats.kind, [number for number, kind in enumerate(CLASSES) if str(kind) in kinds])
    matching = np.flatnonzero(wanted)
    rest = matching[matching > after]
    page = rest[:limit].tolist()
    return LongBeats(
        items=[_beat(beats, number) for number in page],
        matching=len(matching),
        after=page[-1] if len(rest) > limit else None,
    )


def _beat(beats: BeatColumns, number: int) -> LongBeatOut:
    rr = float(beats.rr_s[number])
    return LongBeatOut(
        number=number,
        at_s=round(float(beats.at_s[number]), 3),
        kind=cast(BeatKind, str(CLASSES[beats.kind[number]])),
        rr_ms=None if np.isnan(rr) else round(rr * 1000),
        early=bool(beats.early[number]),
        template=int(beats.template[number]),
    )


def tendency_out(beats: BeatColumns, start_s: float, seconds: float, parts: int) -> TendencyOut:
    shortest, usual, longest = tendency(beats, start_s, seconds, parts).T
    return TendencyOut(
        start_s=start_s, seconds=seconds, shortest=_whole(shortest), usual=_whole(usual), longest=_whole(longest)
    )


def _whole(values: NDArray[np.float64]) -> list[int | None]:
    return [None if np.isnan(value) else round(value) for value in values.tolist()]
