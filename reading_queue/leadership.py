"""Which of several schedulers schedules: the one that holds a lease in the database, for as long as it renews it."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from storage.db.models import BeatLease
from storage.db.session import Database
from storage.db.upsert import insert_missing
from storage.domain.clock import monotonic

_log = logging.getLogger(__name__)

LEASE_SECONDS = 6.0
"""How long after its last sign of life a leader is followed by another."""

RENEW_SECONDS = 2.0
_MARGIN = 1.0
_BEAT = "beat"
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

Ran = Mapping[str, datetime]
"""When each sweep was last asked for."""


@dataclass
class Leadership:
    """One scheduler's claim to lead. Between two renewals it trusts its own clock, and gives up before the lease ends."""

    database: Database
    holder: str
    seconds: Callable[[], float] = monotonic
    _sure_until: float = field(default=0.0, init=False)
    _renew_at: float = field(default=0.0, init=False)
    inherited: Ran | None = field(default=None, init=False)
    """What the last take-over brought: the times of the leader before; the taker sets it back to None."""

    def holds(self, ran: Ran) -> bool:
        """Whether this scheduler leads now; asks the database at most every two seconds, and tells it `ran`."""
        now = self.seconds()
        if now >= self._renew_at:
            self._renew_at = now + RENEW_SECONDS
            if self._renewed(ran):
                self._sure_until = now + LEASE_SECONDS - _MARGIN
        return now < self._sure_until

    def leave(self, ran: Ran) -> None:
        """Let another lead at once."""
        self._renew_at = self._sure_until = 0.0
        with self.database.write() as work:
            mine = (BeatLease.name == _BEAT, BeatLease.holder == self.holder)
            work.session.execute(update(BeatLease).where(*mine).values(expires_at=work.now, ran=_written(ran)))

    def _renewed(self, ran: Ran) -> bool:
        try:
            return self._renew(ran)
        except SQLAlchemyError as error:
            _log.warning("The lease of the scheduler cannot be renewed: %s.", type(error).__name__)
            return False

    def _renew(self, ran: Ran) -> bool:
        with self.database.read() as work:
            row = work.session.get(BeatLease, _BEAT)
            if row is not None and row.holder != self.holder and row.expires_at > work.now:
                self._sure_until = 0.0
                return False
        led = self.seconds() < self._sure_until
        with self.database.write() as work:
            insert_missing(
                work.session,
                BeatLease,
                [{"name": _BEAT, "holder": "", "expires_at": _LONG_AGO, "ran": {}}],
                BeatLease.name,
            )
            free = or_(BeatLease.holder == self.holder, BeatLease.expires_at <= work.now)
            values = {"holder": self.holder, "expires_at": work.now + timedelta(seconds=LEASE_SECONDS)}
            taken = work.session.execute(
                update(BeatLease)
                .where(BeatLease.name == _BEAT, free)
                .values({**values, "ran": _written(ran)} if led else values)
                .returning(BeatLease.name)
            ).first()
            if taken is not None and not led:
                before = work.session.execute(select(BeatLease.ran)).scalar_one()
                self.inherited = {name: datetime.fromisoformat(at) for name, at in before.items()}
        return taken is not None


def _written(ran: Ran) -> dict[str, str]:
    return {name: at.isoformat() for name, at in ran.items()}
