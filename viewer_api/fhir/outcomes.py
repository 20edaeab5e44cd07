"""OperationOutcome: every refusal below `/fhir`, made from the problem document that it comes down to."""

import json
from http import HTTPStatus
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from viewer_api.fhir.terms import PROBLEMS, Resource, coding, concept, pruned

FHIR_JSON = "application/fhir+json"
_PREFIX = "/fhir/"
_ISSUES = {
    HTTPStatus.BAD_REQUEST: "invalid",
    HTTPStatus.UNAUTHORIZED: "login",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "not-supported",
    HTTPStatus.NOT_ACCEPTABLE: "not-supported",
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.PRECONDITION_FAILED: "conflict",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-long",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "not-supported",
    HTTPStatus.UNPROCESSABLE_ENTITY: "business-rule",
    HTTPStatus.TOO_MANY_REQUESTS: "throttled",
    HTTPStatus.SERVICE_UNAVAILABLE: "transient",
}
"""By status, a code of the value set issue-type."""


def outcome(problem: dict[str, Any]) -> Resource:
    """A problem document (RFC 9457) as an OperationOutcome; its `code` stays, as a coding of ours."""
    status = int(problem.get("status", 500))
    fatal = status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.SERVICE_UNAVAILABLE
    kind = _ISSUES.get(HTTPStatus(status), "exception" if fatal else "processing")
    details = concept(coding(PROBLEMS, str(problem.get("code", "http_error"))), text=str(problem.get("title", "")))
    severity = "fatal" if fatal else "error"
    issue = {"severity": severity, "code": kind, "details": details, "diagnostics": problem.get("detail", "")}
    faults = [
        pruned(
            {
                "severity": "error",
                "code": "value",
                "diagnostics": f"{fault['field']}: {fault['message']}",
                "expression": [fault["field"]] if str(fault["field"]).replace(".", "").isidentifier() else [],
            }
        )
        for fault in problem.get("errors") or []
    ]
    return {"resourceType": "OperationOutcome", "issue": [pruned(issue), *faults]}


class FhirOutcomes:
    """Below `/fhir` a refusal leaves as an OperationOutcome."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_PREFIX):
            await self._app(scope, receive, send)
            return
        held: Message | None = None
        body = b""

        async def translated(message: Message) -> None:
            nonlocal held, body
            if message["type"] == "http.response.start":
                if not Headers(raw=message["headers"]).get("content-type", "").startswith("application/problem+json"):
                    await send(message)
                    return
                held = message
            elif held is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await _send_outcome(held, body, send, with_body=scope["method"] != "HEAD")

        await self._app(scope, receive, translated)


async def _send_outcome(start: Message, body: bytes, send: Send, *, with_body: bool) -> None:
    problem = json.loads(body) if body else {"status": start["status"]}
    content = json.dumps(outcome(problem), ensure_ascii=False).encode()
    headers = MutableHeaders(raw=list(start["headers"]))
    headers["content-type"] = FHIR_JSON
    headers["content-length"] = str(len(content))
    await send({**start, "headers": headers.raw})
    await send({"type": "http.response.body", "body": content if with_body else b""})
