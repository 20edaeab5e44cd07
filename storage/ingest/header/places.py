"""Where a few elements of a data set stand, and where its pixels begin: everything else is passed over unread."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import BinaryIO

from storage.ingest.header.plans import (
    LONG,
    SEQUENCE,
    STOP,
    UNDEFINED,
    Odd,
    Plan,
    Short,
)
from storage.ingest.header.scanner import Source
from storage.ingest.header.walking import MAX_ELEMENTS, Walk

_FIRST_READ = 16 << 10


@dataclass(frozen=True)
class Places:
    """`elements` are the wanted ones as they stand, one after the other; `pixels` is where the pixel element begins.

    Counted from the start of the data set. The pixel element is the first of group 7FE0, whatever it is.
    """

    elements: bytes
    pixels: int


def find_places(stream: BinaryIO, wanted: Collection[int], *, implicit: bool) -> Places:
    """Pass over the little-endian data set that starts here. Raises `Odd` for what the tolerant reader has to decide on.

    Nothing after the pixel element's tag is read; at most 8 MiB before it.
    """
    search = _Search(Source(stream, _FIRST_READ), wanted, implicit=implicit)
    search.run()
    return Places(b"".join(search.found), search.position)


class _Search(Walk):
    def __init__(self, source: Source, wanted: Collection[int], *, implicit: bool) -> None:
        super().__init__(source, implicit=implicit)
        self._wanted = wanted

    def _run(self) -> None:
        plans, start, wanted = self._plans, self._source.start, self._wanted
        position, last = self.position, self._last
        try:
            for _ in range(MAX_ELEMENTS):
                action, tag, size, plan = plans[start[position : position + 8]]
                if action == LONG:
                    action, tag, size, plan = plans.of_long(start[position : position + 12])
                if tag <= last:
                    raise Odd
                if action == STOP:
                    return
                if action == SEQUENCE:
                    size = self._size_of_sequence(position, plan)
                if tag in wanted:
                    self._take(position, size)
                position, last = position + size, tag
        finally:
            self.position, self._last = position, last
        raise Odd

    def _take(self, position: int, size: int) -> None:
        element = self._source.start[position : position + size]
        if len(element) < size:
            raise Short
        self.found.append(element)

    def _size_of_sequence(self, position: int, plan: Plan) -> int:
        if plan.size != UNDEFINED:
            return plan.start + plan.size
        return self._size_by_items(position, plan)
