"""A signed version's paper as Encapsulated PDF (PS3.3 A.45.1, C.24.2)."""

from pydicom import Dataset

from reading_queue.documents import codes
from reading_queue.documents.objects import empty_document, predecessors
from reading_queue.documents.told import Told
from reading_queue.documents.uids import DocumentKind


def encapsulated_pdf(told: Told, pdf: bytes) -> Dataset:
    """The document around `pdf`; a version after the first names those before it."""
    ds = empty_document(told, DocumentKind.PAPER)
    title = codes.title_of(told.content["study"]["modality"])
    ds.ConversionType = "WSD"
    ds.AcquisitionDateTime = ""
    ds.BurnedInAnnotation = "YES"
    ds.DocumentTitle = "诊断报告"
    ds.VerificationFlag = "VERIFIED" if told.is_final else "UNVERIFIED"
    ds.ConceptNameCodeSequence = codes.coded(title)
    ds.MIMETypeOfEncapsulatedDocument = "application/pdf"
    ds.EncapsulatedDocument = pdf + b"\x00" * (len(pdf) % 2)
    ds.EncapsulatedDocumentLength = len(pdf)
    if told.earlier:
        ds.PredecessorDocumentsSequence = predecessors(told, DocumentKind.PAPER)
    return ds
