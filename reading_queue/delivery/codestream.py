"""Lossless HTJ2K as transfer syntax 1.2.840.10008.1.2.4.202 wants it (PS3.5 10.18, ISO/IEC 15444-15)."""

import imagecodecs
import numpy as np
from pydicom.uid import HTJ2KLosslessRPCL

from reading_queue.preprocessing.decoding import Pixels

SYNTAX = str(HTJ2KLosslessRPCL)

_LEVELS, _SMALLEST = 5, 64
"""Decompositions, and the longest side that the smallest resolution may have."""

_TYPES = frozenset({"uint8", "uint16", "int16"})


class NotExact(Exception):
    """The codestream does not give back the pixels that went in."""


def can_encode(pixels: Pixels) -> bool:
    """Whether browsers' decoders take such samples: 8 bits without sign, or 16 bits with or without."""
    return pixels.dtype.name in _TYPES


def encode_exact(pixels: Pixels) -> bytes:
    """The codestream of a frame of (rows, columns) or (rows, columns, 3): RPCL order, with TLM, decoded again to compare.

    Raises `NotExact` when a single sample differs.
    """
    levels = _LEVELS
    while max(pixels.shape[:2]) > _SMALLEST << levels:
        levels += 1
    encoded = imagecodecs.htj2k_encode(
        np.ascontiguousarray(pixels), reversible=True, tlm=True, tilepart=1, resolutions=levels
    )
    decoded = imagecodecs.htj2k_decode(encoded)
    if decoded.dtype != pixels.dtype or not np.array_equal(decoded, pixels):
        raise NotExact
    return bytes(encoded)
