"""Bytes straight from the object store, where the county allows it (setting `presigned`) and the store can."""

from datetime import timedelta

from fastapi import Response

from viewer_api.services import Services

_LIFE = timedelta(seconds=60)
"""Enough to follow a redirect; whoever gets hold of the address later has nothing."""


def presigned(services: Services, key: str) -> Response | None:
    """A redirect to the whole object, for a caller whose rights have been checked; None where it is sent from here."""
    url = services.store.presign(key, _LIFE) if services.settings.presigned else None
    if url is None:
        return None
    return Response(status_code=307, headers={"Location": url, "Cache-Control": "private, no-store"})
