"""Endpoint: where DICOMweb serves the images of every ImagingStudy."""

from collections.abc import Sequence

from sqlalchemy import Select, select

from storage.db.models import Institution
from storage.domain.reading import InstitutionKind
from viewer_api.fhir.kinds import Context, Found, Kind, points, token
from viewer_api.fhir.terms import Resource, coding, concept, reference

_CONNECTIONS = "http://terminology.hl7.org/CodeSystem/endpoint-connection-type"
_PAYLOADS = "http://terminology.hl7.org/CodeSystem/endpoint-payload-type"


def _query() -> Select[Institution]:
    return select(Institution).where(Institution.kind == InstitutionKind.CENTRE)


def _rendered(context: Context, found: Sequence[Found]) -> list[Resource]:
    return [_endpoint(context, one.row) for one in found]


def _endpoint(context: Context, centre: Institution) -> Resource:
    return {
        "resourceType": "Endpoint",
        "id": str(centre.id),
        "status": "active",
        "connectionType": coding(_CONNECTIONS, "dicom-wado-rs", "DICOM WADO-RS"),
        "name": f"DICOMweb {centre.code}",
        "managingOrganization": reference("Organization", centre.id),
        "payloadType": [concept(coding(_PAYLOADS, "any", "Any"))],
        "payloadMimeType": ["application/dicom", "application/dicom+json"],
        "address": f"{context.root}/dicomweb",
    }


ENDPOINT = Kind(
    "Endpoint",
    "DICOMweb of the centre",
    _query,
    Institution.id,
    _rendered,
    (
        token("status", "always active", lambda wanted: Institution.id.is_not(None) & (wanted.code == "active")),
        points("organization", "the centre", "Organization", Institution.id),
    ),
)
