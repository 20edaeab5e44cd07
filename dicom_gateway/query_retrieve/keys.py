"""Attributes of the query/retrieve models (PS3.4 C.6.1.1, C.6.2.1): at which level they are, and how they match."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from storage.domain.matching import Level


class Kind(Enum):
    """How the value of a key is read."""

    UID = auto()
    TEXT = auto()
    CODE = auto()
    NAME = auto()
    PHYSICIAN = auto()
    DATE = auto()
    TIME = auto()
    NUMBER = auto()


@dataclass(frozen=True)
class QueryKey:
    """An attribute that is matched."""

    keyword: str
    level: Level
    kind: Kind


def _keys(level: Level, named: Mapping[str, tuple[str, Kind]]) -> dict[str, QueryKey]:
    return {tag: QueryKey(keyword, level, kind) for tag, (keyword, kind) in named.items()}


KEYS: Mapping[str, QueryKey] = {
    **_keys(
        Level.PATIENT,
        {
            "00100010": ("PatientName", Kind.NAME),
            "00100020": ("PatientID", Kind.TEXT),
            "00100021": ("IssuerOfPatientID", Kind.TEXT),
            "00100030": ("PatientBirthDate", Kind.DATE),
            "00100040": ("PatientSex", Kind.CODE),
        },
    ),
    **_keys(
        Level.STUDY,
        {
            "0020000D": ("StudyInstanceUID", Kind.UID),
            "00080020": ("StudyDate", Kind.DATE),
            "00080030": ("StudyTime", Kind.TIME),
            "00080050": ("AccessionNumber", Kind.TEXT),
            "00080061": ("ModalitiesInStudy", Kind.CODE),
            "00080062": ("SOPClassesInStudy", Kind.UID),
            "00080090": ("ReferringPhysicianName", Kind.PHYSICIAN),
            "00081030": ("StudyDescription", Kind.TEXT),
            "00200010": ("StudyID", Kind.TEXT),
        },
    ),
    **_keys(
        Level.SERIES,
        {
            "0020000E": ("SeriesInstanceUID", Kind.UID),
            "00080060": ("Modality", Kind.CODE),
            "0008103E": ("SeriesDescription", Kind.TEXT),
            "00180015": ("BodyPartExamined", Kind.CODE),
            "00200011": ("SeriesNumber", Kind.NUMBER),
            "00200060": ("Laterality", Kind.CODE),
        },
    ),
    **_keys(
        Level.IMAGE,
        {
            "00080018": ("SOPInstanceUID", Kind.UID),
            "00080016": ("SOPClassUID", Kind.UID),
            "00200013": ("InstanceNumber", Kind.NUMBER),
        },
    ),
}
"""By tag as in DICOM JSON."""

COMPUTED: Mapping[str, tuple[str, Level]] = {
    "00201200": ("NumberOfPatientRelatedStudies", Level.PATIENT),
    "00201202": ("NumberOfPatientRelatedSeries", Level.PATIENT),
    "00201204": ("NumberOfPatientRelatedInstances", Level.PATIENT),
    "00201206": ("NumberOfStudyRelatedSeries", Level.STUDY),
    "00201208": ("NumberOfStudyRelatedInstances", Level.STUDY),
    "00201209": ("NumberOfSeriesRelatedInstances", Level.SERIES),
    "00083002": ("AvailableTransferSyntaxUID", Level.IMAGE),
}
"""Attributes of no object, which are returned (PS3.4 C.3.4)."""

UNIQUE_KEYS: Mapping[Level, str] = {
    Level.PATIENT: "00100020",
    Level.STUDY: "0020000D",
    Level.SERIES: "0020000E",
    Level.IMAGE: "00080018",
}

ISSUER = "00100021"
LEVEL, CHARACTER_SET = "00080052", "00080005"
RETRIEVE_AE_TITLE, AVAILABILITY, TIMEZONE = "00080054", "00080056", "00080201"
ALWAYS_GIVEN = frozenset({LEVEL, CHARACTER_SET, RETRIEVE_AE_TITLE, AVAILABILITY})

_ORDER = tuple(Level)


def levels_above(level: Level) -> tuple[Level, ...]:
    """From the top, the level itself excluded."""
    return _ORDER[: _ORDER.index(level)]


def is_within(inner: Level, outer: Level) -> bool:
    """Whether attributes of `inner` may be asked for at `outer`: its own, and those of the levels above."""
    return _ORDER.index(inner) <= _ORDER.index(outer)
