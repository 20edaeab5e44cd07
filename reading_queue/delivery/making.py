"""Frames for slow lines: made once after a study arrived, exact or not at all, found again by a sweep if lost."""

import hashlib
import logging
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, cast

from celery.exceptions import SoftTimeLimitExceeded
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)
from sqlalchemy import and_, exists, func, or_, select

from reading_queue.background import in_the_background
from reading_queue.delivery.codestream import NotExact, can_encode, encode_exact
from reading_queue.delivery.source import decoded_frames
from reading_queue.preprocessing.errors import UndecodableImage
from storage.db.models import FrameDelivery, Instance, Study, StudyDelivery
from storage.db.session import Database, Hint, UnitOfWork
from storage.db.upsert import insert_missing
from storage.domain.clock import monotonic
from storage.domain.errors import NotFound, StoreUnavailable
from storage.domain.studies import DeliveryState, InstanceState
from storage.objects import ObjectStore

_log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
TURN_SECONDS = 10.0
"""After this the next study has its turn: a large CT does not keep a radiograph waiting."""

_RECORDED_TOGETHER = 16
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=1)
_LOOK_BACK = timedelta(days=7)
_SEARCH_BATCH = 100
_IN_MEMORY = 32 << 20
_MOST_OF_RAW, _MOST_OF_COMPRESSED = 0.9, 1.25
_RAW = frozenset({ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian})
ENCODED_FROM: frozenset[str] = frozenset(
    {*_RAW, JPEGLossless, JPEGLosslessSV1, JPEGLSLossless, JPEG2000Lossless, RLELossless}
)
"""What is lossless and not HTJ2K yet. Lossy frames and videos are small already, and are sent as stored."""


@dataclass(frozen=True)
class _Source:
    """An instance whose frames are to be made."""

    institution_id: int
    study_id: int
    instance_id: int
    object_key: str
    sha256: str
    transfer_syntax_uid: str
    size: int
    earlier_key: str


@dataclass(frozen=True)
class _Made:
    """What became of it: an object of frames, or a reason why there is none."""

    source: _Source
    object_key: str = ""
    sha256: str = ""
    lengths: tuple[int, ...] = ()
    refusal: str = ""


def make_delivery(database: Database, store: ObjectStore, study_id: int) -> DeliveryState:
    """Make the frames that the study still lacks, for some seconds; the rest is hinted at again.

    Safe to run twice, at once too. Raises `NotFound`, and `StoreUnavailable` while the store is away, which does not count
    as an attempt.
    """
    with database.write() as work:
        _begin(work, study_id)
    with database.read() as work:
        seen = _count(work, study_id)
        waiting = _waiting(work, study_id)
    try:
        is_over = _make_some(database, store, waiting)
    except StoreUnavailable:
        with database.write() as work:
            work.session.get_one(StudyDelivery, study_id, with_for_update=True).attempts -= 1
        raise
    with database.write() as work:
        return _conclude(work, study_id, seen, more=is_over)


def _make_some(database: Database, store: ObjectStore, waiting: Sequence[_Source]) -> bool:
    """Whether time was over before all were made."""
    until = monotonic() + TURN_SECONDS
    done: list[_Made] = []
    for source in waiting:
        if monotonic() > until:
            _record(database, store, done)
            return True
        made = _made(store, source)
        done += [made] if made is not None else []
        if len(done) == _RECORDED_TOGETHER:
            _record(database, store, done)
            done = []
    _record(database, store, done)
    return False


def find_lost(work: UnitOfWork) -> int:
    """Hint again at studies of the last week that were never looked at, have grown since, or are pending for long.

    Emergencies first, then small studies. Returns how many.
    """
    query = (
        select(Study, StudyDelivery)
        .outerjoin(StudyDelivery, StudyDelivery.study_id == Study.id)
        .where(
            Study.last_received_at >= work.now - _LOOK_BACK,
            Study.last_received_at <= work.now - _FIRST_WAIT,
            Study.instance_count > 0,
            or_(
                StudyDelivery.study_id.is_(None),
                StudyDelivery.state == DeliveryState.PENDING,
                and_(StudyDelivery.state == DeliveryState.DONE, StudyDelivery.instances < Study.instance_count),
            ),
        )
        .order_by(Study.priority, Study.instance_count, Study.id)
        .limit(_SEARCH_BATCH)
    )
    lost = [study for study, row in work.session.execute(query) if _has_waited(row, work.now)]
    for study in lost:
        _row(work, study).tried_at = work.now
        work.after_commit(Hint("make_delivery", (study.id, study.priority)))
    return len(lost)


def start_over(work: UnitOfWork, instance: Instance) -> None:
    """Have the frames made anew: the original of `instance` is another one now, or they are lost."""
    made = work.session.get(FrameDelivery, instance.id)
    if made is not None:
        # The key stays: what it names goes when there is something newer.
        made.source_sha256 = ""
    study = work.session.get_one(Study, instance.study_id)
    row = _row(work, study)
    row.state, row.attempts, row.tried_at = DeliveryState.PENDING, 0, None
    work.after_commit(Hint("make_delivery", (study.id, study.priority)))


def _has_waited(row: StudyDelivery | None, now: datetime) -> bool:
    if row is None or row.tried_at is None:
        return True
    return bool(now >= row.tried_at + min(_FIRST_WAIT * 2**row.attempts, _LONGEST_WAIT))


def _row(work: UnitOfWork, study: Study) -> StudyDelivery:
    new = {
        "study_id": study.id,
        "institution_id": study.institution_id,
        "state": DeliveryState.PENDING,
        "instances": 0,
        "attempts": 0,
    }
    insert_missing(work.session, StudyDelivery, [new], StudyDelivery.study_id)
    return work.session.get_one(StudyDelivery, study.id, with_for_update=True)


def _begin(work: UnitOfWork, study_id: int) -> None:
    """Count the attempt before it is made: one that kills its worker must not be made for ever."""
    study = work.session.get(Study, study_id)
    if study is None:
        raise NotFound("There is no such study.")
    row = _row(work, study)
    if row.state == DeliveryState.FAILED and _count(work, study_id) > row.instances:
        row.state, row.attempts = DeliveryState.PENDING, 0
    row.attempts, row.tried_at = row.attempts + 1, work.now
    if row.attempts > MAX_ATTEMPTS:
        row.state = DeliveryState.FAILED


def _count(work: UnitOfWork, study_id: int) -> int:
    return work.session.execute(select(func.count(Instance.id)).where(Instance.study_id == study_id)).scalar_one()


def _waiting(work: UnitOfWork, study_id: int) -> list[_Source]:
    """The stored images without frames of their own present original; none once the study was given up."""
    if work.session.get_one(StudyDelivery, study_id).state == DeliveryState.FAILED:
        return []
    query = (
        select(Instance, FrameDelivery.object_key)
        .outerjoin(FrameDelivery, FrameDelivery.instance_id == Instance.id)
        .where(
            Instance.study_id == study_id,
            Instance.state == InstanceState.STORED,
            Instance.transfer_syntax_uid.in_(sorted(ENCODED_FROM)),
            Instance.rows.is_not(None),
            or_(FrameDelivery.instance_id.is_(None), FrameDelivery.source_sha256 != Instance.sha256),
        )
        .order_by(Instance.series_id, Instance.number, Instance.id)
    )
    return [_source(instance, key or "") for instance, key in work.session.execute(query)]


def _source(instance: Instance, earlier_key: str) -> _Source:
    return _Source(
        instance.institution_id,
        instance.study_id,
        instance.id,
        instance.object_key,
        instance.sha256,
        instance.transfer_syntax_uid,
        instance.size,
        earlier_key,
    )


def _made(store: ObjectStore, source: _Source) -> _Made | None:
    """None where another attempt may help."""
    try:
        with store.open(source.object_key) as stream, tempfile.SpooledTemporaryFile(_IN_MEMORY) as frames:
            return _keep(store, source, stream, cast(BinaryIO, frames))
    except UndecodableImage as refusal:
        return _Made(source, refusal=refusal.reason)
    except NotExact:
        _log.error("The frames of instance %s do not come back as they were; the original is sent.", source.instance_id)
        return _Made(source, refusal="not exact")
    except (StoreUnavailable, SoftTimeLimitExceeded):
        raise
    except Exception:  # noqa: BLE001 - one bad image must not keep the others from their frames
        _log.exception("The frames of instance %s cannot be made.", source.instance_id)
        return None


def _keep(store: ObjectStore, source: _Source, stream: BinaryIO, frames: BinaryIO) -> _Made:
    lengths: list[int] = []
    digest = hashlib.sha256()
    for codestream in _encoded(stream):
        frames.write(codestream)
        digest.update(codestream)
        lengths.append(len(codestream))
    if not lengths or sum(lengths) > _most(source):
        return _Made(source, refusal="no smaller")
    frames.seek(0)
    key = f"delivery/{source.sha256[:2]}/{source.sha256}-{digest.hexdigest()[:16]}.j2c"
    store.put(key, frames, size=sum(lengths), sha256=digest.hexdigest())
    return _Made(source, key, digest.hexdigest(), tuple(lengths))


def _encoded(stream: BinaryIO) -> Iterator[bytes]:
    for pixels in decoded_frames(stream):
        if not can_encode(pixels):
            raise UndecodableImage("no samples that viewers take as HTJ2K")
        with in_the_background():
            encoded = encode_exact(pixels)
        yield encoded


def _most(source: _Source) -> float:
    """Bytes from which on the original is the better thing to send."""
    return source.size * (_MOST_OF_RAW if source.transfer_syntax_uid in _RAW else _MOST_OF_COMPRESSED)


def _record(database: Database, store: ObjectStore, done: Sequence[_Made]) -> None:
    if not done:
        return
    for made in done:
        if made.source.earlier_key not in ("", made.object_key):
            # Nobody is sent these any more: their original is not the present one.
            store.delete(made.source.earlier_key)
    with database.write() as work:
        work.session.get_one(StudyDelivery, done[0].source.study_id, with_for_update=True)
        for made in done:
            _write(work, made)


def _write(work: UnitOfWork, made: _Made) -> None:
    source = made.source
    row = work.session.get(FrameDelivery, source.instance_id)
    if row is None:
        row = FrameDelivery(
            instance_id=source.instance_id, study_id=source.study_id, institution_id=source.institution_id
        )
        work.session.add(row)
    row.source_sha256, row.made_at, row.refusal = source.sha256, work.now, made.refusal
    row.object_key, row.sha256, row.lengths = made.object_key, made.sha256, list(made.lengths)


def _conclude(work: UnitOfWork, study_id: int, seen: int, *, more: bool) -> DeliveryState:
    study = work.session.get_one(Study, study_id)
    row = _row(work, study)
    if more:
        # It got somewhere: the next turn is a first attempt again.
        row.state, row.attempts = DeliveryState.PENDING, 0
        work.after_commit(Hint("make_delivery", (study.id, study.priority)))
    elif row.state == DeliveryState.FAILED:
        row.instances = seen
    elif _waiting(work, study_id):
        row.state = DeliveryState.PENDING
    else:
        whole = _count(work, study_id) == seen and not _spooled(work, study_id)
        row.state, row.attempts = DeliveryState.DONE if whole else DeliveryState.PENDING, 0
        row.instances = seen
    return DeliveryState(row.state)


def _spooled(work: UnitOfWork, study_id: int) -> bool:
    on_its_way = exists().where(Instance.study_id == study_id, Instance.state == InstanceState.SPOOLED)
    return bool(work.session.execute(select(on_its_way)).scalar_one())
