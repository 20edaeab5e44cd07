"""XLI, the lossless packing of Philips ECGs: LZW of 10-bit codes over second differences, the high bytes before the low ones."""

import struct

import numpy as np
from numpy.typing import NDArray

from storage.domain.errors import UnreadableEcg

_HEADER = struct.Struct("<iHh")
_BITS = 10
_LAST_CODE = (1 << _BITS) - 2
_BIAS = 64
_MOST_BYTES = 64 << 20


def decode(data: bytes) -> list[NDArray[np.int16]]:
    """The channels in their order. Raises `UnreadableEcg`."""
    channels, at = [], 0
    while at + _HEADER.size <= len(data):
        size, _, start = _HEADER.unpack_from(data, at)
        at += _HEADER.size
        if not 0 < size <= len(data) - at:
            raise UnreadableEcg("A packed channel of the ECG is cut off.")
        channels.append(_channel(_unpacked(data[at : at + size]), start))
        at += size
    return channels


def _channel(packed: bytes, start: int) -> NDArray[np.int16]:
    packed += b"\0" * (len(packed) % 2)
    half = len(packed) // 2
    high, low = np.frombuffer(packed[:half], np.uint8), np.frombuffer(packed[half:], np.uint8)
    deltas = ((high.astype(np.uint16) << 8) | low).view(np.int16).astype(int).tolist()
    values, last = deltas[:2], start
    for delta in deltas[2:]:
        values.append(_wrapped(2 * values[-1] - values[-2] - last))
        last = delta - _BIAS
    return np.array(values, dtype=np.int16)


def _wrapped(value: int) -> int:
    """As 16-bit arithmetic has it: damaged data must not overflow."""
    return (value + 0x8000) % 0x10000 - 0x8000


def _unpacked(data: bytes) -> bytes:
    """LZW (Welch 1984) with codes of a fixed width, most significant bit first, and no clear code."""
    strings = [bytes([value]) for value in range(256)]
    out, previous, size = [], b"", 0
    for code in _codes(data):
        if code > _LAST_CODE:
            break
        if code < len(strings):
            text = strings[code]
        elif code == len(strings) and previous:
            text = previous + previous[:1]
        else:
            raise UnreadableEcg("A packed channel of the ECG is damaged.")
        if previous and len(strings) <= _LAST_CODE:
            strings.append(previous + text[:1])
        out.append(text)
        previous, size = text, size + len(text)
        if size > _MOST_BYTES:
            raise UnreadableEcg("A packed channel of the ECG is too long.")
    return b"".join(out)


def _codes(data: bytes) -> list[int]:
    bits = np.unpackbits(np.frombuffer(data, np.uint8))
    whole = bits[: len(bits) // _BITS * _BITS].reshape(-1, _BITS).astype(np.int64)
    found: list[int] = (whole @ (1 << np.arange(_BITS - 1, -1, -1))).tolist()
    return found
