"""Long ECG recordings: measured where they lie, and kept so that a day can be looked at without reading all of it."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.ambulatory.columns import pack_beats
from reading_queue.preprocessing.ecg.ambulatory.overview import COLUMN_S, NOTHING, STEP_UV, overview
from reading_queue.preprocessing.ecg.ambulatory.summary import summary_of
from reading_queue.preprocessing.ecg.measuring import LONGEST_AT_ONCE_S, EcgMeasurements
from reading_queue.preprocessing.ecg.measuring.long_record import measure_long
from reading_queue.preprocessing.ecg.stored import Found, Reader, StoredEcg, find_samples, reader_of
from reading_queue.preprocessing.errors import UnreadableWaveform
from storage.db.models import Ambulatory, EcgMeasurement
from storage.db.queries import ecg as queries
from storage.db.session import UnitOfWork
from storage.domain.canonical import sha256_hex
from storage.domain.errors import UnreadableEcg
from storage.objects import ObjectStore


@dataclass(frozen=True, slots=True)
class Kept:
    """The derived object as it was put, and what its row will say of it."""

    object_key: str
    sha256: str
    size: int
    seconds: float
    document: dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class StoredSource:
    """A stored recording that is read a stretch at a time."""

    ecg: StoredEcg
    read: Reader

    @property
    def leads(self) -> Sequence[str]:
        return self.ecg.leads

    @property
    def hz(self) -> float:
        return self.ecg.hz

    @property
    def samples(self) -> int:
        return self.ecg.samples

    def cut(self, first: int, last: int) -> NDArray[np.float32]:
        return self.ecg.cut(self.read, first, last)


def long_recording(stream: BinaryIO) -> Found | None:
    """Where the samples lie, of a recording too long to be measured at once; None for others and for what cannot be read."""
    try:
        found = find_samples(stream)
    except UnreadableWaveform:
        return None
    return found if found is not None and found.ecg.seconds > LONGEST_AT_ONCE_S else None


def measure_and_keep(store: ObjectStore, stream: BinaryIO, found: Found) -> tuple[EcgMeasurements, Kept]:
    """Measure the recording and put what was made of it into the store. Raises `UnreadableEcg`, `StoreUnavailable`."""
    source = StoredSource(found.ecg, reader_of(stream))
    try:
        record = measure_long(source)
        columns = overview(source)
    except UnreadableWaveform as error:
        raise UnreadableEcg(f"The object has no ECG waveform that can be read ({error.reason}).") from error
    beats = pack_beats(record.beats)
    data = beats + columns.tobytes()
    digest = sha256_hex(data)
    key = f"ambulatory/{digest}"
    store.put(key, io.BytesIO(data), size=len(data), sha256=digest)
    document = {
        "stored": found.ecg.as_json(),
        "beats": {"offset": 0, "length": len(beats)},
        "overview": {
            "offset": len(beats),
            "columns": int(columns.shape[1]),
            "column_s": COLUMN_S,
            "step_uv": STEP_UV,
            "nothing": NOTHING,
        },
        "summary": summary_of(record),
    }
    return record.measurements, Kept(key, digest, len(data), found.ecg.seconds, document)


def record_kept(work: UnitOfWork, measurement: EcgMeasurement, kept: Kept) -> None:
    """Write or renew the row that belongs to a measurement."""
    row = queries.ambulatory_of(work, measurement.instance_id, measurement.engine)
    if row is None:
        row = Ambulatory(
            institution_id=measurement.institution_id,
            study_id=measurement.study_id,
            instance_id=measurement.instance_id,
            engine=measurement.engine,
        )
        work.session.add(row)
    row.source_sha256, row.object_key, row.sha256 = measurement.source_sha256, kept.object_key, kept.sha256
    row.size, row.seconds, row.document, row.made_at = kept.size, kept.seconds, kept.document, work.now
