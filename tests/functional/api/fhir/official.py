"""Resources against the official definitions: structure and types by fhir.resources, codes by the required value sets."""

import re
from collections.abc import Iterator
from typing import Any

from fhir.resources.R4B import get_fhir_model_class

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


def check(resource: dict[str, Any]) -> None:
    """Raises when the resource is not what the standard says."""
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
