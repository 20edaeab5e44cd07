"""Who came through which door just now."""

import random
from dataclasses import dataclass

from storage.domain.accounts import Duty
from storage.domain.clock import monotonic
from storage.domain.reading import Role
from viewer_api.auth.caller import Caller, scope_of
from viewer_api.express.sights import Sight
from viewer_api.permissions import ROLES
from viewer_api.recent import Recent

_PERSON_SECONDS, _MACHINE_SECONDS = 30.0, 600.0
"""After this the whole machinery runs again: it notes that somebody is at work, and puts his looking on record."""

_KEPT = 20_000
_random = random.SystemRandom()


@dataclass(frozen=True)
class Door:
    """A route, from where it was opened, and the study that it was opened for; empty where it is about none."""

    token: str
    address: str
    route: str
    study: str


@dataclass(frozen=True)
class _Grant:
    caller: Caller
    stamp: tuple[object, ...]
    until: float


class Grants:
    """Callers as the whole machinery let them in."""

    def __init__(self) -> None:
        self._kept: Recent[Door, _Grant] = Recent(_KEPT)

    def caller(self, door: Door, sight: Sight) -> Caller | None:
        """Who may pass again; None for everybody of whom anything has changed."""
        found = self._kept.get(door)
        if found is None or found.stamp != sight.stamp or monotonic() > found.until:
            return None
        if sight.expires_at is not None and sight.expires_at <= sight.now:
            return None
        return found.caller

    def let_in(self, door: Door, sight: Sight, caller: Caller, at: float) -> None:
        """Remember that this caller was let in at that moment; `sight` is from before it."""
        is_plain = caller.duty == Duty.NONE and not caller.masked and caller.role != Role.CONSULTANT
        # Who sees one study in an emergency comes by the whole way each time: it may have ended.
        is_own = caller.scope == scope_of(caller.user, caller.role)
        if is_plain and is_own and caller.role in ROLES.get(door.route, frozenset()):
            # Machines that came together, after a restart, shall not all come the whole way together again.
            seconds = _MACHINE_SECONDS * _random.uniform(0.5, 1.0) if sight.is_machine else _PERSON_SECONDS
            self._kept.put(door, _Grant(caller, sight.stamp, at + seconds))
