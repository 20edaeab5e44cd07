"""What passes over the elements of a data set have in common: they read on when the bytes end, and go on where they were."""

from abc import ABC, abstractmethod

from storage.ingest.header.items import ItemReader
from storage.ingest.header.plans import EXPLICIT_PLANS, IMPLICIT_PLANS, Odd, Plan, Short
from storage.ingest.header.scanner import Source
from storage.ingest.header.writing import EXPLICIT_MEMORY, IMPLICIT_MEMORY, Writer

MAX_ELEMENTS = 20_000


class Walk(ABC):
    """`position` is where the next element begins, counted from the start of the data set; `found` is what was taken."""

    def __init__(self, source: Source, *, implicit: bool) -> None:
        self.found: list[bytes] = []
        self.position = 0
        self._last = -1
        self._source = source
        self._implicit = implicit
        self._plans = IMPLICIT_PLANS if implicit else EXPLICIT_PLANS

    def run(self) -> None:
        """Raises `Odd`."""
        self._source.require_encoding(implicit=self._implicit)
        while True:
            try:
                return self._run()
            except Short:
                if not self._source.read_on(self.position):
                    raise Odd from None

    @abstractmethod
    def _run(self) -> None:
        """Pass over what has been read. Raises `Short` for more; `position` and `_last` are then of the last whole element."""

    def _size_by_items(self, position: int, plan: Plan) -> int:
        items = ItemReader(self._plans, Writer(IMPLICIT_MEMORY if self._implicit else EXPLICIT_MEMORY))
        return items.element(self._source.start, position, plan)[1] - position
