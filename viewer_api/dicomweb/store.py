"""STOW-RS (PS3.18 section 10.5): objects into the same intake as those that come by C-STORE."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from storage.domain.errors import BrokenMultipart, CountyReadError, StorageFull
from storage.ingest.door import Delivery
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.dicomweb.answers import root_of
from viewer_api.dicomweb.media_types import accepted, first_of
from viewer_api.dicomweb.multipart_reader import MediaType, Part, read_parts
from viewer_api.dicomweb.native_xml import to_xml
from viewer_api.dicomweb.store_metadata import SplitObjects, about, gathered, write_part10
from viewer_api.dicomweb.store_results import Failure, FailureReason, StoreResults
from viewer_api.errors import problem
from viewer_api.openapi import Responses, refusals
from viewer_api.services import Services
from viewer_api.studies.routes import Uid
from viewer_api.uploads.body import BodyStream, in_thread
from viewer_api.uploads.intake import Origin, origin_of

router = APIRouter(prefix="/dicomweb/studies", tags=["dicomweb"])

_DICOM, _JSON, _XML, _RELATED = (
    "application/dicom",
    "application/dicom+json",
    "application/dicom+xml",
    "multipart/related",
)
_ACTION = "objects_stored"
_ANSWERS: Responses = {
    **{
        status: {"content": {_JSON: {}, _XML: {}}, "description": description}
        for status, description in {
            200: "All objects are stored (PS3.18 10.5.3).",
            202: "Some objects are stored; the Failed SOP Sequence says which are not, and why.",
            409: "No object is stored; the Failed SOP Sequence says why.",
            507: "There is no room; nothing was stored.",
        }.items()
    },
    400: {"description": "The body is not the multipart that its Content-Type announces."},
    415: {"description": "Neither application/dicom nor application/dicom+json or application/dicom+xml."},
}
Institution = Annotated[str, Query(max_length=64, examples=["t01"])]
"""Whose images these are; clinics need not say."""


@router.post("", response_class=Response, responses={**_ANSWERS, **refusals(401, 403, 404)})
async def store_objects(
    request: Request, caller: CallerDep, services: ServicesDep, institution: Institution = ""
) -> Response:
    """Store objects of any studies: `multipart/related` with `application/dicom` parts, or with metadata as
    `application/dicom+json` or `application/dicom+xml` and its bulk data. Each object is taken or refused for itself.
    """
    return await _store(request, caller, services, institution, "")


@router.post("/{study_instance_uid}", response_class=Response, responses={**_ANSWERS, **refusals(401, 403, 404)})
async def store_objects_of_study(
    study_instance_uid: Uid, request: Request, caller: CallerDep, services: ServicesDep, institution: Institution = ""
) -> Response:
    """Store objects of one study; objects of others are refused."""
    return await _store(request, caller, services, institution, study_instance_uid)


async def _store(
    request: Request, caller: CallerDep, services: Services, institution: str, study_instance_uid: str
) -> Response:
    kind = MediaType.parse(request.headers.get("content-type", ""))
    if not _is_stored(kind):
        return problem(415, "unsupported_media_type", "Send multipart/related with application/dicom parts.")
    origin = await in_thread(services.intake.bodies, origin_of, services.database, caller, institution, _ACTION)
    address = request.client.host if request.client else ""
    storing = _Storing(services, origin, address, study_instance_uid)
    results = await in_thread(services.intake.bodies, storing.run, BodyStream(request), kind)
    if results.status == HTTPStatus.BAD_REQUEST:
        return problem(400, "no_objects", "The body has no parts.")
    document = results.document(root_of(request))
    if first_of(accepted(request), (_JSON, _XML)) == _XML:
        return Response(to_xml(document), results.status, media_type=_XML)
    return Response(json.dumps(document), results.status, media_type=_JSON)


def _is_stored(kind: MediaType) -> bool:
    related = kind.type == _RELATED and kind.parameters.get("type", _DICOM).lower() in (_DICOM, _JSON, _XML)
    return related or kind.type == _DICOM


@dataclass
class _Storing:
    """One request. What is durable before the body breaks off stays; the sender repeats all of it."""

    services: Services
    origin: Origin
    address: str
    study_instance_uid: str

    def run(self, body: BodyStream, kind: MediaType) -> StoreResults:
        """Raises `BrokenMultipart` when nothing of the body could be taken."""
        results = StoreResults()
        with self.services.intake.door().delivery(self.origin.device.ae_title, self.address) as delivery:
            try:
                self._take_all(body, kind, delivery, results)
            except BrokenMultipart:
                if not results.taken and not results.failures:
                    raise
                results.failures.append(Failure(FailureReason.CANNOT_UNDERSTAND))
        return results

    def _take_all(self, body: BodyStream, kind: MediaType, delivery: Delivery, results: StoreResults) -> None:
        if kind.type == _DICOM:
            self._take(delivery, body, results)
            return
        parts = read_parts(body, kind.parameters.get("boundary", ""))
        if kind.parameters.get("type", _DICOM).lower() in (_JSON, _XML):
            self._take_split(delivery, parts, results)
            return
        for part in parts:
            self._take_part(delivery, part, results)

    def _take_part(self, delivery: Delivery, part: Part, results: StoreResults) -> None:
        if part.media_type.type in (_DICOM, "application/octet-stream"):
            self._take(delivery, part.content, results)
        else:
            results.failures.append(Failure(FailureReason.UNSUPPORTED_MEDIA_TYPE))

    def _take(self, delivery: Delivery, stream: Any, results: StoreResults) -> None:
        try:
            results.taken.append(delivery.take(stream, study_instance_uid=self.study_instance_uid))
        except BrokenMultipart:
            raise
        except CountyReadError as error:
            results.fail(error)

    def _take_split(self, delivery: Delivery, parts: Iterator[Part], results: StoreResults) -> None:
        try:
            with gathered(parts, self.services.intake.workspace()) as split:
                for metadata in split.instances:
                    self._take_one(delivery, metadata, split, results)
        except (CountyReadError, OSError) as error:
            if isinstance(error, BrokenMultipart):
                raise
            results.fail(error if isinstance(error, CountyReadError) else StorageFull("The disk is full."))

    def _take_one(
        self, delivery: Delivery, metadata: dict[str, Any], split: SplitObjects, results: StoreResults
    ) -> None:
        with tempfile.TemporaryFile(dir=self.services.intake.workspace()) as file:
            try:
                write_part10(metadata, split, file)
            except CountyReadError as error:
                error.about = about(metadata)
                results.fail(error)
                return
            file.seek(0)
            self._take(delivery, file, results)
