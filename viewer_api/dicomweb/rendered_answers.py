"""Rendered resources and thumbnails (PS3.18 10.4.1.1.3, 10.4.1.1.4, 8.7.4)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fastapi import Request, Response

from reading_queue.preprocessing.decoding import UndecodableImage, read_dataset
from reading_queue.preprocessing.representative import pick_representative, representative_index
from reading_queue.preprocessing.thumbnails import thumbnail_for
from storage.db.models import Instance
from storage.domain.errors import NotAcceptable, NotFound, UnreadableObject
from viewer_api.dicomweb.bulk_values import find_value
from viewer_api.dicomweb.frames import FrameSource, StoredImage
from viewer_api.dicomweb.located import LocatedFrames
from viewer_api.dicomweb.media_types import ANY, RELATED, Asked, accepted, first_of
from viewer_api.dicomweb.metadata import value
from viewer_api.dicomweb.objects import ObjectReader, ObjectRef
from viewer_api.dicomweb.rendering import GIF, JPEG, PNG, Frames, Shown, animated, encoded, frame_rate, rendered_frame
from viewer_api.dicomweb.rendering_query import Rendering, parse_rendering
from viewer_api.dicomweb.retrieval import REVALIDATED, Opened, etag_of, image_of
from viewer_api.dicomweb.selection import can_decode
from viewer_api.dicomweb.single_frames import FrameReader, ShownFrames, header_dataset
from viewer_api.dicomweb.streams import StreamedPart, multipart_stream, ranged_stream
from viewer_api.http import FOREVER, matches, not_modified
from viewer_api.services import Services

_PDF = "application/pdf"
_PICTURES = (JPEG, PNG, GIF)
_MOST_FRAMES = 300
_MOST_PIXELS = 100_000_000
"""Of all pictures of one GIF."""

_THUMBNAIL = 256
_DOCUMENT = "00420011"


def rendered_answer(opened: Opened, frames: Sequence[int] = ()) -> Response:
    """Pictures of `frames` of one instance, or of all instances. Raises `NotAcceptable`, `BadQuery`, `NotFound`."""
    request, services, resource, found = opened
    wanted = parse_rendering(request.query_params)
    if len(found) == 1 and _is_pdf(found[0]) and not frames:
        return pdf_answer(request, services, found[0])
    images = [one for one in found if one.rows is not None]
    if not images:
        raise NotFound("There is nothing to render: neither an image nor a PDF.")
    is_cine = len(images) == 1 and images[0].frames > 1 and not frames
    media_type = _media_type(request, cine=is_cine)
    etag = etag_of(images, "rendered", frames, media_type, wanted)
    headers = {"ETag": etag, "Cache-Control": FOREVER if resource.sop else REVALIDATED, "Vary": "Accept"}
    if matches(request.headers.get("if-none-match", ""), etag):
        return not_modified(headers)
    if len(images) == 1 and len(frames) <= 1 and not _wants_multipart(request):
        number = frames[0] if frames else 0
        return Response(picture_of(services, images[0], number, media_type, wanted), 200, headers, media_type)
    parts = _parts(opened._replace(instances=images), frames, media_type, wanted)
    return multipart_stream(parts, etag, media_type, headers)


def located_answer(asked: Asked, reader: ObjectReader, source: FrameSource, found: LocatedFrames) -> Response | None:
    """As `rendered_answer` of one image; None for what has several frames or is no image, and for a multipart.

    Raises `NotAcceptable`, `BadQuery`, `UnreadableObject`.
    """
    wanted = parse_rendering(asked.query_params)
    if not found.is_image or found.frames > 1 or _wants_multipart(asked):
        return None
    media_type = _media_type(asked, cine=False)
    etag = etag_of([found], "rendered", (), media_type, wanted)
    headers = {"ETag": etag, "Cache-Control": FOREVER, "Vary": "Accept"}
    if matches(asked.headers.get("if-none-match", ""), etag):
        return not_modified(headers)
    frames = _frames(reader, source, StoredImage(found.ref, found.transfer_syntax_uid, 1), wanted)
    return Response(encoded(rendered_frame(frames, 1, wanted), media_type, wanted.quality), 200, headers, media_type)


def _media_type(asked: Asked, *, cine: bool) -> str:
    offered = (GIF, JPEG, PNG) if cine else _PICTURES
    chosen = first_of(accepted(asked), offered)
    if chosen is None:
        raise NotAcceptable("Images are rendered as image/jpeg, image/png or image/gif.")
    return chosen


def _wants_multipart(asked: Asked) -> bool:
    return [one.type for one in accepted(asked)[:1]] == [RELATED]


def _frames(reader: ObjectReader, source: FrameSource, image: StoredImage, wanted: Rendering) -> Frames:
    """Names and techniques are written from the whole header; anything else takes a few elements of it."""
    return FrameReader(reader, source, image) if wanted.annotations else ShownFrames(reader, source, image)


def picture_of(services: Services, instance: Instance, number: int, media_type: str, wanted: Rendering) -> bytes:
    """Of frame `number`; 0 is all of them in a GIF, and otherwise the one that stands for the instance."""
    frames = _frames(services.objects, services.frames, image_of(instance), wanted)
    if number or instance.frames == 1:
        return encoded(rendered_frame(frames, number or 1, wanted), media_type, wanted.quality)
    if media_type == GIF:
        return animated(_cine(frames, wanted), frame_rate(frames.header))
    number = representative_index(frames.header) + 1
    return encoded(rendered_frame(frames, number, wanted), media_type, wanted.quality)


def _cine(frames: Frames, wanted: Rendering) -> list[Shown]:
    first = rendered_frame(frames, 1, wanted)
    count = frames.image.frames
    if count > _MOST_FRAMES or count * first.size > _MOST_PIXELS:
        raise NotAcceptable("The whole is too large for a GIF: ask for a smaller viewport, or for single frames.")
    return [first, *(rendered_frame(frames, number, wanted) for number in range(2, count + 1))]


def _parts(opened: Opened, frames: Sequence[int], media_type: str, wanted: Rendering) -> Iterator[StreamedPart]:
    for instance in opened.instances:
        address = opened.address_of(instance)
        for number in frames or (0,):
            picture = picture_of(opened.services, instance, number, media_type, wanted)
            place = f"{address}/frames/{number}/rendered" if number else f"{address}/rendered"
            yield StreamedPart(media_type, iter((picture,)), place)


def _is_pdf(instance: Instance) -> bool:
    return bool(value(instance.header, "00420012") == _PDF)


def pdf_answer(request: Request, services: Services, instance: Instance) -> Response:
    """The document of an Encapsulated PDF; ranges are honoured. Raises `NotAcceptable`."""
    if "contentType" not in request.query_params and first_of(accepted(request), (_PDF,)) is None:
        raise NotAcceptable("The document is application/pdf.")
    etag = etag_of([instance], "pdf")
    headers = {"ETag": etag, "Cache-Control": FOREVER, "Vary": "Accept"}
    if matches(request.headers.get("if-none-match", ""), etag):
        return not_modified(headers)
    document = find_value(services.objects, instance, _DOCUMENT)
    return ranged_stream(document.size, document.read, _PDF, headers, request.headers.get("range", ""))


def thumbnail_answer(opened: Opened, number: int = 0) -> Response:
    """A small picture that stands for the resource, never as a multipart. Raises `NotAcceptable`."""
    request, services, resource, found = opened
    wanted = parse_rendering({**request.query_params, "annotation": "", "overlays": "no"})
    ranges = accepted(request)
    media_type = first_of([one for one in ranges if not one.is_multipart], (JPEG, PNG))
    if media_type is None and not any(one.type == ANY for one in ranges):
        raise NotAcceptable("Thumbnails are image/jpeg or image/png.")
    instance = _standing_for(found)
    etag = etag_of([instance], "thumbnail", number, media_type, wanted)
    headers = {"ETag": etag, "Cache-Control": FOREVER if resource.sop else REVALIDATED, "Vary": "Accept"}
    if matches(request.headers.get("if-none-match", ""), etag):
        return not_modified(headers)
    if instance.rows is None or not can_decode(instance.transfer_syntax_uid):
        return _sheet(services, instance, headers)
    sized = wanted if wanted.width else replace(wanted, width=_THUMBNAIL, height=_THUMBNAIL)
    picture = picture_of(services, instance, number, media_type or JPEG, sized)
    return Response(picture, 200, headers, media_type or JPEG)


def _standing_for(found: Sequence[Instance]) -> Instance:
    images = [one for one in found if one.rows is not None] or list(found)
    return images[pick_representative([header_dataset(one.header) for one in images])]


def _sheet(services: Services, instance: Instance, headers: dict[str, str]) -> Response:
    """What is no image has a picture too: its curves, or a sheet that says what it is."""
    try:
        picture = thumbnail_for(read_dataset(services.objects.whole(ObjectRef.of(instance))))
    except UndecodableImage as error:
        raise UnreadableObject(f"The object cannot be shown: {error.reason}.") from error
    return Response(picture.data, 200, headers, picture.media_type)
