"""Thumbnails and previews of a study: one picture of each kind for each series, made once, found again by a sweep if lost."""

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydicom import Dataset
from sqlalchemy import exists, func, select

from reading_queue.preprocessing.decoding import has_pixels, is_video, read_dataset
from reading_queue.preprocessing.ecg.picture import SECONDS, draw_ecg
from reading_queue.preprocessing.ecg.waveform import read_ecg
from reading_queue.preprocessing.errors import UndecodableImage, UnreadableWaveform
from reading_queue.preprocessing.thumbnails import (
    Picture,
    PictureKind,
    pick_representative,
    preview,
    representative_index,
    thumbnail_for,
)
from storage.db.models import Instance, Rendition, Study
from storage.db.session import Database, Hint, UnitOfWork
from storage.domain.canonical import sha256_hex
from storage.domain.errors import ChecksumMismatch, NotFound, ObjectNotFound, StoreUnavailable
from storage.domain.studies import InstanceState, RenditionKind, RenditionState, StudyState
from storage.objects import ObjectStore

_log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
PREVIEW_SIZE = 1024
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=1)
_SEARCH_BATCH = 200
_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png"}
_TELLING_TAGS = ("00080008", "0008103E", "00200013", "00200032", "00200037", "00280010")
"""Image Type, Series Description, Instance Number, Image Position and Orientation (Patient), Rows."""


@dataclass(frozen=True)
class _Chosen:
    """The instance that stands for its series."""

    institution_id: int
    study_id: int
    series_id: int
    instance_id: int
    object_key: str


@dataclass(frozen=True)
class _Failure:
    """Why a series has no picture; another attempt may help unless it is `final`."""

    reason: str
    final: bool


def make_renditions(database: Database, store: ObjectStore, study_id: int) -> RenditionState:
    """Make the pictures that the study still lacks; nothing is read from the store when it lacks none.

    Raises `NotFound`, and `StoreUnavailable` while the store is away, which does not count as an attempt.
    """
    with database.read() as work:
        instances = _stored_instances(work, study_id)
        missing = _missing(work, study_id, instances)
    try:
        failures = [failure for one in missing if (failure := _render(database, store, one)) is not None]
    except StoreUnavailable:
        with database.write() as work:
            _locked_study(work, study_id).rendition_tried_at = work.now
        raise
    with database.write() as work:
        return _conclude(work, study_id, seen=len(instances), failures=failures)


def find_lost(work: UnitOfWork) -> int:
    """Hint again at every study whose pictures are pending for longer than a hint takes. Returns how many.

    After each attempt the wait doubles, from half a minute to an hour.
    """
    quiet_since = func.coalesce(Study.rendition_tried_at, Study.last_received_at)
    query = (
        select(Study)
        .where(
            Study.rendition_state == RenditionState.PENDING,
            quiet_since <= work.now - _FIRST_WAIT,
            exists().where(Instance.study_id == Study.id, Instance.state == InstanceState.STORED),
        )
        .order_by(quiet_since)
        .limit(_SEARCH_BATCH)
        .with_for_update(of=Study, skip_locked=True, key_share=True)
    )
    lost = [study for study in work.session.execute(query).scalars() if _has_waited(study, work)]
    for study in lost:
        study.rendition_tried_at = work.now
        work.after_commit(Hint("make_renditions", (study.id, study.priority)))
    return len(lost)


def _has_waited(study: Study, work: UnitOfWork) -> bool:
    if study.rendition_tried_at is None:
        return True
    wait = min(_FIRST_WAIT * 2**study.rendition_attempts, _LONGEST_WAIT)
    return bool(work.now >= study.rendition_tried_at + wait)


def _stored_instances(work: UnitOfWork, study_id: int) -> Sequence[Instance]:
    query = select(Instance).where(Instance.study_id == study_id, Instance.state == InstanceState.STORED)
    return work.session.execute(query.order_by(Instance.series_id, Instance.number, Instance.id)).scalars().all()


def _missing(work: UnitOfWork, study_id: int, instances: Sequence[Instance]) -> list[_Chosen]:
    by_series: dict[int, list[Instance]] = {}
    for instance in instances:
        by_series.setdefault(instance.series_id, []).append(instance)
    chosen = [_choose(members) for members in by_series.values()]
    query = select(Rendition.instance_id).where(
        Rendition.study_id == study_id, Rendition.kind == RenditionKind.THUMBNAIL
    )
    have = set(work.session.execute(query).scalars())
    return [one for one in chosen if one.instance_id not in have]


def _choose(members: Sequence[Instance]) -> _Chosen:
    best = members[pick_representative([_telling_header(member.header) for member in members])]
    return _Chosen(best.institution_id, best.study_id, best.series_id, best.id, best.object_key)


def _telling_header(header: dict[str, Any]) -> Dataset:
    """The few attributes that tell which instance stands for a series; empty when they are damaged."""
    try:
        return Dataset.from_json({tag: header[tag] for tag in _TELLING_TAGS if tag in header})
    except Exception:  # noqa: BLE001 - pydicom raises many types on damage, and any instance will do then
        return Dataset()


def _render(database: Database, store: ObjectStore, chosen: _Chosen) -> _Failure | None:
    try:
        pictures = _pictures(store, chosen)
    except (UndecodableImage, UnreadableWaveform) as refusal:
        return _Failure(refusal.reason, final=True)
    except (ObjectNotFound, ChecksumMismatch) as error:
        return _Failure(error.code, final=False)
    except StoreUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - one bad series must not keep the others from their pictures
        _log.exception("Instance %s has no pictures.", chosen.instance_id)
        return _Failure(type(error).__name__, final=False)
    keys = {kind: _keep(store, picture) for kind, picture in pictures.items()}
    with database.write() as work:
        _locked_study(work, chosen.study_id)
        for kind, picture in pictures.items():
            _record(work, chosen, kind, picture, keys[kind])
    return None


def _pictures(store: ObjectStore, chosen: _Chosen) -> dict[RenditionKind, Picture]:
    with store.open(chosen.object_key) as stream:
        ds = read_dataset(stream)
    small = thumbnail_for(ds)
    large = _preview(ds, small.kind)
    return {RenditionKind.THUMBNAIL: small} | ({RenditionKind.PREVIEW: large} if large else {})


def _preview(ds: Dataset, kind: PictureKind) -> Picture | None:
    if kind == PictureKind.WAVEFORM:
        return Picture(draw_ecg(read_ecg(ds, seconds=SECONDS)), "image/png", kind)
    if kind == PictureKind.IMAGE and has_pixels(ds) and not is_video(ds):
        return Picture(preview(ds, representative_index(ds), PREVIEW_SIZE), "image/jpeg", kind)
    return None


def _keep(store: ObjectStore, picture: Picture) -> str:
    digest = sha256_hex(picture.data)
    key = f"renditions/{digest}.{_EXTENSIONS[picture.media_type]}"
    store.put(key, io.BytesIO(picture.data), size=len(picture.data), sha256=digest)
    return key


def _record(work: UnitOfWork, chosen: _Chosen, kind: RenditionKind, picture: Picture, key: str) -> None:
    query = select(Rendition).where(Rendition.series_id == chosen.series_id, Rendition.kind == kind)
    row = work.session.execute(query).scalar_one_or_none()
    if row is None:
        row = Rendition(institution_id=chosen.institution_id, study_id=chosen.study_id, series_id=chosen.series_id)
        work.session.add(row)
    row.kind, row.instance_id, row.media_type = kind, chosen.instance_id, picture.media_type
    row.object_key, row.sha256, row.size = key, sha256_hex(picture.data), len(picture.data)
    row.created_at = work.now


def _conclude(work: UnitOfWork, study_id: int, *, seen: int, failures: Sequence[_Failure]) -> RenditionState:
    study = _locked_study(work, study_id)
    if study.state != StudyState.RECEIVING:
        # Pictures first: they are what lists show. Frames of a study that still comes in would be in its way on the disk.
        work.after_commit(Hint("make_delivery", (study.id, study.priority)))
    study.rendition_tried_at = work.now
    study.rendition_error = "; ".join(sorted({failure.reason for failure in failures}))
    all_instances = select(func.count(Instance.id)).where(Instance.study_id == study_id)
    if failures:
        study.rendition_attempts += 1
        is_over = all(failure.final for failure in failures) or study.rendition_attempts >= MAX_ATTEMPTS
        study.rendition_state = RenditionState.FAILED if is_over else RenditionState.PENDING
    elif work.session.execute(all_instances).scalar_one() > seen:
        # More came meanwhile, or waits for the store: the next hint, or the sweep, goes on.
        study.rendition_state = RenditionState.PENDING
    else:
        study.rendition_state, study.rendition_attempts = RenditionState.DONE, 0
    return RenditionState(study.rendition_state)


def _locked_study(work: UnitOfWork, study_id: int) -> Study:
    query = select(Study).where(Study.id == study_id).with_for_update(of=Study, key_share=True)
    study = work.session.execute(query).scalar_one_or_none()
    if study is None:
        raise NotFound("There is no such study.")
    return study
