"""Parcels that are packed and not confirmed: files that a resumed transfer finds unchanged."""

import hashlib
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from dicom_gateway.edge.journal import Journal, ParcelEntry, Waiting
from dicom_gateway.edge.packing import digest, pack_data_set
from storage.edge.parcels import ParcelObject, ParcelWriter
from storage.ingest.part10 import read_start
from storage.ingest.spool import SpoolFolder
from storage.ingest.spool_entry import SpoolEntry

_log = logging.getLogger(__name__)

_SUFFIX, _UNFINISHED = ".parcel", ".new"
_HASHED = 1 << 20


class Outbox:
    """The parcels in `folder`; each is known to the journal, or it is of no worth."""

    def __init__(self, folder: Path, spool: SpoolFolder, journal: Journal) -> None:
        self._folder = folder
        self._spool = spool
        self._journal = journal
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, parcel_id: str) -> Path:
        return self._folder / f"{parcel_id}{_SUFFIX}"

    def pack(self, objects: Sequence[Waiting], lane: int) -> ParcelEntry:
        """Put objects of one rank into a new parcel; each lane packs one at a time. Raises `OSError`."""
        unfinished = self._folder / f"{lane}{_UNFINISHED}"
        records = self._journal.associations({one.association for one in objects})
        with unfinished.open("wb") as stream:
            writer = ParcelWriter(stream, records)
            for one in objects:
                self._add(writer, one)
            writer.close()
        size, parcel_id = _hash(unfinished)
        unfinished.replace(self.path(parcel_id))
        parcel = ParcelEntry(parcel_id, size, objects[0].rank, tuple(one.name for one in objects))
        self._journal.keep_parcel(parcel)
        return parcel

    def _add(self, writer: ParcelWriter, one: Waiting) -> None:
        entry = SpoolEntry.parse(one.name)
        assert entry is not None, "the journal has names of the spool only"
        with self._spool.path(entry).open("rb") as stream:
            meta = read_start(stream)
            start = stream.tell()
            size, sha256 = digest(stream)
            stream.seek(start)
            described = ParcelObject(one.name, one.association, entry.number, meta, size, sha256)
            writer.add(described, pack_data_set(stream, size, meta.transfer_syntax_uid, plain=one.is_plain))

    def drop(self, parcel: ParcelEntry) -> None:
        """The parcel is confirmed, or useless."""
        self._journal.drop_parcel(parcel.id)
        self.path(parcel.id).unlink(missing_ok=True)

    def left_over(self) -> list[ParcelEntry]:
        """What a former life packed and did not get confirmed; damaged and unknown files are removed."""
        whole = []
        for parcel in self._journal.parcels():
            path = self.path(parcel.id)
            if path.is_file() and _hash(path) == (parcel.size, parcel.id):
                whole.append(parcel)
            else:
                self._journal.drop_parcel(parcel.id)
        known = {self.path(parcel.id).name for parcel in whole}
        for path in self._folder.iterdir():
            if path.name not in known:
                path.unlink()
        return whole

    def read(self, parcel: ParcelEntry, offset: int, size: int) -> bytes:
        """A piece of it. Raises `OSError`."""
        descriptor = os.open(self.path(parcel.id), os.O_RDONLY)
        try:
            return os.pread(descriptor, size, offset)
        finally:
            os.close(descriptor)


def _hash(path: Path) -> tuple[int, str]:
    running = hashlib.sha256()
    with path.open("rb") as stream:
        while data := stream.read(_HASHED):
            running.update(data)
        return stream.tell(), running.hexdigest()
