"""The short way into an object store on the same disk: a file of the spool gets its second name before it is catalogued.

Its bytes are on the disk and their hash has just been taken, so nothing is copied and nothing is read again.
"""

from collections.abc import Sequence
from dataclasses import replace

from storage.db.queries import archive
from storage.db.session import Database
from storage.domain.errors import CountyReadError
from storage.ingest.arrival import Arrival
from storage.ingest.jobs import Job, RowKind, object_key
from storage.ingest.spool import SpoolFolder
from storage.objects import ObjectStore


class Adopter:
    """Lets the store take over what is new. What it cannot take over goes the long way, by the uploader."""

    def __init__(self, database: Database, store: ObjectStore, spool: SpoolFolder) -> None:
        self._database = database
        self._store = store
        self._spool = spool

    def adopt(self, arrivals: Sequence[Arrival]) -> list[Arrival]:
        """`arrivals`, with those marked that are in the store now. Raises when the database is away.

        Objects that the catalogue knows already are left out: their rows stand for other files.
        """
        with self._database.read() as work:
            known = archive.known_instances(work, [arrival.sop_instance_uid for arrival in arrivals])
        fresh = [one for one in arrivals if one.sop_instance_uid not in known]
        files = {_key(one): self._spool.path(one.entry) for one in fresh}
        try:
            taken = self._store.adopt(files) if files else frozenset()
        except CountyReadError:
            return list(arrivals)
        return [replace(one, is_stored=one.sop_instance_uid not in known and _key(one) in taken) for one in arrivals]

    def settle(self, arrivals: Sequence[Arrival], jobs: Sequence[Job]) -> None:
        """After the commit: take the second name away again from what did not become an instance."""
        entered = {job.entry for job in jobs if job.row_kind is RowKind.INSTANCE}
        keys = sorted({_key(one) for one in arrivals if one.is_stored and one.entry not in entered})
        if not keys:
            return
        with self._database.read() as work:
            wanted = archive.referenced_keys(work, keys)
        for key in keys:
            if key not in wanted:
                self._store.delete(key)


def _key(arrival: Arrival) -> str:
    return object_key(RowKind.INSTANCE, arrival.sha256)
