"""A signed version as Basic Text SR by TID 2000, Basic Diagnostic Imaging Report (PS3.16; PS3.3 A.35.1)."""

from collections.abc import Mapping
from typing import Any

from pydicom import Dataset
from pydicom.sequence import Sequence

from reading_queue.documents import codes, content_items
from reading_queue.documents.objects import (
    date_time,
    empty_document,
    evidence_of_frames,
    frame_reference,
    predecessors,
)
from reading_queue.documents.told import Told
from reading_queue.documents.uids import DocumentKind
from storage.domain.reading import ReportKind

_WITHDRAWN, _PRELIMINARY = "本报告已撤回", "本报告为初步报告，以最终报告为准"
_CHANGED = {ReportKind.FINAL: "说明", ReportKind.AMENDED: "更正原因", ReportKind.ADDENDUM: "补充原因"}


def structured_report(told: Told) -> Dataset:
    """The document. A version after the first names those before it as its predecessors (PS3.3 C.17.2)."""
    ds = empty_document(told, DocumentKind.REPORT)
    verify(ds, told)
    ds.PerformedProcedureCodeSequence = Sequence()
    if told.key_frames:
        ds.CurrentRequestedProcedureEvidenceSequence = evidence_of_frames(told, told.key_frames)
    if told.earlier:
        ds.PredecessorDocumentsSequence = predecessors(told, DocumentKind.REPORT)
    ds.update(_tree(told))
    return ds


def verify(ds: Dataset, told: Told) -> None:
    """Who answers for the document, and how far (PS3.3 C.17.2)."""
    ds.CompletionFlag = "COMPLETE" if told.is_final else "PARTIAL"
    ds.VerificationFlag = "VERIFIED" if told.is_final else "UNVERIFIED"
    ds.PreliminaryFlag = "FINAL" if told.is_final else "PRELIMINARY"
    ds.AuthorObserverSequence = Sequence([_author(told)])
    if told.is_final:
        ds.VerifyingObserverSequence = Sequence([_verifier(told)])


def _verifier(told: Told) -> Dataset:
    one = Dataset()
    one.VerifyingOrganization = told.content["centre"]["name"]
    one.VerificationDateTime = date_time(told.signed_at.astimezone(told.zone))
    one.VerifyingObserverName = person_name(told.content["signer"]["name"])
    one.VerifyingObserverIdentificationCodeSequence = Sequence()
    return one


def _author(told: Told) -> Dataset:
    one = Dataset()
    one.ObserverType = "PSN"
    one.PersonName = person_name(told.content["author"]["name"])
    one.PersonIdentificationCodeSequence = Sequence()
    one.InstitutionName = told.content["centre"]["name"]
    one.InstitutionCodeSequence = Sequence()
    return one


def _tree(told: Told) -> Dataset:
    content = told.content
    members = [
        language(),
        *observer(told),
        *_section(codes.PROCEDURES, [(codes.PROCEDURE_DESCRIPTION, content["study"]["description"])]),
        *_notices(told),
        *_section(codes.FINDINGS, [(codes.FINDING, content["findings"])]),
        *_impressions(content),
        *_section(codes.CRITICAL_RESULTS, [(codes.FINDING, content["critical"])]),
        *_key_images(told),
    ]
    root = content_items.container(codes.title_of(content["study"]["modality"]), members, relation="")
    template = Dataset()
    template.MappingResource, template.TemplateIdentifier = "DCMR", "2000"
    root.ContentTemplateSequence = Sequence([template])
    return root


def language() -> Dataset:
    """TID 1204."""
    language = content_items.code(codes.LANGUAGE, codes.CHINESE, content_items.HAS_CONCEPT_MOD)
    country = content_items.code(codes.COUNTRY, codes.CHINA, content_items.HAS_CONCEPT_MOD)
    language.ContentSequence = Sequence([country])
    return language


def observer(told: Told) -> list[Dataset]:
    """TID 1002 and 1003: the author is the observer."""
    context, author = content_items.HAS_OBS_CONTEXT, told.content["author"]
    return [
        content_items.code(codes.OBSERVER_TYPE, codes.PERSON, context),
        content_items.person(codes.OBSERVER_NAME, person_name(author["name"]), context),
        content_items.text(codes.OBSERVER_ORGANISATION, told.content["centre"]["name"], context),
    ]


def _notices(told: Told) -> list[Dataset]:
    """What must be read before the words: that they are withdrawn, changed, or not final yet."""
    reason = told.content["report"]["reason"]
    if told.kind is ReportKind.WITHDRAWN:
        return _section(codes.SUMMARY, [(codes.SUMMARY, f"{_WITHDRAWN}：{reason}")])
    if told.kind is ReportKind.PRELIMINARY:
        return _section(codes.SUMMARY, [(codes.SUMMARY, _PRELIMINARY)])
    return _section(codes.ADDENDUM, [(codes.SUMMARY, f"{_CHANGED[told.kind]}：{reason}")] if reason.strip() else [])


def _section(heading: codes.Code, members: list[tuple[codes.Code, str]]) -> list[Dataset]:
    said = [content_items.text(name, value) for name, value in members if value.strip()]
    return [content_items.container(heading, said)] if said else []


def _impressions(content: Mapping[str, Any]) -> list[Dataset]:
    """The words, and the coded statements that the report was made from (TID 2002, row 1)."""
    said = _section(codes.IMPRESSIONS, [(codes.IMPRESSION, content["impression"])])
    stated = (content.get("structure") or {}).get("statements", [])
    for one in stated if said else []:
        statement = codes.own_statement(one["code"], one.get("zh", ""))
        said[0].ContentSequence.append(content_items.code(codes.IMPRESSION, statement, content_items.CONTAINS))
    return said


def _key_images(told: Told) -> list[Dataset]:
    if not told.key_frames:
        return []
    shown: list[Dataset] = []
    for one in told.key_frames:
        shown.append(content_items.image(frame_reference(one)))
        if one.note.strip():
            shown.append(content_items.text(codes.KEY_OBJECT_DESCRIPTION, one.note))
    return [content_items.container(codes.KEY_IMAGES, shown)]


def person_name(name: str) -> str:
    """A person of the house as PN (PS3.5 6.2.1); what separates parts of a name is left out."""
    return name.translate(str.maketrans("", "", "\\=^")).strip()
