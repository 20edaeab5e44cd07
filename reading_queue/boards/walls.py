"""Links to wall screens: an administrator makes one, a screen shows the county's figures by it, somebody revokes it."""

from datetime import timedelta

from reading_queue.boards.chapter import BOARDS
from reading_queue.rulebook import in_force
from reading_queue.service import Actor
from storage.audit import AuditEntry, record
from storage.db.models import WallLink
from storage.db.queries import board as rows
from storage.db.session import UnitOfWork
from storage.domain.errors import Forbidden, InvalidField
from storage.domain.reading import Role

KEEPERS = frozenset({Role.MANAGER, Role.ADMIN})


def create(work: UnitOfWork, actor: Actor, name: str, token_sha256: str, days: int | None) -> WallLink:
    """A link by the hash of its token. Raises `InvalidField` for more days than the county's rules allow."""
    _require_keeper(actor)
    longest = in_force(work, BOARDS).content.wall_days
    if days is not None and days > longest:
        raise InvalidField("days", f"may be {longest} at most by the county's rules.")
    made = WallLink(
        name=name,
        token_sha256=token_sha256,
        created_by_id=actor.user_id,
        created_at=work.now,
        expires_at=work.now + timedelta(days=days or longest),
    )
    work.session.add(made)
    work.session.flush()
    work.session.refresh(made)
    _note(work, actor, "wall_created", made)
    return made


def revoke(work: UnitOfWork, actor: Actor, wall_id: int) -> WallLink:
    """End it at once; harmless the second time. Raises `NotFound`."""
    _require_keeper(actor)
    found = rows.wall(work, wall_id)
    if found.revoked_at is None:
        found.revoked_at = work.now
        _note(work, actor, "wall_revoked", found)
    return found


def note_use(work: UnitOfWork, wall_id: int, address: str) -> None:
    """Note when and from where a screen looked last."""
    found = rows.wall(work, wall_id)
    found.last_seen_at, found.last_seen_address = work.now, address


def _require_keeper(actor: Actor) -> None:
    if actor.role not in KEEPERS:
        raise Forbidden("Only the county's manager makes links to wall screens.")


def _note(work: UnitOfWork, actor: Actor, action: str, link: WallLink) -> None:
    detail = {"name": link.name, "expires_at": link.expires_at.isoformat()}
    record(work.session, AuditEntry(work.now, actor.username, action, f"wall:{link.id}", detail))
