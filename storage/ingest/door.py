"""The one intake for studies that do not come by DIMSE: HTTP, folders, FTP, edge stations.

A door is one process' way into a spool of its own. What `take` has told is durable: it survives kill -9 and power loss,
and nothing else (no database, no object store) has to be up for that. `countyread intake` carries it on.
"""

import contextlib
import errno
import itertools
import logging
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from storage.domain.clock import Clock
from storage.domain.errors import (
    ConfigurationError,
    CountyReadError,
    NoIdentifiers,
    NotDicom,
    OtherStudy,
    StorageFull,
    TooLarge,
    UnreadableObject,
)
from storage.ingest.associations import AssociationRecord
from storage.ingest.data_set_digest import DataSetDigest
from storage.ingest.ecg import LARGEST as LARGEST_ECG
from storage.ingest.ecg import as_dicom, may_be_ecg, read_ecg
from storage.ingest.header import Identifiers, read_identifiers
from storage.ingest.opening import Opening, Readable, open_file, read_head
from storage.ingest.part10 import FileMeta
from storage.ingest.reception import Reception
from storage.ingest.spool import Spool
from storage.ingest.whole import check_whole
from storage.settings import Settings

_log = logging.getLogger(__name__)

LARGEST = 16 << 30
"""Bytes of one object. A value has at most 4 GiB (PS3.5 7.1), and no equipment writes several of them."""

_CHUNK = 256 << 10
_MOST_PROCESSES = 64
_MIB = 1 << 20
_EMPTY = "The file is empty."


@dataclass(frozen=True)
class Taken:
    """An object that is durable in the spool. `size` and `digest` are of its data set, as `Instance.dataset_digest`."""

    sop_class_uid: str
    sop_instance_uid: str
    study_instance_uid: str
    series_instance_uid: str
    size: int
    digest: str


class Door:
    """One process' way in. Thread-safe; `close` lets another process have the spool."""

    def __init__(self, spool: Spool, clock: Clock, *, largest: int = LARGEST) -> None:
        self._spool = spool
        self._clock = clock
        self._largest = largest

    @property
    def spool(self) -> Spool:
        return self._spool

    def close(self) -> None:
        """Take no more."""
        self._spool.close()

    @contextlib.contextmanager
    def delivery(self, ae_title: str, address: str) -> Iterator["Delivery"]:
        """What one sender brings in one go, as an association is for DIMSE.

        :param ae_title: of the device that stands for this door at the sender's institution (`ensure_door_device`)
        :param address: where it comes from, for the people who look for it later
        """
        delivery = self.open(ae_title, address)
        try:
            yield delivery
        except BaseException:
            delivery.end(released=False)
            raise
        delivery.end()

    def open(self, ae_title: str, address: str) -> "Delivery":
        """As `delivery`, for what does not fit a block; whoever opens it has to `end` it."""
        return Delivery(self._spool, self._clock, ae_title, address, self._largest)


class Delivery:
    """Objects that belong together. `take` and `keep` may be called by several threads at once."""

    def __init__(self, spool: Spool, clock: Clock, ae_title: str, address: str, largest: int) -> None:
        self.key = uuid.uuid4().hex
        self.ae_title = ae_title
        self.address = address
        self.received = self.refused = 0
        self._spool = spool
        self._clock = clock
        self._largest = largest
        self._started_at = clock.now()
        self._is_noted = self._is_over = False
        self._numbers = itertools.count(1)
        self._guard = threading.Lock()

    def take(self, stream: Readable, *, study_instance_uid: str = "") -> Taken:
        """Read one object to its end and make it durable, its data set bit for bit as it comes; ECGs of carts as DICOM.

        Raises `NotDicom`, `MediaDirectory`, `TruncatedObject`, `NoIdentifiers`, `UnreadableEcg` or `UnreadableObject` for
        what no catalogue could use, `OtherStudy` when it is not of the study that is given, `TooLarge`, and `StorageFull`; then
        nothing of it is kept. What the stream raises passes through, with nothing kept.
        """
        try:
            taken = self._take(stream, study_instance_uid)
        except BaseException:
            self._count(refused=1)
            raise
        self._count(received=1)
        return taken

    def keep(self, stream: Readable) -> int:
        """Make any bytes durable that are no DICOM object; the catalogue lists them in quarantine. Their number.

        Raises `TooLarge`, `StorageFull`, and `NotDicom` when there are no bytes at all.
        """
        head = read_head(stream)
        if not head:
            raise NotDicom(_EMPTY)
        opening = Opening(FileMeta("", "", "", self.ae_title), head, 0)
        with self._reception(opening.meta) as reception:
            size, _ = self._copy(opening, stream, reception)
            reception.finish()
        self._count(refused=1)
        return size

    def end(self, *, released: bool = True) -> None:
        """Nothing more will come, or (not `released`) nobody knows; a second call changes nothing."""
        with self._guard:
            if self._is_noted and not self._is_over:
                try:
                    self._spool.note_association(self._record(self._clock.now(), released=released))
                except OSError as error:
                    _log.warning("The end of a delivery could not be noted (%s).", type(error).__name__)
            self._is_over = True

    def _begin(self) -> int:
        """The number of the next object; the first has the delivery noted, so that readiness knows of it."""
        with self._guard:
            if not self._is_noted:
                with _full_disk_told():
                    self._spool.note_association(self._record(None, released=False))
                self._is_noted = True
            return next(self._numbers)

    def _record(self, ended_at: datetime | None, *, released: bool) -> AssociationRecord:
        return AssociationRecord(
            self.key, self.ae_title, self.address, self._started_at, ended_at, self.received, self.refused, released
        )

    def _take(self, stream: Readable, study_instance_uid: str) -> Taken:
        head = read_head(stream)
        if not head:
            raise NotDicom(_EMPTY)
        if may_be_ecg(head):
            stream = self._ecg(head, stream)
            head = read_head(stream)
        opening = open_file(head, self.ae_title)
        with _named(opening.meta), self._reception(opening.meta) as reception:
            size, digest = self._copy(opening, stream, reception)
            identifiers = _checked(reception, opening.meta, size)
            if study_instance_uid not in ("", identifiers.study_instance_uid):
                raise OtherStudy("The object belongs to another study.")
            reception.finish()
        return Taken(
            identifiers.sop_class_uid,
            identifiers.sop_instance_uid,
            identifiers.study_instance_uid,
            identifiers.series_instance_uid,
            size,
            digest,
        )

    def _ecg(self, head: bytes, stream: Readable) -> BytesIO:
        """The file of a cart as a DICOM object."""
        parts, size = [head], len(head)
        while chunk := stream.read(_CHUNK):
            parts.append(chunk)
            size += len(chunk)
            if size > min(LARGEST_ECG, self._largest):
                raise TooLarge(f"The ECG is larger than {min(LARGEST_ECG, self._largest) // _MIB} MiB.")
        data = b"".join(parts)
        return BytesIO(as_dicom(read_ecg(data), data, self.ae_title, self._clock.now()))

    @contextlib.contextmanager
    def _reception(self, meta: FileMeta) -> Iterator[Reception]:
        reception = self._spool.begin(meta, self.key, self._begin())
        try:
            yield reception
        except BaseException:
            reception.discard()
            raise

    def _copy(self, opening: Opening, stream: Readable, reception: Reception) -> tuple[int, str]:
        """Size and digest of the data set."""
        size, digest = 0, DataSetDigest()
        chunk: bytes = opening.head[opening.data_set :]
        while chunk:
            size += len(chunk)
            if size > self._largest:
                raise TooLarge(f"The object is larger than {self._largest // _MIB} MiB.")
            digest.update(chunk)
            reception.write(memoryview(chunk))
            chunk = stream.read(_CHUNK)
        return size, digest.text

    def _count(self, *, received: int = 0, refused: int = 0) -> None:
        with self._guard:
            self.received += received
            self.refused += refused


@contextlib.contextmanager
def _full_disk_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull("The disk of the spool is full.") from error
        raise


@contextlib.contextmanager
def _named(meta: FileMeta) -> Iterator[None]:
    try:
        yield
    except CountyReadError as error:
        error.about = (meta.sop_class_uid, meta.sop_instance_uid)
        raise


def _checked(reception: Reception, meta: FileMeta, size: int) -> Identifiers:
    stream = reception.data_set()
    check_whole(stream, size, meta.transfer_syntax_uid)
    stream.seek(0)
    identifiers = read_identifiers(stream, meta.transfer_syntax_uid)
    if not identifiers.complete:
        raise NoIdentifiers("A SOP class, SOP instance, study or series UID is missing or makes no sense.")
    if (identifiers.sop_class_uid, identifiers.sop_instance_uid) != (meta.sop_class_uid, meta.sop_instance_uid):
        raise UnreadableObject("The file meta information names another object than the data set.")
    return identifiers


def open_door(settings: Settings, name: str, clock: Clock) -> Door:
    """A door with a spool of its own: `name`, or `name-2` and so on where other processes have those before.

    Raises `ConfigurationError` when dozens of processes have all of them.
    """
    folders = [settings.spool / name, *(settings.spool / f"{name}-{number}" for number in range(2, _MOST_PROCESSES))]
    for folder in folders[:-1]:
        with contextlib.suppress(ConfigurationError):
            return Door(Spool(folder, clock, reserve=settings.reserve_mb * _MIB), clock)
    return Door(Spool(folders[-1], clock, reserve=settings.reserve_mb * _MIB), clock)
