"""A complete file of the spool, read: its hashes, its header, or why it has none."""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, cast

from storage.domain.errors import UnreadableObject
from storage.domain.studies import InstanceState
from storage.ingest.data_set_digest import DataSetDigest
from storage.ingest.ecg import LARGEST as LARGEST_ECG
from storage.ingest.ecg import LOOK_AT, may_be_ecg, read_ecg
from storage.ingest.header import ObjectHeader, ReadingRules, read_header
from storage.ingest.jobs import JobKind
from storage.ingest.opening import not_dicom_yet
from storage.ingest.part10 import FileMeta, read_start
from storage.ingest.spool_entry import SpoolEntry

_CHUNK = 256 << 10
_own = threading.local()

RulesOf = Callable[[str], ReadingRules]
"""How to read the headers that an AE title sends."""


@dataclass(frozen=True)
class Arrival:
    """`sha256` is over the whole file, `dataset_digest` over the data set alone. `fault` says why `header` is None.

    `is_stored` says that the object store has the file already, under the key that its hash gives.
    """

    entry: SpoolEntry
    path: Path
    meta: FileMeta
    size: int
    sha256: str
    dataset_digest: str
    header: ObjectHeader | None
    fault: str
    is_stored: bool = False

    @property
    def state(self) -> InstanceState:
        """Of the row that stands for this file."""
        return InstanceState.STORED if self.is_stored else InstanceState.SPOOLED

    @property
    def next_step(self) -> JobKind:
        """What is left to do for the file of a new row."""
        return JobKind.DROP if self.is_stored else JobKind.UPLOAD

    def has_data_set(self, digest: str) -> bool:
        """Whether that is the digest of its data set; one of another kind is made from the file. Raises `OSError`."""
        wanted = DataSetDigest.like(digest)
        if wanted.kind == DataSetDigest().kind:
            return self.dataset_digest == digest
        with self.path.open("rb") as stream:
            read_start(stream)
            while piece := stream.read(_CHUNK):
                wanted.update(piece)
        return wanted.text == digest

    @property
    def sop_instance_uid(self) -> str:
        """The data set's own, or what the sender called it."""
        return self.header.identifiers.sop_instance_uid if self.header else self.meta.sop_instance_uid


def read_arrival(path: Path, entry: SpoolEntry, rules_of: RulesOf) -> Arrival:
    """Read one file of the spool. Raises `OSError` when the disk does."""
    with path.open("rb") as stream:
        meta, offset = _start(stream)
        sha256, digest = _hashes(stream, offset)
        header, fault = None, "The file meta information is damaged."
        if offset:
            stream.seek(offset)
            header, fault = _header(stream, meta, entry, rules_of(meta.source_ae_title))
        return Arrival(entry, path, meta, path.stat().st_size, sha256, digest, header, fault)


def _start(stream: BinaryIO) -> tuple[FileMeta, int]:
    try:
        return read_start(stream), stream.tell()
    except UnreadableObject:
        return FileMeta("", "", "", ""), 0


def _what_it_is(stream: BinaryIO) -> str:
    """Of a file that was kept although it is no object: of an ECG, why it gives none."""
    start = stream.read(LOOK_AT)
    if may_be_ecg(start):
        try:
            read_ecg(start + stream.read(LARGEST_ECG))
        except UnreadableObject as error:
            return error.message
    return not_dicom_yet(start)


def _hashes(stream: BinaryIO, offset: int) -> tuple[str, str]:
    stream.seek(0)
    whole = hashlib.sha256(stream.read(offset))
    data_set = DataSetDigest()
    buffer = _buffer()
    while count := cast(BufferedReader, stream).readinto(buffer):
        whole.update(buffer[:count])
        data_set.update(buffer[:count])
    return whole.hexdigest(), data_set.text


def _buffer() -> memoryview:
    """One for each thread: fresh memory for every object would cost as much as hashing it."""
    if not hasattr(_own, "buffer"):
        _own.buffer = memoryview(bytearray(_CHUNK))
    buffer: memoryview = _own.buffer
    return buffer


def _header(
    stream: BinaryIO, meta: FileMeta, entry: SpoolEntry, rules: ReadingRules
) -> tuple[ObjectHeader | None, str]:
    if not meta.sop_class_uid and not meta.transfer_syntax_uid:
        return None, _what_it_is(stream)
    try:
        return read_header(stream, meta.transfer_syntax_uid, entry.received_at, rules), ""
    except UnreadableObject as error:
        return None, error.message
