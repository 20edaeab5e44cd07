"""Whether we answer for an object: its bytes are read from the object store and hashed; nothing less is commitment."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from storage.db.models import CommitmentRequest
from storage.db.queries import commitment
from storage.db.queries.commitment import Kept
from storage.db.session import Database, Scope
from storage.domain.commitment import COMMITTED, REPORT_LIMIT, UNKNOWN_LIMIT, FailureReason
from storage.domain.errors import ObjectNotFound
from storage.domain.studies import InstanceState
from storage.objects import ObjectStore

_AT_ONCE = 200
_CHUNK = 1 << 20

GoOn = Callable[[], bool]
"""Called before each object is read; False to stop."""


class Deciding:
    """Looks at one request after the other."""

    def __init__(self, database: Database, store: ObjectStore, *, unknown_limit: timedelta = UNKNOWN_LIMIT) -> None:
        self._database = database
        self._store = store
        self._unknown_limit = unknown_limit

    def look(
        self, request: CommitmentRequest, scope: Scope, now: datetime, decisions: dict[str, int], go_on: GoOn
    ) -> None:
        """Add to `decisions` what can be told now. Raises `StoreUnavailable` while nobody can tell."""
        open_uids = [uid for uid in request.items if uid not in decisions]
        kept = self._kept(request, scope)
        for start in range(0, len(open_uids), _AT_ONCE):
            some = open_uids[start : start + _AT_ONCE]
            with self._database.read() as work:
                aside = commitment.set_aside(work, request.device.ae_title, some)
            for uid in some:
                if not go_on():
                    return
                decision = self._decide(request, kept.get(uid), now, uid, is_aside=uid in aside)
                if decision is not None:
                    decisions[uid] = decision

    def _kept(self, request: CommitmentRequest, scope: Scope) -> Mapping[str, Kept]:
        """What is there of all that the request names; and word to whom it concerns that this is all there will be."""
        uids: Sequence[str] = list(request.items)
        kept: dict[str, Kept] = {}
        for start in range(0, len(uids), _AT_ONCE):
            with self._database.read(scope) as work:
                kept |= commitment.kept_of(work, uids[start : start + _AT_ONCE])
        if kept:
            with self._database.write() as work:
                commitment.signal_studies(work, request, list(kept.values()))
        return kept

    def _decide(
        self, request: CommitmentRequest, kept: Kept | None, now: datetime, uid: str, *, is_aside: bool
    ) -> int | None:
        """None while it is not known yet."""
        age = now - request.requested_at
        if is_aside:
            return FailureReason.PROCESSING_FAILURE
        if kept is None:
            return FailureReason.NO_SUCH_OBJECT if age >= self._unknown_limit else None
        if kept.sop_class_uid != request.items[uid]:
            return FailureReason.CLASS_INSTANCE_CONFLICT
        if kept.state != InstanceState.STORED:
            return FailureReason.PROCESSING_FAILURE if age >= REPORT_LIMIT else None
        return COMMITTED if self._is_intact(kept) else FailureReason.PROCESSING_FAILURE

    def _is_intact(self, kept: Kept) -> bool:
        digest, size = hashlib.sha256(), 0
        try:
            with self._store.open(kept.object_key) as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
        except ObjectNotFound:
            return False
        return (size, digest.hexdigest()) == (kept.size, kept.sha256)
