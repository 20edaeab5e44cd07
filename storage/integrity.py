"""Checks of what must hold for everything that is kept: objects, signed versions, sequences of results."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.audit import GENESIS
from storage.db.models import Instance, Institution, Quarantine, ReportVersion, Result
from storage.domain.canonical import canonical_json, sha256_hex
from storage.domain.errors import ObjectNotFound
from storage.domain.studies import InstanceState
from storage.objects import ObjectStore

_CHUNK = 1 << 20
_BATCH = 500


def object_faults(session: Session, store: ObjectStore) -> Iterator[str]:
    """One line for each acknowledged object that the store does not hold with the right checksum (I1)."""
    for table in (Instance, Quarantine):
        query = select(table.object_key, table.sha256).where(table.state == InstanceState.STORED).order_by(table.id)
        if table is Quarantine:
            query = query.where(Quarantine.purged_at.is_(None))
        for key, sha256 in session.execute(query.execution_options(yield_per=_BATCH)):
            fault = _object_fault(store, key, sha256)
            if fault:
                yield fault


def _object_fault(store: ObjectStore, key: str, sha256: str) -> str | None:
    digest = hashlib.sha256()
    try:
        with store.open(key) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except ObjectNotFound:
        return f"Object {key} is missing."
    return None if digest.hexdigest() == sha256 else f"Object {key} has changed."


def version_faults(session: Session) -> Iterator[str]:
    """One line for each signed version whose content no longer gives its hash, or that follows the wrong one (I5)."""
    last: dict[int, str] = {}
    query = select(ReportVersion).order_by(ReportVersion.report_id, ReportVersion.version)
    for version in session.execute(query.execution_options(yield_per=_BATCH)).scalars():
        name = f"Report {version.report_id} version {version.version}"
        if sha256_hex(canonical_json(version.content)) != version.sha256:
            yield f"{name} has been changed."
        if version.previous_sha256 != last.get(version.report_id, GENESIS):
            yield f"{name} does not follow the version before it."
        last[version.report_id] = version.sha256


def result_faults(session: Session) -> Iterator[str]:
    """One line for each institution whose results are not numbered 1, 2, 3 ... up to its last number (I6)."""
    counts = (
        select(Result.institution_id, func.count().label("count"), func.max(Result.seq).label("last"))
        .group_by(Result.institution_id)
        .subquery()
    )
    query = select(Institution.code, Institution.result_seq, counts.c.count, counts.c.last).outerjoin(
        counts, counts.c.institution_id == Institution.id
    )
    for code, promised, count, last in session.execute(query):
        if not promised == (count or 0) == (last or 0):
            yield f"Results of {code}: {count or 0} kept, numbered up to {last or 0}, {promised} given out."
