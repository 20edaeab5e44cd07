"""Names and numbers that both ends of the line have to agree on; docs/edge.md describes the exchange."""

from enum import StrEnum

OFFSET, LENGTH, DIGEST = "Upload-Offset", "Upload-Length", "Content-Digest"
"""Headers of a piece: where it starts, how long the parcel is, and `sha-256=:BASE64:` of the piece (RFC 9530)."""

MAX_PIECE = 512 << 10
"""Bytes of one piece, under what proxies take without asking."""

KEY_PREFIX = "station_"
"""How every station's key starts, so that leaked ones can be found by scanners."""


class Outcome(StrEnum):
    """What became of an object of a parcel.

    DURABLE: it is in the server's spool and survives a power cut there. DAMAGED: what arrived is not what the station
    holds; send it anew. UNKNOWN_DEVICE: nobody at this institution is known by its calling AE title; keep it.
    """

    DURABLE = "durable"
    DAMAGED = "damaged"
    UNKNOWN_DEVICE = "unknown_device"
