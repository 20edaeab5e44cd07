"""Sequences (PS3.5 7.5): their items as JSON, and where they end."""

import struct

from storage.ingest.header.plans import (
    LONG,
    NOTED,
    PLAIN,
    SEQUENCE,
    SKIP,
    STOP,
    UNDEFINED,
    Odd,
    Plan,
    Plans,
    Short,
)
from storage.ingest.header.writing import MAX_REMEMBERED, Writer, require_plain_terms, undecided
from storage.ingest.json_values import MAX_SEQUENCE_DEPTH, PIXEL_GROUP, SPECIFIC_CHARACTER_SET, is_left_out

MAX_NESTED = 60_000
"""Elements and items within sequences: fewer than the tolerant reader bears."""

_MAX_NESTING = 24
_MAX_REMEMBERED_DEPTH = 6
"""Sequences that are nested deeper are cut somewhere, so what they are depends on where they stand."""

_EXTENT_KEY = 40
_ITEM = 0xFFFEE000
_ITEM_END, _SEQUENCE_END = b"\xfe\xff\x0d\xe0\0\0\0\0", b"\xfe\xff\xdd\xe0\0\0\0\0"
_OF_PIXELS = ("OB", "OW", "")
"""VRs of pixel data; none in implicit VR."""

_WRITTEN = (PLAIN, NOTED)
_START = struct.Struct("<HHI")


class ItemReader:
    """Reads the sequences of one object.

    Text that depends on the character set is gathered in `texts` and left out until the writer knows how to read it.
    """

    def __init__(self, plans: Plans, writer: Writer) -> None:
        self.texts: list[bytes] = []
        self.decided = False
        self._plans = plans
        self._writer = writer
        self._nested = 0
        self._can_be_remembered = True

    def element(self, start: bytes, position: int, plan: Plan, depth: int = 0) -> tuple[str, int]:
        """The member for a sequence, empty where the model leaves it out, and where it ends.

        `position` is of its tag. Raises `Odd`, `Short`.
        """
        known = self._remembered(start, position, plan, depth)
        if known is not None:
            return known
        around, self._can_be_remembered, before = (
            self._can_be_remembered,
            depth <= _MAX_REMEMBERED_DEPTH,
            len(self.texts),
        )
        try:
            written, end = self._sequence(start, position, plan, depth)
        except Short:
            del self.texts[before:]
            raise
        if self._can_be_remembered and end - position <= MAX_REMEMBERED:
            self._remember(start, position, end, written)
        self._can_be_remembered = around and self._can_be_remembered
        return written, end

    def _remembered(self, start: bytes, position: int, plan: Plan, depth: int) -> tuple[str, int] | None:
        memory = self._writer.memory
        end = position + plan.start + plan.size
        if plan.size == UNDEFINED:
            end = position + (memory.extents.get(start[position : position + _EXTENT_KEY]) or 0)
        if depth > _MAX_REMEMBERED_DEPTH or not position < end <= position + MAX_REMEMBERED:
            return None
        written = memory.plain.get(start[position:end])
        return None if written is None else (written, end)

    def _remember(self, start: bytes, position: int, end: int, written: str) -> None:
        memory, element = self._writer.memory, start[position:end]
        memory.plain.keep(element, written, len(element) + len(written))
        memory.extents.keep(element[:_EXTENT_KEY], len(element), _EXTENT_KEY)

    def _sequence(self, start: bytes, position: int, plan: Plan, depth: int) -> tuple[str, int]:
        if depth > _MAX_NESTING:
            raise Odd
        before = len(self.texts)
        items, end = self._items(start, position + plan.start, plan.size, depth)
        if depth >= MAX_SEQUENCE_DEPTH or is_left_out(plan.tag):
            del self.texts[before:]
            return "", end
        value = f',"Value":[{",".join(items)}]' if items else ""
        return f'"{plan.tag:08X}":{{"vr":"SQ"{value}}}', end

    def _items(self, start: bytes, position: int, length: int, depth: int) -> tuple[list[str], int]:
        items: list[str] = []
        end = None if length == UNDEFINED else position + length
        if end is not None and end > len(start):
            raise Short
        while position != end:
            self._count(1)
            if end is None and start[position : position + 8] == _SEQUENCE_END:
                return items, position + 8
            text, position = self._item(start, position, end, depth)
            items.append(text)
        return items, position

    def _item(self, start: bytes, position: int, limit: int | None, depth: int) -> tuple[str, int]:
        if position + 8 > len(start):
            raise Short
        group, element, length = _START.unpack_from(start, position)
        if group << 16 | element != _ITEM:
            raise Odd
        position += 8
        end = None if length == UNDEFINED else position + length
        bound = limit if end is None else end
        if end is not None and limit is not None and end > limit:
            raise Odd
        members, position = self._members(start, position, end, bound, depth)
        return "{" + ",".join(filter(None, members)) + "}", position

    def _members(
        self, start: bytes, position: int, end: int | None, bound: int | None, depth: int
    ) -> tuple[list[str], int]:
        """Up to `end`, or to the item's delimiter; never past `bound`."""
        plans, known = self._plans, self._writer.memory.plain.young
        members: list[str] = []
        last = -1
        while position != end:
            head = start[position : position + 8]
            if head == _ITEM_END and end is None:
                position += 8
                break
            action, tag, size, plan = plans[head]
            if action == LONG:
                action, tag, size, plan = plans.of_long(start[position : position + 12])
            if tag <= last:
                raise Odd
            member = known.get(start[position : position + size]) if action in _WRITTEN else None
            if member is None:
                member, position = self._member(start, position, plan, depth)
            else:
                position += size
            members.append(member)
            last = tag
            if bound is not None and position > bound:
                raise Odd
        self._count(len(members))
        if bound is not None and position > bound:
            raise Odd
        return members, position

    def _member(self, start: bytes, position: int, plan: Plan, depth: int) -> tuple[str, int]:
        if plan.action == SEQUENCE:
            return self.element(start, position, plan, depth + 1)
        if plan.action == STOP:
            return "", self._end_of_pixels(start, position, plan)
        end = position + plan.size
        if plan.action == SKIP:
            return "", end
        if end > len(start):
            raise Short
        return self._write(plan, start[position:end]), end

    def _write(self, plan: Plan, element: bytes) -> str:
        if undecided(plan, element):
            self._can_be_remembered = False
            if not self.decided:
                self.texts.append(element[plan.start :])
                return ""
        elif plan.varies:
            self._can_be_remembered = False
        if plan.tag == SPECIFIC_CHARACTER_SET:
            require_plain_terms(plan, element)
        return self._writer.plain(plan, element)

    def _end_of_pixels(self, start: bytes, position: int, plan: Plan) -> int:
        """Icons have pixel data of their own."""
        if plan.tag >> 16 != PIXEL_GROUP or plan.vr not in _OF_PIXELS:
            raise Odd
        size = 12 if plan.vr else 8
        if position + size > len(start):
            raise Short
        length = int.from_bytes(start[position + size - 4 : position + size], "little")
        if length == UNDEFINED:
            raise Odd
        return position + size + length

    def _count(self, more: int) -> None:
        self._nested += more
        if self._nested > MAX_NESTED:
            raise Odd
