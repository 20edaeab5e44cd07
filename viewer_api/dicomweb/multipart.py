"""Frames on the wire: content negotiation and multipart/related bodies (PS3.18 8.6.1.2, 8.7)."""

import re
from dataclasses import dataclass

from storage.domain.canonical import sha256_hex
from viewer_api.dicomweb.transfer_syntaxes import RAW

_PARAMETER = re.compile(r';\s*([\w-]+)\s*=\s*("[^"]*"|[^;,\s]+)')
_OCTETS = "application/octet-stream"


@dataclass(frozen=True)
class Wanted:
    """One of the encodings that a client takes. `syntax` is `*` for any."""

    multipart: bool
    syntax: str


def wanted_encodings(accept: str) -> list[Wanted]:
    """What `Accept` allows for frames, in the client's order.

    Without a transfer-syntax parameter the default is Explicit VR Little Endian (PS3.18 8.7.3.5.2); with no preference
    at all the stored encoding is sent.
    """
    if not accept.strip():
        return [Wanted(multipart=True, syntax="*")]
    found = (_wanted(part) for part in _split(accept))
    return [wanted for wanted in found if wanted is not None]


def _wanted(part: str) -> Wanted | None:
    media_type = part.partition(";")[0].strip().lower()
    parameters = {name.lower(): value.strip('"') for name, value in _PARAMETER.findall(part)}
    if media_type == "*/*":
        return Wanted(multipart=True, syntax=parameters.get("transfer-syntax", "*"))
    if media_type == "multipart/related":
        inner = parameters.get("type", _OCTETS).lower()
        known = inner in (_OCTETS, "*/*")
        return Wanted(multipart=True, syntax=parameters.get("transfer-syntax", RAW)) if known else None
    if media_type == _OCTETS:
        return Wanted(multipart=False, syntax=parameters.get("transfer-syntax", RAW))
    return None


def _split(accept: str) -> list[str]:
    return re.findall(r'(?:[^,"]|"[^"]*")+', accept)


def choose(accept: str, delivered: str) -> Wanted | None:
    """The first encoding that the client takes and that can be made of frames delivered in `delivered`."""
    possible = (delivered, RAW, "*")
    return next((wanted for wanted in wanted_encodings(accept) if wanted.syntax in possible), None)


def multipart_body(parts: list[tuple[str, bytes]], etag: str) -> tuple[str, bytes]:
    """Content type and body of frames with their transfer syntaxes.

    The same frames give the same bytes, boundary included, so that ranges of the body fit together.
    """
    boundary = f"frame-{sha256_hex(etag.encode())[:32]}"
    chunks: list[bytes] = []
    for syntax, data in parts:
        chunks.append(f"--{boundary}\r\nContent-Type: {_OCTETS}; transfer-syntax={syntax}\r\n\r\n".encode())
        chunks += [data, b"\r\n"]
    chunks.append(f"--{boundary}--\r\n".encode())
    return f'multipart/related; type="{_OCTETS}"; boundary={boundary}', b"".join(chunks)


def single_type(syntax: str) -> str:
    """The content type of one frame without a multipart envelope."""
    return f"{_OCTETS}; transfer-syntax={syntax}"
