"""One file of an upload: from the body of a request into the spool, and noted."""

import errno
import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from storage.db.models import Upload
from storage.db.queries import uploads
from storage.db.queries.uploads import NewEntry
from storage.db.session import Scope
from storage.domain.errors import StorageFull
from storage.ingest.archives import is_archive, shown_name
from storage.ingest.door import Delivery
from storage.ingest.opening import read_head
from storage.ingest.unpacking import Outcome, take_file, take_one
from viewer_api.services import Services
from viewer_api.uploads.body import BodyStream

SHOWN = 200
_MAGIC = 4
_CHUNK = 256 << 10
_BATCH = 200
_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass
class Received:
    """What came of one file; `first` are its first entries."""

    upload: Upload
    taken: int
    refused: int
    first: list[uploads.UploadLine]


class _Rejoined:
    """A body whose start has been looked at."""

    def __init__(self, start: bytes, rest: BodyStream) -> None:
        self._start = start
        self._rest = rest

    def read(self, size: int, /) -> bytes:
        if self._start:
            start, self._start = self._start, b""
            return start
        return self._rest.read(size)


def receive_file(
    services: Services, scope: Scope, key: str, file: str, name: str, address: str, body: BodyStream
) -> Received:
    """Take the file or archive that `body` is, called `name`. Raises `NotFound`, `Conflict` and `StorageFull`."""
    with services.database.read(scope) as work:
        upload = uploads.open_upload_by_key(work, key)
    door = services.intake.door()
    with services.deliveries.use(key, door, upload.device.ae_title, address) as delivery:
        outcomes = _outcomes(services, delivery, body, shown_name(name))
        return _noted(services, scope, upload, file, outcomes)


def _outcomes(services: Services, delivery: Delivery, body: BodyStream, name: str) -> Iterator[Outcome]:
    start = read_head(body, _MAGIC)
    if not is_archive(start):
        yield take_one(delivery, _Rejoined(start, body), name)
        body.drain()
        return
    spool = services.intake.door().spool
    with _full_disk_told(), tempfile.TemporaryFile(dir=services.intake.workspace()) as file:
        _copy(_Rejoined(start, body), file, lambda: spool.free() - services.settings.reserve_mb * (1 << 20))
        file.seek(0)
        yield from take_file(delivery, file, name, services.intake.workspace())


def _copy(source: _Rejoined, file: BinaryIO, room: Callable[[], int]) -> None:
    while chunk := source.read(_CHUNK):
        if room() < len(chunk):
            raise StorageFull("There is not enough room to unpack the ZIP.")
        file.write(chunk)


@contextmanager
def _full_disk_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull("There is not enough room to unpack the ZIP.") from error
        raise


def _noted(services: Services, scope: Scope, upload: Upload, file: str, outcomes: Iterable[Outcome]) -> Received:
    """Each batch is noted when it is durable, so that people see an archive going in."""
    received = Received(upload, 0, 0, [])
    is_first = True
    for batch in _batches(outcomes):
        with services.database.write(scope) as work:
            if is_first:
                uploads.forget_file(work, upload, file)
                is_first = False
            rows = uploads.add_entries(work, upload, file, [_entry(outcome) for outcome in batch])
            if len(received.first) < SHOWN:
                received.first += uploads.with_fates(work, upload, rows)
        received.taken += sum(outcome.taken is not None for outcome in batch)
        received.refused += sum(outcome.refusal is not None for outcome in batch)
    return received


def _batches(outcomes: Iterable[Outcome]) -> Iterator[list[Outcome]]:
    """Lists of up to two hundred. What was taken before an error is given before it is raised."""
    coming = iter(outcomes)
    while True:
        batch: list[Outcome] = []
        try:
            batch.extend(itertools.islice(coming, _BATCH))
        except StorageFull:
            if batch:
                yield batch
            raise
        if not batch:
            return
        yield batch


def _entry(outcome: Outcome) -> NewEntry:
    if outcome.refusal is not None:
        return NewEntry(outcome.name, code=outcome.refusal.code, detail=outcome.refusal.message)
    taken = outcome.taken
    assert taken is not None, "either taken or refused"
    return NewEntry(
        outcome.name,
        sop_instance_uid=taken.sop_instance_uid,
        study_instance_uid=taken.study_instance_uid,
        size=taken.size,
        dataset_digest=taken.digest,
    )
