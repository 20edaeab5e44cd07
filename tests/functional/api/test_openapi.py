import json
import re

import jsonschema_rs

from scripts.api_types import SCHEMA, contract, header
from tests.functional.api.township import Township


def test_every_operation_is_described_with_its_refusals(township: Township) -> None:
    document = township.anonymous().get("/openapi.json").json()
    names = set()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert operation.get("description"), where
            assert operation["tags"], where
            names.add(operation["operationId"])
            if operation["security"]:
                answers = operation["responses"]
                assert {"401", "503"} <= answers.keys(), where
                problem = answers["401"]["content"]["application/problem+json"]
                assert problem["example"]["code"] == "not_authenticated"
    assert len(names) == sum(len(methods) for methods in document["paths"].values())


def test_every_operation_says_who_may_and_what_every_refusal_looks_like(township: Township) -> None:
    document = township.anonymous().get("/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert operation.get("summary"), where
            answers = operation["responses"]
            wanted = {"422", "429", "503"} | ({"401", "403"} if operation["security"] else set())
            assert wanted <= answers.keys(), where
            for status in wanted:
                example = answers[status]["content"]["application/problem+json"]["example"]
                assert str(example["status"]) == status, where
            assert any(status.startswith(("2", "3")) for status in answers), where


def test_every_json_body_has_an_example_of_its_schema(township: Township) -> None:
    document = township.server.config.app.openapi()
    faults, tried = [], 0
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content is None or "schema" not in content or "examples" in content:
                continue
            schema = {**content["schema"], "components": document["components"]}
            tried += 1
            if not jsonschema_rs.is_valid(schema, content["example"]):
                faults.append((method, path, content["example"]))
    assert faults == []
    assert tried >= 50


def test_types_of_the_web_application_are_made_from_this_document(township: Township) -> None:
    made_of = header(contract(township.server.config.app.openapi()))
    assert SCHEMA.read_text(encoding="utf-8").startswith(made_of), (
        "schema.d.ts is out of date: run scripts/with-node .venv/bin/python scripts/api_types.py, and mend what "
        "`npm run types` finds"
    )


def test_types_of_the_web_application_cover_what_its_pages_are_answered(township: Township) -> None:
    document = township.server.config.app.openapi()
    schemas = contract(document)["components"]["schemas"]
    routes = schemas["Routes"]["properties"]
    claim = routes["POST /api/v1/tasks/{task_id}/claim"]["properties"]
    assert claim == {"answer": {"$ref": "#/components/schemas/ClaimOut"}}
    amend = routes["POST /api/v1/tasks/{task_id}/amend"]
    assert amend["required"] == ["answer", "body"]
    assert set(schemas["Sex"]["enum"]) == {"M", "F", "O", ""}
    # A field with a default is in every answer.
    assert set(schemas["SessionOut"]["required"]) == set(schemas["SessionOut"]["properties"])
    pointed_at = set(re.findall(r"#/components/schemas/([\w.-]+)", json.dumps(schemas)))
    assert pointed_at <= schemas.keys()
