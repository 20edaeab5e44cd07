"""What a query asks for (PS3.4 C.2.2.2): levels, keys, and how a key is matched."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """Query/Retrieve Level (0008,0052), from the top."""

    PATIENT = "PATIENT"
    STUDY = "STUDY"
    SERIES = "SERIES"
    IMAGE = "IMAGE"


@dataclass(frozen=True)
class OneOf:
    """Single value and list matching: the attribute is one of these, letter by letter."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class Wildcard:
    """`*` stands for any number of characters, `?` for one (PS3.4 C.2.2.2.4)."""

    pattern: str


@dataclass(frozen=True)
class Between:
    """Range matching (PS3.4 C.2.2.2.5), both ends included; an empty end is open."""

    first: str
    last: str


Match = OneOf | Wildcard | Between


@dataclass(frozen=True)
class Query:
    """`matches` by the keyword of the attribute; those not there match everything.

    `returned` are the tags (as in DICOM JSON) that the answers are to have; they decide what is looked up.
    """

    level: Level
    matches: Mapping[str, Match] = field(default_factory=dict)
    returned: frozenset[str] = frozenset()
