"""Who may call what below `/fhir`: read by the permission table."""

from collections.abc import Mapping

from storage.domain.reading import Role

PATIENT_TYPES = (
    "Patient",
    "ServiceRequest",
    "ImagingStudy",
    "DiagnosticReport",
    "Observation",
    "Task",
    "Communication",
)
DIRECTORY_TYPES = ("Organization", "Practitioner", "Endpoint")
AUDIT_TYPES = ("AuditEvent",)


def fhir_doors(patient_level: frozenset[Role], operators: frozenset[Role]) -> Mapping[str, frozenset[Role]]:
    """The lines of the table: the audit chain for operators, everything else for who may see patients."""
    doors: dict[str, frozenset[Role]] = {"GET /fhir/metadata": frozenset()}
    for name in (*PATIENT_TYPES, *DIRECTORY_TYPES, *AUDIT_TYPES):
        roles = operators if name in AUDIT_TYPES else patient_level
        doors |= {
            f"GET /fhir/{name}": roles,
            f"POST /fhir/{name}/_search": roles,
            f"GET /fhir/{name}/{{fhir_id}}": roles,
        }
    doors["GET /fhir/DiagnosticReport/{fhir_id}/_history/{version_id}"] = patient_level
    doors["POST /fhir/ServiceRequest"] = patient_level
    doors["PUT /fhir/ServiceRequest/{fhir_id}"] = patient_level
    return doors
