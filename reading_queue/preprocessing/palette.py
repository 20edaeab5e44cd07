"""Colour palettes, plain (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6) and segmented (C.7.9.2)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from reading_queue.preprocessing.attributes import is_little_endian, numbers, value
from reading_queue.preprocessing.errors import UndecodableImage
from reading_queue.preprocessing.lut import DESCRIPTOR_VALUES, MAX_ENTRIES, LookupTable, described, entries_of

_COLOURS = ("Red", "Green", "Blue")
_BYTE = 8
_DISCRETE, _LINEAR, _INDIRECT = 0, 1, 2
_DAMAGED = "the colour palette is damaged"


def palette_rgb(ds: Dataset, indices: NDArray[Any]) -> NDArray[np.uint8]:
    """(rows, columns, 3) of the palette colours. Raises UndecodableImage when the palette is missing or damaged.

    Entries declared with 16 bits that only ever use 8 are taken for 8 bit ones, as every viewer does.
    """
    tables = [_table(ds, colour) for colour in _COLOURS]
    shift = _BYTE if any(table.bits > _BYTE and table.entries.max() >> _BYTE for table in tables) else 0
    return np.stack([(table(indices) >> shift).astype(np.uint8) for table in tables], axis=-1)


def _table(ds: Dataset, colour: str) -> LookupTable:
    descriptor = numbers(ds, f"{colour}PaletteColorLookupTableDescriptor")
    if len(descriptor) != DESCRIPTOR_VALUES:
        raise UndecodableImage("no colour palette")
    count, first, bits = described(descriptor)
    entries = _entries(ds, colour, count, bits)
    if not len(entries):
        raise UndecodableImage(_DAMAGED)
    return LookupTable(first, entries[:count], bits)


def _entries(ds: Dataset, colour: str, count: int, bits: int) -> NDArray[np.uint16]:
    little = is_little_endian(ds)
    plain = value(ds, f"{colour}PaletteColorLookupTableData")
    if plain is not None:
        return entries_of(plain, count, little_endian=little)
    segmented = value(ds, f"Segmented{colour}PaletteColorLookupTableData")
    if segmented is None:
        raise UndecodableImage("no colour palette")
    if bits == _BYTE and isinstance(segmented, bytes):
        return _Segments(list(segmented), entry_bytes=1).expanded()
    return _Segments(entries_of(segmented, 0, little_endian=little).tolist(), entry_bytes=2).expanded()


class _Segments:
    """Segmented palette data: opcode, length and operands, one after the other."""

    def __init__(self, words: list[int], *, entry_bytes: int) -> None:
        self._words = words
        self._entry_bytes = entry_bytes
        self._made: list[int] = []

    def expanded(self) -> NDArray[np.uint16]:
        """All entries. A single zero may pad the data at its end."""
        position = 0
        while position + 1 < len(self._words) and len(self._made) < MAX_ENTRIES:
            position = self._indirect(position) if self._words[position] == _INDIRECT else self._direct(position)
        return np.array(self._made[:MAX_ENTRIES], np.uint16)

    def _direct(self, position: int) -> int:
        """Expands the discrete or linear segment at `position`; where the next one begins."""
        opcode, length = self._words[position : position + 2]
        operands = position + 2
        if opcode == _DISCRETE:
            self._made += self._words[operands : operands + length]
            return operands + length
        if opcode != _LINEAR or not self._made or operands >= len(self._words):
            raise UndecodableImage(_DAMAGED)
        start, end = self._made[-1], self._words[operands]
        self._made += [round(start + (end - start) * step / length) for step in range(1, length + 1)]
        return operands + 1

    def _indirect(self, position: int) -> int:
        """Repeats segments that begin at a byte offset of the data (C.7.9.2.3); these cannot be indirect themselves."""
        count = self._words[position + 1]
        after = position + 2 + 4 // self._entry_bytes
        source = self._offset(self._words[position + 2 : after]) // self._entry_bytes
        for _ in range(count):
            if source + 1 >= position or len(self._made) >= MAX_ENTRIES:
                raise UndecodableImage(_DAMAGED)
            source = self._direct(source)
        return after

    def _offset(self, words: list[int]) -> int:
        return sum(word << 8 * self._entry_bytes * place for place, word in enumerate(words))
