"""From UIDs to instances, metadata and frames."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from storage.db.models import Instance
from storage.db.queries import studies
from storage.db.session import UnitOfWork
from storage.domain.canonical import sha256_hex
from storage.domain.errors import Invalid, NotFound
from viewer_api.auth.service import Caller
from viewer_api.dicomweb.encoding import PixelTraits, encode_frame
from viewer_api.dicomweb.frames import FrameSource, StoredImage
from viewer_api.dicomweb.metadata import DicomJson, series_metadata
from viewer_api.dicomweb.multipart import Wanted, choose, multipart_body, single_type
from viewer_api.dicomweb.objects import ObjectRef
from viewer_api.dicomweb.selection import can_decode
from viewer_api.dicomweb.transfer_syntaxes import RAW, delivered_syntax
from viewer_api.services import Services

_MAX_FRAMES_AT_ONCE = 1000
_MAX_BYTES_AT_ONCE = 64 * 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True)
class InstanceRef:
    """Which instance a URL names."""

    study: str
    series: str
    sop: str


def find_instance(work: UnitOfWork, named: InstanceRef) -> Instance:
    """Raise `NotFound` unless it is in scope, in that series and study."""
    series = studies.series_by_uid(work, named.study, named.series)
    return studies.instance_by_uid(work, series, named.sop)


def opened_instance(services: Services, caller: Caller, named: InstanceRef) -> Instance:
    """The instance, with a record on the audit chain that its study is being looked at."""
    with services.database.read(caller.scope) as work:
        found = find_instance(work, named)
    services.opened.note(caller, "study_opened", f"study:{found.study_id}")
    return found


@dataclass(frozen=True)
class FrameAnswer:
    """Frames as the client gets them."""

    content_type: str
    body: bytes


def frame_numbers(text: str) -> list[int]:
    """`1` or `1,2,3`, counted from 1. Raises `Invalid`."""
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        raise Invalid("Frames are numbers with commas between, counted from 1.") from None
    if not numbers or min(numbers) < 1 or len(numbers) > _MAX_FRAMES_AT_ONCE:
        raise Invalid(f"Ask for 1 to {_MAX_FRAMES_AT_ONCE} frames, counted from 1.")
    return numbers


def choose_encoding(accept: str, instance: Instance, frames: int) -> Wanted | None:
    """How the frames are sent; None when the client takes nothing that they can be sent in."""
    stored = instance.transfer_syntax_uid
    traits = PixelTraits.of_header(instance.header)
    wanted = choose(accept, delivered_syntax(stored), lambda syntax: can_decode(stored) and traits.can_be(syntax))
    return None if wanted is not None and not wanted.multipart and frames != 1 else wanted


def frames_etag(sha256: str, numbers: Sequence[int], wanted: Wanted) -> str:
    """Changes only with what is sent: objects never change."""
    what = f"{sha256}/{list(numbers)}/{wanted.multipart}/{wanted.syntax}/{wanted.media_type}"
    return f'"{sha256_hex(what.encode())[:32]}"'


def read_frames(source: FrameSource, instance: Instance, numbers: list[int], wanted: Wanted, etag: str) -> FrameAnswer:
    """Fetch the frames. Raises `NotFound`, `UnreadableObject`, or `Invalid` when they are too many for one answer."""
    image = StoredImage(ObjectRef.of(instance), instance.transfer_syntax_uid, instance.frames)
    parts: list[tuple[str, bytes]] = []
    total = 0
    for number in numbers:
        parts.append(read_frame(source, image, instance, number, wanted))
        total += len(parts[-1][1])
        if total > _MAX_BYTES_AT_ONCE and len(numbers) > 1:
            raise Invalid("These frames are too large for one answer: ask for fewer.")
    if wanted.multipart:
        return FrameAnswer(*multipart_body(parts, etag, wanted.media_type))
    return FrameAnswer(single_type(parts[0][0], wanted.media_type), parts[0][1])


def read_frame(
    source: FrameSource, image: StoredImage, instance: Instance, number: int, wanted: Wanted
) -> tuple[str, bytes]:
    """Transfer syntax and bytes of one frame. Raises `NotFound` or `UnreadableObject`."""
    if wanted.syntax in ("*", RAW, delivered_syntax(instance.transfer_syntax_uid)):
        return source.frame(image, number, raw=wanted.syntax == RAW)
    bits = PixelTraits.of_header(instance.header).bits_stored
    return wanted.syntax, encode_frame(source.pixels(image, number), wanted.syntax, bits)


def series_document(work: UnitOfWork, study_instance_uid: str, series_instance_uid: str) -> list[DicomJson]:
    """The metadata of a series. Raises `NotFound`."""
    series = studies.series_by_uid(work, study_instance_uid, series_instance_uid)
    instances = studies.instances_of(work, series)
    if not instances:
        raise NotFound("The series has no instances.")
    return series_metadata(instances)


def packed_json(body: bytes, *, gzip: bool) -> tuple[bytes, dict[str, str]]:
    """The body of a JSON document, and its headers."""
    headers = {"Vary": "Accept-Encoding"}
    if gzip:
        packer = zlib.compressobj(level=5, wbits=_GZIP)
        body = packer.compress(body) + packer.flush()
        headers["Content-Encoding"] = "gzip"
    return body, headers
