"""Celery's beat: of several one alone schedules, and it stops adding sweeps while nobody takes them."""

import logging
from typing import Any

from celery import Celery
from celery.beat import ScheduleEntry, Scheduler
from kombu.exceptions import OperationalError
from sqlalchemy.exc import SQLAlchemyError

from reading_queue.broker import SCHEDULE, QueueName
from reading_queue.leadership import Leadership, Ran

_log = logging.getLogger(__name__)

_PATIENCE = 2.0
_STANDBY_SECONDS = 1.0


class PatientScheduler(Scheduler):  # type: ignore[misc]
    """When each sweep was last asked for stands in the database, so that whoever leads next goes on from there.

    While the queue of sweeps holds a whole round of them, the worker is away: a second round would only make it later when
    it comes back. While the broker is away, the next round will do.
    """

    def __init__(self, *args: Any, leadership: Leadership, **kwargs: Any) -> None:
        self._leadership = leadership
        self._leads = False
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """One look at the schedule, or at whether the leader is still there; seconds until the next."""
        led, self._leads = self._leads, self._leadership.holds(self._ran())
        if self._leads != led:
            _log.info("This scheduler %s.", "leads from now on" if self._leads else "stands by")
        if not self._leads:
            return _STANDBY_SECONDS
        if self._leadership.inherited is not None:
            self._take_over(self._leadership.inherited)
            self._leadership.inherited = None
        return float(super().tick(*args, **kwargs))

    def close(self) -> None:
        """Let another lead at once."""
        if self._leads:
            try:
                self._leadership.leave(self._ran())
            except SQLAlchemyError as error:
                _log.warning("The lease of the scheduler ends by itself: %s.", type(error).__name__)
        super().close()

    def _ran(self) -> Ran:
        return {name: entry.last_run_at for name, entry in self.schedule.items()}

    def _take_over(self, ran: Ran) -> None:
        for name, at in ran.items():
            if name in self.schedule:
                self.schedule[name].last_run_at = at
        self._heap = None

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
