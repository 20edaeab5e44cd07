"""From an object's bytes to what the catalogue needs to know of it. Pure, and tolerant of everything but missing UIDs."""

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian

from storage.domain.devices import CharsetRule
from storage.domain.documents import CompactDocument
from storage.ingest.charset import ChooseReading, TextReading, choose_reading
from storage.ingest.header.attributes import CATALOGUED, UID_TAGS, Identifiers, ObjectHeader, ReadingRules, header_of
from storage.ingest.header.identifying import scan_identifiers
from storage.ingest.header.memo import Memo
from storage.ingest.header.plans import Odd
from storage.ingest.header.scanner import scan_header
from storage.ingest.header.tolerant import catalogued, read_identifiers_tolerantly, read_tolerantly

_READINGS: Memo[TextReading] = Memo(2 << 20)
"""The texts of a series are much the same."""

_MAX_REMEMBERED = 4 << 10
_ALWAYS_ODD = (DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian)


def read_identifiers(stream: BinaryIO, transfer_syntax_uid: str) -> Identifiers:
    """Only the UIDs of the data set that starts here. Raises `UnreadableObject` when there is no data set to read."""
    if transfer_syntax_uid not in _ALWAYS_ODD:
        place = stream.tell()
        try:
            return scan_identifiers(stream, implicit=transfer_syntax_uid == ImplicitVRLittleEndian)
        except Odd:
            stream.seek(place)
    return read_identifiers_tolerantly(stream, transfer_syntax_uid)


def read_header(stream: BinaryIO, transfer_syntax_uid: str, received_at: datetime, rules: ReadingRules) -> ObjectHeader:
    """Everything but the bulk data. `stream` stands at the data set and is seekable. Raises `UnreadableObject`."""
    if transfer_syntax_uid not in _ALWAYS_ODD:
        place = stream.tell()
        try:
            return scan_as_header(stream, transfer_syntax_uid, received_at, rules)
        except Odd:
            stream.seek(place)
    return read_tolerantly_as_header(stream, transfer_syntax_uid, received_at, rules)


def scan_as_header(
    stream: BinaryIO, transfer_syntax_uid: str, received_at: datetime, rules: ReadingRules
) -> ObjectHeader:
    implicit = transfer_syntax_uid == ImplicitVRLittleEndian
    scanned = scan_header(stream, implicit=implicit, choose=_chooser(rules))
    identifiers = Identifiers(*(scanned.noted.get(tag, "") for tag in UID_TAGS))
    if not identifiers.sop_instance_uid:
        raise Odd
    elements = {tag: element for tag, element in scanned.noted.items() if tag in CATALOGUED and element is not None}
    model = CompactDocument.of_text(scanned.text, {f"{tag:08X}": element for tag, element in elements.items()})
    return header_of(identifiers, elements, model, scanned.repair, received_at, rules.zone)


def read_tolerantly_as_header(
    stream: BinaryIO, transfer_syntax_uid: str, received_at: datetime, rules: ReadingRules
) -> ObjectHeader:
    identifiers, model, repair = read_tolerantly(stream, transfer_syntax_uid, _chooser(rules))
    return header_of(identifiers, catalogued(model), CompactDocument.of(model), repair, received_at, rules.zone)


def _chooser(rules: ReadingRules) -> ChooseReading:
    def choose(declared: bytes, texts: Sequence[bytes]) -> TextReading:
        return _choose(declared, texts, rules.assumed_charset, rules.charset_rule)

    return choose


def _choose(declared: bytes, texts: Sequence[bytes], assumed: str, rule: CharsetRule) -> TextReading:
    key = declared, tuple(texts), assumed, rule
    reading = _READINGS.get(key)
    if reading is None:
        terms = declared.decode("ascii", "replace")
        reading = choose_reading(terms.split("\\") if terms else [], texts, assumed, rule)
    size = len(declared) + sum(map(len, texts))
    if size <= _MAX_REMEMBERED:
        _READINGS.keep(key, reading, size)
    return reading
