"""One file from outside, whatever it is: an object, or an archive of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from storage.domain.errors import CountyReadError, StorageFull
from storage.ingest.archives import ArchiveLimits, entries_of, is_archive
from storage.ingest.door import Delivery, Taken
from storage.ingest.opening import Readable


@dataclass(frozen=True)
class Outcome:
    """What became of a file, or of one in an archive: `taken`, or the `refusal` that says why not."""

    name: str
    taken: Taken | None = None
    refusal: CountyReadError | None = None


def take_file(delivery: Delivery, stream: BinaryIO, name: str, workspace: Path) -> Iterator[Outcome]:
    """Take what a seekable file holds; an outcome each.

    One that is refused does not stop the others, an archive that turns out to be unusable is told as one outcome of its
    own name. Raises `StorageFull`, with those taken before it told.
    """
    start = stream.read(4)
    stream.seek(0)
    if not is_archive(start):
        yield take_one(delivery, stream, name)
        return
    try:
        for entry in entries_of(stream, workspace, ArchiveLimits()):
            yield take_one(delivery, entry.stream, entry.name)
    except StorageFull:
        raise
    except CountyReadError as error:
        yield Outcome(name, refusal=error)


def take_one(delivery: Delivery, stream: Readable, name: str) -> Outcome:
    """Take one object. Raises `StorageFull`, since the same will happen to the next."""
    try:
        return Outcome(name, taken=delivery.take(stream))
    except StorageFull:
        raise
    except CountyReadError as error:
        return Outcome(name, refusal=error)
