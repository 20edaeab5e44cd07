"""Lookup tables of the standard, as modality, VOI and palette tables share them (PS3.3 C.11.1.1, C.11.2.1.1, C.7.6.3.1.5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from reading_queue.preprocessing.attributes import numbers, value

Pixels = NDArray[Any]

MAX_ENTRIES = 1 << 16
DESCRIPTOR_VALUES = 3
_MAX_BITS = 16
_LEAST_BITS = 8


@dataclass(frozen=True, slots=True)
class LookupTable:
    """`entries[0]` stands for `first` and everything below, the last entry for everything above; entries have `bits` bits."""

    first: int
    entries: NDArray[np.uint16]
    bits: int

    def __call__(self, values: Pixels) -> NDArray[np.uint16]:
        """The entry of each value; fractions, which a rescale before a VOI LUT may leave, are rounded."""
        places = np.rint(values) if values.dtype.kind == "f" else values.astype(np.int64)
        found: NDArray[np.uint16] = self.entries[np.clip(places - self.first, 0, len(self.entries) - 1).astype(np.intp)]
        return found


def lookup_table(item: Dataset, *, little_endian: bool) -> LookupTable | None:
    """The table in an item of a Modality or VOI LUT Sequence; None when it is damaged or empty."""
    descriptor = numbers(item, "LUTDescriptor")
    data = value(item, "LUTData")
    if len(descriptor) != DESCRIPTOR_VALUES or data is None:
        return None
    count, first, bits = described(descriptor)
    entries = entries_of(data, count, little_endian=little_endian)
    if not len(entries):
        return None
    return LookupTable(first, entries[:count], _true_bits(entries, bits))


def described(descriptor: tuple[float, ...]) -> tuple[int, int, int]:
    """Entries (0 means 65536; read as negative where the first value made the whole descriptor signed), first value, bits."""
    count = int(descriptor[0]) & 0xFFFF or MAX_ENTRIES
    return count, int(descriptor[1]), int(descriptor[2])


def entries_of(data: Any, count: int, *, little_endian: bool) -> NDArray[np.uint16]:
    """Entries written as numbers (US), as 16 bit words or as bytes (OW, OB)."""
    if not isinstance(data, bytes | bytearray):
        several = data if isinstance(data, Iterable) else [data]
        return (np.array([int(one) for one in several], np.int64) & 0xFFFF).astype(np.uint16)
    if len(data) < 2 * count:
        return np.frombuffer(data, np.uint8).astype(np.uint16)
    return np.frombuffer(data[: len(data) // 2 * 2], "<u2" if little_endian else ">u2").astype(np.uint16)


def _true_bits(entries: NDArray[np.uint16], declared: int) -> int:
    """Some devices declare 16 bits over 10 or 12 bit entries, which would show a near black picture."""
    used = max(1, int(entries.max()).bit_length())
    if not 1 <= declared <= _MAX_BITS:
        return used
    return max(used, _LEAST_BITS) if used > declared or used <= declared - 2 else declared
