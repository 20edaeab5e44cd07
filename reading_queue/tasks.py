"""The worker's door: thin tasks that take identities only. Each may run twice, and each may get lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from celery import Celery
from sqlalchemy.exc import OperationalError

from reading_queue import delivery, desk, encodings, renditions, sweeps
from reading_queue.accountable import AccountableTask, accountable
from reading_queue.broker import LONG, SHORT, Seconds
from reading_queue.documents import filing
from reading_queue.ecg import measuring
from reading_queue.hooks import calling
from reading_queue.notices import delivering
from reading_queue.quality import rejecting
from reading_queue.workshop import Workshop
from storage.domain.errors import StoreUnavailable
from storage.ingest.times import time_zone

_PATIENT_RETRIES = {
    "autoretry_for": (StoreUnavailable, OperationalError),
    "retry_backoff": True,
    "retry_backoff_max": 60,
    "retry_jitter": True,
    "max_retries": 5,
}


@dataclass(frozen=True)
class HintTask:
    """What a hint makes a worker do. `found_by` is the sweep that finds the same work when the hint got lost."""

    run: Callable[..., object]
    found_by: sweeps.Sweep
    seconds: Seconds


def _make_renditions(workshop: Workshop, study_id: int, _priority: str = "") -> None:
    renditions.make_renditions(workshop.database, workshop.store, study_id)


def _make_delivery(workshop: Workshop, study_id: int, _priority: str = "") -> None:
    delivery.make_delivery(workshop.database, workshop.store, study_id)


def _measure_ecg(workshop: Workshop, study_id: int, _priority: str = "") -> None:
    measuring.measure_ecg(workshop.database, workshop.store, study_id)


def _compare_encodings(workshop: Workshop, quarantine_id: int) -> None:
    encodings.compare_encodings(workshop.database, workshop.store, quarantine_id)


def _purge_quarantined(workshop: Workshop, quarantine_id: int) -> None:
    desk.purge_quarantined(workshop.database, workshop.store, quarantine_id)


def _file_report(workshop: Workshop, version_id: int) -> None:
    filing.file_report(workshop.database, workshop.store, version_id, time_zone(workshop.settings.time_zone))


def _file_rejection(workshop: Workshop, note_id: int) -> None:
    rejecting.file_rejection(workshop.database, workshop.store, note_id, time_zone(workshop.settings.time_zone))


def _call_hooks(workshop: Workshop, institution_id: int) -> None:
    calling.call_hooks(workshop.database, workshop.settings, institution_id)


def _deliver_notice(workshop: Workshop, notice_id: int) -> None:
    delivering.deliver_notice(workshop.database, workshop.office, notice_id)


HINTS: Mapping[str, HintTask] = {
    "make_renditions": HintTask(_make_renditions, sweeps.find_lost_renditions, LONG),
    "make_delivery": HintTask(_make_delivery, sweeps.find_lost_delivery, LONG),
    "measure_ecg": HintTask(_measure_ecg, measuring.find_unmeasured_ecgs, LONG),
    "compare_encodings": HintTask(_compare_encodings, encodings.find_uncompared_encodings, LONG),
    "purge_quarantined": HintTask(_purge_quarantined, desk.find_purgeable, SHORT),
    "file_report": HintTask(_file_report, filing.find_unfiled, LONG),
    "file_rejection": HintTask(_file_rejection, rejecting.find_unfiled_rejections, LONG),
    "call_hooks": HintTask(_call_hooks, calling.call_waiting, SHORT),
    "deliver_notice": HintTask(_deliver_notice, delivering.deliver_waiting, SHORT),
}
"""By the name that a `Hint` gives. To add one, add one line; `broker.HINT_QUEUES` says where it waits."""


def register_tasks(app: Celery, workshop: Workshop) -> None:
    """Give the application its tasks; their names are what a `Hint` names."""
    base = accountable(workshop)
    for name, hint in HINTS.items():
        _register_hint(app, base, name, hint)
    for sweep in sweeps.SWEEPS:
        _register_sweep(app, base, sweep)


def _register_hint(app: Celery, base: type[AccountableTask], name: str, hint: HintTask) -> None:
    @app.task(name=name, base=base, shared=False, **hint.seconds.limits, **_PATIENT_RETRIES)  # type: ignore[untyped-decorator]
    def run(*args: Any) -> None:
        hint.run(base.workshop, *args)


def _register_sweep(app: Celery, base: type[AccountableTask], sweep: sweeps.Sweep) -> None:
    @app.task(name=sweep.__name__, base=base, shared=False, **SHORT.limits)  # type: ignore[untyped-decorator]
    def run() -> None:
        sweep(base.workshop.database, base.workshop.settings)
