"""`/dicomweb` and `/wado`: the DICOM web services (PS3.18), but for the store transaction; and slices for our own viewer."""

from fastapi import APIRouter

from viewer_api.dicomweb.capabilities import router as capabilities
from viewer_api.dicomweb.frame_routes import router as frames
from viewer_api.dicomweb.rendered_routes import router as rendered
from viewer_api.dicomweb.retrieve_routes import router as retrieve
from viewer_api.dicomweb.search_routes import router as search
from viewer_api.dicomweb.slices_route import router as slices
from viewer_api.dicomweb.wado_uri import router as wado_uri

router = APIRouter()
for part in (search, frames, slices, rendered, retrieve, wado_uri, capabilities):
    router.include_router(part)
