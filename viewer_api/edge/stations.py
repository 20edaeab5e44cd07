"""The server's side of edge stations: who one is, where its parcels lie, and how they get into the intake."""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO

from storage.db.queries import edge
from storage.db.session import Database
from storage.domain.canonical import sha256_hex
from storage.domain.clock import Clock, monotonic
from storage.domain.errors import DamagedTransfer, NotAuthenticated, TooManyAttempts
from storage.edge.parcels import ParcelObject, ParcelReader
from storage.edge.protocol import KEY_PREFIX, Outcome
from storage.edge.segments import PIECE, CheckedStream, skip, unpack
from storage.ingest.associations import AssociationRecord
from storage.ingest.door import Door, open_door
from storage.ingest.spool import Spool
from storage.settings import Settings
from viewer_api.edge.uploads import Uploads

_log = logging.getLogger(__name__)

_DOOR = "edge"
_MAX_WRONG = 10
_LOCK_OUT = timedelta(minutes=5).total_seconds()
_MAX_ADDRESSES = 10_000
_MIB = 1 << 20


@dataclass(frozen=True)
class Station:
    """A station that has shown its key."""

    id: int
    ae_title: str
    institution_id: int
    institution_code: str


class Stations:
    """All stations as this process serves them. Thread-safe."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._guard = threading.Lock()
        self._door: Door | None = None
        self._wrong = WrongKeys()

    @property
    def spool(self) -> Spool:
        """The way into the intake, opened when the first station brings something."""
        with self._guard:
            if self._door is None:
                self._door = open_door(self._settings, _DOOR, self._clock)
            return self._door.spool

    def close(self) -> None:
        """Let another process have the way in."""
        with self._guard:
            if self._door is not None:
                self._door.close()
                self._door = None

    def authenticate(self, key: str, address: str) -> Station:
        """The station with this key. Raises `NotAuthenticated`, or `TooManyAttempts` after many wrong ones."""
        with self._database.read() as work:
            device = edge.station_by_secret(work, sha256_hex(key.encode()))
            if device is not None:
                return Station(device.id, device.ae_title, device.institution_id, device.institution.code)
        self._wrong.count(address)
        raise NotAuthenticated("No edge station has this key.")

    def uploads(self, station: Station) -> Uploads:
        """Where its parcels are put together."""
        folder = self._settings.data / "stations" / str(station.id)
        return Uploads(folder, self._clock, reserve=self._settings.reserve_mb * _MIB)

    def take_in(self, station: Station, stream: BinaryIO) -> dict[str, Outcome]:
        """Make every object of a parcel durable, its data set bit for bit as the station holds it.

        Raises `DamagedTransfer` when the parcel cannot be read, and `StorageFull`.
        """
        with self._database.read() as work:
            titles = frozenset(edge.titles_of(work, station.institution_id))
        return Unpacking(self.spool, titles, stream).outcomes()


class Unpacking:
    """One parcel on its way into the spool. `titles` are the calling AE titles that its station may bring objects of."""

    def __init__(self, spool: Spool, titles: frozenset[str], stream: BinaryIO) -> None:
        self._spool = spool
        self._titles = titles
        self._stream = stream
        self._parcel = ParcelReader(stream)
        self._records: Mapping[str, AssociationRecord] = {one.key: one for one in self._parcel.associations}
        self._noted: set[str] = set()

    def outcomes(self) -> dict[str, Outcome]:
        """What became of each object, by its name."""
        return {described.name: self._outcome(described) for described in self._parcel.objects()}

    def _outcome(self, described: ParcelObject) -> Outcome:
        if described.meta.source_ae_title not in self._titles:
            skip(self._stream)
            return Outcome.UNKNOWN_DEVICE
        try:
            self._keep(described)
        except DamagedTransfer:
            _log.warning("An object of %s did not come out right.", described.meta.source_ae_title)
            return Outcome.DAMAGED
        return Outcome.DURABLE

    def _keep(self, described: ParcelObject) -> None:
        record = self._records.get(described.association_key)
        if record is not None and record.key not in self._noted:
            self._spool.note_association(record)
            self._noted.add(record.key)
        reception = self._spool.begin(described.meta, described.association_key, described.number)
        segments = unpack(self._stream, described.size)
        try:
            whole = CheckedStream(segments, described.sha256)
            while piece := whole.read(PIECE):
                reception.write(memoryview(piece))
            reception.finish()
        except BaseException:
            reception.discard()
            raise


class WrongKeys:
    """Counts wrong keys by address, so that guessing is slow and seen. Thread-safe."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._counts: dict[str, tuple[int, float]] = {}

    def count(self, address: str) -> None:
        """One more from there. Raises `TooManyAttempts` once there were ten within five minutes."""
        now = monotonic()
        with self._guard:
            number, since = self._counts.get(address, (0, now))
            if now - since > _LOCK_OUT:
                number, since = 0, now
            if len(self._counts) >= _MAX_ADDRESSES:
                self._counts.clear()
            self._counts[address] = (number + 1, since)
        if number + 1 == _MAX_WRONG:
            _log.warning("Wrong station keys come from %s again and again.", address)
        if number >= _MAX_WRONG:
            raise TooManyAttempts("Wrong station keys came from here again and again; wait five minutes.")


def is_station_key(token: str) -> bool:
    """Whether it looks like the key of a station, and not like a person's token."""
    return token.startswith(KEY_PREFIX)
