"""Every refusal as `application/problem+json` (RFC 9457), with a stable `code` for programs."""

import logging
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.types import Scope

from storage.domain import errors

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5
_STATUS: tuple[tuple[type[errors.CountyReadError], HTTPStatus], ...] = (
    (errors.NotFound, HTTPStatus.NOT_FOUND),
    (errors.ObjectNotFound, HTTPStatus.NOT_FOUND),
    (errors.Forbidden, HTTPStatus.FORBIDDEN),
    (errors.NotAuthenticated, HTTPStatus.UNAUTHORIZED),
    (errors.Conflict, HTTPStatus.CONFLICT),
    (errors.BadRequest, HTTPStatus.BAD_REQUEST),
    (errors.BrokenMultipart, HTTPStatus.BAD_REQUEST),
    (errors.BadQuery, HTTPStatus.BAD_REQUEST),
    (errors.SearchTooBroad, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (errors.NotAcceptable, HTTPStatus.NOT_ACCEPTABLE),
    (errors.Invalid, HTTPStatus.UNPROCESSABLE_ENTITY),
    (errors.TooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (errors.UnreadableObject, HTTPStatus.UNPROCESSABLE_ENTITY),
    (errors.StoreUnavailable, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.SealBroken, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.StorageFull, HTTPStatus.INSUFFICIENT_STORAGE),
    (errors.TooManyAttempts, HTTPStatus.TOO_MANY_REQUESTS),
)
_CODES = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.NOT_ACCEPTABLE: "not_acceptable",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
}


def problem(
    status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: object
) -> JSONResponse:
    """A problem document; `more` are its extension members."""
    content = {
        "type": f"urn:countyread:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }
    return JSONResponse(content, status, headers, media_type="application/problem+json")


def status_of(error: errors.CountyReadError) -> HTTPStatus:
    """The HTTP status that says the same as `error`."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)


def install(app: FastAPI) -> None:
    """Make `app` answer every error with a problem document."""
    app.add_exception_handler(errors.CountyReadError, _refusal)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(PoolTimeoutError, _database_away)
    app.add_exception_handler(DBAPIError, _database)


def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.CountyReadError)
    status = status_of(error)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return _unexpected(request, error)
    return problem(status, error.code, error.message, headers=_headers(status, error), **_more(error))


def _more(error: errors.CountyReadError) -> dict[str, object]:
    if isinstance(error, errors.InvalidField):
        return {"errors": [{"field": error.field, "message": error.advice}]}
    if isinstance(error, errors.InvalidFields):
        return {"errors": [{"field": one.field, "message": one.advice, "code": one.code} for one in error.faults]}
    if isinstance(error, errors.NotPublishable):
        return {"faults": error.faults}
    if isinstance(error, errors.MoreUrgentFirst):
        return {"take_instead": error.take_instead}
    if isinstance(error, errors.Conflict) and error.ups_status is not None:
        return {"ups_status": error.ups_status}
    return {}


def _headers(status: HTTPStatus, error: Exception | None = None) -> dict[str, str]:
    if isinstance(error, errors.TooManyAttempts):
        return {"Retry-After": str(max(1, math.ceil(error.retry_after)))}
    if status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": "Bearer"}
    return {"Retry-After": str(RETRY_SECONDS)} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}


def _validation(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = [{"field": _field(fault["loc"]), "message": fault["msg"]} for fault in error.errors()]
    return problem(422, "invalid", "Some fields are missing or make no sense; see errors.", errors=found)


def _field(location: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in location if part not in ("body", "query", "path", "header"))


def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _CODES.get(HTTPStatus(error.status_code), "http_error")
    return problem(error.status_code, code, str(error.detail), headers=error.headers)


def _database(request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError)
    if isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated:
        return _database_away(request, error)
    return _unexpected(request, error)


def _database_away(_request: Request, error: Exception) -> Response:
    logger.error("The database does not answer: %s", type(error).__name__)
    detail = "The database does not answer. Nothing was changed; try again in a few seconds."
    return problem(503, "database_unavailable", detail, headers=_headers(HTTPStatus.SERVICE_UNAVAILABLE))


def _unexpected(request: Request, error: Exception) -> Response:
    return unexpected(request.scope, error)


def unexpected(scope: Scope, error: BaseException) -> Response:
    """Log an unknown error by its type and place, and answer without detail: its message may quote a patient's row."""
    where = getattr(scope.get("route"), "path", "no route")
    logger.error("%s in %s %s\n%s", type(error).__name__, scope.get("method"), where, stack_of(error))
    return problem(500, "internal_error", "Something went wrong on the server; it has been logged.")


def stack_of(error: BaseException) -> str:
    """The traceback without the messages, which may carry patient data."""
    lines: list[str] = []
    here = error.__traceback__
    while here is not None:
        code = here.tb_frame.f_code
        lines.append(f"  {code.co_filename}:{here.tb_lineno} {code.co_qualname}")
        here = here.tb_next
    return "\n".join(lines)
