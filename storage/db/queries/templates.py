"""Templates in their editions, phrases, and how often each is used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select, update

from storage.db.models import Phrase, PhraseUse, ReportTemplate, TemplateEdition
from storage.db.session import UnitOfWork
from storage.db.upsert import insert_missing
from storage.domain.errors import NotFound
from storage.domain.templates import Level

_PHRASE_COLUMNS = (
    Phrase.id,
    Phrase.level,
    Phrase.department,
    Phrase.owner_id,
    Phrase.code,
    Phrase.section,
    Phrase.zh,
    Phrase.en,
    Phrase.modalities,
    Phrase.body_parts,
    Phrase.pinyin,
    Phrase.initials,
)


@dataclass(frozen=True)
class Place:
    """Whose a template or phrase is: `owner_id` of a reader's own, `department` of a department's."""

    level: Level
    department: str = ""
    owner_id: int | None = None


def templates_for(work: UnitOfWork, user_id: int) -> Sequence[ReportTemplate]:
    """What is in use and the user may see: the county's, the departments', his own."""
    query = select(ReportTemplate).where(
        ReportTemplate.withdrawn.is_(False),
        or_(ReportTemplate.owner_id.is_(None), ReportTemplate.owner_id == user_id),
    )
    return work.session.execute(query.order_by(ReportTemplate.id)).scalars().all()


def template_row(work: UnitOfWork, template_id: int) -> ReportTemplate:
    """One template, also after it was withdrawn. Raises `NotFound`."""
    row = work.session.get(ReportTemplate, template_id)
    if row is None:
        raise NotFound("There is no such template.")
    return row


def template_at(work: UnitOfWork, key: str, place: Place) -> ReportTemplate | None:
    """The template in use that has `key` in that place."""
    query = select(ReportTemplate).where(
        ReportTemplate.key == key,
        ReportTemplate.level == place.level,
        ReportTemplate.department == place.department,
        ReportTemplate.withdrawn.is_(False),
        ReportTemplate.owner_id.is_(None) if place.owner_id is None else ReportTemplate.owner_id == place.owner_id,
    )
    return work.session.execute(query.limit(1)).scalar_one_or_none()


def template_edition(work: UnitOfWork, template_id: int, version: int) -> TemplateEdition:
    """What a template said in that edition. Raises `NotFound`."""
    query = select(TemplateEdition).where(
        TemplateEdition.template_id == template_id, TemplateEdition.version == version
    )
    row = work.session.execute(query).scalar_one_or_none()
    if row is None:
        raise NotFound("The template has no such edition.")
    return row


def next_version(work: UnitOfWork, template_id: int, version: int) -> bool:
    """Count the template's editions on from `version`; False when somebody else has done so meanwhile."""
    changed = (
        update(ReportTemplate)
        .where(ReportTemplate.id == template_id, ReportTemplate.version == version)
        .values(version=version + 1)
        .returning(ReportTemplate.id)
    )
    return bool(work.session.execute(changed).all())


def phrases_for(work: UnitOfWork, user_id: int, section: str = "") -> Sequence[Any]:
    """The columns of what the user may see: the county's, the departments', his own. Rows rather than objects: there are many."""
    query = select(*_PHRASE_COLUMNS).where(or_(Phrase.owner_id.is_(None), Phrase.owner_id == user_id))
    if section:
        query = query.where(Phrase.section.in_(("", section)))
    return work.session.execute(query.order_by(Phrase.id)).all()


def phrase_row(work: UnitOfWork, phrase_id: int) -> Phrase:
    """Raise `NotFound` when there is no such phrase."""
    row = work.session.get(Phrase, phrase_id)
    if row is None:
        raise NotFound("There is no such phrase.")
    return row


def uses_of(work: UnitOfWork, user_id: int) -> Mapping[str, int]:
    """How often the user has used each phrase that he has used."""
    query = select(PhraseUse.phrase, PhraseUse.uses).where(PhraseUse.user_id == user_id)
    return {row.phrase: row.uses for row in work.session.execute(query)}


def count_use(work: UnitOfWork, user_id: int, phrase: str) -> None:
    """One more."""
    row = {"user_id": user_id, "phrase": phrase, "uses": 0, "used_at": work.now}
    insert_missing(work.session, PhraseUse, [row], PhraseUse.id)
    mine = (PhraseUse.user_id == user_id, PhraseUse.phrase == phrase)
    work.session.execute(update(PhraseUse).where(*mine).values(uses=PhraseUse.uses + 1, used_at=work.now))
