"""What the retrieve routes share: the instances that a resource has, on record as opened, and their files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, Self

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from storage.db.models import Instance
from storage.db.queries.web_retrieve import instances_under
from storage.domain.canonical import sha256_hex
from storage.domain.errors import NotAcceptable
from storage.domain.studies import InstanceState
from viewer_api.auth.service import Caller
from viewer_api.dicomweb.answers import root_of
from viewer_api.dicomweb.frames import StoredImage
from viewer_api.dicomweb.media_types import DICOM, accepted
from viewer_api.dicomweb.objects import ObjectRef
from viewer_api.dicomweb.part10 import file_in
from viewer_api.dicomweb.presigning import presigned
from viewer_api.dicomweb.selection import Chosen, choose_files
from viewer_api.dicomweb.streams import StreamedPart, begun, multipart_stream
from viewer_api.http import FOREVER, matches, not_modified
from viewer_api.services import Services

REVALIDATED = "private, no-cache"
"""For what may get more under its URL."""


@dataclass(frozen=True)
class Resource:
    """A study, a series or an instance by its UIDs."""

    study: str
    series: str = ""
    sop: str = ""

    def address_of(self, request: Request, instance: Instance) -> str:
        """Of one of its instances."""
        series = instance.series.series_instance_uid
        return f"{root_of(request)}/studies/{self.study}/series/{series}/instances/{instance.sop_instance_uid}"


def opened(services: Services, caller: Caller, resource: Resource) -> Sequence[Instance]:
    """Its instances, with a record on the audit chain that their study is being looked at. Raises `NotFound`."""
    with services.database.read(caller.scope) as work:
        found = instances_under(work, resource.study, resource.series, resource.sop)
    services.opened.note(caller, "study_opened", f"study:{found[0].study_id}")
    return found


class Opened(NamedTuple):
    """What a request asks for, its instances, and that it was put on record: all that an answer is made of."""

    request: Request
    services: Services
    resource: Resource
    instances: Sequence[Instance]

    @classmethod
    def by(cls, request: Request, caller: Caller, services: Services, resource: Resource) -> Self:
        """Raises `NotFound`."""
        return cls(request, services, resource, opened(services, caller, resource))

    def address_of(self, instance: Instance) -> str:
        """Of one of the instances."""
        return self.resource.address_of(self.request, instance)


def image_of(instance: Instance) -> StoredImage:
    """The instance as its frames are read."""
    return StoredImage(ObjectRef.of(instance), instance.transfer_syntax_uid, instance.frames)


class Hashed(Protocol):
    """What has the hash of an object."""

    @property
    def sha256(self) -> str: ...


def etag_of(instances: Sequence[Hashed], *form: object) -> str:
    """Changes with the objects and with the form that they are sent in."""
    told = "/".join([*(one.sha256 for one in instances), *map(str, form)])
    return f'"{sha256_hex(told.encode())[:32]}"'


def files_answer(asked: Opened) -> Response:
    """The objects as Part 10 files. Raises `NotAcceptable`."""
    request, services, resource, found = asked
    chosen = choose_files(accepted(request), found)
    if chosen is None:
        raise NotAcceptable("The objects cannot be sent in any of the accepted media types and transfer syntaxes.")
    stored = len(found) == 1 and chosen.syntaxes[0] == found[0].transfer_syntax_uid and not chosen.multipart
    etag = f'"{found[0].sha256[:32]}"' if stored else etag_of(found, chosen)
    headers = {"ETag": etag, "Cache-Control": FOREVER if resource.sop else REVALIDATED, "Vary": "Accept"}
    if matches(request.headers.get("if-none-match", ""), etag):
        return not_modified(headers)
    if chosen.multipart:
        return multipart_stream(_parts(asked, chosen), etag, DICOM, headers)
    return single_file(services, found[0], chosen.syntaxes[0], headers)


def single_file(services: Services, instance: Instance, syntax: str, headers: dict[str, str]) -> Response:
    """One Part 10 file as the body."""
    is_stored = syntax == instance.transfer_syntax_uid and instance.state == InstanceState.STORED
    if is_stored and (elsewhere := presigned(services, instance.object_key)) is not None:
        return elsewhere
    told = {**headers, "Content-Disposition": f'attachment; filename="{instance.sop_instance_uid}.dcm"'}
    if syntax == instance.transfer_syntax_uid:
        told["Content-Length"] = str(instance.size)
    return StreamingResponse(begun(file_of(services, instance, syntax)), 200, told, DICOM)


def file_of(services: Services, instance: Instance, syntax: str) -> Iterator[bytes]:
    """The object as a Part 10 file in `syntax`."""
    image, has_pixels = image_of(instance), instance.rows is not None
    return file_in(services.objects, services.frames, image, syntax, has_pixels=has_pixels)


def _parts(asked: Opened, chosen: Chosen) -> Iterator[StreamedPart]:
    for instance, syntax in zip(asked.instances, chosen.syntaxes, strict=True):
        file = file_of(asked.services, instance, syntax)
        yield StreamedPart(f"{DICOM}; transfer-syntax={syntax}", file, asked.address_of(instance))
