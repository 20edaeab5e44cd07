"""What a signed version says besides its words: whose opinion was heard, which readings it decides over, what was said before."""

from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

from reading_queue.service.actors import ReportContent
from reading_queue.service.consulting import opinions_on
from reading_queue.service.doubling import drafts_before
from reading_queue.service.versions import person, versions_of_task
from storage.db.models import Consultation, Draft, ReadingTask, ReportVersion, User
from storage.db.session import UnitOfWork
from storage.domain.reading import ReportKind

_WORDS = ("findings", "impression", "positive", "critical")


def weighed(work: UnitOfWork, task: ReadingTask, words: ReportContent) -> dict[str, Any]:
    """`consultations`, `readings` and `preliminary`, each only where there is something to say."""
    found = {
        "consultations": [_opinion(one) for one in opinions_on(work, task.id)],
        "readings": [_reading(work, draft, words) for draft in drafts_before(work, task)],
        "preliminary": _preliminary(work, task, words),
    }
    return {name: value for name, value in found.items() if value}


def differing(before: Mapping[str, Any], words: ReportContent) -> list[str]:
    """Which of the parts of a report say something else, white space apart."""
    return [name for name in _WORDS if _plain(before.get(name)) != _plain(getattr(words, name))]


def _preliminary(work: UnitOfWork, task: ReadingTask, words: ReportContent) -> dict[str, Any] | None:
    issued = versions_of_task(work, task.id)
    stands = issued and issued[-1].kind == ReportKind.PRELIMINARY
    return _against(issued[-1], words) if stands else None


def _against(version: ReportVersion, words: ReportContent) -> dict[str, Any]:
    before = version.content
    likeness = SequenceMatcher(None, str(before["impression"]), words.impression, autojunk=False).ratio()
    return {
        "version": version.version,
        "sha256": version.sha256,
        "differs": differing(before, words),
        "impression_likeness": round(likeness, 2),
    }


def _opinion(row: Consultation) -> dict[str, Any]:
    consultant = row.consultant
    return {
        "hospital": {"code": row.hospital.code, "name": row.hospital.name, "name_en": row.hospital.name_en},
        "consultant": person(consultant) if consultant else None,
        "opinion": row.opinion,
        "at": row.ended_at.isoformat().replace("+00:00", "Z") if row.ended_at else None,
    }


def _reading(work: UnitOfWork, draft: Draft, words: ReportContent) -> dict[str, Any]:
    said = {name: getattr(draft, name) for name in _WORDS}
    return {"reader": person(work.session.get_one(User, draft.saved_by_id)), "differs": differing(said, words)}


def _plain(value: object) -> object:
    return "".join(value.split()) if isinstance(value, str) else value
