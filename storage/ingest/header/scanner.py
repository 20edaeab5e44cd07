"""The reader for plainly encoded data sets in little endian, which nearly all are: it looks at bytes, not at values.

The slices of a series share nearly all elements, so what the bytes of a whole element mean is remembered and not worked
out again. Anything out of the ordinary raises `Odd`; `storage.ingest.header.tolerant` decides on that, and what both can
read means the same to both.
"""

from dataclasses import dataclass
from typing import Any, BinaryIO

from storage.ingest.charset import ChooseReading
from storage.ingest.header.items import ItemReader
from storage.ingest.header.plans import (
    EXPLICIT_PLANS,
    IMPLICIT_PLANS,
    LONG,
    NOTED,
    PLAIN,
    SEQUENCE,
    STOP,
    Odd,
    Plan,
    Short,
)
from storage.ingest.header.writing import DECLARATION, EXPLICIT_MEMORY, IMPLICIT_MEMORY, Writer, undecided
from storage.ingest.json_values import PIXEL_REPRESENTATION, SPECIFIC_CHARACTER_SET

_FIRST_READ = 16 << 10
_MAX_READ = 8 << 20
_MAX_ELEMENTS = 20_000
"""Far fewer than the tolerant reader bears, so that what is read here it would not refuse."""


@dataclass(frozen=True)
class Scanned:
    """The model as JSON, the repair of its character set, and what was noted of its values (`writing.Noted`)."""

    text: str
    repair: str
    noted: dict[int, Any]


def scan_header(stream: BinaryIO, *, implicit: bool, choose: ChooseReading) -> Scanned:
    """Read the data set that starts here, up to the pixel data. Raises `Odd`."""
    scan = _Scan(Source(stream, _FIRST_READ), implicit=implicit)
    scan.run()
    repair = scan.decide(choose)
    members = [part for part in scan.parts if part]
    if SPECIFIC_CHARACTER_SET not in scan.noted:
        members.insert(0, DECLARATION)
    return Scanned("{" + ",".join(members) + "}", repair, scan.noted)


class Source:
    """The start of a data set, as much of it as has been needed."""

    def __init__(self, stream: BinaryIO, first_read: int) -> None:
        self._stream = stream
        self.start = stream.read(first_read)

    def require_encoding(self, *, implicit: bool) -> None:
        """Raise `Odd` for what looks like explicit VR where implicit VR was said."""
        if implicit and self.start[4:6].isupper():
            raise Odd

    def read_on(self, position: int) -> bool:
        """Read several times as much; False when the data set ends at `position`. Raises `Odd`."""
        if len(self.start) >= _MAX_READ:
            raise Odd
        more = self._stream.read(max(7 * len(self.start), _FIRST_READ))
        self.start += more
        if not more and position != len(self.start):
            raise Odd
        return bool(more)


class _Scan:
    """One pass over the elements of a data set, and a second over the texts once their character set is known."""

    def __init__(self, source: Source, *, implicit: bool) -> None:
        self.parts: list[str] = []
        self.noted: dict[int, Any] = {}
        self._source = source
        self._plans = IMPLICIT_PLANS if implicit else EXPLICIT_PLANS
        self._writer = Writer(IMPLICIT_MEMORY if implicit else EXPLICIT_MEMORY)
        self._items = ItemReader(self._plans, self._writer)
        self._position, self._last = 0, -1
        self._undecided: list[tuple[int, int, Plan]] = []

    def run(self) -> None:
        """Read what can be read without knowing the character set. Raises `Odd`."""
        self._source.require_encoding(implicit=self._plans is IMPLICIT_PLANS)
        while True:
            try:
                self._run()
            except Short:
                if self._source.read_on(self._position):
                    continue
            return

    def _run(self) -> None:
        # The hot loop of receiving: local names, and no calls for elements that were met before.
        plans, start, memory = self._plans, self._source.start, self._writer.memory
        known, known_noted, append, noted = memory.plain.young, memory.noted.young, self.parts.append, self.noted
        position, last = self._position, self._last
        try:
            for _ in range(_MAX_ELEMENTS):
                action, tag, size, plan = plans[start[position : position + 8]]
                if action == LONG:
                    action, tag, size, plan = plans.of_long(start[position : position + 12])
                if action == STOP:
                    return self._require_a_whole_start(position)
                if tag <= last:
                    raise Odd
                if action == PLAIN:
                    member = known.get(start[position : position + size])
                    append(self._plain(position, plan) if member is None else member)
                elif action == NOTED:
                    both = known_noted.get(start[position : position + size])
                    member, noted[tag] = self._noted(position, plan) if both is None else both
                    append(member)
                elif action == SEQUENCE:
                    size = self._sequence(position, plan)
                position, last = position + size, tag
        finally:
            self._position, self._last = position, last
        raise Odd

    def _require_a_whole_start(self, position: int) -> None:
        if position + 12 > len(self._source.start):
            raise Short

    def _element(self, position: int, plan: Plan) -> bytes:
        element = self._source.start[position : position + plan.size]
        if len(element) < plan.size:
            raise Short
        return element

    def _plain(self, position: int, plan: Plan) -> str:
        element = self._element(position, plan)
        if undecided(plan, element):
            return self._later(position, plan)
        if plan.varies:
            self._decide_sign(plan)
        return self._writer.plain(plan, element)

    def _noted(self, position: int, plan: Plan) -> tuple[str, Any]:
        element = self._element(position, plan)
        if undecided(plan, element):
            return self._later(position, plan), None
        return self._writer.noted(plan, element)

    def _later(self, position: int, plan: Plan) -> str:
        self._undecided.append((len(self.parts), position, plan))
        return ""

    def _sequence(self, position: int, plan: Plan) -> int:
        self._decide_sign(plan)
        texts = len(self._items.texts)
        member, end = self._items.element(self._source.start, position, plan)
        if len(self._items.texts) > texts:
            self._later(position, plan)
        self.parts.append(member)
        return end - position

    def _decide_sign(self, plan: Plan) -> None:
        if plan.tag > PIXEL_REPRESENTATION:
            self._writer.signed = bool(self.noted.get(PIXEL_REPRESENTATION))

    def decide(self, choose: ChooseReading) -> str:
        """Write the texts that wait for their character set, and tell how it was repaired."""
        if not self._undecided:
            return ""
        start = self._source.start
        own = (where for where in self._undecided if where[2].action != SEQUENCE)
        texts = [start[position + plan.start : position + plan.size] for _, position, plan in own]
        reading = choose(self.noted.get(SPECIFIC_CHARACTER_SET, b""), texts + self._items.texts)
        self._writer.read_text_by(reading)
        self._items.decided = True
        for index, position, plan in self._undecided:
            self.parts[index] = self._decided(position, plan)
        return reading.repair

    def _decided(self, position: int, plan: Plan) -> str:
        if plan.action == SEQUENCE:
            return self._items.element(self._source.start, position, plan)[0]
        if plan.action == PLAIN:
            return self._writer.plain(plan, self._element(position, plan))
        member, self.noted[plan.tag] = self._writer.noted(plan, self._element(position, plan))
        return member
