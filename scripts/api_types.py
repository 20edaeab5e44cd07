#!/usr/bin/env python3
"""Write the web application's types of the HTTP interface, viewer_api/web/src/api/schema.d.ts, from its OpenAPI document.

    scripts/with-node .venv/bin/python scripts/api_types.py [--from FOLDER]

Needs neither a server nor a database, but npm: openapi-typescript comes from the package pinned in scripts/api-types, or
from a FOLDER where `npm ci` has already been run. The pages are checked by a compiler that the generator cannot use,
so it has a package, and a compiler, of its own.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from storage.db.session import Database, make_engine  # noqa: E402
from storage.objects import make_object_store  # noqa: E402
from storage.settings import load_settings  # noqa: E402
from viewer_api.app import build_app  # noqa: E402

SCHEMA = ROOT / "viewer_api" / "web" / "src" / "api" / "schema.d.ts"
PACKAGE = ROOT / "scripts" / "api-types"
PAGES = "/api/v1/"
"""What pages talk to; DICOMweb and FHIR have types by their own standards."""

_REF = "#/components/schemas/"
_LONG_NAME = re.compile(r"[a-z_]+?__(?P<area>[a-z_]+?)__[a-z_]+?__(?P<name>[A-Z]\w+)")
_SAID_NOTHING = frozenset({"title", "default", "example", "examples", "properties"})

HEADER = """/**
 * Types of the HTTP interface, made from its OpenAPI document by scripts/api_types.py; do not edit.
 * Made from: {digest}
 */
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the web application's types of the HTTP interface.")
    parser.add_argument("--from", dest="source", type=Path, help="a folder where npm ci has been run")
    source = parser.parse_args().source
    with tempfile.TemporaryDirectory() as folder:
        part = contract(document(Path(folder)))
        tool = source or fetched(Path(folder))
        SCHEMA.write_text(header(part) + generated(part, tool, Path(folder)), encoding="utf-8")


def document(folder: Path) -> dict[str, Any]:
    """The OpenAPI document of an application whose data would be in `folder`."""
    settings = load_settings({"COUNTYREAD_DATA": str(folder)}, folder / "none.toml")
    engine = make_engine(settings.database_url)
    app = build_app(settings, Database(engine), make_object_store(settings.object_store))
    try:
        return app.openapi()
    finally:
        app.state.services.hub.close()
        engine.dispose()


def contract(document: dict[str, Any]) -> dict[str, Any]:
    """A document of schemas only: those that pages meet, and `Routes`, whose fields are the operations."""
    routes = {
        f"{method.upper()} {path}": _route(operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if path.startswith(PAGES)
    }
    schemas = document["components"]["schemas"]
    kept = {name: schemas[name] for name in sorted(_named(routes, schemas))}
    kept["Routes"] = _object(dict(sorted(routes.items())), set(routes))
    return {
        "openapi": document["openapi"],
        "info": {name: document["info"][name] for name in ("title", "version")},
        "paths": {},
        "components": {"schemas": _bare(kept)},
    }


def header(part: dict[str, Any]) -> str:
    """The first lines of the file, which say what it was made from."""
    text = json.dumps(part, sort_keys=True, ensure_ascii=False)
    return HEADER.format(digest=hashlib.sha256(text.encode()).hexdigest())


def fetched(folder: Path) -> Path:
    """A folder with the generator, fetched below `folder`."""
    npm = shutil.which("npm")
    if not npm:
        sys.exit("api_types needs npm on the PATH: run it with scripts/with-node.")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PACKAGE / name, folder)
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    subprocess.run([npm, "ci", *quiet], cwd=folder, check=True)
    return folder


def generated(part: dict[str, Any], tool: Path, folder: Path) -> str:
    """The types as openapi-typescript writes them."""
    source, target = folder / "openapi.json", folder / "schema.d.ts"
    source.write_text(json.dumps(part), encoding="utf-8")
    program = tool / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
    node = shutil.which("node")
    if not node:
        sys.exit("api_types needs node on the PATH: run it with scripts/with-node.")
    # A field with a default is written whenever the server answers; whoever asks may leave it out.
    options = ("--default-non-nullable=false", "--immutable")
    subprocess.run([node, program, source, "--output", target, *options], check=True, stdout=subprocess.DEVNULL)
    made = target.read_text(encoding="utf-8")
    return made.partition("*/\n")[2].lstrip()


def _route(operation: dict[str, Any]) -> dict[str, Any]:
    """What is sent and what is answered: `body`, `query` and `answer`, where there is one in JSON."""
    queries = {one["name"]: one for one in operation.get("parameters", ()) if one["in"] == "query"}
    parts = {"body": _json_of(operation.get("requestBody", {})), "answer": _answer(operation["responses"])}
    if queries:
        needed = {name for name, one in queries.items() if one.get("required")}
        parts["query"] = _object({name: one["schema"] for name, one in queries.items()}, needed)
    there = {name: schema for name, schema in parts.items() if schema is not None}
    optional = set() if operation.get("requestBody", {}).get("required") else {"body"}
    return _object(there, set(there) - optional)


def _answer(responses: dict[str, Any]) -> dict[str, Any] | None:
    found = [_json_of(answer) for status, answer in sorted(responses.items()) if status.startswith("2")]
    schemas = [schema for schema in found if schema is not None]
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas} if schemas else None


def _json_of(content: dict[str, Any]) -> dict[str, Any] | None:
    schema: dict[str, Any] | None = content.get("content", {}).get("application/json", {}).get("schema")
    return schema


def _object(fields: dict[str, Any], needed: set[str]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": sorted(needed), "additionalProperties": False}


def _bare(schemas: dict[str, Any]) -> dict[str, Any]:
    """By short names, and without what says nothing to a compiler or a reader: titles made from names, and examples."""
    wanted = {name: _short(name) for name in schemas}
    times = Counter(wanted.values())
    short = {name: name if times[shorter] > 1 else shorter for name, shorter in wanted.items()}
    references = {_REF + name: _REF + shorter for name, shorter in short.items()}
    return {short[name]: _without(schema, references) for name, schema in schemas.items()}


def _short(name: str) -> str:
    """`viewer_api__critical__schemas__CaseOut`, one of several of its name, as `CriticalCaseOut`."""
    found = _LONG_NAME.fullmatch(name)
    return found["area"].title().replace("_", "") + found["name"] if found else name


def _without(schema: Any, references: dict[str, str]) -> Any:
    if isinstance(schema, list):
        return [_without(one, references) for one in schema]
    if not isinstance(schema, dict):
        return references.get(schema, schema) if isinstance(schema, str) else schema
    kept = {key: _without(value, references) for key, value in schema.items() if key not in _SAID_NOTHING}
    if "properties" in schema:
        kept["properties"] = {key: _without(one, references) for key, one in schema["properties"].items()}
    return kept


def _named(part: Any, schemas: dict[str, Any]) -> set[str]:
    """The names of the schemas that a part of the document points at, and that these point at."""
    found: set[str] = set()
    left = [part]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            name = str(one.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                left.append(schemas[name])
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)
    return found


if __name__ == "__main__":
    main()
