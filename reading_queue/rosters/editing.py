"""What every change to rosters and qualifications shares: who may make it, and the record that it leaves."""

from typing import Any

from reading_queue.service.actors import Actor
from storage.audit import AuditEntry, record
from storage.db.models import User
from storage.db.queries.rosters import READERS
from storage.db.session import UnitOfWork
from storage.domain.errors import Forbidden, InvalidField
from storage.domain.reading import Role
from storage.domain.rosters import MODALITY_GROUPS

EDITORS = frozenset({Role.MANAGER, Role.ADMIN})
_LONGEST_CODE = 16


def require_editor(actor: Actor) -> int:
    """The identity of who changes something. Raises `Forbidden` for everybody but the county's managers."""
    if actor.role not in EDITORS or actor.user_id is None:
        raise Forbidden("Only the county's manager changes rosters and qualifications.")
    return actor.user_id


def reader_named(work: UnitOfWork, username: str) -> User:
    """The reader with that user name, active or not. Raises `InvalidField`."""
    found = work.session.query(User).filter_by(username=username).one_or_none()
    if found is None or found.role not in READERS:
        raise InvalidField("user", f"must be the user name of a reader; {username or 'nothing'} is not.")
    return found


def modality_words(words: list[str] | None) -> list[str] | None:
    """Modalities or groups in capitals, each once. Raises `InvalidField`."""
    if words is None:
        return None
    codes = list(dict.fromkeys(word.strip().upper() for word in words))
    for code in codes:
        if code not in MODALITY_GROUPS and not (code.isascii() and code.isalnum() and len(code) <= _LONGEST_CODE):
            raise InvalidField("modalities", f"must be modalities or {', '.join(MODALITY_GROUPS)}; {code} is neither.")
    return codes


def note(work: UnitOfWork, actor: Actor, action: str, subject: str, **detail: Any) -> None:
    """Put a change on the audit chain (I7)."""
    record(work.session, AuditEntry(work.now, actor.username, action, subject, detail))
