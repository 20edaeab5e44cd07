"""Frames that a reader marks as telling: they go with the signed version, into the study, and to the clinic."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from reading_queue.preprocessing.decoding import frame_count, has_pixels, read_dataset
from reading_queue.preprocessing.ecg.picture import SECONDS, draw_ecg
from reading_queue.preprocessing.ecg.waveform import read_ecg
from reading_queue.preprocessing.errors import UndecodableImage, UnreadableWaveform
from reading_queue.preprocessing.thumbnails import preview
from reading_queue.service.actors import Actor
from reading_queue.transitions import ISSUED_STATES
from storage.audit import AuditEntry, record
from storage.db.models import Instance, KeyImage, ReadingTask, Series
from storage.db.session import UnitOfWork
from storage.db.upsert import insert_missing
from storage.domain.errors import Forbidden, Invalid, InvalidField, NotFound
from storage.domain.reading import Role
from storage.objects import ObjectStore

READERS = frozenset({Role.RADIOLOGIST, Role.AUDITOR})
MOST = 24
"""Of one task: what is telling is little."""

_LONGEST_NOTE = 200


def mark(work: UnitOfWork, task_id: int, actor: Actor, *, sop_instance_uid: str, frame: int, note: str) -> KeyImage:
    """Mark a frame (counted from 1) of the task's study, or change the note of one. Raises `Invalid`, `NotFound`, `Forbidden`."""
    task = _task(work, task_id, actor)
    instance = _instance(work, task.study_id, sop_instance_uid)
    if not 1 <= frame <= max(1, instance.frames):
        raise InvalidField("frame", f"must be from 1 to {max(1, instance.frames)}.")
    if len(note) > _LONGEST_NOTE:
        raise InvalidField("note", f"is longer than {_LONGEST_NOTE} characters: shorten it.")
    marked = _ensure(work, task, actor, sop_instance_uid, frame)
    marked.note, marked.marked_at = note.strip(), work.now
    if len(marks_of(work, task_id)) > MOST:
        raise Invalid(f"A report shows {MOST} key images at most: take one away first.")
    _audit(work, actor, "key_image_marked", task_id, sop_instance_uid, frame)
    return marked


def unmark(work: UnitOfWork, task_id: int, actor: Actor, key_image_id: int) -> None:
    """Take a mark away; one that is gone already is fine."""
    _task(work, task_id, actor)
    query = select(KeyImage).where(KeyImage.id == key_image_id, KeyImage.task_id == task_id)
    marked = work.session.execute(query).scalar_one_or_none()
    if marked is not None:
        work.session.delete(marked)
        _audit(work, actor, "key_image_unmarked", task_id, marked.sop_instance_uid, marked.frame)


def marks_of(work: UnitOfWork, task_id: int) -> Sequence[KeyImage]:
    """In the order in which they were marked first."""
    query = select(KeyImage).where(KeyImage.task_id == task_id).order_by(KeyImage.id)
    return work.session.execute(query).scalars().all()


def signed_frames(work: UnitOfWork, task_id: int) -> list[dict[str, Any]]:
    """The marks as a signed version keeps them (`reading_queue.documents.told.KeyFrame`)."""
    query = (
        select(KeyImage, Instance, Series)
        .join(Instance, Instance.sop_instance_uid == KeyImage.sop_instance_uid)
        .join(Series, Series.id == Instance.series_id)
        .where(KeyImage.task_id == task_id, Instance.study_id == KeyImage.study_id)
        .order_by(KeyImage.id)
    )
    return [
        {
            "sop_class_uid": row.Instance.sop_class_uid,
            "sop_instance_uid": row.Instance.sop_instance_uid,
            "series_instance_uid": row.Series.series_instance_uid,
            "frame": row.KeyImage.frame,
            "frames": max(1, row.Instance.frames),
            "note": row.KeyImage.note,
        }
        for row in work.session.execute(query)
    ]


def picture(store: ObjectStore, object_key: str, frame: int, size: int) -> tuple[bytes, str]:
    """A frame as people see it, its longer side at most `size` pixels, and the media type.

    Raises `NotFound` where it cannot be shown, and as the store does.
    """
    with store.open(object_key) as stream:
        ds = read_dataset(stream)
    try:
        if not has_pixels(ds):
            return draw_ecg(read_ecg(ds, seconds=SECONDS)), "image/png"
        return preview(ds, min(frame, frame_count(ds)) - 1, size), "image/jpeg"
    except (UndecodableImage, UnreadableWaveform) as error:
        raise NotFound("This image cannot be shown as a picture.") from error


def _task(work: UnitOfWork, task_id: int, actor: Actor) -> ReadingTask:
    """The task, where this reader may mark: the case in his hands, or a report that he may amend."""
    query = select(ReadingTask).where(ReadingTask.id == task_id).with_for_update(of=ReadingTask)
    task = work.session.execute(query).scalar_one_or_none()
    if task is None:
        raise NotFound("There is no such task.")
    if actor.role not in READERS or (task.reader_id != actor.user_id and task.state not in ISSUED_STATES):
        raise Forbidden("Key images are marked by whoever has the case in hand.")
    return task


def _instance(work: UnitOfWork, study_id: int, sop_instance_uid: str) -> Instance:
    of_study = Instance.sop_instance_uid == sop_instance_uid, Instance.study_id == study_id
    found = work.session.execute(select(Instance).where(*of_study)).scalar_one_or_none()
    if found is None:
        raise NotFound("The study has no such image.")
    if found.written_here:
        raise InvalidField("sop_instance_uid", "is a document, no image.")
    return found


def _ensure(work: UnitOfWork, task: ReadingTask, actor: Actor, sop_instance_uid: str, frame: int) -> KeyImage:
    row = {
        "institution_id": task.institution_id,
        "task_id": task.id,
        "study_id": task.study_id,
        "sop_instance_uid": sop_instance_uid,
        "frame": frame,
        "note": "",
        "marked_by_id": actor.user_id,
        "marked_at": work.now,
    }
    insert_missing(work.session, KeyImage, [row], KeyImage.id)
    same = KeyImage.task_id == task.id, KeyImage.sop_instance_uid == sop_instance_uid, KeyImage.frame == frame
    return work.session.execute(select(KeyImage).where(*same)).scalar_one()


def _audit(work: UnitOfWork, actor: Actor, action: str, task_id: int, sop_instance_uid: str, frame: int) -> None:
    detail = {"sop_instance_uid": sop_instance_uid, "frame": frame}
    record(work.session, AuditEntry(work.now, actor.username, action, f"task:{task_id}", detail))
