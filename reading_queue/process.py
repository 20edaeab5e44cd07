"""Entry points of the two long-running processes: the worker and the scheduler."""

import logging
import os
import socket
import threading
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial

from celery.platforms import SecurityWarning
from celery.signals import beat_init, setup_logging, worker_ready

from reading_queue.broker import QueueName
from reading_queue.celery_app import make_celery
from reading_queue.forking import unforked
from reading_queue.leadership import Leadership
from reading_queue.process_pool import TaskPool
from reading_queue.scheduler import PatientScheduler
from storage.db.queries import heartbeats
from storage.db.session import Database, make_engine
from storage.domain.clock import SystemClock, monotonic
from storage.domain.errors import ConfigurationError
from storage.settings import Settings

_log = logging.getLogger(__name__)

_BETWEEN_SIGNS = 3.0
_PATIENCE = 3.0
_QUIET = 60.0
_FAREWELL = 5.0


def run_worker(settings: Settings, queues: Sequence[str] = ()) -> None:
    """Take tasks of these queues, or of all, until SIGTERM or SIGINT; what is under way is finished, what waits stays.

    Raises `ConfigurationError` for a queue that there is not.
    """
    names = _known(queues)
    _prepare(settings)
    life = _SignsOfLife(settings, "worker", {"concurrency": settings.worker_concurrency, "queues": names})
    worker = make_celery(settings).Worker(
        pool=TaskPool,
        concurrency=settings.worker_concurrency,
        queues=names,
        hostname=life.process,
        loglevel=settings.log_level,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )

    def start_life(**_: object) -> None:
        life.start()

    # Not before: a database connection of another thread must not be forked into the pool.
    worker_ready.connect(start_life, weak=False)
    try:
        worker.start()
    finally:
        worker_ready.disconnect(start_life)
        life.stop()


def run_beat(settings: Settings) -> None:
    """Publish the sweeps on their schedule until SIGTERM or SIGINT, while no other scheduler does."""
    _prepare(settings)
    life = _SignsOfLife(settings, "beat", {})
    engine = make_engine(settings.database_url, pool_size=1)

    def start_life(**_: object) -> None:
        life.start()

    # Not before: who sees a sign of life may ask for the end, and Celery listens to SIGTERM only from here on.
    beat_init.connect(start_life, weak=False)
    try:
        with suppress(SystemExit):
            scheduler = partial(PatientScheduler, leadership=Leadership(Database(engine), life.process))
            make_celery(settings).Beat(loglevel=settings.log_level, quiet=True, scheduler=scheduler).run()
    finally:
        beat_init.disconnect(start_life)
        life.stop()
        engine.dispose()


def _known(queues: Sequence[str]) -> list[str]:
    known = [name.value for name in QueueName]
    unknown = sorted(set(queues) - set(known))
    if unknown:
        message = f"There is no queue {', '.join(unknown)}. Known: {', '.join(known)}."
        raise ConfigurationError(message)
    return list(queues) or known


def _prepare(settings: Settings) -> None:
    settings.data.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("celery.beat", "celery.worker.strategy", "celery.app.trace"):
        # One line for every sweep, every few seconds, would bury what matters.
        logging.getLogger(chatty).setLevel(logging.WARNING)
    setup_logging.connect(_keep_logging, weak=False)
    # Celery warns root of messages that carry code; ours are JSON only.
    warnings.filterwarnings("ignore", category=SecurityWarning)


def _keep_logging(**_: object) -> None:
    """Being connected is enough: Celery then leaves the logging as it is."""


class _SignsOfLife:
    """A thread that writes this process's heartbeat every few seconds, whatever happens to the database in between."""

    def __init__(self, settings: Settings, kind: str, report: Mapping[str, object]) -> None:
        self.process = f"{kind}@{socket.gethostname()}:{os.getpid()}"
        self._kind = kind
        self._report = report
        self._engine = make_engine(settings.database_url, pool_size=1, patience=_PATIENCE)
        self._database = Database(self._engine)
        self._started_at = SystemClock().now()
        self._ended = threading.Event()
        self._quiet_until = 0.0
        self._thread = threading.Thread(target=self._run, name="signs-of-life", daemon=True)

    def start(self) -> None:
        """Begin; a worker that reconnects to its broker says again that it is ready."""
        if not self._thread.is_alive() and not self._ended.is_set():
            self._thread.start()

    def stop(self) -> None:
        """End, and wait for the last sign for a moment."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(_FAREWELL)

    def _run(self) -> None:
        while not self._ended.is_set():
            with unforked():
                self._give_sign()
            self._ended.wait(_BETWEEN_SIGNS)

    def _give_sign(self) -> None:
        try:
            with self._database.write() as work:
                heartbeats.beat(work, self.process, self._kind, self._started_at, self._report)
        except Exception:  # noqa: BLE001 - a process without database lives on
            self._complain()
        finally:
            self._engine.dispose()

    def _complain(self) -> None:
        if monotonic() >= self._quiet_until:
            self._quiet_until = monotonic() + _QUIET
            _log.warning("The database does not take the sign of life of %s.", self.process, exc_info=True)
