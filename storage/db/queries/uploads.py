"""Uploads: opened, filled file by file, completed; and what became of each file."""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select
from sqlalchemy.orm import joinedload

from storage.db.models import Device, Instance, Institution, Quarantine, Upload, UploadEntry
from storage.db.queries.signals import record_signal
from storage.db.session import UnitOfWork
from storage.domain.errors import Conflict, NotFound
from storage.domain.readiness import SignalKind
from storage.domain.uploads import UploadFate

_BATCH = 500


@dataclass(frozen=True)
class NewEntry:
    """What is told of a file as it comes; the fields of `UploadEntry`."""

    name: str
    code: str = ""
    detail: str = ""
    sop_instance_uid: str = ""
    study_instance_uid: str = ""
    size: int = 0
    dataset_digest: str = ""


@dataclass(frozen=True)
class UploadLine:
    """A file and its fate so far; `reason` says why it was kept aside."""

    entry: UploadEntry
    fate: UploadFate
    reason: str = ""


def open_upload(work: UnitOfWork, institution: Institution, device: Device, user_id: int, at: datetime) -> Upload:
    """A new upload; `at` is on the clock of the door, which objects' times of arrival are told by."""
    upload = Upload(
        key=secrets.token_hex(16), user_id=user_id, institution_id=institution.id, device_id=device.id, opened_at=at
    )
    work.session.add(upload)
    work.session.flush()
    return upload


def upload_by_key(work: UnitOfWork, key: str, *, lock: bool = False) -> Upload:
    """Raise `NotFound` when there is none that the scope may see."""
    query = select(Upload).where(Upload.key == key)
    query = query.options(joinedload(Upload.device), joinedload(Upload.institution))
    if lock:
        query = query.with_for_update(of=Upload)
    found = work.session.execute(query).unique().scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such upload.")
    return found


def open_upload_by_key(work: UnitOfWork, key: str) -> Upload:
    """As `upload_by_key`; raises `Conflict` when it has been completed."""
    found = upload_by_key(work, key)
    if found.completed_at is not None:
        raise Conflict("This upload has been completed; begin another one.")
    return found


def forget_file(work: UnitOfWork, upload: Upload, file: str) -> None:
    """It comes again: what was told about it before does not count any more."""
    mine = UploadEntry.upload_id == upload.id, UploadEntry.file == file
    work.session.execute(delete(UploadEntry).where(*mine), execution_options={"synchronize_session": False})


def add_entries(work: UnitOfWork, upload: Upload, file: str, entries: Sequence[NewEntry]) -> list[UploadEntry]:
    """Note what came as `file`."""
    place = {"upload_id": upload.id, "institution_id": upload.institution_id, "file": file}
    rows = [UploadEntry(**place, **vars(entry)) for entry in entries]
    work.session.add_all(rows)
    work.session.flush()
    return rows


def complete_upload(work: UnitOfWork, upload: Upload) -> None:
    """Nothing more will come: tell of each study which objects it has. A second time nothing happens."""
    if upload.completed_at is not None:
        return
    upload.completed_at = work.now
    query = select(UploadEntry.study_instance_uid, UploadEntry.sop_instance_uid).where(
        UploadEntry.upload_id == upload.id, UploadEntry.code == ""
    )
    studies: dict[str, set[str]] = defaultdict(set)
    for row in work.session.execute(query):
        studies[row.study_instance_uid].add(row.sop_instance_uid)
    for study_instance_uid, objects in sorted(studies.items()):
        record_signal(
            work,
            kind=SignalKind.ANNOUNCED,
            device_id=upload.device_id,
            institution_id=upload.institution_id,
            study_instance_uid=study_instance_uid,
            objects=sorted(objects),
            expected=len(objects),
        )


def entries_of(
    work: UnitOfWork, upload: Upload, *, after: int = 0, limit: int = _BATCH, aside: bool = False
) -> list[UploadLine]:
    """The files in the order in which they came, from the one after entry `after` on.

    With `aside` only those that were refused, or are in quarantine by now.
    """
    mine = UploadEntry.upload_id == upload.id, UploadEntry.id > after
    query = select(UploadEntry).where(*mine).order_by(UploadEntry.id).limit(limit)
    if aside:
        query = query.where(or_(UploadEntry.code != "", UploadEntry.dataset_digest.in_(_digests_aside(upload))))
    return with_fates(work, upload, list(work.session.execute(query).scalars()))


def with_fates(work: UnitOfWork, upload: Upload, entries: Sequence[UploadEntry]) -> list[UploadLine]:
    """What the catalogue knows of them by now."""
    instances = _instances(work, upload, entries)
    aside = _kept_aside(work, upload, entries)
    return [_line(entry, upload, instances, aside) for entry in entries]


def _line(
    entry: UploadEntry, upload: Upload, instances: dict[tuple[str, str], datetime], aside: dict[str, str]
) -> UploadLine:
    if entry.code:
        return UploadLine(entry, UploadFate.REFUSED)
    received_at = instances.get((entry.sop_instance_uid, entry.dataset_digest))
    if received_at is not None:
        before = received_at < upload.opened_at
        return UploadLine(entry, UploadFate.ALREADY_THERE if before else UploadFate.STORED)
    if entry.dataset_digest in aside:
        return UploadLine(entry, UploadFate.QUARANTINED, aside[entry.dataset_digest])
    return UploadLine(entry, UploadFate.TAKEN)


def _instances(work: UnitOfWork, upload: Upload, entries: Sequence[UploadEntry]) -> dict[tuple[str, str], datetime]:
    uids = sorted({entry.sop_instance_uid for entry in entries if not entry.code})
    query = select(Instance.sop_instance_uid, Instance.dataset_digest, Instance.received_at).where(
        Instance.sop_instance_uid.in_(uids), Instance.institution_id == upload.institution_id
    )
    return {(row.sop_instance_uid, row.dataset_digest): row.received_at for row in work.session.execute(query)}


def _kept_aside(work: UnitOfWork, upload: Upload, entries: Sequence[UploadEntry]) -> dict[str, str]:
    digests = sorted({entry.dataset_digest for entry in entries if not entry.code})
    query = select(Quarantine.dataset_digest, Quarantine.reason).where(
        Quarantine.dataset_digest.in_(digests), Quarantine.ae_title == upload.device.ae_title
    )
    return {row.dataset_digest: row.reason for row in work.session.execute(query)}


def count_fates(work: UnitOfWork, upload: Upload) -> dict[UploadFate, int]:
    """How many files met which fate."""
    mine = select(func.count(UploadEntry.id)).where(UploadEntry.upload_id == upload.id)

    def count(query: Select[int]) -> int:
        return work.session.execute(query).scalar_one()

    there = mine.join(Instance, _same_object()).where(UploadEntry.code == "")
    there = there.where(Instance.institution_id == upload.institution_id)
    stored = count(there)
    before = count(there.where(Instance.received_at < upload.opened_at))
    not_there = select(Instance.id).where(_same_object(), Instance.institution_id == upload.institution_id).exists()
    kept = mine.where(UploadEntry.code == "", UploadEntry.dataset_digest.in_(_digests_aside(upload)), ~not_there)
    quarantined, refused = count(kept), count(mine.where(UploadEntry.code != ""))
    return {
        UploadFate.TAKEN: count(mine) - refused - stored - quarantined,
        UploadFate.STORED: stored - before,
        UploadFate.ALREADY_THERE: before,
        UploadFate.QUARANTINED: quarantined,
        UploadFate.REFUSED: refused,
    }


def _digests_aside(upload: Upload) -> Select[str]:
    return select(Quarantine.dataset_digest).where(Quarantine.ae_title == upload.device.ae_title)


def _same_object() -> ColumnElement[bool]:
    return and_(
        Instance.sop_instance_uid == UploadEntry.sop_instance_uid,
        Instance.dataset_digest == UploadEntry.dataset_digest,
    )
