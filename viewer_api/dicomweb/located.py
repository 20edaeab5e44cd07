"""Where the frames of a series lie: looked up once for all its instances, and known for a few seconds."""

from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from sqlalchemy import Row, and_, select

from reading_queue.delivery import DeliveredFrames
from storage.db.models import FrameDelivery, Instance, Series, Study
from storage.db.session import Database, Scope, UnitOfWork
from storage.domain.clock import monotonic
from storage.domain.errors import NotFound
from storage.domain.studies import InstanceState
from viewer_api.dicomweb.objects import ObjectRef
from viewer_api.recent import Recent

_KNOWN_SECONDS = 10.0
_KEPT_SERIES = 512

_COLUMNS = (
    Instance.sop_instance_uid,
    Instance.study_id,
    Instance.sha256,
    Instance.transfer_syntax_uid,
    Instance.frames,
    Instance.rows,
    Instance.object_key,
    Instance.size,
    Instance.state,
    Instance.gateway,
    Instance.spool_name,
    FrameDelivery.object_key.label("made_key"),
    FrameDelivery.sha256.label("made_sha256"),
    FrameDelivery.lengths,
)


@dataclass(frozen=True)
class LocatedFrames:
    """An instance as far as its frames are concerned: the original, and what was made of it for slow lines."""

    study_id: int
    sha256: str
    transfer_syntax_uid: str
    frames: int
    ref: ObjectRef
    delivered: DeliveredFrames | None
    is_image: bool = True


Located = dict[str, LocatedFrames]
"""By SOP Instance UID."""


class FrameLocator:
    """Knows the instances of the series that are being looked at. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: Recent[tuple[int | None, str, str], tuple[float, Located]] = Recent(_KEPT_SERIES)

    def known(self, scope: Scope, study: str, series: str, sop: str) -> LocatedFrames | None:
        """What a look of the last seconds in this scope found; None when there was none."""
        found = self._known.get((scope.institution_id, study, series))
        if found is None or monotonic() - found[0] > _KNOWN_SECONDS:
            return None
        return found[1].get(sop)

    def find(self, scope: Scope, study: str, series: str, sop: str) -> LocatedFrames:
        """The instance. Raises `NotFound` unless it is in scope, in that series and study."""
        found = self.known(scope, study, series, sop)
        if found is not None:
            return found
        looked_at = monotonic()
        with self._database.read(scope) as work:
            located = _look(work, study, series)
        if sop not in located:
            raise NotFound("There is no such instance.")
        self._known.put((scope.institution_id, study, series), (looked_at, located))
        return located[sop]


def _look(work: UnitOfWork, study: str, series: str) -> Located:
    query = (
        select(*_COLUMNS)
        .join(Series, Series.id == Instance.series_id)
        .join(Study, Study.id == Series.study_id)
        .outerjoin(
            FrameDelivery,
            and_(
                FrameDelivery.instance_id == Instance.id,
                FrameDelivery.source_sha256 == Instance.sha256,
                FrameDelivery.object_key != "",
            ),
        )
        .where(Series.series_instance_uid == series, Study.study_instance_uid == study)
    )
    return {row.sop_instance_uid: _located(row) for row in work.session.execute(query)}


def _located(row: Row[*tuple[Any, ...]]) -> LocatedFrames:
    spooled = (row.gateway, row.spool_name) if row.state == InstanceState.SPOOLED else None
    made = None
    if row.made_key and row.lengths:
        made = DeliveredFrames(row.made_key, row.made_sha256 or "", tuple(accumulate(row.lengths)))
    stored = ObjectRef(row.object_key, row.size, row.sha256, spooled)
    return LocatedFrames(
        row.study_id, row.sha256, row.transfer_syntax_uid, row.frames, stored, made, row.rows is not None
    )
