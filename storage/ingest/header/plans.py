"""What to do with an element, known from the eight bytes that start it (PS3.5 7.1): most are met over and over again."""

import struct
from collections.abc import Callable
from typing import NamedTuple

from storage.ingest.header.attributes import CATALOGUED, UID_TAGS
from storage.ingest.json_values import (
    LARGE_VALUE,
    PALETTE,
    PIXEL_GROUP,
    PIXEL_REPRESENTATION,
    SPECIFIC_CHARACTER_SET,
    depends_on_pixels,
    is_left_out,
    value_representation,
)

SKIP, PLAIN, NOTED, LONG, LARGE, SEQUENCE, STOP = range(7)
"""Pass over; write down; write down and note the value; the length follows; write down only within items; items follow;
pixel data or an end begins."""

UNDEFINED = 0xFFFFFFFF
NOTED_TAGS = CATALOGUED | {*UID_TAGS, SPECIFIC_CHARACTER_SET, PIXEL_REPRESENTATION}
_SHORT_VRS = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
_LONG_VRS = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
"""PS3.5 7.1.2: two bytes of length after the VR, or two reserved and four of length."""

_EXPLICIT, _IMPLICIT, _LENGTH = struct.Struct("<HH2sH"), struct.Struct("<HHI"), struct.Struct("<I")
_MAX_PLANS = 1 << 14


_START, _LONG_START = 8, 12


class Odd(Exception):
    """Something out of the ordinary, which the tolerant reader decides on."""


class Short(Exception):
    """The bytes end within an element."""


class Plan(NamedTuple):
    """`size` is of the whole element, its `start` (tag, VR, length) included.

    A LONG element's plan is made again once its length is known; the size of a SEQUENCE is its length, or UNDEFINED.
    `vr` is the one to read by; `varies` says that it is US or SS, as pixel data are.
    """

    action: int
    tag: int
    size: int
    start: int
    vr: str
    varies: bool


Planner = Callable[[bytes], Plan]


def explicit_plan(head: bytes) -> Plan:
    """For explicit VR: from 8 bytes, or from 12 where the length takes four. Raises `Odd`, `Short`."""
    if len(head) < _START:
        raise Short
    group, element, vr, length = _EXPLICIT.unpack_from(head)
    tag = group << 16 | element
    if group >= PIXEL_GROUP:
        return Plan(STOP, tag, 0, 8, vr.decode("latin-1"), varies=False)
    if vr in _SHORT_VRS:
        return _plan(tag, vr.decode(), 8, length)
    if vr not in _LONG_VRS:
        raise Odd
    if len(head) == _START:
        return Plan(LONG, tag, 0, 12, vr.decode(), varies=False)
    return _plan(tag, vr.decode(), 12, *_LENGTH.unpack_from(head, 8))


def implicit_plan(head: bytes) -> Plan:
    """For implicit VR. Raises `Odd`, `Short`."""
    if len(head) < _START:
        raise Short
    group, element, length = _IMPLICIT.unpack_from(head)
    tag = group << 16 | element
    if group >= PIXEL_GROUP:
        return Plan(STOP, tag, 0, 8, "", varies=False)
    return _plan(tag, None, 8, length)


def _plan(tag: int, told: str | None, start: int, length: int) -> Plan:
    vr = value_representation(tag, told, signed=False)
    of_unknown_items = length == UNDEFINED and told is None and vr == "UN" and is_left_out(tag)
    if vr == "SQ" or of_unknown_items:
        return _sequence_plan(tag, told, start, length)
    if length == UNDEFINED:
        raise Odd
    if tag == SPECIFIC_CHARACTER_SET and vr != "CS":
        raise Odd
    varies = depends_on_pixels(tag, told)
    return Plan(_action(tag, length), tag, start + length, start, vr, varies)


def _sequence_plan(tag: int, told: str | None, start: int, length: int) -> Plan:
    if told == "UN" or tag in NOTED_TAGS:
        raise Odd
    if is_left_out(tag) and length != UNDEFINED:
        return Plan(SKIP, tag, start + length, start, "SQ", varies=False)
    return Plan(SEQUENCE, tag, length, start, "SQ", varies=False)


def _action(tag: int, length: int) -> int:
    if tag in NOTED_TAGS:
        if length > LARGE_VALUE:
            raise Odd
        return NOTED
    if is_left_out(tag):
        return SKIP
    return LARGE if length > LARGE_VALUE and tag not in PALETTE else PLAIN


Step = tuple[int, int, int, Plan]
"""Action, tag and size of a plan, for loops that have no time to look at the plan itself."""


class Plans(dict[bytes, Step]):
    """Plans by the bytes that start an element; made when they are first met. Raises `Odd`, `Short`."""

    def __init__(self, planner: Planner) -> None:
        super().__init__()
        self._planner = planner

    def __missing__(self, head: bytes) -> Step:
        plan = self._planner(head)
        step = (plan.action, plan.tag, plan.size, plan)
        if len(self) >= _MAX_PLANS:
            self.clear()
        self[head] = step
        return step

    def of_long(self, head: bytes) -> Step:
        """For the 12 bytes that start an element which has its length in the last four."""
        if len(head) < _LONG_START:
            raise Short
        return self[head]


EXPLICIT_PLANS, IMPLICIT_PLANS = Plans(explicit_plan), Plans(implicit_plan)
