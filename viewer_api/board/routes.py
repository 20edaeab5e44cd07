"""`/api/v1/board` for the manager, `/api/v1/wall` for a screen, and the links by which screens are let in."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from reading_queue.boards import walls
from reading_queue.boards.board import board
from storage.db.queries import board as rows
from viewer_api.auth.tokens import WALL_PREFIX, new_token, token_hash
from viewer_api.board.schemas import BoardOut, BoardQuery, NewWall, ShownWall, WallLine, WallList, WallOut
from viewer_api.board.service import board_out, wall_line, wall_out
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals

router = APIRouter(prefix="/api/v1", tags=["board"], responses=refusals(401, 403))

WallId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/board")
def show_board(asked: Annotated[BoardQuery, Query()], caller: CallerDep, services: ServicesDep) -> BoardOut:
    """The county now: what is open and late, who reads what, where the time of today's breaches went, who is silent."""
    with services.database.read(caller.scope) as work:
        return board_out(work, board(work), caller, asked.limit)


@router.get("/wall")
def show_wall(services: ServicesDep) -> WallOut:
    """The same figures for a screen on the wall, by the token of its link; nothing of a patient is in them."""
    with services.database.read() as work:
        return wall_out(board(work))


@router.get("/admin/walls")
def list_walls(services: ServicesDep) -> WallList:
    """Every link to a wall screen."""
    with services.database.read() as work:
        return WallList(items=[wall_line(link, work) for link in rows.walls(work)])


@router.post("/admin/walls", status_code=201)
def make_wall(asked: NewWall, caller: CallerDep, services: ServicesDep) -> ShownWall:
    """Make a link to a wall screen. It is shown this once."""
    token = new_token(WALL_PREFIX)
    with services.database.write() as work:
        link = walls.create(work, caller.actor, asked.name, token_hash(token), asked.days)
        return ShownWall(wall=wall_line(link, work), path=f"/#/wall/{token}")


@router.post("/admin/walls/{wall_id}/revoke", responses=refusals(404))
def revoke_wall(wall_id: WallId, caller: CallerDep, services: ServicesDep) -> WallLine:
    """End a link at once: the screen shows nothing more."""
    with services.database.write() as work:
        return wall_line(walls.revoke(work, caller.actor, wall_id), work)
