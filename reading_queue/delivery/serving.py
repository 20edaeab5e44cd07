"""Where the frames of an instance lie that were made for slow lines."""

from dataclasses import dataclass
from itertools import accumulate

from sqlalchemy import select

from reading_queue.delivery.codestream import SYNTAX
from storage.db.models import FrameDelivery, Instance
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound


@dataclass(frozen=True)
class DeliveredFrames:
    """Lossless HTJ2K codestreams in one object of the store; frame n ends at `ends[n - 1]`."""

    object_key: str
    sha256: str
    ends: tuple[int, ...]
    transfer_syntax_uid: str = SYNTAX

    @property
    def count(self) -> int:
        """How many frames there are."""
        return len(self.ends)

    @property
    def size(self) -> int:
        """Bytes of all frames."""
        return self.ends[-1]

    def locate(self, number: int) -> tuple[int, int]:
        """Start and stop, the latter excluded, of frame `number` (from 1) in the object. Raises `NotFound`."""
        if not 1 <= number <= self.count:
            raise NotFound(f"The object has {self.count} frames.")
        return (self.ends[number - 2] if number > 1 else 0), self.ends[number - 1]


def delivered_frames(work: UnitOfWork, instance: Instance) -> DeliveredFrames | None:
    """The frames that were made of the instance as it is now; None when there are none, or none yet."""
    query = select(FrameDelivery).where(
        FrameDelivery.instance_id == instance.id,
        FrameDelivery.source_sha256 == instance.sha256,
        FrameDelivery.object_key != "",
    )
    row = work.session.execute(query).scalar_one_or_none()
    return DeliveredFrames(row.object_key, row.sha256, tuple(accumulate(row.lengths))) if row is not None else None
