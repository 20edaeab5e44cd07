"""Content items of structured reports (PS3.3 C.17.3)."""

from pydicom import Dataset
from pydicom.sequence import Sequence

from reading_queue.documents.codes import Code, coded

CONTAINS, HAS_OBS_CONTEXT, HAS_CONCEPT_MOD = "CONTAINS", "HAS OBS CONTEXT", "HAS CONCEPT MOD"


def item(relation: str, value_type: str, name: Code | None) -> Dataset:
    """A content item without its value."""
    ds = Dataset()
    if relation:
        ds.RelationshipType = relation
    ds.ValueType = value_type
    if name is not None:
        ds.ConceptNameCodeSequence = coded(name)
    return ds


def text(name: Code, value: str, relation: str = CONTAINS) -> Dataset:
    """A TEXT item; lines end as UT writes them (PS3.5 6.1.3)."""
    ds = item(relation, "TEXT", name)
    ds.TextValue = "\r\n".join(value.splitlines())
    return ds


def code(name: Code, value: Code, relation: str) -> Dataset:
    ds = item(relation, "CODE", name)
    ds.ConceptCodeSequence = coded(value)
    return ds


def person(name: Code, value: str, relation: str) -> Dataset:
    ds = item(relation, "PNAME", name)
    ds.PersonName = value
    return ds


def image(reference: Dataset, name: Code | None = None) -> Dataset:
    ds = item(CONTAINS, "IMAGE", name)
    ds.ReferencedSOPSequence = Sequence([reference])
    return ds


def container(name: Code, members: list[Dataset], relation: str = CONTAINS) -> Dataset:
    """A heading with what stands under it."""
    ds = item(relation, "CONTAINER", name)
    ds.ContinuityOfContent = "SEPARATE"
    ds.ContentSequence = Sequence(members)
    return ds
