"""People say who is whom: merge, unmerge, propose, tell apart. Rows stay as they are; only what is said of them changes."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from reading_queue.service import Actor
from storage.audit import AuditEntry, record
from storage.db.models import AuditHead, PatientMerge, PatientPair
from storage.db.queries.pairs import mark_persons, pair_between, pair_by_id
from storage.db.queries.persons import patient_by_id, persons_of
from storage.db.session import UnitOfWork
from storage.domain.errors import AlreadyOnePerson, Forbidden, Invalid, NotAllowedFromState, NotFound
from storage.domain.patients import PairState
from storage.domain.reading import Role

MERGERS = frozenset({Role.MANAGER, Role.ADMIN})
PROPOSERS = MERGERS | {Role.RADIOLOGIST, Role.AUDITOR}


def merge(work: UnitOfWork, actor: Actor, survivor_id: int, merged_id: int, reason: str) -> PatientMerge:
    """Make the person of the row `merged_id` one with that of the row `survivor_id`, who stands for both from now on.

    Raises `Forbidden`, `NotFound`, `Invalid` without a reason, `AlreadyOnePerson` when merges that stand say so already.
    """
    _require(actor, MERGERS)
    _require_words(reason)
    _one_at_a_time(work)
    patient_by_id(work, survivor_id)
    patient_by_id(work, merged_id)
    ends = persons_of(work.session, [survivor_id, merged_id])
    if ends[survivor_id] == ends[merged_id]:
        raise AlreadyOnePerson("These are one person already.")
    # The end of the chain moves: a row is merged into one other, and whoever was merged into it comes along.
    made = PatientMerge(
        survivor_id=survivor_id, merged_id=ends[merged_id], by_id=actor.user_id, at=work.now, reason=reason
    )
    work.session.add(made)
    work.session.flush()
    mark_persons(work.session, ends.keys())
    _audit(work, actor, "patients_merged", made.survivor_id, {"merged": made.merged_id, "merge": made.id})
    return made


def unmerge(work: UnitOfWork, actor: Actor, merge_id: int, reason: str, *, different: bool = False) -> PatientMerge:
    """Undo one merge: everybody is again who he was without it. With `different`, the two are not proposed again.

    Raises `Forbidden`, `NotFound`, `Invalid` without a reason, `NotAllowedFromState` when it has been undone before.
    """
    _require(actor, MERGERS)
    _require_words(reason)
    _one_at_a_time(work)
    made = work.session.get(PatientMerge, merge_id, populate_existing=True)
    if made is None:
        raise NotFound("There is no such merge.")
    if made.undone_at is not None:
        raise NotAllowedFromState("This merge has been undone already.")
    before = persons_of(work.session, [made.merged_id])
    made.undone_at, made.undone_by_id, made.undone_reason = work.now, actor.user_id, reason
    work.session.flush()
    mark_persons(work.session, before.keys())
    if different:
        _say(work, actor, (made.survivor_id, made.merged_id), PairState.DIFFERENT, reason)
    _audit(work, actor, "patients_unmerged", made.survivor_id, {"merged": made.merged_id, "merge": made.id})
    return made


def propose(work: UnitOfWork, actor: Actor, one: int, other: int, note: str) -> PatientPair:
    """Ask those who may merge to look at two rows; what was told apart before is asked anew.

    Raises `Forbidden`, `NotFound`, `Invalid` for one row twice, `AlreadyOnePerson`.
    """
    _require(actor, PROPOSERS)
    _one_at_a_time(work)
    patient_by_id(work, one)
    patient_by_id(work, other)
    if one == other:
        raise Invalid("These are the same row.")
    ends = persons_of(work.session, [one, other])
    if ends[one] == ends[other]:
        raise AlreadyOnePerson("These are one person already.")
    pair = _say(work, actor, (one, other), PairState.PROPOSED, note)
    _audit(work, actor, "patients_proposed", pair.first_id, {"other": pair.second_id})
    return pair


def tell_apart(work: UnitOfWork, actor: Actor, pair_id: int, note: str) -> PatientPair:
    """Decide that two rows are not one person; they are not proposed again. Deciding so twice changes nothing.

    Raises `Forbidden`, `NotFound`, `NotAllowedFromState` while a merge makes them one person.
    """
    _require(actor, MERGERS)
    _one_at_a_time(work)
    pair = pair_by_id(work, pair_id)
    if pair.is_one_person:
        raise NotAllowedFromState("A merge makes these one person: undo that first.")
    if pair.state != PairState.DIFFERENT:
        _say(work, actor, (pair.first_id, pair.second_id), PairState.DIFFERENT, note)
        _audit(work, actor, "patients_told_apart", pair.first_id, {"other": pair.second_id})
    return pair


def _one_at_a_time(work: UnitOfWork) -> None:
    """Two merges at once could lead in a circle. They are rare, and each takes the head of the audit chain anyway."""
    work.session.execute(select(AuditHead.id).with_for_update())


def _say(work: UnitOfWork, actor: Actor, rows: Collection[int], state: PairState, note: str) -> PatientPair:
    first, second = sorted(rows)
    pair = pair_between(work.session, first, second)
    if pair is None:
        pair = PatientPair(first_id=first, second_id=second, score=0, reasons=[], found_at=work.now)
        work.session.add(pair)
    pair.state, pair.by_id, pair.at, pair.note = state, actor.user_id, work.now, note
    work.session.flush()
    return pair


def _require(actor: Actor, roles: Collection[Role]) -> None:
    if actor.role not in roles:
        raise Forbidden("Your role does not allow this.")


def _require_words(reason: str) -> None:
    if not reason.strip():
        raise Invalid("Say why.")


def _audit(work: UnitOfWork, actor: Actor, action: str, patient_id: int, detail: dict[str, Any]) -> None:
    record(work.session, AuditEntry(work.now, f"user:{actor.user_id}", action, f"patient:{patient_id}", detail))
