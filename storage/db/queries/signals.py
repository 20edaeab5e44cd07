"""What is said about the objects of a study: recorded once, however often and by whatever way it is said."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update

from storage.db.models import ReadinessSignal, Study
from storage.db.session import UnitOfWork
from storage.db.upsert import insert_missing
from storage.domain.canonical import canonical_json, sha256_hex
from storage.domain.readiness import SignalKind


def record_signal(
    work: UnitOfWork,
    *,
    kind: SignalKind,
    device_id: int | None,
    institution_id: int,
    study_instance_uid: str,
    objects: Sequence[str],
    expected: int | None = None,
    at: datetime | None = None,
) -> None:
    """Keep what `device_id` says about a study of `institution_id`, and have the study looked at.

    The study need not have arrived. `objects` are SOP Instance UIDs; `expected` is for a sender that knows only how many
    there will be. The same statement again, from whatever process and in whatever order, changes nothing; `at` is when it
    was said, now unless given.
    """
    said: dict[str, object] = {
        "institution_id": institution_id,
        "study_instance_uid": study_instance_uid,
        "kind": str(kind),
        "device_id": device_id,
        "objects": sorted(set(objects)),
        "expected": expected,
    }
    times = {"at": at or work.now, "recorded_at": work.now}
    digest = sha256_hex(canonical_json({**said, **_moment_of(kind, times["at"])}))
    if insert_missing(work.session, ReadinessSignal, [{**said, **times, "digest": digest}], ReadinessSignal.id):
        _look_at(work, institution_id, study_instance_uid)


def signals_of(
    work: UnitOfWork, study_instance_uids: Collection[str]
) -> Mapping[tuple[int, str], list[ReadinessSignal]]:
    """What was said about these studies, by institution and Study Instance UID, in the order in which it came."""
    query = select(ReadinessSignal).where(ReadinessSignal.study_instance_uid.in_(study_instance_uids))
    found: dict[tuple[int, str], list[ReadinessSignal]] = {}
    for signal in work.session.execute(query.order_by(ReadinessSignal.recorded_at, ReadinessSignal.id)).scalars():
        found.setdefault((signal.institution_id, signal.study_instance_uid), []).append(signal)
    return found


def _moment_of(kind: SignalKind, at: datetime) -> dict[str, str]:
    """A sender may say again that it is done when it has sent more; every other statement holds for good."""
    return {"at": at.isoformat()} if kind == SignalKind.RELEASED else {}


def _look_at(work: UnitOfWork, institution_id: int, study_instance_uid: str) -> None:
    study = Study.study_instance_uid == study_instance_uid, Study.institution_id == institution_id
    options = {"synchronize_session": False}
    work.session.execute(update(Study).where(*study).values(ready_check_at=work.now), execution_options=options)
