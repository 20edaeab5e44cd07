"""What WADO-RS retrieves: the instances of a study, of a series, or one of them (PS3.18 10.4)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from storage.db.models import Instance, Series, Study
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound


def instances_under(work: UnitOfWork, study: str, series: str = "", sop: str = "") -> Sequence[Instance]:
    """By the UIDs that are given, each with its series, in the order of both numbers. Raises `NotFound` for none."""
    query = (
        select(Instance)
        .join(Series, Series.id == Instance.series_id)
        .join(Study, Study.id == Instance.study_id)
        .options(contains_eager(Instance.series))
        .where(Study.study_instance_uid == study)
    )
    if series:
        query = query.where(Series.series_instance_uid == series)
    if sop:
        query = query.where(Instance.sop_instance_uid == sop)
    by_number = (Series.number.is_(None), Series.number, Series.id, Instance.number.is_(None), Instance.number)
    found = work.session.execute(query.order_by(*by_number, Instance.id)).scalars().all()
    if not found:
        raise NotFound("There is no such study, series or instance.")
    return found


def instance_named(work: UnitOfWork, sop: str) -> tuple[Instance, str]:
    """By its own UID alone, with the UID of its study. Raises `NotFound`."""
    query = select(Instance, Study.study_instance_uid).join(Study, Study.id == Instance.study_id)
    query = query.join(Series, Series.id == Instance.series_id).options(contains_eager(Instance.series))
    found = work.session.execute(query.where(Instance.sop_instance_uid == sop)).one_or_none()
    if found is None:
        raise NotFound("There is no such instance.")
    return found[0], found[1]
