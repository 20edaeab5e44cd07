"""Whether the sessions of open screens have ended: asked for all of them at once."""

from collections.abc import Mapping, Sequence

from storage.db.queries import logins
from storage.db.session import Database
from viewer_api.auth.caller import Caller
from viewer_api.together import Together


class OpenSessions:
    """Asks the database once for all who want to know at about the same time. Belongs to one event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._together: Together[str, bool] = Together(self._read)

    async def is_open(self, caller: Caller) -> bool:
        """Whether the caller may stay; for what stays open for long. False when it cannot be looked up."""
        return caller.login_id is None or bool(await self._together.ask(caller.token_sha256))

    def _read(self, hashes: Sequence[str]) -> Mapping[str, bool]:
        with self._database.read() as work:
            return dict.fromkeys(logins.live_among(work, hashes), True)
