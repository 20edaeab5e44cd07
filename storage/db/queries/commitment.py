"""Requests for storage commitment: kept, claimed by one gateway at a time, decided and reported."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, CursorResult, select, update
from sqlalchemy.orm import joinedload

from storage.db.models import CommitmentRequest, Instance, Quarantine, Study
from storage.db.queries.signals import record_signal
from storage.db.session import UnitOfWork
from storage.db.upsert import insert_missing
from storage.domain.commitment import UNFINISHED, CommitmentState
from storage.domain.readiness import SignalKind


@dataclass(frozen=True)
class Kept:
    """An object of the catalogue that a request names."""

    sop_instance_uid: str
    sop_class_uid: str
    study_instance_uid: str
    institution_id: int
    size: int
    sha256: str
    object_key: str
    state: str


def record_request(
    work: UnitOfWork, *, device_id: int, institution_id: int, transaction_uid: str, items: Mapping[str, str]
) -> None:
    """Keep a request: `items` are SOP Class UIDs by SOP Instance UID.

    The same transaction again is the same request; one that has ended is looked at and reported anew.
    """
    row = {
        "device_id": device_id,
        "institution_id": institution_id,
        "transaction_uid": transaction_uid,
        "items": dict(items),
        "objects": len(items),
        **_from_the_start(work),
    }
    if insert_missing(work.session, CommitmentRequest, [row], CommitmentRequest.id):
        return
    ended = (
        CommitmentRequest.device_id == device_id,
        CommitmentRequest.transaction_uid == transaction_uid,
        CommitmentRequest.state.not_in(UNFINISHED),
    )
    work.session.execute(update(CommitmentRequest).where(*ended).values(_from_the_start(work)))


def _from_the_start(work: UnitOfWork) -> dict[str, object]:
    return {
        "decisions": {},
        "state": CommitmentState.OPEN,
        "requested_at": work.now,
        "next_try_at": work.now,
        "claimed_by": "",
        "decided_at": None,
        "reported_at": None,
        "attempts": 0,
        "last_error": "",
    }


def is_any_due(work: UnitOfWork) -> bool:
    """Whether `claim_next` would find something."""
    due = CommitmentRequest.state.in_(UNFINISHED), CommitmentRequest.next_try_at <= work.now
    return work.session.execute(select(CommitmentRequest.id).where(*due).limit(1)).first() is not None


def claim_next(work: UnitOfWork, gateway: str, lease: timedelta) -> CommitmentRequest | None:
    """The request that is due longest, with its device; nobody else looks at it until the lease is over."""
    due = CommitmentRequest.state.in_(UNFINISHED), CommitmentRequest.next_try_at <= work.now
    query = select(CommitmentRequest).where(*due).order_by(CommitmentRequest.next_try_at).limit(1)
    found = work.session.execute(query.options(joinedload(CommitmentRequest.device))).scalar_one_or_none()
    if found is None:
        return None
    seen = CommitmentRequest.next_try_at == found.next_try_at, CommitmentRequest.claimed_by == found.claimed_by
    values = {"claimed_by": gateway, "next_try_at": work.now + lease}
    return found if _changed(work, found.id, seen, values) else None


def renew_claim(work: UnitOfWork, request_id: int, gateway: str, lease: timedelta) -> bool:
    """False when another gateway has it by now."""
    return _changed(work, request_id, _held_by(gateway), {"next_try_at": work.now + lease})


def release_claims(work: UnitOfWork, gateway: str) -> None:
    """What a former life of this gateway had in hand is due now."""
    mine = CommitmentRequest.claimed_by == gateway, CommitmentRequest.state.in_(UNFINISHED)
    values = {"claimed_by": "", "next_try_at": work.now}
    work.session.execute(update(CommitmentRequest).where(*mine).values(values))


def finish_turn(work: UnitOfWork, request_id: int, gateway: str, values: Mapping[str, object]) -> bool:
    """Put down what a turn has brought, and let the request go; False when another gateway has it by now."""
    return _changed(work, request_id, _held_by(gateway), {**values, "claimed_by": ""})


def _held_by(gateway: str) -> tuple[ColumnElement[bool], ...]:
    return (CommitmentRequest.claimed_by == gateway,)


def _changed(
    work: UnitOfWork, request_id: int, condition: Sequence[ColumnElement[bool]], values: Mapping[str, object]
) -> bool:
    statement = update(CommitmentRequest).where(CommitmentRequest.id == request_id, *condition).values(values)
    result = work.session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return bool(result.rowcount == 1)


def kept_of(work: UnitOfWork, sop_instance_uids: Sequence[str]) -> dict[str, Kept]:
    """Those that are in the catalogue and in scope, by SOP Instance UID."""
    columns = (
        Instance.sop_instance_uid,
        Instance.sop_class_uid,
        Study.study_instance_uid,
        Instance.institution_id,
        Instance.size,
        Instance.sha256,
        Instance.object_key,
        Instance.state,
    )
    query = select(*columns).join(Study, Study.id == Instance.study_id)
    rows = work.session.execute(query.where(Instance.sop_instance_uid.in_(sop_instance_uids)))
    return {row.sop_instance_uid: Kept(*row) for row in rows}


def set_aside(work: UnitOfWork, ae_title: str, sop_instance_uids: Sequence[str]) -> set[str]:
    """Those of which a version that this device sent waits in quarantine for a person."""
    mine = Quarantine.ae_title == ae_title, Quarantine.resolved_at.is_(None)
    query = select(Quarantine.sop_instance_uid).where(*mine, Quarantine.sop_instance_uid.in_(sop_instance_uids))
    return set(work.session.execute(query.distinct()).scalars())


def signal_studies(work: UnitOfWork, request: CommitmentRequest, kept: Collection[Kept]) -> None:
    """Who asks for commitment has sent everything: that helps to tell when a study is whole.

    Objects that have not come belong to the only study that is concerned; with several, nobody can tell whose they are.
    """
    by_study: dict[tuple[int, str], list[str]] = {}
    for one in kept:
        by_study.setdefault((one.institution_id, one.study_instance_uid), []).append(one.sop_instance_uid)
    is_whole = len(kept) == len(request.items)
    for (institution_id, study), uids in by_study.items() if is_whole or len(by_study) == 1 else ():
        record_signal(
            work,
            kind=SignalKind.COMMITMENT,
            device_id=request.device_id,
            institution_id=institution_id,
            study_instance_uid=study,
            objects=uids if is_whole else list(request.items),
            at=request.requested_at,
        )


def unfinished(work: UnitOfWork, limit: int = 100) -> Sequence[CommitmentRequest]:
    """What is open or not told, oldest first, for people to see; `last_error` says what keeps it."""
    query = select(CommitmentRequest).where(CommitmentRequest.state != CommitmentState.REPORTED)
    query = query.options(joinedload(CommitmentRequest.device)).order_by(CommitmentRequest.requested_at).limit(limit)
    return work.session.execute(query).scalars().all()


def decided_values(decisions: Mapping[str, int], now: datetime) -> dict[str, object]:
    """The columns of a request of which everything is decided."""
    return {"decisions": dict(decisions), "state": CommitmentState.DECIDED, "decided_at": now}
