"""CapabilityStatement: what `/fhir` can do, from the registry; and the same as tables for `docs/fhir.md`.

`python -m viewer_api.fhir.capability` prints the tables.
"""

import sys
from typing import Any

from viewer_api.fhir.kinds import Kind, Param, ParamType
from viewer_api.fhir.outcomes import FHIR_JSON
from viewer_api.fhir.registry import KINDS
from viewer_api.fhir.terms import Resource, coding, concept

_DATED = "2026-03-09"
_COMMON = (("_id", "token"), ("_lastUpdated", "date"))
_SECURITY = "http://terminology.hl7.org/CodeSystem/restful-security-service"


def capability_statement(base: str) -> Resource:
    """Of the server at `base`."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": _DATED,
        "publisher": "County Reading",
        "kind": "instance",
        "software": {"name": "County Reading"},
        "implementation": {"description": "Shared reading service of a county", "url": base},
        "fhirVersion": "4.0.1",
        "format": [FHIR_JSON, "json"],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "service": [concept(coding(_SECURITY, "OAuth"), text="Bearer token")],
                    "description": "The bearer token of POST /api/v1/session. A clinic sees what is its own.",
                },
                "resource": [_resource(kind) for kind in KINDS.values()],
            }
        ],
    }


def _resource(kind: Kind) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": kind.name,
        "profile": f"http://hl7.org/fhir/StructureDefinition/{kind.name}",
        "interaction": [{"code": code} for code in interactions(kind)],
        "versioning": "versioned" if kind.name in ("DiagnosticReport", "ServiceRequest") else "no-version",
        "readHistory": kind.name == "DiagnosticReport",
        "searchParam": [
            *({"name": n, "type": t} for n, t in _COMMON if n == "_id" or kind.updated is not None),
            *({"name": one.name, "type": str(one.type), "documentation": one.about} for one in kind.params),
        ],
    }
    if includes := [f"{kind.name}:{one.name}" for one in kind.params if is_link(one)]:
        found["searchInclude"] = includes
    if backward := [
        f"{s.name}:{p.name}" for s in KINDS.values() for p in s.params if is_link(p) and p.target == kind.name
    ]:
        found["searchRevInclude"] = backward
    if kind.name == "ServiceRequest":
        found |= {"conditionalCreate": True, "updateCreate": False}
    return found


def interactions(kind: Kind) -> list[str]:
    """Codes of the value set type-restful-interaction."""
    more = {"DiagnosticReport": ["vread"], "ServiceRequest": ["create", "update"]}
    return ["read", *more.get(kind.name, []), "search-type"]


def is_link(param: Param) -> bool:
    """Whether what it points to may be included."""
    return param.type == ParamType.REFERENCE and (param.column is not None or param.links is not None)


def markdown() -> str:
    """A table for every type."""
    return "\n".join(_table(kind) for kind in KINDS.values())


def _table(kind: Kind) -> str:
    sorts = ["_id", *(["_lastUpdated"] if kind.updated is not None else []), *kind.sorts]
    lines = [
        f"### {kind.name}",
        "",
        f"{kind.about}. Interactions: {', '.join(interactions(kind))}. Sorted by {', '.join(f'`{one}`' for one in sorts)}.",
        "",
        "| parameter | type | |",
        "|---|---|---|",
        *(_line(one) for one in kind.params),
        "",
    ]
    return "\n".join(lines)


def _line(param: Param) -> str:
    kind = f"{param.type} to {param.target}" if param.target else str(param.type)
    ours = "" if param.standard else "; of this server alone"
    return f"| `{param.name}` | {kind} | {param.about}{ours} |"


if __name__ == "__main__":
    sys.stdout.write(markdown())
