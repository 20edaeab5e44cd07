"""Bodies of the county's rules."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from storage.domain.reading import Priority
from storage.domain.rulebook import RuleKind
from viewer_api.schemas import Moment, RequestSchema, Schema


class EditionOut(Schema):
    """An edition of a chapter. Version 0 is what the product ships: nobody published it."""

    version: int
    effective_from: Moment | None
    state: Literal["past", "in_force", "future"]
    note: str
    published_by: str
    published_by_name: str
    published_at: Moment | None
    content: dict[str, Any]


class ChapterLine(Schema):
    """A chapter in the list: what is in force, and what comes next."""

    kind: RuleKind
    version: int
    """The edition in force; 0 is what the product ships."""
    effective_from: Moment | None
    published_by_name: str
    note: str
    editions: int
    next_version: int | None
    next_from: Moment | None


class RulesOut(Schema):
    """Every chapter of the county's rules."""

    items: list[ChapterLine]


class ChapterOut(Schema):
    """A chapter with all its editions, the newest first; the last is what the product ships."""

    kind: RuleKind
    version: int
    editions: list[EditionOut]


class ContentIn(RequestSchema):
    """What an edition is to say."""

    content: dict[str, Any]


class PublishIn(ContentIn):
    """A new edition, from now on or from a later moment on, and why."""

    effective_from: AwareDatetime | None = None
    note: Annotated[str, Field(min_length=1, max_length=500)]


class TallyOut(Schema):
    """Tasks within their target, past it, and past their maximum."""

    on_time: int
    late: int
    breached: int


class EffectOut(Schema):
    """The last 30 days' tasks of a class and modality under the rules in force and under the proposed ones."""

    priority: Priority
    modality: str
    tasks: int
    present: TallyOut
    proposed: TallyOut


class PreviewOut(Schema):
    """The content makes sense. For service times, what they would have made of the last 30 days; empty for other chapters."""

    effects: list[EffectOut]
    warnings: list[str]
