"""`/api/v1/studies/{study}/series/{series}/slices/{objects}`: images of many objects in one answer.

A stack of slices is an object each (PS3.3 A.3): asked for one by one, each costs the way there and back. WADO-RS gives many
frames of one object or all of a series, and nothing between (PS3.18 10.4).
"""

from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Header, Path, Response

from storage.domain.canonical import sha256_hex
from storage.domain.errors import Invalid, NotFound, ObjectNotFound
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.dicomweb.delivered_route import have_made_anew
from viewer_api.dicomweb.frames import StoredImage
from viewer_api.dicomweb.located import LocatedFrames
from viewer_api.dicomweb.media_types import OCTETS
from viewer_api.dicomweb.multipart import single_type
from viewer_api.dicomweb.streams import StreamedPart, multipart_stream
from viewer_api.http import FOREVER, matches, not_modified
from viewer_api.openapi import Responses, refusals
from viewer_api.services import Services
from viewer_api.studies.routes import Uid

router = APIRouter(prefix="/api/v1/studies", tags=["studies"])

_MOST = 64
_ANSWER: Responses = {
    200: {"content": {"multipart/related": {}}, "description": "One part an object, in the order that was asked for."},
    304: {"description": "The client has them."},
    **refusals(401, 403, 404),
}

SopUids = Annotated[
    str,
    Path(
        max_length=65 * _MOST,
        pattern=r"^[0-9.]{1,64}(,[0-9.]{1,64})*$",
        examples=["1.2.840.113619.2.55.3.1,1.2.840.113619.2.55.3.2"],
        description=f"SOP Instance UIDs of up to {_MOST} objects of one frame each, with commas between.",
    ),
]


@router.get(
    "/{study_instance_uid}/series/{series_instance_uid}/slices/{sop_instance_uids}",
    response_class=Response,
    responses=_ANSWER,
)
def retrieve_slices(
    study_instance_uid: Uid,
    series_instance_uid: Uid,
    sop_instance_uids: SopUids,
    caller: CallerDep,
    services: ServicesDep,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """The images of several objects of one frame each, as they were made for slow lines, else as they are stored.

    Each part names its transfer syntax, and in Content-Location the frame that it is (PS3.18 10.4.1.1.6).
    """
    names = sop_instance_uids.split(",")
    if len(names) > _MOST:
        raise Invalid(f"Ask for up to {_MOST} objects.")
    found = [services.located.find(caller.scope, study_instance_uid, series_instance_uid, name) for name in names]
    if any(not one.is_image for one in found):
        raise NotFound("There is no image in one of the objects.")
    if any(one.frames != 1 for one in found):
        raise Invalid("An object of several frames is asked for its frames.")
    services.opened.note(caller, "study_opened", f"study:{found[0].study_id}")
    etag = f'"{sha256_hex(",".join(map(_version, found)).encode())[:32]}"'
    headers = {"ETag": etag, "Cache-Control": FOREVER}
    if matches(if_none_match, etag):
        return not_modified(headers)
    root = f"/dicomweb/studies/{study_instance_uid}/series/{series_instance_uid}/instances"
    return multipart_stream(_parts(services, root, names, found), etag, OCTETS, headers)


def _version(one: LocatedFrames) -> str:
    return one.sha256 if one.delivered is None else one.delivered.sha256


def _parts(
    services: Services, root: str, names: Sequence[str], found: Sequence[LocatedFrames]
) -> Iterator[StreamedPart]:
    for name, one in zip(names, found, strict=True):
        syntax, data = _image(services, name, one)
        yield StreamedPart(single_type(syntax), iter((data,)), f"{root}/{name}/frames/1")


def _image(services: Services, name: str, one: LocatedFrames) -> tuple[str, bytes]:
    """Transfer syntax and bytes."""
    if one.delivered is not None:
        try:
            return one.delivered.transfer_syntax_uid, services.delivered.read(one.delivered, *one.delivered.locate(1))
        except ObjectNotFound:
            have_made_anew(services, name, one.study_id)
    return services.frames.frame(StoredImage(one.ref, one.transfer_syntax_uid, one.frames), 1)
