"""QIDO-RS (PS3.18 10.6): a page of answers, made of the catalogue's rows and, for what is in no column, of headers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from pydantic_core import to_json
from pydicom.datadict import dictionary_VR, tag_for_keyword

from storage.db.queries.web_search import WebMatch, find_page
from storage.db.session import UnitOfWork
from storage.domain.errors import SearchTooBroad
from storage.domain.matching import Level
from storage.domain.web_search import WebSearch
from viewer_api.dicomweb.header_matching import fits_header, merged, selected
from viewer_api.dicomweb.metadata import DicomJson
from viewer_api.dicomweb.query import Path, WebQuery

_MOST_EXAMINED = 5000
"""Headers that one search may look through."""

_BATCH = 250
_STUDY = (
    "StudyDate",
    "StudyTime",
    "AccessionNumber",
    "ModalitiesInStudy",
    "ReferringPhysicianName",
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyInstanceUID",
    "StudyID",
    "NumberOfStudyRelatedSeries",
    "NumberOfStudyRelatedInstances",
)
"""PS3.18 table 10.6.3-3, and the Study Description, which every client shows."""

_SERIES = (
    "Modality",
    "SeriesDescription",
    "SeriesInstanceUID",
    "SeriesNumber",
    "NumberOfSeriesRelatedInstances",
    "BodyPartExamined",
    "Laterality",
)
_INSTANCE = ("SOPClassUID", "SOPInstanceUID", "InstanceNumber", "AvailableTransferSyntaxUID")
_OF_SERIES_HEADER: tuple[Path, ...] = (
    ("00080201",),
    ("00400244",),
    ("00400245",),
    ("00400275", "00400009"),
    ("00400275", "00401001"),
)
"""PS3.18 table 10.6.3-4: zone, start of the performed step, step and procedure of the request."""

_OF_INSTANCE_HEADER: tuple[Path, ...] = (("00080201",), ("00280010",), ("00280011",), ("00280100",), ("00280008",))
"""PS3.18 table 10.6.3-5: zone, rows, columns, bits allocated, frames."""

_GROUPS = ("Alphabetic", "Ideographic", "Phonetic")
_COLUMNS = {
    f"{tag_for_keyword(keyword):08X}": keyword
    for keyword in (*_STUDY, *_SERIES, *_INSTANCE, "StudyDescription", "IssuerOfPatientID")
}
_CHARSET, _AVAILABILITY, _NAME, _REFERRER, _ADDRESS = "00080005", "00080056", "00100010", "00080090", "00081190"
_TIME, _MODALITIES = "00080030", "00080061"
_MADE = frozenset({_TIME, _MODALITIES, _NAME, _REFERRER})
_NOTHING = (None, "")
_NO_MORE = WebQuery(WebSearch(Level.STUDY))
_UTF_8: DicomJson = {"vr": "CS", "Value": ["ISO_IR 192"]}


@dataclass(frozen=True)
class Page:
    """What matched, and whether there is more after it. `whole`: told with the attributes of the levels above."""

    matches: Sequence[WebMatch]
    has_more: bool
    query: WebQuery
    root: str
    whole: bool

    def answers(self) -> list[DicomJson]:
        """In the DICOM JSON model (PS3.18 annex F)."""
        paths = _paths(self.query, self.query.search.level)
        return [_answer(one, self.query, paths, self.root, whole=self.whole) for one in self.matches]

    def in_json(self) -> bytes:
        """The answers as one document."""
        if self.query.search.level is not Level.STUDY or self.query.included or self.query.include_all:
            return to_json(self.answers())
        return b"[" + b",".join(_study_in_json(self.root, tuple(one.values.items())) for one in self.matches) + b"]"


def search(work: UnitOfWork, query: WebQuery, root: str, *, whole: bool) -> Page:
    """The page that is asked for. Raises `SearchTooBroad`."""
    headers = _needs_headers(query)
    if query.in_headers:
        found = _examined(work, query)
    else:
        found = find_page(work, query.search, limit=query.limit + 1, offset=query.offset, with_headers=headers)
    return Page(found[: query.limit], len(found) > query.limit, query, root, whole)


@lru_cache(5000)
def _study_in_json(root: str, values: tuple[tuple[str, Any], ...]) -> bytes:
    """What is told of a study of which just these values are known: much the same studies stand on every first page."""
    return to_json(_answer(WebMatch(dict(values)), _NO_MORE, (), root, whole=False))


def _needs_headers(query: WebQuery) -> bool:
    in_no_column = any(path[0] not in _COLUMNS for path in query.included)
    return query.search.level is Level.SERIES or query.include_all or in_no_column


def _examined(work: UnitOfWork, query: WebQuery) -> list[WebMatch]:
    wanted = query.offset + query.limit + 1
    fitting: list[WebMatch] = []
    for start in range(0, _MOST_EXAMINED, _BATCH):
        batch = find_page(work, query.search, limit=_BATCH, offset=start, with_headers=True)
        fitting += [one for one in batch if all(fits_header(key, one.header) for key in query.in_headers)]
        if len(batch) < _BATCH or len(fitting) >= wanted:
            return fitting[query.offset : wanted]
    raise SearchTooBroad("These keys are looked up object by object: narrow the search by StudyDate or PatientID.")


def _answer(found: WebMatch, query: WebQuery, paths: Sequence[Path], root: str, *, whole: bool) -> DicomJson:
    level = query.search.level
    answer = _of_columns(found, level, whole=whole)
    if query.include_all:
        answer = {**found.header, **answer}
    for path in paths:
        if path[0] not in answer:
            answer = merged(answer, selected(path, found.header))
        elif len(path) > 1 and not query.include_all:
            answer = merged(answer, _only_new(path, found.header, answer))
    answer[_CHARSET] = _UTF_8
    answer[_AVAILABILITY] = {"vr": "CS", "Value": [found.values.get("InstanceAvailability", "ONLINE")]}
    answer[_ADDRESS] = {"vr": "UR", "Value": [_address(found, level, root)]}
    return dict(sorted(answer.items())) if paths or query.include_all else answer


def _only_new(path: Path, header: DicomJson, answer: DicomJson) -> DicomJson:
    return selected(path, header) if answer[path[0]].get("vr") == "SQ" else {}


def _paths(query: WebQuery, level: Level) -> list[Path]:
    usual = {Level.SERIES: _OF_SERIES_HEADER, Level.IMAGE: _OF_INSTANCE_HEADER}.get(level, ())
    return [*usual, *sorted(query.included - set(usual))]


def _of_columns(found: WebMatch, level: Level, *, whole: bool) -> DicomJson:
    values = found.values
    answer = dict(_empty(level, whole=whole))
    for tag, vr, keyword in _plain(level, whole=whole):
        if (one := values.get(keyword)) not in _NOTHING:
            answer[tag] = {"vr": vr, "Value": [one]}
    if level is Level.STUDY or whole:
        answer[_TIME] = _element("TM", values["StudyTime"].removesuffix(".000000"))
        answer[_MODALITIES] = _element("CS", *values["ModalitiesInStudy"])
        answer[_NAME] = _name(values.get("told_name") or values["PatientName"])
        answer[_REFERRER] = _name(values["ReferringPhysicianName"])
    return answer


@cache
def _empty(level: Level, *, whole: bool) -> DicomJson:
    """An answer without values, its tags in their order, of which each answer is a copy."""
    vrs = {tag: vr for tag, vr, _ in _columns(level, whole=whole)}
    vrs |= {_CHARSET: "CS", _AVAILABILITY: "CS", _ADDRESS: "UR"}
    return {tag: {"vr": vr} for tag, vr in sorted(vrs.items())}


@cache
def _plain(level: Level, *, whole: bool) -> tuple[tuple[str, str, str], ...]:
    """Of `_columns` what is shown as it is kept."""
    return tuple(column for column in _columns(level, whole=whole) if column[0] not in _MADE)


def _columns(level: Level, *, whole: bool) -> tuple[tuple[str, str, str], ...]:
    """Tag, VR and keyword of what an answer at this level has of columns."""
    keywords: tuple[str, ...] = ("StudyInstanceUID",)
    if level is Level.STUDY or whole:
        keywords = (*_STUDY, "StudyDescription")
    if level is Level.SERIES or (whole and level is Level.IMAGE):
        keywords += _SERIES
    if level is Level.IMAGE:
        keywords += ("SeriesInstanceUID", *_INSTANCE)
    tags = [f"{tag_for_keyword(keyword):08X}" for keyword in dict.fromkeys(keywords)]
    return tuple((tag, dictionary_VR(int(tag, 16)), _COLUMNS[tag]) for tag in tags)


def _element(vr: str, *values: str) -> DicomJson:
    present = [one for one in values if one]
    return {"vr": vr, "Value": present} if present else {"vr": vr}


def _name(text: str) -> DicomJson:
    """A PN of PS3.5 6.2.1; a name without groups that has characters is ideographic."""
    if not text:
        return {"vr": "PN"}
    if "=" not in text:
        return {"vr": "PN", "Value": [{"Alphabetic" if text.isascii() else "Ideographic": text}]}
    groups = {group: part for group, part in zip(_GROUPS, text.split("="), strict=False) if part}
    return {"vr": "PN", "Value": [groups]} if groups else {"vr": "PN"}


def _address(found: WebMatch, level: Level, root: str) -> str:
    address = f"{root}/studies/{found.values['StudyInstanceUID']}"
    if level is not Level.STUDY:
        address += f"/series/{found.values['SeriesInstanceUID']}"
    return f"{address}/instances/{found.values['SOPInstanceUID']}" if level is Level.IMAGE else address
