"""Rules as they were kept by an earlier release: what this one does not read is left out, rule by rule, and said."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reading_queue.hanging.checking import read_protocols
from reading_queue.hanging.vocabulary import Protocol
from storage.domain.errors import FieldFault, InvalidFields

_log = logging.getLogger(__name__)

_INSIDE = "protocols.0."


@dataclass(frozen=True)
class LeftOut:
    """A stored rule that makes no sense to this release, with every fault by the field's path inside the rule."""

    at: int
    """Its place among all that are stored, from 0."""
    said: Any
    faults: tuple[FieldFault, ...]

    def word(self, field: str) -> str:
        """What it says of `key`, `zh` or `en`; empty where it says nothing that can be shown."""
        value = self.said.get(field) if isinstance(self.said, Mapping) else None
        return value.strip()[:80] if isinstance(value, str) else ""


@dataclass(frozen=True)
class StoredRules:
    """The rules that hang exams, and those that do not any more."""

    protocols: tuple[Protocol, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def read_strictly(content: Mapping[str, Any]) -> StoredRules:
    """Nothing is left out. Raises `InvalidFields` with every field that makes no sense."""
    return StoredRules(read_protocols(content))


def read_stored(content: Mapping[str, Any]) -> StoredRules:
    """Never raises. Of two rules with one key the first is read."""
    said = content.get("protocols")
    found = list(_each(said if isinstance(said, list) else []))
    read = tuple(one for one in found if isinstance(one, Protocol))
    left_out = tuple(one for one in found if isinstance(one, LeftOut))
    if left_out:
        codes = sorted({fault.code for one in left_out for fault in one.faults})
        _log.warning("%d of %d stored rules for hanging are left out: %s", len(left_out), len(found), ", ".join(codes))
    return StoredRules(read, left_out)


def with_left_out(protocols: list[dict[str, Any]], left_out: Iterable[LeftOut]) -> dict[str, Any]:
    """Content to store: the rules, and between them what is not read, where it stood."""
    for one in left_out:
        protocols.insert(one.at, one.said)
    return {"protocols": protocols}


def _each(said: list[Any]) -> Iterator[Protocol | LeftOut]:
    known: set[str] = set()
    for at, one in enumerate(said):
        try:
            (protocol,) = read_protocols({"protocols": [one]})
        except InvalidFields as error:
            yield LeftOut(at, one, tuple(_inside(fault) for fault in error.faults))
            continue
        if protocol.key in known:
            yield LeftOut(at, one, (FieldFault("key", "used_twice", "is used twice."),))
            continue
        known.add(protocol.key)
        yield protocol


def _inside(fault: FieldFault) -> FieldFault:
    return FieldFault(fault.field.removeprefix(_INSIDE), fault.code, fault.advice)
