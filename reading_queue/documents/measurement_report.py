"""The measurements of a signed version as Enhanced SR by TID 1500, Measurement Report (PS3.16; PS3.3 A.35.2)."""

from pydicom import Dataset
from pydicom.sequence import Sequence

from reading_queue.documents import codes, content_items
from reading_queue.documents.measurement_codes import DERIVATIONS, METHODS, UNITS, quantity
from reading_queue.documents.objects import empty_document, evidence_of_frames, frame_reference
from reading_queue.documents.structured_report import language, observer, verify
from reading_queue.documents.told import Told, ToldMeasurement
from reading_queue.documents.uids import DocumentKind, tracking_uid
from storage.domain.measuring import Figure, MeasurementKind, Point, SpacingMethod

_REGIONS = frozenset(
    {
        MeasurementKind.ELLIPSE,
        MeasurementKind.RECTANGLE,
        MeasurementKind.PROBE,
        MeasurementKind.ARROW,
        MeasurementKind.TEXT,
    }
)
"""Kinds whose place stands for itself; of the others the numbers are inferred from the lines."""

_TWO_LINES = frozenset({MeasurementKind.COBB, MeasurementKind.CARDIOTHORACIC})


def measurement_report(told: Told) -> Dataset:
    """The document; `told` has measurements."""
    ds = empty_document(told, DocumentKind.MEASUREMENTS)
    verify(ds, told)
    ds.PerformedProcedureCodeSequence = Sequence()
    ds.CurrentRequestedProcedureEvidenceSequence = evidence_of_frames(told, [one.on for one in told.measurements])
    groups = [_group(told, one) for one in told.measurements]
    members = [
        language(),
        *observer(told),
        content_items.code(codes.PROCEDURE_REPORTED, codes.IMAGING_PROCEDURE, content_items.HAS_CONCEPT_MOD),
        content_items.container(codes.IMAGING_MEASUREMENTS, groups),
    ]
    root = content_items.container(codes.MEASUREMENT_REPORT, members, relation="")
    template = Dataset()
    template.MappingResource, template.TemplateIdentifier = "DCMR", "1500"
    root.ContentTemplateSequence = Sequence([template])
    ds.update(root)
    return ds


def _group(told: Told, one: ToldMeasurement) -> Dataset:
    """TID 1501, and TID 1410 for what encloses pixels."""
    context = content_items.HAS_OBS_CONTEXT
    uid = tracking_uid(told.study.study_instance_uid, one.id)
    members = [
        content_items.text(codes.TRACKING_IDENTIFIER, one.label or f"{one.kind} {one.id}", context),
        content_items.uid(codes.TRACKING_UID, uid, context),
    ]
    if one.kind in _REGIONS:
        members += _places(one, content_items.CONTAINS, codes.IMAGE_REGION)
    members += [_number(one, figure) for figure in one.figures]
    if one.label:
        members.append(content_items.text(codes.COMMENT, one.label))
    return content_items.container(codes.MEASUREMENT_GROUP, members)


def _number(one: ToldMeasurement, figure: Figure) -> Dataset:
    members = []
    if (derivation := DERIVATIONS.get(figure["name"])) is not None:
        members.append(content_items.code(codes.DERIVATION, derivation, content_items.HAS_CONCEPT_MOD))
    if one.method is not SpacingMethod.PATIENT:
        members.append(content_items.code(codes.METHOD, METHODS[one.method], content_items.HAS_CONCEPT_MOD))
    if one.kind not in _REGIONS:
        members += _places(one, content_items.INFERRED_FROM, None)
    return content_items.number(quantity(figure), figure["value"], UNITS[figure["unit"]], members)


def _places(one: ToldMeasurement, relation: str, name: codes.Code | None) -> list[Dataset]:
    on = frame_reference(one.on)
    return [
        content_items.coordinates(graphic, [value for point in points for value in point], on, relation, name)
        for graphic, points in _graphics(one)
    ]


def _graphics(one: ToldMeasurement) -> list[tuple[str, list[Point]]]:
    """Graphic Type and points (PS3.3 C.18.6.1.2); an ellipse by the ends of its major, then of its minor axis."""
    points = list(one.points)
    if one.kind in _TWO_LINES:
        return [("POLYLINE", points[:2]), ("POLYLINE", points[2:])]
    if len(points) == 1:
        return [("POINT", points)]
    if one.kind not in (MeasurementKind.ELLIPSE, MeasurementKind.RECTANGLE):
        return [("POLYLINE", points)]
    (left, right), (top, bottom) = (sorted(axis) for axis in zip(*points, strict=True))
    if one.kind is MeasurementKind.RECTANGLE:
        return [("POLYLINE", [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)])]
    x, y = (left + right) / 2, (top + bottom) / 2
    axes: list[list[Point]] = [[(left, y), (right, y)], [(x, top), (x, bottom)]]
    longer_first = axes if right - left >= bottom - top else axes[::-1]
    return [("ELLIPSE", [*longer_first[0], *longer_first[1]])]
