"""From a match to the identifier of a response (PS3.4 C.4.1.1.3.2)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydicom import Dataset, config
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import DataElement
from pydicom.uid import UID
from pynetdicom.dsutils import encode

from dicom_gateway.query_retrieve.charset import answer_charset
from dicom_gateway.query_retrieve.identifier import Identifier
from dicom_gateway.query_retrieve.keys import (
    ALWAYS_GIVEN,
    COMPUTED,
    KEYS,
    UNIQUE_KEYS,
    is_within,
    levels_above,
)
from storage.db.queries.query_retrieve import Found
from storage.domain.matching import Level

_BULK = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
_TEXTS = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})


@dataclass(frozen=True)
class Answering:
    """How one request is answered. `charsets` are those to try, the device's before the request's."""

    identifier: Identifier
    ae_title: str
    charsets: tuple[Sequence[str], ...]
    syntax: UID

    @property
    def needs_headers(self) -> bool:
        """Whether anything is asked for that only the objects themselves tell."""
        level = self.identifier.query.level
        return level is not Level.PATIENT and any(map(_is_in_header, self.identifier.vrs))

    def encode(self, found: Found) -> bytes:
        """The identifier of a response, in the transfer syntax of the context."""
        encoded = encode(self._data_set(found), self.syntax.is_implicit_VR, self.syntax.is_little_endian)
        assert encoded is not None, "every element was made from what this can encode"
        return encoded

    def _data_set(self, found: Found) -> Dataset:
        level = self.identifier.query.level
        answer = Dataset()
        answer.QueryRetrieveLevel = level.value
        answer.RetrieveAETitle = self.ae_title
        answer.InstanceAvailability = found.values.get("InstanceAvailability", "ONLINE")
        wanted = dict(self.identifier.vrs)
        wanted |= {UNIQUE_KEYS[each]: "" for each in (*levels_above(level), level) if self._is_unique_here(each)}
        for tag in sorted(wanted.keys() - ALWAYS_GIVEN):
            element = _element(tag, wanted[tag], found, level)
            if element is not None:
                answer.add(element)
        charset = answer_charset(_texts(answer), *self.charsets)
        if charset:
            answer.SpecificCharacterSet = charset
        return answer

    def _is_unique_here(self, level: Level) -> bool:
        keyword = KEYS[UNIQUE_KEYS[level]].keyword
        return keyword in self.identifier.query.matches or level is self.identifier.query.level


def _is_in_header(tag: str) -> bool:
    """What the catalogue has in columns is not looked up there."""
    return tag not in KEYS and tag not in COMPUTED and tag not in ALWAYS_GIVEN


def _element(tag: str, vr: str, found: Found, level: Level) -> DataElement | None:
    """Empty where the catalogue has no value; None for an attribute that is not of this level."""
    number = int(tag, 16)
    known = KEYS.get(tag)
    keyword, of_level = (known.keyword, known.level) if known else COMPUTED.get(tag, ("", level))
    if not is_within(of_level, level):
        return None
    if keyword:
        return _made(number, dictionary_VR(number), found.values.get(keyword))
    return _from_header(tag, vr, found.header)


def _from_header(tag: str, vr: str, header: Mapping[str, Any]) -> DataElement | None:
    told = header.get(tag)
    if told is not None and told.get("vr") not in _BULK:
        try:
            return Dataset.from_json({tag: told})[int(tag, 16)]
        except Exception:  # noqa: BLE001, S110 - what equipment wrote need not be what pydicom takes: no value then
            pass
    return None if vr in _BULK else _made(int(tag, 16), vr, None)


def _made(tag: int, vr: str, value: Any) -> DataElement:
    if vr == "SQ":
        value = value or []
    return DataElement(tag, vr, value, validation_mode=config.IGNORE)


def _texts(data_set: Dataset) -> Iterator[str]:
    for element in data_set.iterall():
        if element.VR in _TEXTS:
            yield str(element.value)
