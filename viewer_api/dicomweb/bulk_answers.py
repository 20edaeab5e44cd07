"""Bulk data and pixel data of an instance, a series or a study (PS3.18 10.4.1.1.5, 10.4.1.1.6)."""

from collections.abc import Iterator, Sequence

from fastapi import Response

from storage.db.models import Instance
from storage.domain.errors import NotAcceptable, NotFound
from viewer_api.dicomweb.bulk_values import BulkValue, find_value, pixel_tag, with_bulk_data
from viewer_api.dicomweb.media_types import ANY, OCTETS, RELATED, MediaRange, accept_of, accepted, fits
from viewer_api.dicomweb.metadata import DicomJson
from viewer_api.dicomweb.multipart import Wanted, single_type
from viewer_api.dicomweb.retrieval import REVALIDATED, Opened, etag_of, image_of
from viewer_api.dicomweb.service import choose_encoding, read_frame
from viewer_api.dicomweb.streams import StreamedPart, multipart_stream, ranged_stream
from viewer_api.dicomweb.transfer_syntaxes import LITTLE_ENDIAN, RAW
from viewer_api.http import FOREVER, matches, not_modified
from viewer_api.services import Services

_PIECE = 4 << 20


def value_answer(asked: Opened, path: str) -> Response:
    """One value of one instance: as the body, where a range of it can be had, or as a multipart of one part."""
    request, services, _, found = asked
    instance = found[0]
    if path.upper() == pixel_tag(instance.header) and instance.transfer_syntax_uid not in LITTLE_ENDIAN:
        return pixels_answer(asked)
    value = find_value(services.objects, instance, path)
    media = _taken(accepted(request), value.media_type)
    if media is None:
        raise NotAcceptable(f"The value is {value.media_type}.")
    etag = etag_of(found, path, media.is_multipart)
    headers = {"ETag": etag, "Cache-Control": FOREVER, "Vary": "Accept"}
    if matches(request.headers.get("if-none-match", ""), etag):
        return not_modified(headers)
    if media.is_multipart:
        address = f"{asked.address_of(instance)}/bulkdata/{path}"
        parts = [StreamedPart(value.media_type, _all_of(value), address)]
        return multipart_stream(parts, etag, value.media_type, headers)
    return ranged_stream(value.size, value.read, value.media_type, headers, request.headers.get("range", ""))


def _taken(wanted: Sequence[MediaRange], media_type: str) -> MediaRange | None:
    """Uncompressed values are in one transfer syntax; another that is asked for cannot be given."""
    return next(
        (
            one
            for one in wanted
            if (fits(one.inner, media_type) or one.inner == OCTETS) and one.syntax in (None, "*", RAW)
        ),
        None,
    )


def _all_of(value: BulkValue) -> Iterator[bytes]:
    return (value.read(place, min(place + _PIECE, value.size)) for place in range(0, value.size, _PIECE))


def bulk_answer(asked: Opened) -> Response:
    """Every value that the metadata only refers to, one part each; compressed pixels frame by frame."""
    return _many(asked, pixels_only=False)


def pixels_answer(asked: Opened) -> Response:
    """All frames of all instances that have some, one part each."""
    return _many(asked, pixels_only=True)


def _many(asked: Opened, *, pixels_only: bool) -> Response:
    request, _, resource, found = asked
    accept = accept_of(request)
    images = [one for one in found if pixel_tag(one.header)]
    if pixels_only and not images:
        raise NotFound("There are no pixels.")
    wanted = {one.id: choose_encoding(accept, one, frames=2) for one in images}
    if any(one is None for one in wanted.values()) or not _takes_many(accepted(request)):
        raise NotAcceptable("Bulk data is multipart/related, in the stored transfer syntax or an encoding of it.")
    etag = etag_of(found, "pixels" if pixels_only else "bulk", *wanted.values())
    headers = {"ETag": etag, "Cache-Control": FOREVER if resource.sop else REVALIDATED, "Vary": "Accept"}
    if matches(request.headers.get("if-none-match", ""), etag):
        return not_modified(headers)
    chosen = {key: one for key, one in wanted.items() if one is not None}
    inner = next((one.media_type for one in chosen.values()), OCTETS)
    parts = _parts(asked, chosen, pixels_only=pixels_only)
    return multipart_stream(parts, etag, inner, headers)


def _takes_many(wanted: Sequence[MediaRange]) -> bool:
    return any(one.type in (RELATED, ANY) for one in wanted)


def _parts(asked: Opened, wanted: dict[int, Wanted], *, pixels_only: bool) -> Iterator[StreamedPart]:
    services = asked.services
    for instance in asked.instances:
        address = asked.address_of(instance)
        if instance.id in wanted:
            yield from _frames(services, instance, wanted[instance.id], address)
        for path in [] if pixels_only else _other_values(with_bulk_data(instance.header, ""), instance):
            try:
                value = find_value(services.objects, instance, path)
            except NotFound:  # the header says no more than that there should be overlay data
                continue
            yield StreamedPart(value.media_type, _all_of(value), f"{address}/bulkdata/{path}")


def _frames(services: Services, instance: Instance, wanted: Wanted, address: str) -> Iterator[StreamedPart]:
    image = image_of(instance)
    for number in range(1, instance.frames + 1):
        syntax, data = read_frame(services.frames, image, instance, number, wanted)
        yield StreamedPart(single_type(syntax, wanted.media_type), iter((data,)), f"{address}/frames/{number}")


def _other_values(model: DicomJson, instance: Instance) -> Iterator[str]:
    """Paths of the values that are not pixels."""
    pixels = pixel_tag(instance.header)
    for tag, attribute in model.items():
        if tag == pixels:
            continue
        if "BulkDataURI" in attribute:
            yield attribute["BulkDataURI"].removeprefix("/bulkdata/")
        if attribute.get("vr") == "SQ":
            items = (item for item in attribute.get("Value") or [] if isinstance(item, dict))
            for item in items:
                uris = (one.get("BulkDataURI") for one in item.values() if isinstance(one, dict))
                yield from (uri.removeprefix("/bulkdata/") for uri in uris if uri)
