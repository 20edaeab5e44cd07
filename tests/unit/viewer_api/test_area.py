import asyncio

import httpx
from fastapi import APIRouter, FastAPI
from starlette.routing import Match

from viewer_api.area import Area


def _router() -> APIRouter:
    router = APIRouter(prefix="/api/v1/orders")

    @router.get("")
    def orders() -> str:
        return "orders"

    @router.get("/{number}/checks")
    def checks(number: int) -> str:
        return f"checks of {number}"

    return router


def _asked(app: FastAPI, path: str, method: str = "GET", root: str = "") -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app, root_path=root), base_url="http://county"
        ) as client:
            return await client.request(method, path)

    return asyncio.run(ask())


def test_routes_are_found_as_without_an_area() -> None:
    plain, grouped = FastAPI(), FastAPI()
    plain.include_router(_router())
    grouped.include_router(Area(_router()))
    for path in ("", "/17/checks", "/17", "/x/checks", "/"):
        one, other = (_asked(app, f"/api/v1/orders{path}") for app in (plain, grouped))
        assert (one.status_code, one.text) == (other.status_code, other.text)
    assert _asked(grouped, "/api/v1/orders", "POST").status_code == 405
    assert _asked(grouped, "/county/api/v1/orders", root="/county").json() == "orders"
    assert plain.openapi()["paths"] == grouped.openapi()["paths"]


def test_who_goes_elsewhere_passes() -> None:
    scope = {"type": "http", "method": "GET", "path": "/api/v1/results", "root_path": "", "headers": []}
    assert Area(_router()).matches(scope) == (Match.NONE, {})
