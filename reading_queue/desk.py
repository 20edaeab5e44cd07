"""The quarantine desk: what people decide about objects that were kept aside, and what comes of it.

Every decision is one conditional step on a locked row: of two people who decide at once one wins, the same decision again
changes nothing, and each is on the audit chain. Bytes go only by the sweep, long after somebody said that they may.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from reading_queue.persons import MERGERS, merge
from reading_queue.service import Actor
from storage.audit import AuditEntry, record
from storage.db.models import Instance, Quarantine, Study
from storage.db.queries.persons import are_one_person
from storage.db.session import Database, Hint, UnitOfWork
from storage.domain.errors import CountyReadError, Forbidden, Invalid, NotAllowedFromState, NotFound, UnreadableObject
from storage.domain.studies import DAYS_KEPT, Decision, InstanceState, QuarantineReason
from storage.ingest.identity import PatientIdentity
from storage.ingest.part10 import read_start
from storage.ingest.patients import ensure_patients
from storage.ingest.quarantine import reopen
from storage.ingest.spool import Spool
from storage.objects import ObjectStore
from storage.settings import Settings

_CHUNK = 1 << 20
_ONE_PERSON = "隔离区核对：同一人，两个姓名（one person under two names, said at the quarantine desk）"
"""Why records were merged, where nobody has written more: it is shown to people of either language."""
_SEARCH_BATCH = 200
_CARRIED_WITHIN = timedelta(minutes=10)
_SIMPLE = frozenset({Decision.TAKE_IN, Decision.RESEND, Decision.KEPT, Decision.DISCARDED})
_GOES = frozenset({Decision.TAKE_IN, Decision.REPLACE, Decision.DISCARDED})
"""After these the bytes in quarantine are of no more use; they are kept for a while all the same."""


SIGNED = "signed"
"""In what a row tells: a signed report rests on this object, so that its bytes are kept for good."""


@dataclass(frozen=True)
class Wish:
    """What somebody decides, and his words for it.

    `same_person` says with TAKE_IN that the study's patient and the object's are one person, and merges them.
    `despite_report` says with REPLACE that a signed report on the older object is no hindrance.
    """

    decision: Decision
    note: str = ""
    same_person: bool = False
    despite_report: bool = False


def locked_row(work: UnitOfWork, quarantine_id: int) -> Quarantine:
    """The row, held until the transaction ends. Raises `NotFound`."""
    query = select(Quarantine).where(Quarantine.id == quarantine_id).with_for_update()
    found = work.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such object in quarantine.")
    return found


def decide(work: UnitOfWork, actor: Actor, quarantine_id: int, wish: Wish) -> Quarantine:
    """Decide anything but a replacement. The same decision again changes nothing.

    Raises `Forbidden`, `NotFound`, `Invalid`, `NotAllowedFromState` after another decision.
    """
    require_operator(actor)
    if wish.decision not in _SIMPLE:
        raise Invalid("This decision has a way of its own.")
    row = locked_row(work, quarantine_id)
    if is_decided(row, wish.decision):
        return row
    if wish.decision is Decision.TAKE_IN:
        _prepare_taking_in(work, actor, row, wish)
    settle(work, actor, row, wish)
    return row


def take_back(work: UnitOfWork, actor: Actor, quarantine_id: int, note: str) -> Quarantine:
    """Open a decided object again, as long as its bytes are here and it has not become the instance. Twice changes nothing.

    Raises `Forbidden`, `NotFound`, `NotAllowedFromState`.
    """
    require_operator(actor)
    row = locked_row(work, quarantine_id)
    if row.resolved_at is None:
        return row
    if row.purged_at is not None:
        raise NotAllowedFromState("The bytes have been deleted.")
    if row.decision == Decision.REPLACE:
        raise NotAllowedFromState("This object is the instance now: decide on the older one instead.")
    _audit(work, actor, "quarantine_reopened", row, {"decision": row.decision, "note": note})
    reopen(row)
    return row


def require_operator(actor: Actor) -> None:
    """Raise `Forbidden` unless the actor may decide."""
    if actor.role not in MERGERS:
        raise Forbidden("Your role does not allow this.")


def is_decided(row: Quarantine, decision: Decision) -> bool:
    """Whether just this was decided before. Raises `NotAllowedFromState` when something else was."""
    if row.resolved_at is None:
        return False
    if row.decision != decision:
        raise NotAllowedFromState("This has been decided on already.")
    return True


def settle(work: UnitOfWork, actor: Actor, row: Quarantine, wish: Wish) -> None:
    """Write the decision down."""
    row.decision, row.decided_by_id, row.resolved_at = wish.decision, actor.user_id, work.now
    row.resolution = f"{wish.decision}: {wish.note}" if wish.note else wish.decision
    may_go = wish.decision in _GOES and not (row.told or {}).get(SIGNED)
    row.keep_until = work.now + timedelta(days=DAYS_KEPT) if may_go else None
    _audit(work, actor, "quarantine_resolved", row, {"resolution": wish.decision, "note": wish.note})


def _prepare_taking_in(work: UnitOfWork, actor: Actor, row: Quarantine, wish: Wish) -> None:
    require_bytes(row)
    if wish.same_person:
        _merge_with_study(work, actor, row, wish.note)


def require_bytes(row: Quarantine) -> None:
    """Raise `NotAllowedFromState` unless the object store has the object's bytes."""
    if row.purged_at is not None:
        raise NotAllowedFromState("The bytes have been deleted.")
    if row.state != InstanceState.STORED:
        raise NotAllowedFromState("The object is still on its way to the object store: try again in a moment.")


def _merge_with_study(work: UnitOfWork, actor: Actor, row: Quarantine, note: str) -> None:
    query = select(Study).where(Study.study_instance_uid == row.study_instance_uid)
    study = work.session.execute(query).scalar_one_or_none()
    if row.reason != QuarantineReason.OTHER_PATIENT or study is None or row.institution_id is None or not row.told:
        raise Invalid("This object does not contradict its study in the patient.")
    told = PatientIdentity(**{name: str(row.told.get(name) or "") for name in PatientIdentity.__dataclass_fields__})
    other = ensure_patients(work.session, {"": (told, row.institution_id)})[""]
    if not are_one_person(work.session, study.patient_id, other):
        merge(work, actor, study.patient_id, other, note or _ONE_PERSON)


def carry(database: Database, store: ObjectStore, spool: Spool, quarantine_id: int) -> None:
    """Put the bytes of an object that is to be taken in back into a spool, as its sender sent them and of the same time.

    Doing so twice is harmless: the catalogue knows an object that comes again. Raises what the store and the disk raise,
    and `Invalid` for bytes that cannot even be put into a file.
    """
    with database.read() as work:
        row = work.session.get(Quarantine, quarantine_id)
        if row is None or not _is_to_be_carried(row):
            return
    with store.open(row.object_key) as stream:
        try:
            meta = read_start(stream)
        except UnreadableObject as error:
            raise Invalid("The file is too damaged to be taken in.") from error
        reception = spool.begin(meta, uuid.uuid4().hex, 1, received_at=row.received_at)
        try:
            while chunk := stream.read(_CHUNK):
                reception.write(memoryview(chunk))
            reception.finish()
        except BaseException:
            reception.discard()
            raise
    with database.write() as work:
        row = locked_row(work, quarantine_id)
        if _is_to_be_carried(row):
            row.carried_at = work.now


def take_in(database: Database, store: ObjectStore, spool: Spool, actor: Actor, quarantine_id: int, wish: Wish) -> None:
    """Decide TAKE_IN and carry it out; when that fails, the object waits for a decision as before. Raises as both."""
    with database.write() as work:
        decide(work, actor, quarantine_id, wish)
    try:
        carry(database, store, spool, quarantine_id)
    except (CountyReadError, OSError):
        with database.write() as work:
            row = locked_row(work, quarantine_id)
            if _is_to_be_carried(row):
                _audit(work, actor, "quarantine_reopened", row, {"decision": row.decision, "note": "not carried out"})
                reopen(row)
        raise


def _is_to_be_carried(row: Quarantine) -> bool:
    return row.decision == Decision.TAKE_IN and row.carried_at is None and row.resolved_at is not None


def reopen_uncarried(database: Database, _settings: Settings) -> None:
    """Let people decide again on what was to be taken in when the process died before it could carry it out."""
    with database.write() as work:
        query = select(Quarantine).where(
            Quarantine.decision == Decision.TAKE_IN,
            Quarantine.carried_at.is_(None),
            Quarantine.keep_until.is_not(None),
            Quarantine.resolved_at < work.now - _CARRIED_WITHIN,
        )
        for row in work.session.execute(query.with_for_update(skip_locked=True)).scalars():
            detail = {"decision": row.decision, "note": "not carried out"}
            subject = f"quarantine:{row.id}"
            record(work.session, AuditEntry(work.now, "system", "quarantine_reopened", subject, detail))
            reopen(row)


def find_purgeable(database: Database, _settings: Settings) -> None:
    """Hint at what was kept long enough after it was decided on."""
    with database.write() as work:
        due = Quarantine.keep_until < work.now, Quarantine.purged_at.is_(None)
        for one in work.session.execute(select(Quarantine.id).where(*due).limit(_SEARCH_BATCH)).scalars():
            work.after_commit(Hint("purge_quarantined", (one,)))


def purge_quarantined(database: Database, store: ObjectStore, quarantine_id: int) -> bool:
    """Delete the bytes of one object whose time has come; whether that was done. Raises `StoreUnavailable`.

    The row stays. It is held meanwhile, so that the same object cannot come again and lose its bytes.
    """
    with database.write() as work:
        row = locked_row(work, quarantine_id)
        if row.keep_until is None or row.keep_until >= work.now or row.purged_at is not None:
            return False
        row.purged_at = work.now
        work.session.flush()
        if not _is_needed(work, row.object_key):
            store.delete(row.object_key)
        record(work.session, AuditEntry(work.now, "system", "quarantine_purged", f"quarantine:{row.id}", {}))
        return True


def _is_needed(work: UnitOfWork, key: str) -> bool:
    instances = select(func.count(Instance.id)).where(Instance.object_key == key)
    others = select(func.count(Quarantine.id)).where(Quarantine.object_key == key, Quarantine.purged_at.is_(None))
    return any(work.session.execute(query).scalar_one() for query in (instances, others))


def _audit(work: UnitOfWork, actor: Actor, action: str, row: Quarantine, detail: dict[str, Any]) -> None:
    record(work.session, AuditEntry(work.now, f"user:{actor.user_id}", action, f"quarantine:{row.id}", detail))
