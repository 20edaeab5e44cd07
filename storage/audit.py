"""The audit chain: who did what to what, each link hashed over the one before (I7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.db.models.operations import AuditArchive, AuditEvent, AuditHead
from storage.domain.canonical import canonical_json, sha256_hex

GENESIS = "0" * 64
"""What the first link of any chain names as the hash before it."""
_BATCH = 1000


@dataclass(frozen=True)
class AuditEntry:
    """What happened. `subject` names a thing by kind and identity ("study:17"), never a person by name."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]


def record(session: Session, entry: AuditEntry) -> None:
    """Put `entry` on the chain when the unit of work commits: last, so that the chain is locked only for a moment."""
    session.info.setdefault("audit", []).append(entry)


def append_pending(session: Session) -> None:
    """Write the recorded entries; called by the unit of work just before its commit."""
    entries: list[AuditEntry] = session.info.pop("audit", [])
    if not entries:
        return
    session.flush()
    head = session.execute(select(AuditHead).with_for_update()).scalar_one()
    for entry in entries:
        digest = link_hash(head.seq + 1, entry, head.sha256)
        session.add(
            AuditEvent(
                seq=head.seq + 1,
                at=entry.at,
                actor=entry.actor,
                action=entry.action,
                subject=entry.subject,
                detail=entry.detail,
                previous_sha256=head.sha256,
                sha256=digest,
            )
        )
        head.seq, head.sha256 = head.seq + 1, digest


def link_hash(seq: int, entry: AuditEntry, previous_sha256: str) -> str:
    """The hash of one link: over its number, its content and the hash before it."""
    content = {
        "seq": seq,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "detail": entry.detail,
        "previous": previous_sha256,
    }
    return sha256_hex(canonical_json(content))


def verify(session: Session) -> list[str]:
    """Every fault of the chain in one line each: changed, missing or truncated links. Empty when it is whole.

    Where parts were archived, it starts at the last link of the last of them (`storage.audit_archive` looks into files).
    """
    faults: list[str] = []
    archived = session.execute(
        select(AuditArchive).order_by(AuditArchive.last_seq.desc()).limit(1)
    ).scalar_one_or_none()
    expected_seq, previous = (archived.last_seq + 1, archived.last_sha256) if archived else (1, GENESIS)
    for event in _events(session, expected_seq):
        if event.seq != expected_seq:
            faults.append(f"Links {expected_seq} to {event.seq - 1} are missing.")
        if event.previous_sha256 != previous or event.sha256 != hash_of(event):
            faults.append(f"Link {event.seq} has been changed.")
        expected_seq, previous = event.seq + 1, event.sha256
    head = session.execute(select(AuditHead)).scalar_one_or_none()
    if head is None or (head.seq, head.sha256) != (expected_seq - 1, previous):
        faults.append(f"The chain ends at link {expected_seq - 1}, which is not where its head says.")
    return faults


def hash_of(event: AuditEvent) -> str:
    """The hash that a link as it stands should have."""
    entry = AuditEntry(event.at, event.actor, event.action, event.subject, event.detail)
    return link_hash(event.seq, entry, event.previous_sha256)


def _events(session: Session, first: int) -> Iterator[AuditEvent]:
    query = select(AuditEvent).where(AuditEvent.seq >= first).order_by(AuditEvent.seq)
    return iter(session.execute(query.execution_options(yield_per=_BATCH)).scalars())
