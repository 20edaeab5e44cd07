"""Headers of compressed frames, read before any native decoder sees the bytes.

A codestream that contradicts the data set, or that ends early, is refused here: the native libraries would allocate what a
broken header asks for, and most of them fill the missing part of a picture with grey without a word.
"""
# ruff: noqa: PLR2004 - markers, lengths and limits are the formats' own numbers

from collections.abc import Iterator
from dataclasses import dataclass

from reading_queue.preprocessing.errors import UndecodableImage
from reading_queue.preprocessing.pixel_format import PixelFormat

_J2K_START = b"\xff\x4f\xff\x51"
_END = b"\xff\xd9"
_STANDALONE = {0x01, *range(0xD0, 0xD9)}
_FRAME_HEADERS = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}
_LOSSLESS_FRAMES = {0xC3, 0xC7, 0xCB, 0xCF}
_SOD, _SOT, _COD, _SOS = 0x93, 0x90, 0x52, 0xDA


@dataclass(frozen=True, slots=True)
class JpegHeader:
    """ISO/IEC 10918-1 or 14495-1 frame header. `subsampled` is about chroma, `adobe_transform` comes from the APP14 segment."""

    rows: int
    columns: int
    components: tuple[int, ...]
    precision: int
    lossless: bool
    jpeg_ls: bool
    subsampled: bool
    jfif: bool
    adobe_transform: int | None


@dataclass(frozen=True, slots=True)
class J2kHeader:
    """ISO/IEC 15444-1 SIZ and COD. `colour_transform`: the codestream itself turns its components into RGB."""

    rows: int
    columns: int
    components: int
    precision: int
    colour_transform: bool


def jpeg_header(data: bytes, fmt: PixelFormat) -> JpegHeader:
    """The header of a whole JPEG or JPEG-LS stream. Raises UndecodableImage when it contradicts `fmt` or ends early."""
    frame: tuple[int, bytes] | None = None
    jfif, adobe = False, None
    for marker, body, _ in _jpeg_segments(data):
        if marker in _FRAME_HEADERS:
            frame = (marker, body)
        elif marker == 0xE0 and body.startswith(b"JFIF"):
            jfif = True
        elif marker == 0xEE and body.startswith(b"Adobe") and len(body) >= 12:
            adobe = body[11]
    if frame is None:
        raise UndecodableImage("the compressed frame has no header")
    header = _frame_header(*frame, jfif=jfif, adobe=adobe)
    _agree(fmt, header.rows, header.columns, len(header.components), header.precision)
    return header


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Marker, body and end of every segment up to the first scan, which must be followed by an end of image."""
    position = data.find(b"\xff\xd8") + 2
    if not 2 <= position <= 16:
        raise UndecodableImage("the compressed frame does not begin as a JPEG")
    while position + 4 <= len(data):
        marker = data[position + 1]
        if data[position] != 0xFF:
            break
        if marker == 0xFF or marker in _STANDALONE:
            position += 1 if marker == 0xFF else 2
            continue
        end = position + 2 + int.from_bytes(data[position + 2 : position + 4])
        yield marker, data[position + 4 : end], end
        position = end
        if marker == _SOS:
            if data.find(_END, position) < 0:
                raise UndecodableImage("the compressed frame ends early")
            return
    raise UndecodableImage("the header of the compressed frame is damaged")


def _frame_header(marker: int, body: bytes, *, jfif: bool, adobe: int | None) -> JpegHeader:
    if len(body) < 6 or len(body) < 6 + 3 * body[5]:
        raise UndecodableImage("the header of the compressed frame is damaged")
    components = [body[at : at + 3] for at in range(6, 6 + 3 * body[5], 3)]
    return JpegHeader(
        rows=int.from_bytes(body[1:3]),
        columns=int.from_bytes(body[3:5]),
        components=tuple(one[0] for one in components),
        precision=body[0],
        lossless=marker in _LOSSLESS_FRAMES,
        jpeg_ls=marker == 0xF7,
        subsampled=len({one[1] for one in components}) > 1,
        jfif=jfif,
        adobe_transform=adobe,
    )


def j2k_header(data: bytes, fmt: PixelFormat) -> J2kHeader:
    """The header of a whole JPEG 2000 codestream, also inside JP2 boxes. Raises UndecodableImage as `jpeg_header` does."""
    start = data.find(_J2K_START, 0, 4096)
    siz = data[start + 6 : start + 6 + 38]
    if start < 0 or len(siz) < 38:
        raise UndecodableImage("the compressed frame does not begin as a JPEG 2000 codestream")
    right, bottom, left, top = (int.from_bytes(siz[at : at + 4]) for at in range(2, 18, 4))
    tile_width, tile_height = int.from_bytes(siz[18:22]), int.from_bytes(siz[22:26])
    components, precision = int.from_bytes(siz[34:36]), (siz[36] & 0x7F) + 1
    _agree(fmt, bottom - top, right - left, components, precision)
    if not tile_width or not tile_height or -(-right // tile_width) * -(-bottom // tile_height) > 65535:
        raise UndecodableImage("the compressed frame has an impossible number of tiles")
    return J2kHeader(bottom - top, right - left, components, precision, _colour_transform(data, start))


def _colour_transform(data: bytes, start: int) -> bool:
    """Reads COD of the main header, then walks the tile parts, all of which must be there (A.4.2)."""
    transform = False
    position = start + 2
    while position + 12 <= len(data):
        marker, length = data[position + 1], int.from_bytes(data[position + 2 : position + 4])
        if data[position] != 0xFF:
            break
        if marker == _COD:
            transform = data[position + 8] == 1
        if marker == _SOT:
            _check_tile_parts(data, position)
            return transform
        position += 2 + length
    raise UndecodableImage("the header of the compressed frame is damaged")


def _check_tile_parts(data: bytes, position: int) -> None:
    while data[position : position + 2] == b"\xff\x90":
        length = int.from_bytes(data[position + 6 : position + 10])
        if length == 0:  # the last tile part reaches to the end of the codestream, which only its end marker proves
            if data.find(_END, position) < 0:
                raise UndecodableImage("the compressed frame ends early")
            return
        if length < 14 or position + length > len(data):
            raise UndecodableImage("the compressed frame ends early")
        position += length
    if data[position : position + 1] not in (b"", b"\xff", b"\0"):
        raise UndecodableImage("the compressed frame is damaged")


def _agree(fmt: PixelFormat, rows: int, columns: int, components: int, precision: int) -> None:
    if (rows, columns, components) != (fmt.rows, fmt.columns, fmt.samples):
        raise UndecodableImage("the compressed frame has another size than the data set says")
    if not 1 <= precision <= fmt.bits_allocated:
        raise UndecodableImage("the compressed frame has deeper pixels than the data set says")
