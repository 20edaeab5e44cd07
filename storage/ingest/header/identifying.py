"""The four UIDs of a data set, found without reading the rest: every object is asked for them before it is answered."""

from typing import BinaryIO

from storage.ingest.header.attributes import UID_TAGS, Identifiers, text_of_uid
from storage.ingest.header.plans import LONG, NOTED, SEQUENCE, STOP, Odd, Plan, Short
from storage.ingest.header.scanner import Source
from storage.ingest.header.walking import MAX_ELEMENTS, Walk

_FIRST_READ = 2 << 10
_UIDS = frozenset(UID_TAGS)


def scan_identifiers(stream: BinaryIO, *, implicit: bool) -> Identifiers:
    """The identifiers of the data set that starts here. Raises `Odd` unless it has them all."""
    search = _Search(Source(stream, _FIRST_READ), implicit=implicit)
    search.run()
    return Identifiers(*map(text_of_uid, search.found))


class _Search(Walk):
    def _run(self) -> None:
        plans, start, found = self._plans, self._source.start, self.found
        position, last = self.position, self._last
        try:
            for _ in range(MAX_ELEMENTS):
                action, tag, size, plan = plans[start[position : position + 8]]
                if action == LONG:
                    action, tag, size, plan = plans.of_long(start[position : position + 12])
                if tag <= last or action == STOP:
                    raise Odd
                if action == SEQUENCE:
                    size = self._size_by_items(position, plan)
                elif action == NOTED and tag in _UIDS:
                    found.append(self._value(position, plan))
                    if len(found) == len(UID_TAGS):
                        return
                position, last = position + size, tag
        finally:
            self.position, self._last = position, last
        raise Odd

    def _value(self, position: int, plan: Plan) -> bytes:
        end = position + plan.size
        if end > len(self._source.start):
            raise Short
        value = self._source.start[position + plan.start : end]
        if not value:
            raise Odd
        return value
