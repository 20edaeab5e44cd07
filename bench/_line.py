"""A radiograph over a slow line: when there is a picture to look at, and when there is every bit of it."""

import http.client
import io
import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
import imagecodecs
import pydicom
from PIL import Image

from bench._served import FRAMES, Images, Server
from tests.services.shaping import BadLine, Shape

LINE = Shape(rate=10e6 / 8, latency=0.1)
"""10 Mbit/s, and 200 ms there and back."""

_HALF, _QUARTER = 1, 2
_PIECE = 16 << 10


@dataclass(frozen=True)
class Arrival:
    """Seconds from the request, on a connection that is open already as in a browser at work."""

    quarter: float
    half: float
    whole: float


def run(ours: Server, theirs: Server, images: Images) -> None:
    """Print the table. Whoever looks has the application open, and nothing of this study."""
    print(
        "\n| radiograph over 10 Mbit/s, 200 ms | server | first useful picture s | lossless s | MB |\n|---|---|---|---|---|"
    )
    stored = pydicom.dcmread(images.files[0]).pixel_array
    path = f"{ours.instances(images)[0]}/frames/1"
    preview = f"/api/v1/studies/{images.study}/series/{images.series}/preview"
    with BadLine(int(ours.url.rpartition(":")[2]), LINE) as slow:
        took, data = _get(slow.port, preview, ours.headers)
        width = Image.open(io.BytesIO(data)).width
        print(f"| preview, {width} pixels wide | {ours.name} | {took:.2f} | | {len(data) / 1e6:.2f} |")
    with BadLine(int(ours.url.rpartition(":")[2]), LINE) as slow:
        arrival, size = _progressive(slow.port, path, {**ours.headers, "Accept": FRAMES + "*"}, stored)
        print(
            f"| HTJ2K while it comes | {ours.name} | {arrival.quarter:.2f} (1/4), {arrival.half:.2f} (1/2) "
            f"| {arrival.whole:.2f} | {size / 1e6:.2f} |"
        )
    with BadLine(int(theirs.url.rpartition(":")[2]), LINE) as slow:
        took, data = _get(slow.port, f"{theirs.instances(images)[0]}/rendered", {"Accept": "image/jpeg"})
        print(f"| rendered | {theirs.name} | {took:.2f} | | {len(data) / 1e6:.2f} |")
    with BadLine(int(theirs.url.rpartition(":")[2]), LINE) as slow:
        accept = {"Accept": 'multipart/related; type="application/octet-stream"'}
        took, data = _get(slow.port, f"{theirs.instances(images)[0]}/frames/1", accept)
        print(f"| frame | {theirs.name} | {took:.2f} | {took:.2f} | {len(data) / 1e6:.2f} |", flush=True)


def _opened(port: int) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", "/")
    connection.getresponse().read()
    return connection


def _get(port: int, path: str, headers: Mapping[str, str]) -> tuple[float, bytes]:
    connection = _opened(port)
    started = time.monotonic()
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    data = answer.read()
    if answer.status != httpx.codes.OK:
        message = f"{path}: {answer.status}"
        raise SystemExit(message)
    return time.monotonic() - started, data


def _progressive(port: int, path: str, headers: Mapping[str, str], stored: object) -> tuple[Arrival, int]:
    """Decode at each resolution as soon as its bytes are there; the last must be what is stored, bit for bit."""
    connection = _opened(port)
    started = time.monotonic()
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    body, seen = bytearray(), {}
    total = int(answer.headers["Content-Length"])
    while piece := answer.read1(_PIECE):
        body += piece
        for level, share in ((_QUARTER, 0.10), (_HALF, 0.30)):
            if level not in seen and len(body) > share * total and _decodes(bytes(body), level):
                seen[level] = time.monotonic() - started
    frame = _codestream(bytes(body))
    exact = bool((imagecodecs.htj2k_decode(frame) == stored).all())  # type: ignore[attr-defined]
    whole = time.monotonic() - started
    if not exact:
        raise SystemExit("The frame is not what is stored.")
    return Arrival(seen[_QUARTER], seen[_HALF], whole), total


def _decodes(body: bytes, level: int) -> bool:
    try:
        imagecodecs.htj2k_decode(_codestream(body), skipres=level, resilient=True)
    except imagecodecs.Htj2kError:
        return False
    return True


def _codestream(body: bytes) -> bytes:
    return body[body.index(b"\xff\x4f\xff\x51") :]
