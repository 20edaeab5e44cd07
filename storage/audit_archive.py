"""Old links of the audit chain leave the table for files, and the chain stays verifiable across them."""

import json
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import delete, select

from storage.audit import GENESIS
from storage.audit_export import as_jsonl, check_export
from storage.db.models import AuditArchive, AuditEvent
from storage.db.session import UnitOfWork

_MOST_AT_ONCE = 20_000


def archive_before(work: UnitOfWork, before: datetime, folder: Path) -> AuditArchive | None:
    """Move the oldest links from before a moment into a file; None when there are none. May be asked again for more.

    The file is written whole before the rows go; a rollback leaves a file that the next try writes anew.
    """
    query = select(AuditEvent).where(AuditEvent.at < before).order_by(AuditEvent.seq).limit(_MOST_AT_ONCE)
    events = work.session.execute(query).scalars().all()
    if not events:
        return None
    first, last = events[0], events[-1]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"audit-{first.seq:012d}-{last.seq:012d}.jsonl"
    data = "".join(as_jsonl(events)).encode()
    path.write_bytes(data)
    row = AuditArchive(
        last_seq=last.seq,
        first_seq=first.seq,
        last_sha256=last.sha256,
        file=path.name,
        file_sha256=sha256(data).hexdigest(),
        archived_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    work.session.execute(delete(AuditEvent).where(AuditEvent.seq <= last.seq))
    return row


def archive_faults(work: UnitOfWork, folder: Path) -> Iterator[str]:
    """What is wrong with the archived parts, one line each."""
    expected, previous = 1, GENESIS
    for row in work.session.execute(select(AuditArchive).order_by(AuditArchive.last_seq)).scalars():
        path = folder / row.file
        if not path.is_file():
            yield f"The archived part {row.file} is missing."
        elif sha256(path.read_bytes()).hexdigest() != row.file_sha256:
            yield f"The archived part {row.file} has been changed."
        else:
            yield from _faults_within(path, row, expected, previous)
        expected, previous = row.last_seq + 1, row.last_sha256


def _faults_within(path: Path, row: AuditArchive, expected: int, previous: str) -> Iterator[str]:
    check = check_export(path)
    yield from (f"{path.name}: {fault}" for fault in check.faults)
    follows = check.first == expected and not check.gaps and _first_previous(path) == previous
    if not follows or (check.last, check.last_sha256) != (row.last_seq, row.last_sha256):
        yield f"The archived part {row.file} does not follow the one before it, or ends elsewhere."


def _first_previous(path: Path) -> str:
    with path.open(encoding="utf-8") as lines:
        return str(json.loads(next(lines))["previous_sha256"])
