"""Searching workitems (PS3.18 11.9): which tasks may have fitting steps, and which of their steps fit."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import translate
from typing import Any

from sqlalchemy import ColumnElement, select

from reading_queue.projections import PROJECTIONS, UpsState
from storage.db.models import Patient, ReadingTask, Study, UpsRequest
from storage.db.session import UnitOfWork
from storage.domain.errors import BadRequest
from viewer_api.ups.dataset import Describing, DicomJson
from viewer_api.ups.told import tag_of
from viewer_api.ups.workitems import Awaited, Workitem, cases_of, find

DEFAULT_LIMIT, MOST = 100, 500
_MOST_TASKS = 5000
_BATCH = 200
_STATE, _STUDY, _PATIENT_ID = "00741000", "0020000D", "00100020"
_CONTROL = frozenset({"limit", "offset", "includefield", "fuzzymatching", "filter", "deletionlock"})
_RANGED = frozenset({"DT", "DA", "TM"})

Path = tuple[str, ...]


@dataclass
class Query:
    """What is searched for: paths of tags with the texts that they must fit, the page, and what is to be returned."""

    keys: dict[Path, str] = field(default_factory=dict)
    limit: int = DEFAULT_LIMIT
    offset: int = 0

    @property
    def state(self) -> str:
        return self.keys.get((_STATE,), "")


def read_query(parameters: Sequence[tuple[str, str]]) -> Query:
    """Raises `BadRequest` for an attribute that there is not."""
    query = Query()
    for name, text in parameters:
        if name in ("limit", "offset"):
            setattr(query, name, _number(name, text))
        elif "\0" in text:
            raise BadRequest("No value has a character of number zero.")
        elif name not in _CONTROL:
            query.keys[path_of(name)] = text.strip()
    query.limit = min(query.limit, MOST)
    return query


def path_of(name: str) -> Path:
    """`0040A370.0020000D` or `ReferencedRequestSequence.StudyInstanceUID` as tags."""
    tags = [tag_of(part) for part in name.split(".")]
    if any(tag is None for tag in tags):
        raise BadRequest(f"There is no attribute {name[:64]}.")
    return tuple(tag for tag in tags if tag is not None)


def search(work: UnitOfWork, query: Query, describing: Describing) -> tuple[list[DicomJson], bool]:
    """The page, newest tasks first; and whether the search was broken off before it had looked at everything."""
    found: list[DicomJson] = []
    skipped, looked = 0, 0
    for item in _candidates(work, query):
        looked += isinstance(item, Workitem)
        line = describing.line(item)
        if not fits(query.keys, line):
            continue
        if skipped < query.offset:
            skipped += 1
            continue
        found.append(line)
        if len(found) == query.limit:
            return found, False
    return found, looked >= _MOST_TASKS


def fits(keys: Mapping[Path, str], dataset: DicomJson) -> bool:
    """Whether every key fits (PS3.4 C.2.2.2); an empty one always does."""
    return all(
        any(_fits(wanted, vr, one) for vr, one in _values(path, dataset)) for path, wanted in keys.items() if wanted
    )


def _candidates(work: UnitOfWork, query: Query) -> Iterator[Workitem | Awaited]:
    if query.state in ("", UpsState.SCHEDULED, UpsState.CANCELED):
        yield from _awaited(work)
    ids = work.session.execute(_task_ids(query)).scalars().all()
    for start in range(0, len(ids), _BATCH):
        cases = {case.task.id: case for case in cases_of(work, ids[start : start + _BATCH])}
        for key in ids[start : start + _BATCH]:
            if key in cases:
                yield from reversed(cases[key].workitems)


def _awaited(work: UnitOfWork) -> Iterator[Awaited]:
    requests = work.session.execute(
        select(UpsRequest.workitem_uid).order_by(UpsRequest.id.desc()).limit(MOST)
    ).scalars()
    found = (find(work, uid) for uid in requests.all())
    return (one for one in found if isinstance(one, Awaited))


def _task_ids(query: Query) -> Any:
    tasks = select(ReadingTask.id).join(Study, Study.id == ReadingTask.study_id).where(*_conditions(query))
    return tasks.order_by(ReadingTask.id.desc()).limit(_MOST_TASKS)


def _conditions(query: Query) -> Iterator[ColumnElement[bool]]:
    """What an index can answer; the steps themselves are compared afterwards."""
    if query.state in (UpsState.SCHEDULED, UpsState.IN_PROGRESS):
        now = [state for state, words in PROJECTIONS.items() if words.ups.state == query.state]
        yield ReadingTask.state.in_(now)
    for path, text in query.keys.items():
        if path[-1] == _STUDY and text:
            yield Study.study_instance_uid.in_(re.split(r"[,\\]", text))
        if path == (_PATIENT_ID,) and text and not re.search(r"[*?]", text):
            yield Study.patient_id.in_(select(Patient.id).where(Patient.patient_id == text))


def _values(path: Path, dataset: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    element = dataset.get(path[0])
    if not isinstance(element, Mapping):
        return
    for one in element.get("Value", []):
        if len(path) > 1:
            yield from _values(path[1:], one)
        elif isinstance(one, Mapping):
            yield from ((element["vr"], str(text)) for text in one.values())
        else:
            yield element["vr"], str(one)


def _fits(wanted: str, vr: str, found: str) -> bool:
    if vr == "UI":
        return found in re.split(r"[,\\]", wanted)
    if vr in _RANGED and "-" in wanted:
        first, _, last = wanted.partition("-")
        return (not first or found[: len(first)] >= first) and (not last or found[: len(last)] <= last)
    if vr in _RANGED:
        return found.startswith(wanted)
    pattern = translate(wanted.replace("[", "[[]"))
    return re.fullmatch(pattern, found, re.IGNORECASE if vr == "PN" else 0) is not None


def _number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > len(str(_MOST_TASKS)):
        raise BadRequest(f"{name} is a number.")
    return int(text)
