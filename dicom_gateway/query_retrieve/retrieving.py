"""C-MOVE and C-GET (PS3.4 C.4.2, C.4.3): what is retrieved, and the responses while it goes out."""

from collections.abc import Iterator, Sequence
from itertools import islice

from pynetdicom.presentation import PresentationContext, build_context

from dicom_gateway.messages import ConnectionLost
from dicom_gateway.query_retrieve.exchange import Exchange
from dicom_gateway.query_retrieve.progress import Progress
from dicom_gateway.query_retrieve.status import QueryStatus
from dicom_gateway.query_retrieve.sub_operations import Outcome, Sender
from dicom_gateway.query_retrieve.transcoding import TARGETS
from storage.db.queries import query_retrieve
from storage.db.queries.query_retrieve import Location
from storage.db.session import Database, Scope

MOST_OBJECTS = 0xFFFF
"""Numbers of sub-operations are US (PS3.7 E.1)."""

_MOST_CONTEXTS = 128
_PAGE = 100


class Retrieval:
    """The objects of one request. `ids` are rows of instances, in the order in which they go out."""

    def __init__(self, exchange: Exchange, database: Database, scope: Scope, ids: Sequence[int]) -> None:
        self._exchange = exchange
        self._database = database
        self._scope = scope
        self._ids = ids
        self._progress = Progress(len(ids))

    def contexts(self) -> list[PresentationContext]:
        """To be proposed to a destination: every object as it is stored, and uncompressed where it is not (PS3.8 9.3.2.2)."""
        with self._database.read(self._scope) as work:
            pairs = query_retrieve.syntaxes_of(work, self._ids)
        as_stored = [build_context(sop_class, syntax) for sop_class, syntax in pairs]
        others = [
            build_context(sop_class, target)
            for sop_class in dict.fromkeys(sop_class for sop_class, _ in pairs)
            for target in TARGETS
            if (sop_class, str(target)) not in pairs
        ]
        return [*as_stored, *others][:_MOST_CONTEXTS]

    def run(self, sender: Sender) -> None:
        """Send them all. Raises `ConnectionLost` when nobody is there to be told."""
        for location in self._locations():
            if self._exchange.is_cancelled:
                self._end(QueryStatus.CANCELLED)
                return
            try:
                outcome = sender.send(location)
            except ConnectionLost:
                self.fail("The connection to the destination was lost.")
                return
            self._progress.count(location.sop_instance_uid, outcome)
            self._pending()
        self._fail_missing()
        self._end(self._progress.final_status)

    def fail(self, comment: str) -> None:
        """What has not gone out will not."""
        done = len(self._ids) - self._progress.remaining
        for location in islice(self._locations(), done, None):
            self._progress.count(location.sop_instance_uid, Outcome.FAILED)
        self._fail_missing()
        self._end(self._progress.final_status, comment)

    def _fail_missing(self) -> None:
        """Rows that have gone since they were counted."""
        self._progress.failed += self._progress.remaining
        self._progress.remaining = 0

    def _locations(self) -> Iterator[Location]:
        for start in range(0, len(self._ids), _PAGE):
            with self._database.read(self._scope) as work:
                page = query_retrieve.locations(work, self._ids[start : start + _PAGE])
            yield from page

    def _pending(self) -> None:
        if self._progress.remaining:
            self._exchange.respond(QueryStatus.PENDING, elements=self._progress.elements(QueryStatus.PENDING))

    def _end(self, status: QueryStatus, comment: str = "") -> None:
        identifier = self._progress.identifier(status, self._exchange.syntax)
        self._exchange.respond(status, identifier, elements=self._progress.elements(status), comment=comment)
