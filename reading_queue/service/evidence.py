"""The facts about studies that `reading_queue.readiness` judges, gathered for a batch at a time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reading_queue.readiness import Facts
from reading_queue.service.sop_classes import NOT_READ
from storage.db.models import ReadinessSignal, Study
from storage.db.queries import readiness
from storage.db.queries.readiness import Arrived, Contents
from storage.db.queries.signals import signals_of
from storage.db.session import UnitOfWork
from storage.domain.readiness import WHOLE_SERIES, SignalKind

_NOTHING = Contents(0, 0, 0, 0, None)
_PROMISES = (SignalKind.PERFORMED, SignalKind.COMMITMENT, SignalKind.ANNOUNCED)
"""What is named here is waited for; a step that was broken off promises nothing."""


@dataclass(frozen=True)
class Evidence:
    """The facts about a study, and the newest instance that they cover."""

    facts: Facts
    newest_id: int


def gather(work: UnitOfWork, studies: Sequence[Study], alive_within: float) -> Mapping[int, Evidence]:
    """The facts about locked studies, by their identity; a fixed number of queries, and one more where objects are named."""
    ids = [study.id for study in studies]
    inside = readiness.contents(work, ids, NOT_READ)
    coming = readiness.still_coming(work, ids, alive_within)
    ways = readiness.deliveries(work, [one.newest_id for one in inside.values()])
    series = readiness.series_counts(work, ids)
    signals = signals_of(work, [study.study_instance_uid for study in studies])
    found = {}
    for study in studies:
        content = inside.get(study.id, _NOTHING)
        said = signals.get((study.institution_id, study.study_instance_uid), [])
        way = ways.get(study.id)
        facts = Facts(
            now=work.now,
            receiving_since=study.receiving_since or study.first_received_at,
            last_received_at=study.last_received_at,
            priority=study.priority,
            modality=study.modality,
            is_coming=study.id in coming,
            released=way is not None and way.released,
            release_means_whole=way is not None and way.release_means_whole,
            device_idle=way.ready_idle if way else None,
            images=content.images,
            count=content.count,
            unstored=content.unstored,
            announced=max((one.expected or 0 for one in said), default=0),
            said_done=_said_done(said, content.received_at),
            **_named(work, study, said),
            **_stated(study, content.count, series.get(study.id, [])),
        )
        found[study.id] = Evidence(facts, content.newest_id)
    return found


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
