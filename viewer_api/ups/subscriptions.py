"""Who wants to hear of which workitems (PS3.18 11.10 to 11.12, PS3.4 CC.2.3)."""

from collections.abc import Sequence

from sqlalchemy import func, select

from storage.db.models import TaskEvent, UpsSubscription
from storage.db.session import UnitOfWork
from storage.domain.errors import BadRequest, NotFound
from viewer_api.ups.dataset import DicomJson
from viewer_api.ups.matching import fits, path_of
from viewer_api.ups.workitems import find

GLOBAL = "1.2.840.10008.5.1.4.34.5"
FILTERED = "1.2.840.10008.5.1.4.34.5.1"
WELL_KNOWN = (GLOBAL, FILTERED)


def subscribe(work: UnitOfWork, user_id: int, ae_title: str, target: str, keys: dict[str, str], *, lock: bool) -> None:
    """Begin to tell this receiver, or go on after a suspension. Raises `NotFound`, `BadRequest`."""
    if target not in WELL_KNOWN:
        find(work, target)
    if target == FILTERED and not keys:
        raise BadRequest("A filtered subscription needs matching keys (filter=...).")
    for name in keys:
        path_of(name)
    row = _row(work, user_id, ae_title, target)
    if row is None:
        row = UpsSubscription(user_id=user_id, ae_title=ae_title, target=target, filter={}, created_at=work.now)
        work.session.add(row)
    row.filter, row.deletion_lock, row.until_event = keys, lock, None
    work.session.flush()


def suspend(work: UnitOfWork, user_id: int, ae_title: str, target: str) -> None:
    """Tell nothing of workitems that are yet to come; of those that are there it goes on (PS3.4 CC.2.3.3)."""
    row = _existing(work, user_id, ae_title, target)
    if target not in WELL_KNOWN:
        raise BadRequest("Only the global subscriptions are suspended; one to a workitem is deleted.")
    row.until_event = work.session.execute(select(func.coalesce(func.max(TaskEvent.id), 0))).scalar_one()


def unsubscribe(work: UnitOfWork, user_id: int, ae_title: str, target: str) -> None:
    """Raises `NotFound`. Off the global list means off every workitem that it brought with it."""
    work.session.delete(_existing(work, user_id, ae_title, target))


def subscriptions_of(work: UnitOfWork, user_id: int, ae_title: str) -> Sequence[UpsSubscription]:
    query = select(UpsSubscription).where(UpsSubscription.user_id == user_id, UpsSubscription.ae_title == ae_title)
    return work.session.execute(query).scalars().all()


def is_wanted(rows: Sequence[UpsSubscription], uid: str, began_with: int, line: DicomJson) -> bool:
    """Whether any of these wants to hear of the workitem; `began_with` is the event row that it began with."""
    return any(_wants(row, uid, began_with, line) for row in rows)


def _wants(row: UpsSubscription, uid: str, began_with: int, line: DicomJson) -> bool:
    if row.target not in WELL_KNOWN:
        return row.target == uid
    if row.until_event is not None and began_with > row.until_event:
        return False
    return row.target == GLOBAL or fits({path_of(name): str(text) for name, text in row.filter.items()}, line)


def _row(work: UnitOfWork, user_id: int, ae_title: str, target: str) -> UpsSubscription | None:
    query = select(UpsSubscription).where(
        UpsSubscription.user_id == user_id, UpsSubscription.ae_title == ae_title, UpsSubscription.target == target
    )
    return work.session.execute(query).scalar_one_or_none()


def _existing(work: UnitOfWork, user_id: int, ae_title: str, target: str) -> UpsSubscription:
    row = _row(work, user_id, ae_title, target)
    if row is None:
        raise NotFound("There is no such subscription.")
    return row
