"""What is known of studies that are not whole yet, a batch at a time: the number of queries does not grow with it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, select, update

from storage.db.models import Association, Device, Heartbeat, Instance, Series, Study, StudyAssociation
from storage.db.session import UnitOfWork
from storage.domain.studies import InstanceState, StudyState

_UIDS_AT_ONCE = 1000


@dataclass(frozen=True)
class Contents:
    """What a study consists of: objects, those that are read, those not in the object store, the newest row of all.

    `received_at` is when the last object came in at the door.
    """

    count: int
    images: int
    unstored: int
    newest_id: int
    received_at: datetime | None


@dataclass(frozen=True)
class Delivery:
    """How the newest object came, and what its device has to say about waiting."""

    released: bool
    ready_idle: float | None
    release_means_whole: bool


@dataclass(frozen=True)
class Arrived:
    """One object of a study."""

    sop_instance_uid: str
    sop_class_uid: str
    received_at: datetime


def is_any_due(work: UnitOfWork) -> bool:
    """Whether any study has to be looked at now; costs one step into an index."""
    return bool(work.session.execute(select(exists().where(Study.ready_check_at <= work.now))).scalar_one())


def due_studies(work: UnitOfWork, limit: int) -> Sequence[Study]:
    """The studies to be looked at now, longest due first, locked until the commit; those that others look at are left out."""
    query = select(Study).where(Study.ready_check_at <= work.now).order_by(Study.ready_check_at).limit(limit)
    locked = query.with_for_update(of=Study, skip_locked=True, key_share=True)
    return work.session.execute(locked, execution_options={"populate_existing": True}).scalars().all()


def contents(work: UnitOfWork, study_ids: Collection[int], not_read: Collection[str]) -> Mapping[int, Contents]:
    """What these studies consist of; `not_read` are SOP classes that nobody reads."""
    query = (
        select(
            Instance.study_id,
            func.count(Instance.id),
            func.count(Instance.id).filter(Instance.sop_class_uid.not_in(not_read)),
            func.count(Instance.id).filter(Instance.state != InstanceState.STORED),
            func.max(Instance.id),
            func.max(Instance.received_at),
        )
        .where(Instance.study_id.in_(study_ids), Instance.written_here.is_(False))
        .group_by(Instance.study_id)
    )
    return {row[0]: Contents(*row[1:]) for row in work.session.execute(query)}


def images_since(work: UnitOfWork, study_id: int, instance_id: int, not_read: Collection[str]) -> int:
    """How many objects that are read came after the row `instance_id`."""
    query = select(func.count(Instance.id)).where(
        Instance.study_id == study_id,
        Instance.id > instance_id,
        Instance.sop_class_uid.not_in(not_read),
        Instance.written_here.is_(False),
    )
    return work.session.execute(query).scalar_one()


def still_coming(work: UnitOfWork, study_ids: Collection[int], alive_within: float) -> set[int]:
    """Which of them an open association brings something to, whose process showed life within so many seconds."""
    is_alive = and_(
        Heartbeat.process == Association.gateway, Heartbeat.seen_at > work.now - timedelta(seconds=alive_within)
    )
    query = (
        select(StudyAssociation.study_id)
        .join(Association, Association.id == StudyAssociation.association_id)
        .join(Heartbeat, is_alive)
        .where(StudyAssociation.study_id.in_(study_ids), Association.ended_at.is_(None))
    )
    return set(work.session.execute(query).scalars())


def deliveries(work: UnitOfWork, instance_ids: Collection[int]) -> Mapping[int, Delivery]:
    """How these objects came, by their study."""
    query = (
        select(Instance.study_id, Association.released, Device.ready_idle, Device.release_means_whole)
        .join(Association, Association.id == Instance.association_id)
        .join(Device, Device.id == Association.device_id)
        .where(Instance.id.in_(instance_ids))
    )
    return {row[0]: Delivery(*row[1:]) for row in work.session.execute(query)}


def series_counts(
    work: UnitOfWork, study_ids: Collection[int]
) -> Mapping[int, list[tuple[int, Mapping[str, int] | None]]]:
    """For each series of each study how many objects it has, and how many it says it has (`Series.stated_counts`)."""
    query = select(Series.study_id, Series.instance_count, Series.stated_counts).where(
        Series.study_id.in_(study_ids), Series.written_here.is_(False)
    )
    found: dict[int, list[tuple[int, Mapping[str, int] | None]]] = {}
    for study_id, count, stated in work.session.execute(query):
        found.setdefault(study_id, []).append((count, stated))
    return found


def arrived(work: UnitOfWork, study_id: int) -> list[Arrived]:
    """Every object of a study that came from outside."""
    query = select(Instance.sop_instance_uid, Instance.sop_class_uid, Instance.received_at)
    came = Instance.study_id == study_id, Instance.written_here.is_(False)
    rows = work.session.execute(query.where(*came))
    return [Arrived(*row) for row in rows]


def in_archive(work: UnitOfWork, institution_id: int, sop_instance_uids: Collection[str]) -> set[str]:
    """Which of these objects the institution has in any study."""
    wanted, found = sorted(sop_instance_uids), set[str]()
    for start in range(0, len(wanted), _UIDS_AT_ONCE):
        query = select(Instance.sop_instance_uid).where(
            Instance.sop_instance_uid.in_(wanted[start : start + _UIDS_AT_ONCE]),
            Instance.institution_id == institution_id,
        )
        found.update(work.session.execute(query).scalars())
    return found


def look_at_studies_of(work: UnitOfWork, association_keys: Collection[str]) -> None:
    """An association has ended: have the studies that it brought something to looked at.

    Rows are locked in the order in which the catalogue locks them, so that the two cannot wait for each other.
    """
    brought = (
        select(StudyAssociation.study_id)
        .join(Association, Association.id == StudyAssociation.association_id)
        .where(Association.key.in_(association_keys))
    )
    receiving = Study.id.in_(brought), Study.state == StudyState.RECEIVING
    locked = select(Study.id).where(*receiving).order_by(Study.study_instance_uid).with_for_update(of=Study)
    ids = work.session.execute(locked).scalars().all()
    if ids:
        options = {"synchronize_session": False}
        due = update(Study).where(Study.id.in_(ids)).values(ready_check_at=work.now)
        work.session.execute(due, execution_options=options)
