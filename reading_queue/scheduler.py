"""Celery's beat, which stops adding sweeps while nobody takes them."""

import logging
from typing import Any

from celery.beat import PersistentScheduler, ScheduleEntry

from reading_queue.broker import SCHEDULE, QueueName

_log = logging.getLogger(__name__)


class PatientScheduler(PersistentScheduler):  # type: ignore[misc]
    """The schedule is kept in a file. While the queue of sweeps holds a whole round of them, the worker is away: a second
    round would only make it later when it comes back.
    """

    def apply_async(self, entry: ScheduleEntry, *args: Any, **kwargs: Any) -> Any:
        if self._waiting() >= len(SCHEDULE):
            _log.debug("The sweep %s is left out: nobody takes sweeps at present.", entry.task)
            return None
        return super().apply_async(entry, *args, **kwargs)

    def _waiting(self) -> int:
        """Sweeps that wait in the queue."""
        with self.app.pool.acquire(block=True) as connection, connection.channel() as channel:
            declared = self.app.amqp.queues[QueueName.SWEEPS].bind(channel)
            declared.declare()
            return int(declared.queue_declare(passive=True).message_count)
