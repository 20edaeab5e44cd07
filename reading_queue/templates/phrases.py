"""Phrases: short texts that a reader calls up by a few letters, those that he uses most first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from reading_queue.pinyin import sound_of_words
from reading_queue.service.actors import Actor
from reading_queue.templates.library import allowed_place, may_change
from reading_queue.templates.shipped import shipped_phrases
from storage.audit import AuditEntry, record
from storage.db.models import Phrase
from storage.db.queries import templates as queries
from storage.db.queries.templates import Place
from storage.db.session import UnitOfWork
from storage.domain.errors import Forbidden, Invalid, NotFound
from storage.domain.templates import NEAREST_FIRST, Level, department_of

_SOUNDED = 200
"""Characters of a phrase whose sound is kept: nobody types more."""
_LONGEST = 2_000
_NEARNESS = {level: number for number, level in enumerate(NEAREST_FIRST)}
_CODE, _INITIALS, _PINYIN, _TEXT = range(4)


@dataclass(frozen=True)
class PhraseText:
    """What a phrase says and for what. `section` is findings, impression or empty for both."""

    zh: str
    en: str = ""
    code: str = ""
    section: str = ""
    modalities: tuple[str, ...] = ()
    body_parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """A phrase that a reader may use; `id` is a number, or the name of a shipped one."""

    id: str
    place: Place
    text: PhraseText
    pinyin: str
    initials: str
    uses: int = 0


@dataclass(frozen=True)
class Wanted:
    """What is looked for: letters, and the exam that is read. Empty fields do not narrow."""

    letters: str = ""
    modality: str = ""
    body_part: str = ""
    section: str = ""


def find(work: UnitOfWork, actor: Actor, wanted: Wanted, limit: int = 20) -> list[Known]:
    """The phrases that the letters may mean: by code, then initials, then pinyin, then words; often used first."""
    letters = wanted.letters.strip().casefold()
    uses = queries.uses_of(work, actor.user_id or 0)
    ranked = [
        (rank, _is_elsewhere(one, wanted), -uses.get(one.id, 0), len(one.text.zh), one)
        for one in known(work, actor, wanted)
        if (rank := _rank(one, letters)) is not None
    ]
    ranked.sort(key=lambda row: (row[:4], row[4].id))
    return [replace(row[4], uses=-row[2]) for row in ranked[:limit]]


def known(work: UnitOfWork, actor: Actor, wanted: Wanted) -> list[Known]:
    """Every phrase for the exam. Of those with one code in one section the nearest counts, as with templates."""
    department = department_of(wanted.modality) if wanted.modality else ""
    stored = [
        _stored(row)
        for row in queries.phrases_for(work, actor.user_id or 0, wanted.section)
        if not department or row.level != Level.DEPARTMENT or row.department == department
    ]
    return _nearest(one for one in (*stored, *_shipped()) if _fits(one.text, wanted))


def create(work: UnitOfWork, actor: Actor, place: Place, text: PhraseText) -> Known:
    """A new phrase. Raises `Invalid` and `Forbidden`."""
    kept = allowed_place(actor, place)
    row = Phrase(level=kept.level, department=kept.department, owner_id=kept.owner_id)
    _write(work, row, text)
    _audit(work, actor, "phrase.create", row)
    return _stored(row)


def change(work: UnitOfWork, actor: Actor, phrase_id: str, text: PhraseText) -> Known:
    """The phrase with other words."""
    row = _own_row(work, actor, phrase_id)
    _write(work, row, text)
    _audit(work, actor, "phrase.change", row)
    return _stored(row)


def delete(work: UnitOfWork, actor: Actor, phrase_id: str) -> None:
    """Reports keep their words: nothing refers to a phrase."""
    row = _own_row(work, actor, phrase_id)
    _audit(work, actor, "phrase.delete", row)
    work.session.delete(row)


def note_use(work: UnitOfWork, actor: Actor, phrase_id: str) -> None:
    """Count that the actor has used the phrase. Raises `NotFound`."""
    if actor.user_id is not None and any(one.id == phrase_id for one in known(work, actor, Wanted())):
        queries.count_use(work, actor.user_id, phrase_id)
    else:
        raise NotFound("There is no such phrase.")


def _rank(one: Known, letters: str) -> int | None:
    if not letters or one.text.code.startswith(letters):
        return _CODE
    if one.initials.startswith(letters):
        return _INITIALS
    if one.pinyin.startswith(letters):
        return _PINYIN
    return _TEXT if letters in one.text.zh.casefold() or letters in one.text.en.casefold() else None


def _fits(text: PhraseText, wanted: Wanted) -> bool:
    modality = not wanted.modality or not text.modalities or wanted.modality in text.modalities
    return modality and (not wanted.section or not text.section or wanted.section == text.section)


def _is_elsewhere(one: Known, wanted: Wanted) -> bool:
    """Whether it is for another part of the body: consoles name parts carelessly, so that it is only told later."""
    return bool(wanted.body_part and one.text.body_parts and wanted.body_part not in one.text.body_parts)


def _nearest(phrases: Iterable[Known]) -> list[Known]:
    found: dict[object, Known] = {}
    for one in sorted(phrases, key=lambda one: _NEARNESS[one.place.level]):
        key = (one.text.code, one.text.section) if one.text.code else one.id
        holder = found.get(key)
        if holder is None:
            found[key] = one
        elif holder.place.level is one.place.level:
            found[one.id] = one
    return list(found.values())


def _own_row(work: UnitOfWork, actor: Actor, phrase_id: str) -> Phrase:
    if not phrase_id.isdecimal():
        raise Forbidden("A shipped phrase stays as it is; make your own with the same code.")
    row = queries.phrase_row(work, int(phrase_id))
    place = Place(Level(row.level), row.department, row.owner_id)
    if row.owner_id not in (None, actor.user_id):
        raise NotFound("There is no such phrase.")
    if not may_change(actor, place):
        raise Forbidden("This phrase is not yours to change; make your own with the same code.")
    return row


def _write(work: UnitOfWork, row: Phrase, text: PhraseText) -> None:
    if not (text.zh.strip() or text.en.strip()) or max(len(text.zh), len(text.en)) > _LONGEST:
        raise Invalid(f"A phrase has from 1 to {_LONGEST} characters.")
    if text.section not in ("", "findings", "impression"):
        raise Invalid("section is findings, impression, or empty for both.")
    sound = sound_of_words(text.zh[:_SOUNDED])
    row.zh, row.en, row.code, row.section = text.zh.strip(), text.en.strip(), text.code.strip().lower(), text.section
    row.modalities, row.body_parts = list(text.modalities), list(text.body_parts)
    row.pinyin, row.initials, row.changed_at = sound.full, sound.initials, work.now
    work.session.add(row)
    work.session.flush()


def _audit(work: UnitOfWork, actor: Actor, action: str, row: Phrase) -> None:
    detail = {"level": row.level, "department": row.department, "code": row.code}
    record(work.session, AuditEntry(work.now, actor.username, action, f"phrase:{row.id}", detail))


def _stored(row: Phrase | Any) -> Known:
    text = PhraseText(row.zh, row.en, row.code, row.section, tuple(row.modalities), tuple(row.body_parts))
    return Known(str(row.id), Place(Level(row.level), row.department, row.owner_id), text, row.pinyin, row.initials)


@cache
def _shipped() -> Sequence[Known]:
    return [_of_file(raw) for raw in shipped_phrases()]


def _of_file(raw: Mapping[str, object]) -> Known:
    text = PhraseText(
        zh=str(raw["zh"]),
        en=str(raw["en"]),
        code=str(raw.get("code", "")),
        section=str(raw.get("section", "")),
        modalities=_texts(raw.get("modalities")),
        body_parts=_texts(raw.get("body_parts")),
    )
    sound = sound_of_words(text.zh[:_SOUNDED])
    return Known(str(raw["id"]), Place(Level.SHIPPED), text, sound.full, sound.initials)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()
