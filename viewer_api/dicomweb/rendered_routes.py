"""WADO-RS, rendered resources and thumbnails of every level (PS3.18 10.4.1.1.3, 10.4.1.1.4)."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from viewer_api.dicomweb.rendered_answers import rendered_answer, thumbnail_answer
from viewer_api.dicomweb.retrieve_routes import INSTANCE, SERIES, STUDY, OfInstance, OfSeries, OfStudy
from viewer_api.dicomweb.service import frame_numbers
from viewer_api.openapi import Responses, refusals

router = APIRouter(prefix="/dicomweb/studies", tags=["dicomweb"])

_REFUSED: Responses = {400: {"description": "A parameter is malformed."}, **refusals(401, 403, 404, 406)}
_RENDERED: Responses = {
    200: {
        "content": {
            "image/jpeg": {},
            "image/png": {},
            "image/gif": {},
            "application/pdf": {},
            "multipart/related": {},
        },
        "description": "As the parameters window, viewport, quality and annotation want it (PS3.18 8.3.5).",
    },
    **_REFUSED,
}
_THUMBNAIL: Responses = {
    200: {"content": {"image/jpeg": {}, "image/png": {}}, "description": "A small picture that stands for the whole."},
    **_REFUSED,
}
Frames = Annotated[str, Path(max_length=8000, examples=["1", "1,2,3"])]


@router.get(STUDY + "/rendered", response_class=Response, responses=_RENDERED)
def retrieve_rendered_study(opened: OfStudy) -> Response:
    """A picture of each image of the study."""
    return rendered_answer(opened)


@router.get(SERIES + "/rendered", response_class=Response, responses=_RENDERED)
def retrieve_rendered_series(opened: OfSeries) -> Response:
    """A picture of each image of the series."""
    return rendered_answer(opened)


@router.get(INSTANCE + "/rendered", response_class=Response, responses=_RENDERED)
def retrieve_rendered_instance(opened: OfInstance) -> Response:
    """The image; several frames as a moving GIF, or the one that stands for them where one picture is accepted; a PDF as it is."""
    return rendered_answer(opened)


@router.get(INSTANCE + "/frames/{frames}/rendered", response_class=Response, responses=_RENDERED)
def retrieve_rendered_frames(opened: OfInstance, frames: Frames) -> Response:
    """Frames, counted from 1."""
    return rendered_answer(opened, frame_numbers(frames))


@router.get(STUDY + "/thumbnail", response_class=Response, responses=_THUMBNAIL)
def retrieve_study_thumbnail(opened: OfStudy) -> Response:
    """A small picture of the image that stands for the study."""
    return thumbnail_answer(opened)


@router.get(SERIES + "/thumbnail", response_class=Response, responses=_THUMBNAIL)
def retrieve_series_thumbnail(opened: OfSeries) -> Response:
    """A small picture of the image that stands for the series."""
    return thumbnail_answer(opened)


@router.get(INSTANCE + "/thumbnail", response_class=Response, responses=_THUMBNAIL)
def retrieve_instance_thumbnail(opened: OfInstance) -> Response:
    """A small picture of the instance."""
    return thumbnail_answer(opened)


@router.get(INSTANCE + "/frames/{frames}/thumbnail", response_class=Response, responses=_THUMBNAIL)
def retrieve_frame_thumbnail(opened: OfInstance, frames: Frames) -> Response:
    """A small picture of the first of the frames."""
    return thumbnail_answer(opened, frame_numbers(frames)[0])
