"""Huffman codes of samples (EN 1064 section 5.5 and annex C): the default table, or tables that the file brings."""

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from storage.domain.errors import UnreadableEcg

_DEFAULT_MARK = 19999
_STRUCTURE = struct.Struct("<BBBhI")
_MOST_TABLES, _MOST_CODES, _LONGEST = 64, 4096, 32


class Code(NamedTuple):
    """What a prefix stands for: `value`, or (where `extra` bits follow the prefix) a signed number of that many bits.

    `table` is the table to go on with, from 0, or None: such a code stands for no sample.
    """

    value: int
    extra: int
    table: int | None = None


Table = dict[tuple[int, int], Code]
"""By length and bits of the prefix, the first bit the most significant."""


def _default() -> Table:
    """Annex C, table C.1: values up to 8 either way, and escapes to 8 and 16 bits."""
    table: Table = {(1, 0): Code(0, 0)}
    for value in range(1, 9):
        ones = (1 << value) - 1
        length = value + 2
        table[length, ones << 2] = Code(value, 0)
        table[length, ones << 2 | 1] = Code(-value, 0)
    escape = (1 << 9) - 1
    return table | {(10, escape << 1): Code(0, 8), (10, escape << 1 | 1): Code(0, 16)}


DEFAULT = _default()


def read_tables(section: bytes | None) -> Sequence[Table] | None:
    """Of section 2; None when the samples are not Huffman coded at all. Raises `UnreadableEcg`."""
    if section is None:
        return None
    if len(section) < 2:  # noqa: PLR2004 - the number of tables
        raise UnreadableEcg("The Huffman tables of the SCP-ECG file are cut off.")
    (count,) = struct.unpack_from("<H", section)
    if count == _DEFAULT_MARK:
        return [DEFAULT]
    if not 0 < count <= _MOST_TABLES:
        raise UnreadableEcg("The SCP-ECG file has no Huffman table that makes sense.")
    tables, at = [], 2
    for _ in range(count):
        table, at = _table(section, at, count)
        tables.append(table)
    return tables


def _table(section: bytes, at: int, count: int) -> tuple[Table, int]:
    try:
        (codes,) = struct.unpack_from("<H", section, at)
        rows = [_STRUCTURE.unpack_from(section, at + 2 + number * _STRUCTURE.size) for number in range(codes)]
    except struct.error as error:
        raise UnreadableEcg("The Huffman tables of the SCP-ECG file are cut off.") from error
    table: Table = {}
    for prefix, whole, is_sample, value, bits in rows:
        if not 0 < prefix <= whole <= _LONGEST or codes > _MOST_CODES:
            raise UnreadableEcg("A Huffman table of the SCP-ECG file makes no sense.")
        if not is_sample and not 0 < value <= count:
            raise UnreadableEcg("A Huffman table of the SCP-ECG file leads to one that is not there.")
        table[prefix, _reversed(bits, prefix)] = Code(value, whole - prefix, None if is_sample else value - 1)
    return table, at + 2 + codes * _STRUCTURE.size


def _reversed(bits: int, length: int) -> int:
    """Base codes are written with their first bit as the least significant."""
    return int(f"{bits & ((1 << length) - 1):0{length}b}"[::-1], 2)


def decode(data: bytes, tables: Sequence[Table], count: int) -> list[int]:
    """The first `count` values. Raises `UnreadableEcg` when there are fewer, or a code is of no table."""
    bits = iter(np.unpackbits(np.frombuffer(data, np.uint8)).tolist())
    values: list[int] = []
    table = tables[0]
    try:
        while len(values) < count:
            code = _next(bits, table)
            if code.table is not None:
                table = tables[code.table]
            else:
                values.append(_signed(bits, code.extra) if code.extra else code.value)
    except StopIteration as error:
        raise UnreadableEcg("The samples of the SCP-ECG file end too early.") from error
    return values


def _next(bits: Iterator[int], table: Table) -> Code:
    length = prefix = 0
    while length < _LONGEST:
        length, prefix = length + 1, prefix << 1 | next(bits)
        if (length, prefix) in table:
            return table[length, prefix]
    raise UnreadableEcg("The samples of the SCP-ECG file are damaged.")


def _signed(bits: Iterator[int], length: int) -> int:
    number = 0
    for _ in range(length):
        number = number << 1 | next(bits)
    return number - (1 << length) if number >> (length - 1) else number
