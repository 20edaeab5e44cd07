"""The templates of a county: shipped, county, department, own. Whoever changes one makes a new edition of it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from reading_queue.service.actors import Actor
from reading_queue.templates.fitting import Exam, is_possible, score, start_values
from reading_queue.templates.model import Template
from reading_queue.templates.parsing import parse_template
from reading_queue.templates.shipped import ShippedTemplate, shipped_templates
from storage.audit import AuditEntry, record
from storage.db.models import ReportTemplate, TemplateEdition
from storage.db.queries import templates as queries
from storage.db.queries.templates import Place
from storage.db.session import UnitOfWork
from storage.domain.canonical import canonical_json
from storage.domain.errors import Conflict, Forbidden, Invalid, NotFound
from storage.domain.reading import Role
from storage.domain.templates import NEAREST_FIRST, Department, Level, department_of

WRITERS = frozenset({Role.RADIOLOGIST, Role.AUDITOR, Role.MANAGER, Role.ADMIN})
"""Each has his own templates and phrases."""

KEEPERS = frozenset({Role.MANAGER, Role.ADMIN})
"""They also change those of the county and of departments."""

_PARSED = 512


@dataclass(frozen=True)
class Entry:
    """A template in use. `id` is a number, or the key of a shipped one; of several with one `key` the nearest counts."""

    id: str
    key: str
    place: Place
    version: int
    content: Mapping[str, Any]
    template: Template
    changed_at: datetime | None


@dataclass(frozen=True)
class Fit:
    """A template that may be used for an exam, with what the exam's name tells already."""

    entry: Entry
    score: int
    start: Mapping[str, Any]


def visible(work: UnitOfWork, actor: Actor) -> list[Entry]:
    """Every template in use that the actor may see, the nearest first."""
    stored = [_stored(row) for row in queries.templates_for(work, actor.user_id or 0)]
    entries = [*stored, *(_shipped(one) for one in shipped_templates().values())]
    return sorted(entries, key=lambda entry: NEAREST_FIRST.index(entry.place.level))


def nearest(entries: Iterable[Entry], department: Department | None) -> list[Entry]:
    """Of the templates with one key the reader's own, else his department's, else the county's, else the shipped one."""
    found: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda entry: NEAREST_FIRST.index(entry.place.level)):
        if entry.place.level is not Level.DEPARTMENT or entry.place.department == department:
            found.setdefault(entry.key, entry)
    return list(found.values())


def fitting(work: UnitOfWork, actor: Actor, exam: Exam) -> list[Fit]:
    """What the actor may use for the exam, what fits best first."""
    entries = nearest(visible(work, actor), department_of(exam.modality))
    fits = [
        Fit(entry, score(entry.template, exam), start_values(entry.template, exam))
        for entry in entries
        if is_possible(entry.template, exam)
    ]
    return sorted(fits, key=lambda fit: (-fit.score, NEAREST_FIRST.index(fit.entry.place.level), fit.entry.key))


def entry(work: UnitOfWork, actor: Actor, template_id: str) -> Entry:
    """One template in use. Raises `NotFound`, also for another reader's own."""
    if not template_id.isdecimal():
        shipped = shipped_templates().get(template_id)
        if shipped is None:
            raise NotFound("There is no such template.")
        return _shipped(shipped)
    row = queries.template_row(work, int(template_id))
    if row.withdrawn or row.owner_id not in (None, actor.user_id):
        raise NotFound("There is no such template.")
    return _stored(row)


def create(work: UnitOfWork, actor: Actor, place: Place, content: Mapping[str, Any], key: str = "") -> Entry:
    """A new template. With the key of another it takes that one's place for whom it is nearer. Raises `Invalid`."""
    kept = allowed_place(actor, place)
    parse_template(content)
    if key and queries.template_at(work, key, kept) is not None:
        raise Conflict("There is such a template already; change that one.")
    row = ReportTemplate(
        key=key,
        level=kept.level,
        department=kept.department,
        owner_id=kept.owner_id,
        content=dict(content),
        version=1,
        changed_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    row.key = key or f"local-{row.id}"
    _add_edition(work, actor, row, "template.create")
    return _stored(row)


def change(work: UnitOfWork, actor: Actor, template_id: str, content: Mapping[str, Any], version: int) -> Entry:
    """A new edition of what the actor knows as edition `version`. Raises `Conflict` when there is a later one."""
    row = _own_row(work, actor, template_id)
    parse_template(content)
    if not queries.next_version(work, row.id, version):
        raise Conflict("Somebody has changed the template meanwhile; load it again.")
    work.session.refresh(row)
    row.content, row.changed_at = dict(content), work.now
    _add_edition(work, actor, row, "template.change")
    return _stored(row)


def withdraw(work: UnitOfWork, actor: Actor, template_id: str) -> None:
    """Take a template out of use. Its editions stay, for the reports that name them."""
    row = _own_row(work, actor, template_id)
    row.withdrawn, row.changed_at = True, work.now
    _audit(work, actor, "template.withdraw", row)


def copy(work: UnitOfWork, actor: Actor, template_id: str, place: Place) -> Entry:
    """The same template in a nearer place, to be changed there; it keeps its key and so takes the other's place."""
    found = entry(work, actor, template_id)
    return create(work, actor, place, found.content, found.key)


def may_change(actor: Actor, place: Place) -> bool:
    """Whether the actor may change what is in that place."""
    if place.level is Level.SHIPPED:
        return False
    if place.level is Level.OWN:
        return place.owner_id == actor.user_id and actor.role in WRITERS
    return actor.role in KEEPERS


def allowed_place(actor: Actor, wanted: Place) -> Place:
    """The place as it is stored. Raises `Forbidden` and `Invalid`."""
    owner = actor.user_id if wanted.level is Level.OWN else None
    department = wanted.department if wanted.level is Level.DEPARTMENT else ""
    place = Place(wanted.level, department, owner)
    if not may_change(actor, place):
        raise Forbidden("Only the manager changes what is shared; make your own.")
    if place.level is Level.DEPARTMENT and department not in set(Department):
        raise Invalid(f"A department is one of {', '.join(Department)}.")
    return place


def _own_row(work: UnitOfWork, actor: Actor, template_id: str) -> ReportTemplate:
    found = entry(work, actor, template_id)
    if not may_change(actor, found.place):
        raise Forbidden("This template is not yours to change; copy it.")
    return queries.template_row(work, int(template_id))


def _add_edition(work: UnitOfWork, actor: Actor, row: ReportTemplate, action: str) -> None:
    edition = TemplateEdition(
        template_id=row.id, version=row.version, content=row.content, made_by_id=actor.user_id, made_at=work.now
    )
    work.session.add(edition)
    work.session.flush()
    _audit(work, actor, action, row)


def _audit(work: UnitOfWork, actor: Actor, action: str, row: ReportTemplate) -> None:
    detail = {"key": row.key, "level": row.level, "department": row.department, "version": row.version}
    record(work.session, AuditEntry(work.now, actor.username, action, f"template:{row.id}", detail))


def _stored(row: ReportTemplate) -> Entry:
    place = Place(Level(row.level), row.department, row.owner_id)
    template = _parsed(canonical_json(row.content))
    return Entry(str(row.id), row.key, place, row.version, row.content, template, row.changed_at)


def _shipped(one: ShippedTemplate) -> Entry:
    return Entry(one.key, one.key, Place(Level.SHIPPED), one.version, one.content, one.template, None)


@lru_cache(_PARSED)
def _parsed(content: bytes) -> Template:
    return parse_template(json.loads(content))
