"""Frames on the wire: content negotiation and multipart/related bodies (PS3.18 8.6.1.2, 8.7)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from storage.domain.canonical import sha256_hex
from viewer_api.dicomweb.media_types import ANY, OCTETS, MediaRange, media_ranges
from viewer_api.dicomweb.transfer_syntaxes import RAW


@dataclass(frozen=True)
class Wanted:
    """One of the encodings that a client takes. `syntax` is `*` for any; `media_type` is what a part is then called."""

    multipart: bool
    syntax: str
    media_type: str = OCTETS


def wanted_encodings(accept: str) -> list[Wanted]:
    """What `Accept` allows for frames, what the client likes best first.

    Without a transfer-syntax parameter the default is that of the media type (PS3.18 table 8.7.3-5); with no preference
    at all the stored encoding is sent.
    """
    found = (_wanted(media) for media in media_ranges(accept))
    return [wanted for wanted in found if wanted is not None]


def _wanted(media: MediaRange) -> Wanted | None:
    if media.type == ANY:
        return Wanted(multipart=True, syntax=media.syntax or "*")
    if media.inner in (OCTETS, ANY):
        return Wanted(multipart=media.is_multipart, syntax=media.syntax or RAW)
    known = _IMAGE_TYPES.get(media.inner)
    if known is None:
        return None
    syntax = media.syntax or known[0]
    return Wanted(media.is_multipart, syntax, media.inner) if syntax in (*known, "*") else None


_IMAGE_TYPES: dict[str, tuple[str, ...]] = {
    "image/jpeg": (JPEGLosslessSV1, JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLossless),
    "image/dicom-rle": (RLELossless,),
    "image/jls": (JPEGLSLossless, JPEGLSNearLossless),
    "image/jp2": (JPEG2000Lossless, JPEG2000),
    "image/jphc": (HTJ2KLossless, HTJ2KLosslessRPCL, HTJ2K),
}
"""Media types of single frames with their transfer syntaxes, the default first (PS3.18 table 8.7.3-5)."""


def choose(accept: str, delivered: str, can_be: Callable[[str], bool] = (lambda _: False)) -> Wanted | None:
    """The encoding that the client likes best of those that frames delivered in `delivered` can be sent in.

    `can_be` says what else they can be encoded in.
    """
    for wanted in wanted_encodings(accept):
        if wanted.syntax == "*" and wanted.media_type != OCTETS:
            if delivered in _IMAGE_TYPES[wanted.media_type]:
                return replace(wanted, syntax=delivered)
        elif wanted.syntax in (delivered, RAW, "*") or can_be(wanted.syntax):
            return wanted
    return None


def multipart_body(parts: list[tuple[str, bytes]], etag: str, media_type: str = OCTETS) -> tuple[str, bytes]:
    """Content type and body of frames with their transfer syntaxes.

    The same frames give the same bytes, boundary included, so that ranges of the body fit together.
    """
    boundary = f"frame-{sha256_hex(etag.encode())[:32]}"
    chunks: list[bytes] = []
    for syntax, data in parts:
        chunks.append(f"--{boundary}\r\nContent-Type: {media_type}; transfer-syntax={syntax}\r\n\r\n".encode())
        chunks += [data, b"\r\n"]
    chunks.append(f"--{boundary}--\r\n".encode())
    return f'multipart/related; type="{media_type}"; boundary={boundary}', b"".join(chunks)


def single_type(syntax: str, media_type: str = OCTETS) -> str:
    """The content type of one frame without a multipart envelope."""
    return f"{media_type}; transfer-syntax={syntax}"
