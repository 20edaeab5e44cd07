"""The four UIDs of a data set, found without reading the rest: every object is asked for them before it is answered."""

from typing import BinaryIO

from storage.ingest.header.attributes import UID_TAGS, Identifiers, text_of_uid
from storage.ingest.header.items import ItemReader
from storage.ingest.header.plans import EXPLICIT_PLANS, IMPLICIT_PLANS, LONG, NOTED, SEQUENCE, STOP, Odd, Plan, Short
from storage.ingest.header.scanner import Source
from storage.ingest.header.writing import EXPLICIT_MEMORY, IMPLICIT_MEMORY, Writer

_FIRST_READ = 2 << 10
_MAX_ELEMENTS = 20_000
_UIDS = frozenset(UID_TAGS)


def scan_identifiers(stream: BinaryIO, *, implicit: bool) -> Identifiers:
    """The identifiers of the data set that starts here. Raises `Odd` unless it has them all."""
    search = _Search(Source(stream, _FIRST_READ), implicit=implicit)
    search.run()
    return Identifiers(*map(text_of_uid, search.found))


class _Search:
    def __init__(self, source: Source, *, implicit: bool) -> None:
        self.found: list[bytes] = []
        self._source = source
        self._implicit = implicit
        self._plans = IMPLICIT_PLANS if implicit else EXPLICIT_PLANS
        self._position, self._last = 0, -1

    def run(self) -> None:
        """Raises `Odd`."""
        self._source.require_encoding(implicit=self._implicit)
        while True:
            try:
                return self._run()
            except Short:
                if not self._source.read_on(self._position):
                    raise Odd from None

    def _run(self) -> None:
        plans, start, found = self._plans, self._source.start, self.found
        position, last = self._position, self._last
        try:
            for _ in range(_MAX_ELEMENTS):
                action, tag, size, plan = plans[start[position : position + 8]]
                if action == LONG:
                    action, tag, size, plan = plans.of_long(start[position : position + 12])
                if tag <= last or action == STOP:
                    raise Odd
                if action == SEQUENCE:
                    size = self._size_of_sequence(position, plan)
                elif action == NOTED and tag in _UIDS:
                    found.append(self._value(position, plan))
                    if len(found) == len(UID_TAGS):
                        return
                position, last = position + size, tag
        finally:
            self._position, self._last = position, last
        raise Odd

    def _value(self, position: int, plan: Plan) -> bytes:
        end = position + plan.size
        if end > len(self._source.start):
            raise Short
        value = self._source.start[position + plan.start : end]
        if not value:
            raise Odd
        return value

    def _size_of_sequence(self, position: int, plan: Plan) -> int:
        items = ItemReader(self._plans, Writer(IMPLICIT_MEMORY if self._implicit else EXPLICIT_MEMORY))
        return items.element(self._source.start, position, plan)[1] - position
