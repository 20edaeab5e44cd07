"""Content items of structured reports (PS3.3 C.17.3)."""

from pydicom import Dataset
from pydicom.sequence import Sequence
from pydicom.valuerep import DSfloat

from reading_queue.documents.codes import Code, coded

CONTAINS, HAS_OBS_CONTEXT, HAS_CONCEPT_MOD = "CONTAINS", "HAS OBS CONTEXT", "HAS CONCEPT MOD"
INFERRED_FROM, SELECTED_FROM = "INFERRED FROM", "SELECTED FROM"


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


def uid(name: Code, value: str, relation: str) -> Dataset:
    ds = item(relation, "UIDREF", name)
    ds.UID = value
    return ds


def number(name: Code, value: float, unit: Code, members: list[Dataset]) -> Dataset:
    """A NUM item with what qualifies it and what it was inferred from (PS3.3 C.18.1)."""
    ds, measured = item(CONTAINS, "NUM", name), Dataset()
    measured.NumericValue = DSfloat(value, auto_format=True)
    measured.MeasurementUnitsCodeSequence = coded(unit)
    ds.MeasuredValueSequence = Sequence([measured])
    if members:
        ds.ContentSequence = Sequence(members)
    return ds


def coordinates(graphic_type: str, data: list[float], on: Dataset, relation: str, name: Code | None = None) -> Dataset:
    """A SCOORD item: columns and rows in turn, in the image that `on` references (PS3.3 C.18.6)."""
    ds = item(relation, "SCOORD", name)
    ds.GraphicType, ds.GraphicData = graphic_type, data
    ds.ContentSequence = Sequence([image(on, relation=SELECTED_FROM)])
    return ds


def image(reference: Dataset, name: Code | None = None, relation: str = CONTAINS) -> Dataset:
    ds = item(relation, "IMAGE", name)
    ds.ReferencedSOPSequence = Sequence([reference])
    return ds


def container(name: Code, members: list[Dataset], relation: str = CONTAINS) -> Dataset:
    """A heading with what stands under it."""
    ds = item(relation, "CONTAINER", name)
    ds.ContinuityOfContent = "SEPARATE"
    ds.ContentSequence = Sequence(members)
    return ds
