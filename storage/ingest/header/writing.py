"""Elements as members of a JSON object, remembered by their bytes."""

import re
from dataclasses import dataclass
from typing import Any

from storage.domain.documents import json_text
from storage.ingest.charset import Decode, TextReading
from storage.ingest.header.attributes import UID_TAGS, text_of_uid
from storage.ingest.header.memo import Memo
from storage.ingest.header.plans import Odd, Plan
from storage.ingest.json_values import (
    PALETTE,
    PIXEL_REPRESENTATION,
    SPECIFIC_CHARACTER_SET,
    TEXT_VRS,
    DicomJson,
    element_json,
    value_representation,
)

DECLARATION = '"00080005":{"vr":"CS","Value":["ISO_IR 192"]}'
"""Of the model itself, whatever the object declares: JSON is UTF-8."""

MAX_REMEMBERED = 4 << 10
_MAX_REMEMBERED_PALETTE = 256 << 10
_MEMORY = 8 << 20
_RAW_TAGS = frozenset({SPECIFIC_CHARACTER_SET, PIXEL_REPRESENTATION})
_UIDS = frozenset(UID_TAGS)
_DEPENDS_ON_CHARSET = re.compile(rb"[\x0e\x0f\x1b\x80-\xff]")
_PLAIN_TERMS = re.compile(rb"[A-Za-z0-9_ \\.-]{0,200}\0?")
_SIGNED = (b"\x01\x00", b"\x00\x01")

Noted = tuple[str, Any]
"""A member, and what to note of it: a UID as text, the bytes of the declared character set, whether pixels are signed, or
else the element as in the model (None where that leaves it out)."""


@dataclass(frozen=True)
class Memory:
    """Members by the bytes of their elements. `extents` has the lengths of sequences by the bytes that start them."""

    plain: Memo[str]
    noted: Memo[Noted]
    extents: Memo[int]


def _empty_memory() -> Memory:
    return Memory(Memo(_MEMORY), Memo(_MEMORY // 4), Memo(_MEMORY // 8))


EXPLICIT_MEMORY, IMPLICIT_MEMORY = _empty_memory(), _empty_memory()
"""Apart, since the same bytes may mean one thing in the one encoding and another in the other."""


def undecided(plan: Plan, element: bytes) -> bool:
    """Whether the meaning of the element depends on the character set."""
    return plan.vr in TEXT_VRS and _DEPENDS_ON_CHARSET.search(element, plan.start) is not None


class Writer:
    """Writes elements that are no sequences, for one object."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.signed: bool | None = None
        self._terms: tuple[str, ...] = ()
        self._decode: Decode = _as_ascii

    def read_text_by(self, reading: TextReading) -> None:
        """From here on what was undecided can be written."""
        self._terms, self._decode = reading.terms, reading.decode

    def plain(self, plan: Plan, element: bytes) -> str:
        """The member; empty where the model leaves the element out. Raises `Odd`."""
        key: object = element
        if plan.varies:
            key = element, self._sign()
        elif undecided(plan, element):
            key = element, self._terms
        written = self.memory.plain.get(key)
        if written is None:
            written = self._member(plan, self._json(plan, element))
        if len(element) <= (_MAX_REMEMBERED_PALETTE if plan.tag in PALETTE else MAX_REMEMBERED):
            self.memory.plain.keep(key, written, len(element) + len(written))
        return written

    def noted(self, plan: Plan, element: bytes) -> Noted:
        """The member of an element that the catalogue asks for. Raises `Odd`."""
        key: object = (element, self._terms) if undecided(plan, element) else element
        written = self.memory.noted.get(key)
        if written is None:
            written = self._noted(plan, element)
        if len(element) <= MAX_REMEMBERED:
            self.memory.noted.keep(key, written, len(element) + 2 * len(written[0]))
        return written

    def _noted(self, plan: Plan, element: bytes) -> Noted:
        value = element[plan.start :]
        if plan.tag == SPECIFIC_CHARACTER_SET:
            require_plain_terms(plan, element)
            return DECLARATION, value
        content = self._json(plan, element)
        member = self._member(plan, content)
        if plan.tag in _UIDS:
            return member, text_of_uid(value)
        if plan.tag == PIXEL_REPRESENTATION:
            return member, value in _SIGNED
        return member, content

    def _sign(self) -> bool:
        if self.signed is None:
            raise Odd
        return self.signed

    def _json(self, plan: Plan, element: bytes) -> DicomJson | None:
        vr = value_representation(plan.tag, None, signed=self._sign()) if plan.varies else plan.vr
        return element_json(plan.tag, vr, element[plan.start :], self._decode)

    def _member(self, plan: Plan, content: DicomJson | None) -> str:
        return "" if content is None else f'"{plan.tag:08X}":{json_text(content)}'


def require_plain_terms(plan: Plan, element: bytes) -> None:
    """Raise `Odd` for a declared character set of which the tolerant reader might make something else."""
    if plan.vr != "CS" or _PLAIN_TERMS.fullmatch(element, plan.start) is None:
        raise Odd


def _as_ascii(value: bytes) -> str:
    return value.decode("ascii")
