"""Every resource type that is served."""

from collections.abc import Mapping

from storage.domain.errors import NotFound
from viewer_api.fhir.kinds import Kind
from viewer_api.fhir.resources.audit_event import AUDIT_EVENT
from viewer_api.fhir.resources.communication import COMMUNICATION
from viewer_api.fhir.resources.diagnostic_report import DIAGNOSTIC_REPORT
from viewer_api.fhir.resources.endpoint import ENDPOINT
from viewer_api.fhir.resources.imaging_study import IMAGING_STUDY
from viewer_api.fhir.resources.observation import OBSERVATION
from viewer_api.fhir.resources.organization import ORGANIZATION
from viewer_api.fhir.resources.patient import PATIENT
from viewer_api.fhir.resources.practitioner import PRACTITIONER
from viewer_api.fhir.resources.service_request import SERVICE_REQUEST
from viewer_api.fhir.resources.task import TASK

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        PATIENT,
        SERVICE_REQUEST,
        IMAGING_STUDY,
        DIAGNOSTIC_REPORT,
        OBSERVATION,
        TASK,
        COMMUNICATION,
        AUDIT_EVENT,
        ORGANIZATION,
        PRACTITIONER,
        ENDPOINT,
    )
}


def kind_named(name: str) -> Kind:
    """Raises `NotFound`."""
    if name not in KINDS:
        raise NotFound(f"There are no resources of the type {name} here.")
    return KINDS[name]
