"""Which of the forms of a resource the client takes (PS3.18 8.7.4 and 8.7.5, RFC 9110 12.5.1)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.datastructures import Headers, QueryParams

DICOM, JSON, XML = "application/dicom", "application/dicom+json", "application/dicom+xml"
OCTETS, RELATED, ANY = "application/octet-stream", "multipart/related", "*/*"

_PARAMETER = re.compile(r';\s*([\w-]+)\s*=\s*("[^"]*"|[^;,\s]+)')
_MOST = 64
"""More media types than any client writes."""


@dataclass(frozen=True)
class MediaRange:
    """One of the media types that a client takes; names in lower case. `inner` is what the parts of a multipart are."""

    type: str
    parameters: Mapping[str, str]
    quality: float = 1.0

    @property
    def is_multipart(self) -> bool:
        return self.type == RELATED

    @property
    def inner(self) -> str:
        """The type of the thing itself, within a multipart or not; `*/*` where a multipart does not say."""
        return self.parameters.get("type", ANY).lower() if self.is_multipart else self.type

    @property
    def syntax(self) -> str | None:
        """The transfer syntax parameter; None when there is none, `*` for any."""
        return self.parameters.get("transfer-syntax")


def media_ranges(accept: str) -> list[MediaRange]:
    """What the client takes, what it likes best first; nothing said means anything."""
    if not accept.strip():
        return [MediaRange(ANY, {})]
    found = [_media_range(part) for part in re.findall(r'(?:[^,"]|"[^"]*")+', accept)[:_MOST]]
    return sorted((one for one in found if one.type and one.quality > 0), key=lambda one: -one.quality)


def _media_range(part: str) -> MediaRange:
    parameters = {name.lower(): value.strip('"') for name, value in _PARAMETER.findall(part)}
    try:
        quality = min(1.0, max(0.0, float(parameters.pop("q", "1"))))
    except ValueError:
        quality = 0.0
    media_type = part.partition(";")[0].strip().lower()
    return MediaRange(ANY if media_type == "*" else media_type, parameters, quality)


class Asked(Protocol):
    """What of a request says which form is wanted; a request of FastAPI is one."""

    @property
    def headers(self) -> Headers: ...

    @property
    def query_params(self) -> QueryParams: ...


def accept_of(request: Asked) -> str:
    """The `accept` query parameter (PS3.18 8.3.3.1) counts before the header field."""
    chosen = request.query_params.getlist("accept")
    return ",".join(chosen) if chosen else request.headers.get("accept", "")


def accepted(request: Asked) -> list[MediaRange]:
    """What this request takes."""
    return media_ranges(accept_of(request))


def fits(wanted: str, offered: str) -> bool:
    """Whether the media type `offered` is one of `wanted`, which may end in `/*`."""
    if wanted in (ANY, offered):
        return True
    return wanted.endswith("/*") and offered.startswith(wanted[:-1])


def first_of(wanted: Sequence[MediaRange], offered: Sequence[str]) -> str | None:
    """The first of the `offered` media types that fits the range that the client likes best."""
    return next((one for media in wanted for one in offered if fits(media.inner, one)), None)
