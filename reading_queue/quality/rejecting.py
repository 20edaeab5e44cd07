"""Images that a retake replaces are rejected: marked as such here, and told to other archives by a note in the study (IHE IOCM).

The images themselves stay as they are, and may still be looked at. Where the clinic says that there will be no others, they
are read after all: then they are rejected no more, and the note is.
"""

from collections.abc import Sequence
from datetime import timedelta, tzinfo

from sqlalchemy import ColumnElement, select, update

from reading_queue.documents.filing import told_study
from reading_queue.documents.objects import part10
from reading_queue.documents.rejection_note import Rejected, Rejection, rejection_note
from reading_queue.quality.chapter import QUALITY
from reading_queue.rulebook import in_force
from reading_queue.service.sop_classes import NOT_READ
from storage.db.models import Instance, Institution, Patient, RejectionNote, RetakeOrder, Series, Study, User
from storage.db.session import Database, Hint, UnitOfWork
from storage.domain.errors import NotFound
from storage.domain.identifiers import new_uid
from storage.domain.rejections import Title
from storage.ingest.written import WrittenObject, enter_written, store_written
from storage.objects import ObjectStore
from storage.settings import Settings

_HINT_TIME = timedelta(seconds=30)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
_DOUBLINGS, _BATCH = 9, 200
_STACKS = frozenset({"CT", "MR", "NM", "PT"})
"""Nobody takes one slice again: a mark on it stands for its series."""

_SILENT = {"synchronize_session": False}


def reject(work: UnitOfWork, order: RetakeOrder) -> RejectionNote | None:
    """Reject what the order is about: the marked image (of CT, MR, NM, PT its series), the named series, or all of the study.

    None where the reason rejects nothing (images that are missing), or nothing is there to be rejected.
    """
    title = in_force(work, QUALITY).content.rejection_for(order.reason_code)
    ids = _meant(work, order) if title else []
    if not ids:
        return None
    note = RejectionNote(
        institution_id=order.institution_id,
        retake_order_id=order.id,
        study_id=order.study_id,
        title=title,
        series_instance_uid=new_uid(),
        sop_instance_uid=new_uid(),
        next_try_at=work.now,
    )
    work.session.add(note)
    work.session.flush()
    _mark(work, Instance.id.in_(ids), note.id)
    work.after_commit(Hint("file_rejection", (note.id,)))
    return note


def revoke(work: UnitOfWork, order: RetakeOrder) -> None:
    """There will be no other images: what was rejected for the order is used after all, and the note itself is rejected."""
    query = select(RejectionNote).where(RejectionNote.retake_order_id == order.id).with_for_update(of=RejectionNote)
    note = work.session.execute(query).scalar_one_or_none()
    if note is None or note.revoked_at is not None:
        return
    note.revoked_at = work.now
    study = Instance.study_id == order.study_id
    _mark(work, study & (Instance.rejection_id == note.id), None)
    _mark(work, study & (Instance.sop_instance_uid == note.sop_instance_uid), note.id)


def file_rejection(database: Database, store: ObjectStore, note_id: int, zone: tzinfo) -> None:
    """Write the note into its study, unless it is there or has been revoked. Raises `NotFound`, and as the store does."""
    with database.read() as work:
        note = _note(work, note_id)
        if note.filed_at is not None:
            return
        told = None if note.revoked_at else _told(work, note, zone)
        at = note.order.ordered_at
    try:
        written = None if told is None else store_written(store, part10(rejection_note(told)), at, zone)
    except Exception as error:
        with database.write() as work:
            _note_failure(work, note_id, type(error).__name__)
        raise
    with database.write() as work:
        _enter(work, note_id, written)


def find_unfiled_rejections(database: Database, _settings: Settings) -> None:
    """Hint again at notes that are not in their studies yet."""
    with database.write() as work:
        due = (RejectionNote.filed_at.is_(None), RejectionNote.next_try_at <= work.now - _HINT_TIME)
        query = select(RejectionNote.id).where(*due).order_by(RejectionNote.next_try_at).limit(_BATCH)
        for note_id in work.session.execute(query).scalars():
            work.after_commit(Hint("file_rejection", (note_id,)))


def _meant(work: UnitOfWork, order: RetakeOrder) -> Sequence[int]:
    marked = order.marked
    query = select(Instance.id).join(Series, Series.id == Instance.series_id)
    query = query.where(
        Instance.study_id == order.study_id,
        Instance.sop_class_uid.not_in(NOT_READ),
        Instance.written_here.is_(False),
        Instance.rejection_id.is_(None),
    )
    if marked.get("sop_instance_uid") and order.modality not in _STACKS:
        query = query.where(Instance.sop_instance_uid == marked["sop_instance_uid"])
    elif marked.get("sop_instance_uid"):
        image = select(Instance.series_id).where(Instance.sop_instance_uid == marked["sop_instance_uid"])
        query = query.where(Instance.series_id == image.scalar_subquery())
    elif marked.get("series_instance_uid"):
        query = query.where(Series.series_instance_uid == marked["series_instance_uid"])
    return work.session.execute(query.order_by(Instance.id)).scalars().all()


def _mark(work: UnitOfWork, which: ColumnElement[bool], note_id: int | None) -> None:
    work.session.execute(update(Instance).where(which).values(rejection_id=note_id), execution_options=_SILENT)


def _note(work: UnitOfWork, note_id: int, *, lock: bool = False) -> RejectionNote:
    query = select(RejectionNote).where(RejectionNote.id == note_id)
    found = work.session.execute(query.with_for_update(of=RejectionNote) if lock else query).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such rejection note.")
    return found


def _told(work: UnitOfWork, note: RejectionNote, zone: tzinfo) -> Rejection:
    query = select(Study, Patient).join(Patient, Patient.id == Study.patient_id).where(Study.id == note.study_id)
    row, order = work.session.execute(query).one(), note.order
    reader = work.session.get(User, order.ordered_by_id) if order.ordered_by_id else None
    centre = work.session.get_one(Institution, reader.institution_id if reader else note.institution_id)
    return Rejection(
        title=Title(note.title),
        series_instance_uid=note.series_instance_uid,
        sop_instance_uid=note.sop_instance_uid,
        at=order.ordered_at.astimezone(zone),
        study=told_study(row.Study, row.Patient),
        centre=centre.name,
        reader=reader.display_name if reader else "",
        reason=order.reason,
        objects=_objects(work, note),
    )


def _objects(work: UnitOfWork, note: RejectionNote) -> list[Rejected]:
    query = (
        select(Instance.sop_class_uid, Instance.sop_instance_uid, Series.series_instance_uid)
        .join(Series, Series.id == Instance.series_id)
        .where(Instance.study_id == note.study_id, Instance.rejection_id == note.id)
    )
    return [Rejected(*row) for row in work.session.execute(query.order_by(Instance.id))]


def _note_failure(work: UnitOfWork, note_id: int, error: str) -> None:
    note = _note(work, note_id, lock=True)
    note.error = error
    note.next_try_at = work.now + min(_LONGEST_WAIT, _FIRST_WAIT * (1 << min(note.attempts, _DOUBLINGS)))
    note.attempts += 1


def _enter(work: UnitOfWork, note_id: int, written: WrittenObject | None) -> None:
    study_id = _note(work, note_id).study_id
    query = select(Study).where(Study.id == study_id).with_for_update(of=Study)
    study = work.session.execute(query, execution_options={"populate_existing": True}).scalar_one()
    note = _note(work, note_id, lock=True)
    work.session.refresh(note)
    if written is not None and note.revoked_at is None and note.filed_at is None:
        enter_written(work, study, written)
    note.filed_at, note.error = note.filed_at or work.now, ""
