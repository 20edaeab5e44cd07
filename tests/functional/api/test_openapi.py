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
            if path.startswith(("/api/", "/dicomweb/")):
                answers = operation["responses"]
                assert {"401", "503"} <= answers.keys(), where
                problem = answers["401"]["content"]["application/problem+json"]
                assert problem["example"]["code"] == "not_authenticated"
    assert len(names) == sum(len(methods) for methods in document["paths"].values())
