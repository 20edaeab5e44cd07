"""Entry point of the edge station: puts its parts together, runs them, and tells how it is."""

import logging
import signal
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dicom_gateway.admission import Admission
from dicom_gateway.associations import AssociationLog
from dicom_gateway.edge.directory import StationDirectory
from dicom_gateway.edge.forwarder import Forwarder
from dicom_gateway.edge.indexer import Indexer
from dicom_gateway.edge.journal import Journal
from dicom_gateway.edge.liaison import Liaison, LineNotes
from dicom_gateway.edge.line import Line, Server
from dicom_gateway.edge.outbox import Outbox
from dicom_gateway.edge.page import StatusPage
from dicom_gateway.edge.status import Status, read_status
from dicom_gateway.edge.throttle import Limit, Throttle
from dicom_gateway.handlers import Handlers
from dicom_gateway.listener import listen
from dicom_gateway.services import Services
from storage.domain.clock import Clock, SystemClock
from storage.domain.errors import NotFound
from storage.ingest.spool import Spool, SpoolFolder
from storage.ingest.times import time_zone
from storage.settings import Settings

_log = logging.getLogger(__name__)

_MIB = 1 << 20
_SWITCH_SECONDS = 0.0005
"""As in the gateway: receiving does not wait for Python's 5 ms while frames are compressed."""


def station_folder(settings: Settings) -> Path:
    """Where a station keeps everything: not where a gateway would, which may share the data folder."""
    return settings.data / "edge"


def _spool_folder(settings: Settings) -> Path:
    return station_folder(settings) / "station"


class EdgeStation:
    """Starts and stops the parts in order. Raises `ConfigurationError`. `port` is the one listened on."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        zone, limit = time_zone(settings.time_zone), Limit.parse(settings.edge_limit)
        folder = station_folder(settings)
        folder.mkdir(parents=True, exist_ok=True)
        self._stopping = threading.Event()
        throttle = Throttle(lambda: limit.bytes_per_second(clock.now().astimezone(zone)), self._stopping)
        server = Server(settings.edge_server, settings.edge_key, settings.edge_ca)
        self._line = Line(server, throttle, self._stopping)
        self._spool = Spool(_spool_folder(settings), clock, reserve=settings.reserve_mb * _MIB)
        self._journal = Journal(folder / "journal.sqlite", clock)
        notes = LineNotes(self._journal, clock)
        self._liaison = Liaison(self._spool, self._journal, self._line, notes, clock, zone)
        self._forwarder = Forwarder(
            self._spool,
            self._journal,
            Outbox(folder / "outbox", self._spool, self._journal),
            self._line,
            self._liaison.held_titles,
            notes.note,
            self._liaison.wake,
            self._stopping,
        )
        self._liaison.on_news = self._forwarder.line_is_back
        self._indexer = Indexer(self._spool, self._journal, zone, self._wake)
        directory = StationDirectory.parse(settings.edge_devices)
        services = Services(())
        admission = Admission(directory, settings.ae_title)
        self._handlers = Handlers(self._spool, admission, AssociationLog(clock, self._spool), services)
        self._server = listen(settings, self._handlers, services)
        self.port = self._server.server_address[1]
        self._page = StatusPage(
            settings.edge_page,
            lambda: read_status(settings.ae_title, self._spool, self._journal, clock, settings.time_zone),
        )

    def start(self) -> None:
        self._indexer.start()
        self._forwarder.start()
        self._liaison.start()
        self._page.start()
        threading.Thread(target=self._server.serve_forever, name="acceptor", daemon=True).start()
        _log.info(
            "Listening as %s on port %d; status page on port %d.", self._settings.ae_title, self.port, self._page.port
        )

    def stop(self, grace: float = 5.0) -> None:
        """Take no more, let running objects end for `grace` seconds, and end; everything else waits on the disk."""
        self._server.shutdown()
        self._handlers.stop(self._server.active_associations, grace)
        self._server.server_close()
        self._stopping.set()
        self._forwarder.stop()
        self._liaison.stop()
        self._indexer.stop()
        self._page.stop()
        self._line.close()
        self._journal.close()
        self._spool.close()

    def _wake(self, has_ended: bool) -> None:  # noqa: FBT001 - what the indexer calls
        self._forwarder.wake()
        if has_ended:
            self._liaison.wake()


def run(settings: Settings) -> None:
    """Receive and forward until SIGTERM or SIGINT. Raises `ConfigurationError`, or `OSError` for an address in use."""
    for chatty in ("pynetdicom", "pydicom"):
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # pydicom warns with the values that it wonders about, and those may be a patient's.
    warnings.simplefilter("ignore", UserWarning)
    sys.setswitchinterval(_SWITCH_SECONDS)
    station = EdgeStation(settings, SystemClock())
    asked_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked_to_stop.set())
    station.start()
    try:
        asked_to_stop.wait()
    finally:
        _log.info("Stopping.")
        station.stop()


def look(settings: Settings) -> Status:
    """How the station in this data folder is, running or not. Raises `NotFound` when there has never been one."""
    with _opened(settings) as (spool, journal):
        return read_status(settings.ae_title, spool, journal, SystemClock(), settings.time_zone)


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[SpoolFolder, Journal]]:
    file = station_folder(settings) / "journal.sqlite"
    if not file.exists():
        raise NotFound(f"There is no edge station in {settings.data}: start one with 'countyread edge'.")
    journal = Journal(file, SystemClock())
    try:
        yield SpoolFolder(_spool_folder(settings)), journal
    finally:
        journal.close()
