"""Whether an object that came in another transfer syntax has the pixels of the object in the archive.

The header said so when it arrived (`storage.ingest.repeats`). Here both are decoded, and what was found stands with the
object in quarantine. Other pixels make it what it is: other bytes under the same UID.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from math import inf, log10

import numpy as np
from pydicom import Dataset
from pydicom.uid import HTJ2K, JPEG2000, JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLSNearLossless
from sqlalchemy import select

from reading_queue.preprocessing.decoding import decode_frame, frame_count, read_dataset
from reading_queue.preprocessing.errors import UndecodableImage
from storage.db.models import Instance, Quarantine
from storage.db.session import Database, Hint, UnitOfWork
from storage.domain.errors import ChecksumMismatch, ObjectNotFound
from storage.domain.studies import InstanceState, PixelFinding, QuarantineReason
from storage.objects import ObjectStore
from storage.settings import Settings

_log = logging.getLogger(__name__)

_LOSSY = frozenset({JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLSNearLossless, JPEG2000, HTJ2K})
_LEAST_DECIBEL = 30.0
"""Peak signal to noise ratio below which a difference is not taken for lossy compression; ratios up to 1:20 keep 40 dB."""

_LARGEST = 1 << 30
_AGAIN_AFTER = timedelta(minutes=2)
_SEARCH_BATCH = 50
_OTHER_PIXELS = "The same header came with other pixels, in another transfer syntax."


@dataclass(frozen=True)
class Comparison:
    """What was found, and in which numbers."""

    finding: PixelFinding
    detail: str


@dataclass(frozen=True)
class _Pair:
    """The two objects: the keys of the one in the archive and of the one in quarantine."""

    archived: str
    quarantined: str
    size: int


def find_uncompared_encodings(database: Database, _settings: Settings) -> None:
    """Hint at what waits for a comparison and is in the object store; again after a while where a hint got lost."""
    with database.write() as work:
        due = Quarantine.pixels_tried_at.is_(None) | (Quarantine.pixels_tried_at < work.now - _AGAIN_AFTER)
        query = select(Quarantine).where(
            Quarantine.reason == QuarantineReason.OTHER_ENCODING,
            Quarantine.resolved_at.is_(None),
            Quarantine.pixels == "",
            Quarantine.state == InstanceState.STORED,
            due,
        )
        for row in work.session.execute(query.order_by(Quarantine.id).limit(_SEARCH_BATCH)).scalars():
            row.pixels_tried_at = work.now
            work.after_commit(Hint("compare_encodings", (row.id,)))


def compare_encodings(database: Database, store: ObjectStore, quarantine_id: int) -> PixelFinding | None:
    """Compare one object's pixels and record what was found; None when there is nothing to compare (any more).

    Raises `StoreUnavailable` while the store is away.
    """
    with database.read() as work:
        pair = _pair(work, quarantine_id)
    if pair is None:
        return None
    comparison = _compare_stored(store, pair)
    with database.write() as work:
        return _record(work, quarantine_id, pair, comparison)


def compare_pixels(archived: Dataset, other: Dataset) -> Comparison:
    """Frame by frame, as stored values or RGB."""
    frames = frame_count(archived)
    if frames != frame_count(other):
        return Comparison(PixelFinding.DIFFERENT, f"{frames} frames in the archive, {frame_count(other)} here.")
    worst, decibel = 0.0, inf
    try:
        for index in range(frames):
            one, two = decode_frame(archived, index), decode_frame(other, index)
            if one.shape != two.shape:
                return Comparison(PixelFinding.DIFFERENT, "The images have other sizes.")
            difference = np.abs(one.astype(np.float64) - two.astype(np.float64))
            worst = max(worst, float(difference.max(initial=0.0)))
            decibel = min(decibel, _signal_to_noise(one, difference))
    except UndecodableImage as error:
        return Comparison(PixelFinding.UNREADABLE, f"The pixels cannot be decoded: {error.reason}.")
    if worst == 0.0:
        return Comparison(PixelFinding.IDENTICAL, f"All pixels of {frames} frames are equal.")
    told = f"Largest difference {worst:g}, signal to noise {decibel:.1f} dB."
    lossy = (_is_lossy(archived) or _is_lossy(other)) and decibel >= _LEAST_DECIBEL
    return Comparison(PixelFinding.WITHIN_LOSS if lossy else PixelFinding.DIFFERENT, told)


def _signal_to_noise(image: np.ndarray, difference: np.ndarray) -> float:
    """Peak signal to noise ratio in dB, against the range that the image uses."""
    noise = float(np.sqrt(np.mean(np.square(difference))))
    if noise == 0.0:
        return inf
    used = float(image.max()) - float(image.min())
    return 20 * log10(max(used, 1.0) / noise)


def _is_lossy(ds: Dataset) -> bool:
    syntax = getattr(getattr(ds, "file_meta", None), "TransferSyntaxUID", "")
    return syntax in _LOSSY or str(ds.get("LossyImageCompression", "")) == "01"


def _compare_stored(store: ObjectStore, pair: _Pair) -> Comparison:
    if pair.size > _LARGEST:
        return Comparison(PixelFinding.UNREADABLE, "The objects are too large to be compared.")
    try:
        with store.open(pair.archived) as one, store.open(pair.quarantined) as two:
            return compare_pixels(read_dataset(one), read_dataset(two))
    except (UndecodableImage, ObjectNotFound, ChecksumMismatch) as error:
        reason = error.reason if isinstance(error, UndecodableImage) else error.code
        return Comparison(PixelFinding.UNREADABLE, f"One of the two cannot be read: {reason}.")


def _pair(work: UnitOfWork, quarantine_id: int) -> _Pair | None:
    row = work.session.get(Quarantine, quarantine_id)
    if row is None or not _waits(row):
        return None
    query = select(Instance).where(Instance.sop_instance_uid == row.sop_instance_uid)
    instance = work.session.execute(query).scalar_one_or_none()
    if instance is None or instance.state != InstanceState.STORED:
        return None
    return _Pair(instance.object_key, row.object_key, max(instance.size, row.size))


def _waits(row: Quarantine) -> bool:
    is_stored = row.state == InstanceState.STORED and row.purged_at is None
    return row.reason == QuarantineReason.OTHER_ENCODING and row.pixels == "" and is_stored


def _record(work: UnitOfWork, quarantine_id: int, pair: _Pair, comparison: Comparison) -> PixelFinding | None:
    """Nothing is recorded when either object was replaced meanwhile: the sweep comes again."""
    query = select(Quarantine).where(Quarantine.id == quarantine_id).with_for_update()
    row = work.session.execute(query.execution_options(populate_existing=True)).scalar_one()
    if _pair(work, quarantine_id) != pair:
        return None
    row.pixels, row.pixels_detail = comparison.finding, comparison.detail
    if comparison.finding is PixelFinding.DIFFERENT:
        _make_other_bytes(work, row)
    return comparison.finding


def _make_other_bytes(work: UnitOfWork, row: Quarantine) -> None:
    """An object is listed once for each reason: where it is listed as other bytes already, that line counts up."""
    query = select(Quarantine).where(
        Quarantine.reason == QuarantineReason.OTHER_BYTES,
        Quarantine.dataset_digest == row.dataset_digest,
        Quarantine.ae_title == row.ae_title,
    )
    present = work.session.execute(query.with_for_update()).scalar_one_or_none()
    if present is None:
        row.reason, row.detail = QuarantineReason.OTHER_BYTES, _OTHER_PIXELS
        return
    present.attempts += row.attempts
    present.pixels, present.pixels_detail = row.pixels, row.pixels_detail
    row.resolved_at, row.resolution = work.now, f"listed as number {present.id}"
