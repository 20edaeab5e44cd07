"""Routes that stand together: who goes elsewhere passes them all at one look."""

from fastapi import APIRouter
from starlette.routing import Match
from starlette.types import Scope


class Area(APIRouter):
    """The routes of one router. There are some hundreds in all, and to try each takes longer than many an answer."""

    def __init__(self, router: APIRouter) -> None:
        super().__init__()
        self.include_router(router)
        self._heads = tuple({str(getattr(route, "path", "")).partition("{")[0] for route in router.routes})

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """No route can match a path that does not begin as it does, up to its first parameter."""
        path: str = scope["path"]
        below = path.removeprefix(scope.get("root_path", ""))
        may_be_here = path.startswith(self._heads) or below.startswith(self._heads)
        return super().matches(scope) if may_be_here else (Match.NONE, {})
