"""Hints after a commit: sent if the broker is there, dropped if not. Sweeps find what a lost hint was about."""

import logging
import threading
from typing import Any

from celery import Celery

from reading_queue.broker import configuration, route
from storage.db.session import Hint, Publish
from storage.domain.clock import monotonic
from storage.settings import Settings

_log = logging.getLogger(__name__)

_PATIENCE = 2.0
"""Seconds that one hint may take."""

_REST = 5.0
"""Seconds for which no hint is tried after one failed, so that a dead broker costs nobody more than one wait."""

_QUIET = 60.0
"""Seconds between two complaints in the log."""


def publisher(settings: Settings) -> Publish:
    """What a `Database` calls with each hint. It never raises, and waits for a dead broker two seconds at most."""
    return _Publisher(Celery("countyread-hints", set_as_current=False, changes=_impatient(settings)))


def _impatient(settings: Settings) -> dict[str, Any]:
    common = configuration(settings)
    options = {**common["broker_transport_options"], **_LIMITS}
    return {**common, "broker_connection_timeout": _PATIENCE, "broker_transport_options": options}


_LIMITS = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "connect_retries_timeout": _PATIENCE,
    "socket_connect_timeout": _PATIENCE,
    "socket_timeout": _PATIENCE,
}


class _Publisher:
    def __init__(self, app: Celery) -> None:
        self._app = app
        self._guard = threading.Lock()
        self._resting_until = 0.0
        self._quiet_until = 0.0

    def __call__(self, hint: Hint) -> None:
        if monotonic() < self._resting_until:
            return
        try:
            queue = route(hint.task, hint.args)
            self._app.send_task(hint.task, args=hint.args, queue=queue, retry=False, ignore_result=True)
        except Exception as error:  # noqa: BLE001 - whatever the broker does, the work is committed and sweeps find it
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        with self._guard:
            self._resting_until = monotonic() + _REST
            is_quiet = monotonic() < self._quiet_until
            if not is_quiet:
                self._quiet_until = monotonic() + _QUIET
        if not is_quiet:
            _log.warning("The broker does not take hints (%s); sweeps will find the work.", type(error).__name__)
