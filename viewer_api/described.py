"""The OpenAPI document made whole: who may call each operation, every refusal as a problem, and an example of each body."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from viewer_api.openapi import refusals
from viewer_api.permissions import PUBLIC, ROLES, STATIONS, WALLS
from viewer_api.scopes import scopes_for

_ALWAYS = (422, 429, 503)
_GUARDED = (401, 403)
_WITH_BODY = (413,)
_MAX_DEPTH = 8
_FALLBACK: dict[str, Any] = {"string": "text", "integer": 1, "number": 1.0, "boolean": True, "null": None}


def describe(app: FastAPI) -> None:
    """Let `app` answer /openapi.json with the whole document, made once."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            app.openapi_schema = completed(made)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def completed(document: dict[str, Any]) -> dict[str, Any]:
    """The document with security, refusals and examples on every operation."""
    components = document.setdefault("components", {})
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    roles = {_plain(route): found for route, found in ROLES.items()}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _complete(f"{method.upper()} {path}", operation, roles, components.get("schemas", {}))
    return document


def _complete(route: str, operation: dict[str, Any], roles: dict[str, Any], schemas: dict[str, Any]) -> None:
    allowed = roles.get(route, frozenset())
    is_public = allowed == PUBLIC
    operation["security"] = [] if is_public else [{"bearer": []}]
    if not is_public and allowed not in (STATIONS, WALLS):
        operation["x-roles"] = sorted(allowed)
        operation["x-scopes"] = sorted(scopes_for(route))
    statuses = (*_ALWAYS, *(() if is_public else _GUARDED), *(_WITH_BODY if "requestBody" in operation else ()))
    for status, refusal in refusals(*statuses).items():
        known = operation["responses"].get(str(status), {})
        if "application/problem+json" not in known.get("content", {}):
            operation["responses"][str(status)] = refusal
    for content in operation.get("requestBody", {}).get("content", {}).values():
        if "schema" in content and "example" not in content and "examples" not in content:
            content["example"] = example_of(content["schema"], schemas)


def example_of(schema: dict[str, Any], schemas: dict[str, Any], depth: int = 0) -> Any:
    """A value of this schema, from the examples of its fields; what need not be given is left out unless it has one."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas, depth + 1)
    for key in ("example", "const"):
        if key in schema:
            return schema[key]
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    if "default" in schema:
        return schema["default"]
    for key in ("anyOf", "oneOf", "allOf"):
        if schema.get(key):
            return example_of(schema[key][0], schemas, depth + 1)
    return _of_type(schema, schemas, depth)


def _of_type(schema: dict[str, Any], schemas: dict[str, Any], depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        needed = set(schema.get("required", ()))
        fields = schema.get("properties", {}).items()
        wanted = [(name, one) for name, one in fields if name in needed or one.get("examples")]
        return {name: example_of(one, schemas, depth + 1) for name, one in wanted} if depth < _MAX_DEPTH else {}
    if kind == "array":
        few = schema.get("minItems", 0)
        return [example_of(schema.get("items", {}), schemas, depth + 1)] if few and depth < _MAX_DEPTH else []
    if schema.get("format") == "date-time":
        return "2026-03-09T01:00:00Z"
    if schema.get("format") == "date":
        return "2026-03-09"
    return _number(schema) if kind in ("integer", "number") else _FALLBACK.get(str(kind), "text")


def _number(schema: dict[str, Any]) -> float:
    lowest = schema.get("minimum", schema.get("exclusiveMinimum"))
    if lowest is None:
        return 1
    found: float = lowest + 1 if "exclusiveMinimum" in schema else lowest
    return found


def _plain(route: str) -> str:
    """As the document names paths: without the kind of a parameter."""
    return route.replace(":path}", "}")
