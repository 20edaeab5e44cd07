"""The key images of a signed version as Key Object Selection by TID 2010 (PS3.16; PS3.3 A.35.4)."""

from pydicom import Dataset
from pydicom.sequence import Sequence

from reading_queue.documents import codes, content_items
from reading_queue.documents.objects import empty_document, evidence_of_frames, frame_reference
from reading_queue.documents.told import Told
from reading_queue.documents.uids import DocumentKind


def key_objects(told: Told) -> Dataset:
    """The document; `told` has key frames."""
    ds = empty_document(told, DocumentKind.KEY_IMAGES)
    ds.ReferencedRequestSequence = Sequence()
    ds.CurrentRequestedProcedureEvidenceSequence = evidence_of_frames(told, told.key_frames)
    notes = [f"{number}. {one.note}" for number, one in enumerate(told.key_frames, 1) if one.note.strip()]
    said = [content_items.text(codes.KEY_OBJECT_DESCRIPTION, "\n".join(notes))] if notes else []
    shown = [content_items.image(frame_reference(one)) for one in told.key_frames]
    root = content_items.container(codes.OF_INTEREST, [*said, *shown], relation="")
    template = Dataset()
    template.MappingResource, template.TemplateIdentifier = "DCMR", "2010"
    root.ContentTemplateSequence = Sequence([template])
    ds.update(root)
    return ds
