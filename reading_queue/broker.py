"""Queues, routes, schedule, and how to meet an outage: what every Celery application of the product shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kombu.entity import Exchange, Queue

from reading_queue.folder_broker import folder_options
from storage.domain.reading import Priority
from storage.settings import Settings

TASK_SECONDS = 600
"""What a task may take at most."""


@dataclass(frozen=True)
class Seconds:
    """What a task may take: at `soft` it is told to end, at `hard` its process is ended."""

    soft: float
    hard: float

    @property
    def limits(self) -> dict[str, float]:
        """As Celery names them."""
        return {"soft_time_limit": self.soft, "time_limit": self.hard}


LONG = Seconds(TASK_SECONDS - 60, TASK_SECONDS)
SHORT = Seconds(150, 180)

MEMORY_LIMIT_KIB = 1_500_000
"""A child process that has grown beyond this is replaced after its task."""

_URGENT = frozenset({Priority.P0, Priority.P1})
_EXCHANGE = "countyread"


class QueueName(StrEnum):
    """Where a task waits: what emergencies need, what reading needs, pictures, word to people, and the looks for what was lost."""

    URGENT = "urgent"
    READING = "reading"
    PIXELS = "pixels"
    NOTIFY = "notify"
    SWEEPS = "sweeps"


HINT_QUEUES: Mapping[str, QueueName] = {
    "make_renditions": QueueName.PIXELS,
    "make_delivery": QueueName.PIXELS,
    "measure_ecg": QueueName.URGENT,
    "compare_encodings": QueueName.PIXELS,
    "purge_quarantined": QueueName.PIXELS,
    "file_report": QueueName.PIXELS,
    "file_rejection": QueueName.PIXELS,
    "call_hooks": QueueName.NOTIFY,
    "deliver_notice": QueueName.NOTIFY,
}
"""Where each hint waits; what is not named here waits with the reading."""


SCHEDULE = {
    "chase_critical_values": 5.0,
    "open_ready_studies": 5.0,
    "find_lost_renditions": 10.0,
    "find_lost_delivery": 15.0,
    "find_unmeasured_ecgs": 10.0,
    "match_waiting_orders": 60.0,
    "escalate_due": 15.0,
    "expire_leases": 30.0,
    "follow_course": 20.0,
    "check_invariants": 20.0,
    "propose_candidates": 10.0,
    "find_uncompared_encodings": 15.0,
    "find_purgeable": 3600.0,
    "reopen_uncarried": 60.0,
    "remind_of_retakes": 60.0,
    "top_up_reviews": 3600.0,
    "redrive_waiting": 60.0,
    "deliver_waiting": 10.0,
    "find_unfiled": 15.0,
    "find_unfiled_rejections": 15.0,
    "warn_of_rosters": 900.0,
    "chase_referrals": 60.0,
    "call_waiting": 10.0,
    "chase_receipts": 60.0,
    "anchor_audit": 60.0,
    "archive_audit": 3600.0,
}
"""Each sweep and the seconds between two of them."""


def route(name: str, args: tuple[Any, ...]) -> QueueName:
    """The queue of a task: sweeps apart, what names an emergency's class before all others of its kind."""
    if name in SCHEDULE:
        return QueueName.SWEEPS
    return QueueName.URGENT if _URGENT.intersection(map(str, args)) else HINT_QUEUES.get(name, QueueName.READING)


def _route_for_celery(name: str, args: Any, *_: Any, **__: Any) -> dict[str, str]:
    return {"queue": route(name, tuple(args or ()))}


def configuration(settings: Settings) -> dict[str, Any]:
    """Celery's settings for the broker that the settings name; makes the folders of an embedded one."""
    return {
        **_broker(settings),
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_soft_time_limit": LONG.soft,
        "task_time_limit": LONG.hard,
        "task_queues": [_queue(name) for name in QueueName],
        "task_default_queue": QueueName.PIXELS.value,
        "task_default_exchange": _EXCHANGE,
        "task_routes": (_route_for_celery,),
        "worker_concurrency": settings.worker_concurrency,
        "worker_prefetch_multiplier": 1,
        "worker_max_memory_per_child": MEMORY_LIMIT_KIB,
        "worker_enable_remote_control": False,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "beat_max_loop_interval": 1,
        "beat_schedule": {
            name: {"task": name, "schedule": seconds, "options": {"expires": seconds}}
            for name, seconds in SCHEDULE.items()
        },
        "timezone": "UTC",
    }


def _queue(name: QueueName) -> Queue:
    exchange = Exchange(_EXCHANGE)  # type: ignore[no-untyped-call]
    return Queue(name.value, exchange, routing_key=name.value)  # type: ignore[no-untyped-call]


def _broker(settings: Settings) -> dict[str, Any]:
    if settings.is_embedded_broker:
        return {
            "broker_url": "filesystem://localhost//",
            "broker_transport": "reading_queue.folder_broker:Transport",
            "broker_transport_options": folder_options(settings.data / "broker"),
        }
    # A message that a dead worker held comes back after this time; no task may run longer.
    return {"broker_url": settings.broker_url, "broker_transport_options": {"visibility_timeout": 2 * TASK_SECONDS}}
