"""Secrets that calls to other systems are signed with: sealed in the database, opened as a call leaves the house."""

import logging
from dataclasses import dataclass

from sqlalchemy import select

from reading_queue.notices.errors import DeliveryFailed
from storage.db.models import ResultHook, Webhook
from storage.db.session import UnitOfWork
from storage.domain.errors import CountyReadError, SealBroken
from storage.sealing import Seals

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SealedSecret:
    """As the database has it, and what it is of."""

    sealed: str
    about: str

    def opened(self, seals: Seals) -> str:
        """What a call is signed with. Raises `DeliveryFailed` where the key of the seal is not."""
        try:
            return seals.open(self.sealed, self.about)
        except CountyReadError as error:
            _log.error("The %s is of no use: %s", self.about, error.message)
            raise DeliveryFailed("Its secret cannot be opened here") from error


def sealed_for(seals: Seals, row: ResultHook | Webhook, secret: str) -> str:
    """How a row that has its identity keeps the secret."""
    return seals.seal(secret, _about(row))


def secret_of(row: ResultHook | Webhook) -> SealedSecret:
    """The present one."""
    return SealedSecret(row.secret, _about(row))


def old_secret_of(hook: ResultHook) -> SealedSecret:
    """The one from before, while keys overlap."""
    return SealedSecret(hook.old_secret, _about(hook))


def reseal(work: UnitOfWork, seals: Seals) -> int:
    """Seal every secret with the present key, those from before there were seals too; how many cannot be opened."""
    hooks = work.session.execute(select(ResultHook).with_for_update(of=ResultHook)).scalars().all()
    others = work.session.execute(select(Webhook).with_for_update(of=Webhook)).scalars().all()
    kept: list[tuple[ResultHook | Webhook, str]] = [(hook, "secret") for hook in hooks]
    kept += [(hook, "old_secret") for hook in hooks if hook.old_secret]
    kept += [(other, "secret") for other in others]
    return sum(not _is_resealed(seals, row, name) for row, name in kept)


def _is_resealed(seals: Seals, row: ResultHook | Webhook, name: str) -> bool:
    sealed = getattr(row, name)
    if not seals.is_current(sealed):
        try:
            setattr(row, name, seals.seal(seals.open(sealed, _about(row)), _about(row)))
        except SealBroken as error:
            _log.error("The %s is of no use: %s", _about(row), error.message)
            return False
    return True


def _about(row: ResultHook | Webhook) -> str:
    kind = "result hook" if isinstance(row, ResultHook) else "webhook"
    return f"secret of {kind} {row.id}"
