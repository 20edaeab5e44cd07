"""A screen on the wall at the door: no person, let in by the token of its link."""

from reading_queue.boards.walls import note_use
from storage.db.queries import board as rows
from storage.db.session import Database
from storage.domain.errors import NotAuthenticated
from viewer_api.auth.caller import Visitor
from viewer_api.auth.tokens import token_hash


def admit_wall(database: Database, token: str, visitor: Visitor) -> str:
    """How the limits know the screen. Raises `NotAuthenticated` when its link was revoked, has expired, or never was."""
    with database.read() as work:
        link = rows.live_wall(work, token_hash(token))
        if link is None:
            raise NotAuthenticated("The link to this screen has ended.")
        wants_note = rows.wants_note(link, work.now, visitor.address)
    if wants_note:
        with database.write() as work:
            note_use(work, link.id, visitor.address)
    return f"wall:{link.id}"
