"""The facts about studies that `reading_queue.readiness` judges, gathered for a batch at a time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from reading_queue.readiness import Facts
from reading_queue.service.sop_classes import NOT_READ
from storage.db.models import ReadinessSignal, Study
from storage.db.queries import readiness
from storage.db.queries.readiness import Arrived, Contents, Delivery
from storage.db.queries.signals import signals_of
from storage.db.session import UnitOfWork
from storage.domain.readiness import WHOLE_SERIES, ReadyTimes, SignalKind

_NOTHING = Contents(0, 0, 0, 0, None)
_PROMISES = (SignalKind.PERFORMED, SignalKind.COMMITMENT, SignalKind.ANNOUNCED)
"""What is named here is waited for; a step that was broken off promises nothing."""


@dataclass(frozen=True)
class Evidence:
    """The facts about a study, and the newest instance that they cover."""

    facts: Facts
    newest_id: int


def gather(work: UnitOfWork, studies: Sequence[Study], times: ReadyTimes, alive_within: float) -> dict[int, Evidence]:
    """The facts about locked studies, by their identity; a fixed number of queries, and one more where objects are named.

    A study that is just being sent, and of which nothing was said, cannot be whole: its objects are not looked at.
    """
    coming = readiness.still_coming(work, [study.id for study in studies], alive_within)
    signals = signals_of(work, [study.study_instance_uid for study in studies])
    said = {study.id: signals.get((study.institution_id, study.study_instance_uid), []) for study in studies}
    found = {study.id: Evidence(_arrival(work, study, is_coming=study.id in coming), 0) for study in studies}
    at_rest = [study for study in studies if said[study.id] or not _is_under_way(found[study.id].facts, times)]
    return found | (_look_inside(work, at_rest, found, said) if at_rest else {})


def _arrival(work: UnitOfWork, study: Study, *, is_coming: bool) -> Facts:
    return Facts(
        now=work.now,
        receiving_since=study.receiving_since or study.first_received_at,
        last_received_at=study.last_received_at,
        priority=study.priority,
        modality=study.modality,
        is_coming=is_coming,
    )


def _is_under_way(facts: Facts, times: ReadyTimes) -> bool:
    return facts.is_coming and facts.now < facts.limit(times)


def _look_inside(
    work: UnitOfWork, studies: Sequence[Study], found: Mapping[int, Evidence], said: Mapping[int, list[ReadinessSignal]]
) -> dict[int, Evidence]:
    ids = [study.id for study in studies]
    inside = readiness.contents(work, ids, NOT_READ)
    ways = readiness.deliveries(work, [one.newest_id for one in inside.values()])
    series = readiness.series_counts(work, ids)
    whole = {}
    for study in studies:
        content = inside.get(study.id, _NOTHING)
        facts = replace(
            found[study.id].facts,
            images=content.images,
            count=content.count,
            unstored=content.unstored,
            announced=max((one.expected or 0 for one in said[study.id]), default=0),
            said_done=_said_done(said[study.id], content.received_at),
            **_delivered(ways.get(study.id)),
            **_named(work, study, said[study.id]),
            **_stated(study, content.count, series.get(study.id, [])),
        )
        whole[study.id] = Evidence(facts, content.newest_id)
    return whole


def _delivered(way: Delivery | None) -> dict[str, Any]:
    if way is None:
        return {}
    return {
        "released": way.released,
        "release_means_whole": way.release_means_whole,
        "device_idle": way.ready_idle,
    }


def _named(work: UnitOfWork, study: Study, said: Sequence[ReadinessSignal]) -> dict[str, Any]:
    lists = [one for one in said if one.objects]
    if not lists:
        return {}
    arrived = readiness.arrived(work, study.id)
    here = {one.sop_instance_uid for one in arrived}
    named = _objects(lists)
    # A step may have made objects of several studies, and lists them together.
    absent = named - here
    absent -= readiness.in_archive(work, study.institution_id, absent)
    promised = _objects(one for one in lists if one.kind in _PROMISES)
    newest = max(one.recorded_at for one in lists)
    return {
        "listed": len(promised),
        "unlisted": len(promised & absent),
        "lists_hold": not absent and not any(_is_later_image(one, named, newest) for one in arrived),
    }


def _objects(signals: Iterable[ReadinessSignal]) -> set[str]:
    return {uid for one in signals for uid in one.objects}


def _is_later_image(one: Arrived, named: Collection[str], newest: datetime) -> bool:
    return one.sop_instance_uid not in named and one.sop_class_uid not in NOT_READ and one.received_at > newest


def _said_done(said: Sequence[ReadinessSignal], received_at: datetime | None) -> bool:
    return received_at is not None and any(one.kind == SignalKind.RELEASED and one.at >= received_at for one in said)


def _stated(study: Study, count: int, series: Sequence[tuple[int, Mapping[str, int] | None]]) -> dict[str, Any]:
    wanted = [(have, _of_series(stated)) for have, stated in series]
    lacking = sum(max(0, want - have) for have, want in wanted)
    in_study = study.stated_count or 0
    return {
        "stated": in_study,
        "series_stated": bool(wanted) and all(want for _, want in wanted),
        "stated_missing": max(lacking, in_study - count, 0),
    }


def _of_series(stated: Mapping[str, int] | None) -> int:
    """What a series says it has: in all, or in the acquisitions of which objects have come."""
    numbers = dict(stated or {})
    return numbers.pop(WHOLE_SERIES, 0) or sum(numbers.values())
