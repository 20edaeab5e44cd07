"""The head of the audit chain, written down again and again where the database's owner cannot change it.

A chain in a database can be written anew from its first link by whoever may write there. An anchor is its head at some
time, signed with a key (HMAC-SHA-256, RFC 2104) and chained to the anchor before, in a file of a folder that should lie on
another machine.
"""

import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.audit import GENESIS
from storage.db.models import AuditArchive, AuditEvent, AuditHead
from storage.domain.canonical import canonical_json
from storage.key_files import keys_in
from storage.settings import Settings

_FILE = "anchors.jsonl"


@dataclass(frozen=True)
class Anchor:
    """The chain's head at a time. `previous` is the signature of the anchor before, empty for the first."""

    at: str
    seq: int
    sha256: str
    previous: str
    signature: str

    @property
    def taken_at(self) -> datetime:
        return datetime.fromisoformat(self.at)


class Anchors:
    """The anchors of an installation: a folder and a key."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self.folder = folder
        self._key = key

    @classmethod
    def of(cls, settings: Settings) -> "Anchors":
        """Where the settings say; the key is made on first use, for its owner's eyes alone."""
        folder = Path(settings.audit_anchors) if settings.audit_anchors else settings.data / "anchors"
        key = Path(settings.audit_key) if settings.audit_key else settings.data / "keys" / "audit.key"
        return cls(folder, keys_in(key)[0].encode())

    @property
    def file(self) -> Path:
        return self.folder / _FILE

    def all(self) -> list[Anchor]:
        """Every anchor, the first first. Raises `ValueError` for a file that was broken."""
        if not self.file.exists():
            return []
        return [Anchor(**json.loads(line)) for line in self.file.read_text(encoding="utf-8").splitlines() if line]

    def take(self, session: Session, at: datetime) -> Anchor:
        """Write the present head down, durably."""
        head = session.execute(select(AuditHead)).scalar_one()
        before = self.all()
        previous = before[-1].signature if before else ""
        unsigned = {"at": at.isoformat(), "seq": head.seq, "sha256": head.sha256, "previous": previous}
        anchor = Anchor(at.isoformat(), head.seq, head.sha256, previous, self._sign(unsigned))
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(anchor)) + "\n")
            file.flush()
            os.fsync(file.fileno())
        return anchor

    def faults(self, session: Session) -> Iterator[str]:
        """What the anchors and the chain contradict each other in, one line each."""
        previous = ""
        for anchor in self.all():
            if not hmac.compare_digest(anchor.signature, self._sign(_unsigned(anchor))) or anchor.previous != previous:
                yield f"The anchor of {anchor.at} was changed, or one before it is missing."
            known = _hash_at(session, anchor.seq)
            if known is None:
                yield f"The chain has lost link {anchor.seq}, which was anchored at {anchor.at}: its end was cut off."
            elif known not in ("", anchor.sha256):
                yield f"Link {anchor.seq} is another than the one anchored at {anchor.at}: the chain was written anew."
            previous = anchor.signature

    def _sign(self, unsigned: dict[str, object]) -> str:
        return hmac.new(self._key, canonical_json(unsigned), sha256).hexdigest()


def _unsigned(anchor: Anchor) -> dict[str, object]:
    return {name: value for name, value in asdict(anchor).items() if name != "signature"}


def _hash_at(session: Session, seq: int) -> str | None:
    """The hash of a link; empty where it lies within an archived file, None where there is none."""
    if seq == 0:
        return GENESIS
    found = session.execute(select(AuditEvent.sha256).where(AuditEvent.seq == seq)).scalar_one_or_none()
    if found is not None:
        return found
    archive = session.execute(
        select(AuditArchive).where(AuditArchive.first_seq <= seq, AuditArchive.last_seq >= seq)
    ).scalar_one_or_none()
    if archive is None:
        return None
    return archive.last_sha256 if archive.last_seq == seq else ""
