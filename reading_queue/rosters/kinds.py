"""Shift kinds: the work types that a county's roster is made of."""

import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, time

from sqlalchemy import select

from reading_queue.rosters.editing import modality_words, note, require_editor
from reading_queue.service.actors import Actor
from storage.db.models import DutySpan, ShiftKind
from storage.db.session import UnitOfWork
from storage.domain.errors import Conflict, InvalidField, NotFound
from storage.domain.reading import Priority
from storage.domain.rosters import shift_span

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class ShiftPlan:
    """What a shift kind is to be; see `storage.db.models.ShiftKind`."""

    name: str
    starts: time
    ends: time
    name_en: str = ""
    colour: str = "#2f6fde"
    modalities: list[str] | None = None
    subspecialties: list[str] = field(default_factory=list)
    priorities: list[Priority] | None = None
    night: bool = False
    on_call: bool = False
    rvu_share: float = 1.0
    phone: str = ""


def save_kind(work: UnitOfWork, actor: Actor, plan: ShiftPlan, kind_id: int | None = None) -> ShiftKind:
    """Make a shift kind, or bring one to these values; shifts to come follow its new hours, those begun stay as they are.

    Raises `InvalidField`, `NotFound`, and `Conflict` for a name that another one has.
    """
    require_editor(actor)
    _require_sense(plan)
    _require_free_name(work, plan.name, kind_id)
    kind = ShiftKind() if kind_id is None else shift_kind(work, kind_id)
    values = {**asdict(plan), "modalities": modality_words(plan.modalities)}
    for name, value in values.items():
        setattr(kind, name, value)
    kind.active = True
    work.session.add(kind)
    work.session.flush()
    moved = _move_what_is_to_come(work, kind)
    detail = {**values, "starts": plan.starts.isoformat("minutes"), "ends": plan.ends.isoformat("minutes")}
    note(work, actor, "roster.kind", f"shift_kind:{kind.id}", **{**detail, "phone": bool(plan.phone), "moved": moved})
    return kind


def retire_kind(work: UnitOfWork, actor: Actor, kind_id: int) -> ShiftKind:
    """Take a shift kind out of use; its shifts stand. Raises `NotFound`."""
    require_editor(actor)
    kind = shift_kind(work, kind_id)
    kind.active = False
    note(work, actor, "roster.kind.retire", f"shift_kind:{kind.id}")
    return kind


def shift_kind(work: UnitOfWork, kind_id: int) -> ShiftKind:
    """Raises `NotFound`."""
    kind = work.session.get(ShiftKind, kind_id)
    if kind is None:
        raise NotFound("There is no such shift kind.")
    return kind


def _require_sense(plan: ShiftPlan) -> None:
    if not plan.name.strip():
        raise InvalidField("name", "must not be empty.")
    if plan.colour and not _COLOUR.fullmatch(plan.colour):
        raise InvalidField("colour", "must look like #2f6fde.")
    if not 0 <= plan.rvu_share <= 1:
        raise InvalidField("rvu_share", "must be from 0 to 1.")
    if plan.modalities == [] or plan.priorities == []:
        raise InvalidField("modalities", "and priorities must name something, or be null for everything.")


def _require_free_name(work: UnitOfWork, name: str, kind_id: int | None) -> None:
    other = work.session.execute(select(ShiftKind.id).where(ShiftKind.name == name)).scalar_one_or_none()
    if other is not None and other != kind_id:
        raise Conflict(f"There is a shift kind named {name} already.")


def _move_what_is_to_come(work: UnitOfWork, kind: ShiftKind) -> int:
    query = select(DutySpan).where(
        DutySpan.shift_kind_id == kind.id, DutySpan.exact.is_(False), DutySpan.starts_at > work.now
    )
    moved = 0
    for span in work.session.execute(query).scalars():
        starts, ends = (one.astimezone(UTC) for one in shift_span(span.day, kind.starts, kind.ends, work.zone))
        moved += (span.starts_at, span.ends_at) != (starts, ends)
        span.starts_at, span.ends_at = starts, ends
    return moved
