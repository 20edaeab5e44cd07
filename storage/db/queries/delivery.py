"""What a viewer would fetch of a study: its images in the order of reading, and how many bytes each comes to."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select

from storage.db.models import FrameDelivery, Instance, Series, Study
from storage.db.session import UnitOfWork


@dataclass(frozen=True)
class FetchedImage:
    """The first frame of an image. `size` is in bytes, as it would be sent."""

    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    frames: int
    size: int


def images_to_fetch(work: UnitOfWork, study: Study, limit: int) -> Sequence[FetchedImage]:
    """Up to `limit` images of the study in scope: the first of every series, then the others, series by series."""
    query = (
        select(
            Series.series_instance_uid,
            Instance.sop_instance_uid,
            Instance.frames,
            Instance.size,
            FrameDelivery.lengths,
        )
        .join(Series, Series.id == Instance.series_id)
        .outerjoin(
            FrameDelivery,
            and_(FrameDelivery.instance_id == Instance.id, FrameDelivery.source_sha256 == Instance.sha256),
        )
        .where(Instance.study_id == study.id, Instance.rows.is_not(None))
        .order_by(Series.number.is_(None), Series.number, Series.id, Instance.number.is_(None), Instance.number)
        .order_by(Instance.id)
    )
    firsts: list[FetchedImage] = []
    others: list[FetchedImage] = []
    seen: set[str] = set()
    for series, sop, frames, size, lengths in work.session.execute(query):
        sent = lengths[0] if lengths else -(-size // max(1, frames))
        image = FetchedImage(study.study_instance_uid, series, sop, frames, sent)
        (others if series in seen else firsts).append(image)
        seen.add(series)
    return (firsts + others)[:limit]
