"""A reader's own layouts: one for each modality and body part, before those of the county."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from reading_queue.hanging.chapter import read_step
from reading_queue.service.actors import Actor
from storage.audit import AuditEntry, record
from storage.db.models import OwnHanging
from storage.db.session import UnitOfWork
from storage.domain.errors import Forbidden, InvalidField, NotFound
from storage.domain.reading import Role

READERS = frozenset({Role.RADIOLOGIST, Role.AUDITOR})
MOST = 200

_LONGEST = 64


def own_layouts(work: UnitOfWork, actor: Actor) -> Sequence[OwnHanging]:
    """The reader's layouts, the one changed last first."""
    query = select(OwnHanging).where(OwnHanging.user_id == actor.user_id)
    return work.session.execute(query.order_by(OwnHanging.changed_at.desc(), OwnHanging.id.desc())).scalars().all()


def save_layout(
    work: UnitOfWork, actor: Actor, *, modality: str, body_part: str, step: Mapping[str, Any]
) -> OwnHanging:
    """Keep it for exams of that modality and body part, in place of the one before. Raises `InvalidField`, `Forbidden`."""
    if actor.role not in READERS or actor.user_id is None:
        raise Forbidden("Layouts are kept for those who read.")
    modality, body_part = modality.strip().upper(), body_part.strip().upper()
    if not 1 <= len(modality) <= _LONGEST or len(body_part) > _LONGEST:
        raise InvalidField("modality", f"and body part have up to {_LONGEST} characters each.")
    content = read_step(step).model_dump(mode="json")
    known = own_layouts(work, actor)
    row = next((one for one in known if (one.modality, one.body_part) == (modality, body_part)), None)
    if row is None:
        if len(known) >= MOST:
            raise InvalidField(
                "modality", f"is one more than the {MOST} layouts that a reader may keep: delete one first."
            )
        row = OwnHanging(user_id=actor.user_id, modality=modality, body_part=body_part)
        work.session.add(row)
    row.content, row.changed_at = content, work.now
    work.session.flush()
    _audit(work, actor, "hanging.save", row)
    return row


def delete_layout(work: UnitOfWork, actor: Actor, hanging_id: int) -> None:
    """Go back to the county's. Raises `NotFound`, also for a layout of somebody else."""
    query = select(OwnHanging).where(OwnHanging.id == hanging_id, OwnHanging.user_id == actor.user_id)
    row = work.session.execute(query).scalar_one_or_none()
    if row is None:
        raise NotFound("There is no such layout.")
    _audit(work, actor, "hanging.delete", row)
    work.session.delete(row)


def _audit(work: UnitOfWork, actor: Actor, action: str, row: OwnHanging) -> None:
    detail = {"modality": row.modality, "body_part": row.body_part}
    record(work.session, AuditEntry(work.now, actor.username, action, f"hanging:{row.id}", detail))
