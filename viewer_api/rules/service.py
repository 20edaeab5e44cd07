"""The county's rules as the interface shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Literal

from reading_queue import rulebook
from reading_queue.calendars import CalendarRules
from reading_queue.chapters import CHAPTERS
from reading_queue.coverage import uncovered_warning
from reading_queue.effects import effect_of
from reading_queue.rulebook import Chapter
from storage.db.models import RuleEdition, User
from storage.db.session import UnitOfWork
from storage.domain.rulebook import RuleKind
from viewer_api.rules.schemas import ChapterLine, ChapterOut, EditionOut, EffectOut, PreviewOut, TallyOut


def chapter_lines(work: UnitOfWork) -> list[ChapterLine]:
    """Every chapter that this release has."""
    return [_line(work, chapter) for chapter in CHAPTERS.values()]


def chapter_out(work: UnitOfWork, chapter: Chapter[Any]) -> ChapterOut:
    """A chapter with every edition."""
    version = rulebook.in_force(work, chapter).version
    rows = rulebook.editions(work, chapter.kind)
    names = _people(work, rows)
    published = [edition_out(work, row, version, names) for row in reversed(rows)]
    return ChapterOut(kind=chapter.kind, version=version, editions=[*published, _shipped(chapter, version)])


def edition_out(work: UnitOfWork, row: RuleEdition, version: int, names: Mapping[int, User]) -> EditionOut:
    """An edition beside the `version` in force."""
    by = names[row.published_by_id]
    return EditionOut(
        version=row.version,
        effective_from=row.effective_from,
        state=_state(work, row, version),
        note=row.note,
        published_by=by.username,
        published_by_name=by.display_name,
        published_at=row.published_at,
        content=row.content,
    )


def published_out(work: UnitOfWork, chapter: Chapter[Any], row: RuleEdition) -> EditionOut:
    """What has just been published."""
    return edition_out(work, row, rulebook.in_force(work, chapter).version, _people(work, [row]))


def preview(work: UnitOfWork, chapter: Chapter[Any], content: Mapping[str, Any]) -> PreviewOut:
    """Whether the content makes sense and what it would do. Raises `Invalid`."""
    parsed = chapter.parse(content)
    effects = effect_of(work, parsed) if chapter.kind == RuleKind.SERVICE_TIMES else []
    warning = uncovered_warning(parsed, work.now, work.zone) if isinstance(parsed, CalendarRules) else ""
    return PreviewOut(
        effects=[
            EffectOut(
                priority=one.priority,
                modality=one.modality,
                tasks=one.tasks,
                present=TallyOut(**asdict(one.present)),
                proposed=TallyOut(**asdict(one.proposed)),
            )
            for one in effects
        ],
        warnings=[warning] if warning else [],
    )


def _line(work: UnitOfWork, chapter: Chapter[Any]) -> ChapterLine:
    rows = rulebook.editions(work, chapter.kind)
    version = rulebook.in_force(work, chapter).version
    now = next((row for row in rows if row.version == version), None)
    coming = min(
        (row for row in rows if row.effective_from > work.now), key=lambda row: row.effective_from, default=None
    )
    return ChapterLine(
        kind=chapter.kind,
        version=version,
        effective_from=now.effective_from if now else None,
        published_by_name=_people(work, [now])[now.published_by_id].display_name if now else "",
        note=now.note if now else "",
        editions=len(rows),
        next_version=coming.version if coming else None,
        next_from=coming.effective_from if coming else None,
    )


def _shipped(chapter: Chapter[Any], version: int) -> EditionOut:
    return EditionOut(
        version=rulebook.SHIPPED,
        effective_from=None,
        state="in_force" if version == rulebook.SHIPPED else "past",
        note="",
        published_by="",
        published_by_name="",
        published_at=None,
        content=dict(chapter.shipped),
    )


def _state(work: UnitOfWork, row: RuleEdition, version: int) -> Literal["past", "in_force", "future"]:
    if row.version == version:
        return "in_force"
    return "future" if row.effective_from > work.now else "past"


def _people(work: UnitOfWork, rows: Sequence[RuleEdition]) -> dict[int, User]:
    return {one: work.session.get_one(User, one) for one in {row.published_by_id for row in rows}}
