"""Celery's beat, which stops adding sweeps while nobody takes them."""

import logging
from typing import Any

from celery import Celery
from celery.beat import PersistentScheduler, ScheduleEntry
from kombu.exceptions import OperationalError

from reading_queue.broker import SCHEDULE, QueueName

_log = logging.getLogger(__name__)

_PATIENCE = 2.0


class PatientScheduler(PersistentScheduler):  # type: ignore[misc]
    """The schedule is kept in a file. While the queue of sweeps holds a whole round of them, the worker is away: a second
    round would only make it later when it comes back. While the broker is away, the next round will do.
    """

    def apply_async(self, entry: ScheduleEntry, *args: Any, **kwargs: Any) -> Any:
        try:
            waiting = waiting_sweeps(self.app)
        except OperationalError as error:
            _log.warning("The sweep %s is left out: the broker is away (%s).", entry.task, error)
            return None
        if waiting >= len(SCHEDULE):
            _log.debug("The sweep %s is left out: nobody takes sweeps at present.", entry.task)
            return None
        return super().apply_async(entry, *args, **kwargs)


def waiting_sweeps(app: Celery) -> int:
    """How many sweeps wait in their queue. Raises `OperationalError` when the broker is away."""
    with app.connection_for_write(connect_timeout=_PATIENCE) as connection:
        connection.ensure_connection(max_retries=1, timeout=_PATIENCE)
        with connection.channel() as channel:
            queue = app.amqp.queues[QueueName.SWEEPS].bind(channel)
            return int(queue.queue_declare().message_count)
