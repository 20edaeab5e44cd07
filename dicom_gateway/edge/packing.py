"""An object of the spool as segments: its frames compressed without loss where that makes them smaller, the rest deflated."""

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from dicom_gateway.edge.pixels import NativePixels, find_native_pixels
from storage.edge.pictures import Codec
from storage.edge.segments import PIECE, pack, pack_frame


def digest(stream: BinaryIO) -> tuple[int, str]:
    """Size and SHA-256 of what is left of `stream`."""
    size, running = 0, hashlib.sha256()
    while piece := stream.read(PIECE):
        size += len(piece)
        running.update(piece)
    return size, running.hexdigest()


def pack_data_set(stream: BinaryIO, size: int, transfer_syntax_uid: str, *, plain: bool = False) -> Iterator[bytes]:
    """Segments of the data set of `size` bytes that starts here; `plain` leaves the frames as they are.

    Every codestream has been decoded and compared before it is given out (`storage.edge.pictures.encode_frame`).
    """
    start = stream.tell()
    pixels = None if plain else find_native_pixels(stream, size, transfer_syntax_uid)
    stream.seek(start)
    if pixels is None:
        yield from _pieces(stream, size)
        return
    yield from _pieces(stream, pixels.offset)
    yield from _frames(stream, pixels)
    yield from _pieces(stream, size - pixels.offset - pixels.frames * pixels.layout.size)


def _pieces(stream: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0 and (piece := stream.read(min(size, PIECE))):
        size -= len(piece)
        yield pack(piece)


def _frames(stream: BinaryIO, pixels: NativePixels) -> Iterator[bytes]:
    """All codecs are tried until one wins; the other frames of the object are like that one."""
    codecs: tuple[Codec, ...] = tuple(Codec)
    for _ in range(pixels.frames):
        segment, winner = pack_frame(stream.read(pixels.layout.size), pixels.layout, codecs)
        if winner is not None:
            codecs = (winner,)
        yield segment
