"""Entry point of the gateway process."""

import logging
import signal
import sys
import threading
import warnings

from dicom_gateway.server import build_gateway
from reading_queue.publisher import publisher
from storage.db.session import Database, make_engine
from storage.ingest.times import time_zone
from storage.settings import Settings

_log = logging.getLogger(__name__)

_SWITCH_SECONDS = 0.0005
"""Receiving waits for this long, and not for Python's 5 ms, when the cataloguer is at work."""


def run(settings: Settings) -> None:
    """Receive until SIGTERM or SIGINT. Raises `ConfigurationError`, or `OSError` when the address cannot be used."""
    logging.getLogger("pynetdicom").setLevel(logging.CRITICAL)
    logging.getLogger("pydicom").setLevel(logging.CRITICAL)
    # pydicom warns with the values that it wonders about, and those may be a patient's.
    warnings.simplefilter("ignore", UserWarning)
    sys.setswitchinterval(_SWITCH_SECONDS)
    settings.data.mkdir(parents=True, exist_ok=True)
    zone = time_zone(settings.time_zone)
    database = Database(make_engine(settings.database_url), publish=publisher(settings), zone=zone)
    gateway = build_gateway(settings, database)
    asked_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked_to_stop.set())
    gateway.start()
    try:
        asked_to_stop.wait()
    finally:
        _log.info("Stopping.")
        gateway.stop()
        database.engine.dispose()
