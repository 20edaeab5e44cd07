"""The Native DICOM Model in XML (PS3.19 annex A.1) from DICOM JSON (PS3.18 annex F) and back."""

from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import (
    Element,
    SubElement,
    tostring,
)

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pydicom.datadict import keyword_for_tag

from storage.domain.errors import UnreadableObject

DicomJson = dict[str, Any]

NAMESPACE = "http://dicom.nema.org/PS3.19/models/NativeDICOM"
_GROUPS = ("Alphabetic", "Ideographic", "Phonetic")
_PARTS = ("FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix")
_INTEGERS = frozenset({"IS", "SL", "SS", "SV", "UL", "US", "UV"})
_DECIMALS = frozenset({"DS", "FD", "FL"})
_MAX_DEPTH = 32
_TAG_DIGITS = 8


def to_xml(model: Mapping[str, Any]) -> bytes:
    """One data set as an XML document in UTF-8."""
    root = Element("NativeDicomModel", {"xmlns": NAMESPACE})
    _add_attributes(root, model)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _add_attributes(parent: Element, model: Mapping[str, Any]) -> None:
    for tag in sorted(model):
        attribute = model[tag]
        found = SubElement(parent, "DicomAttribute", {"tag": tag, "vr": attribute.get("vr", "UN")})
        if keyword := keyword_for_tag(int(tag, 16)):
            found.set("keyword", keyword)
        if "BulkDataURI" in attribute:
            SubElement(found, "BulkData", {"uri": attribute["BulkDataURI"]})
        elif "InlineBinary" in attribute:
            SubElement(found, "InlineBinary").text = attribute["InlineBinary"]
        else:
            _add_values(found, attribute)


def _add_values(parent: Element, attribute: Mapping[str, Any]) -> None:
    for number, value in enumerate(attribute.get("Value") or [], start=1):
        place = {"number": str(number)}
        if attribute.get("vr") == "SQ":
            _add_attributes(SubElement(parent, "Item", place), value or {})
        elif attribute.get("vr") == "PN":
            _add_name(SubElement(parent, "PersonName", place), value)
        else:
            SubElement(parent, "Value", place).text = "" if value is None else _printable(_number(value))


def _add_name(parent: Element, name: Any) -> None:
    for group in _GROUPS:
        text = name.get(group) if isinstance(name, Mapping) else None
        if text:
            found = SubElement(parent, group)
            for part, value in zip(_PARTS, str(text).split("^"), strict=False):
                if value:
                    SubElement(found, part).text = _printable(value)


def _number(value: Any) -> str:
    return repr(value) if isinstance(value, float) else str(value)


def _printable(text: str) -> str:
    """XML 1.0 has no word for most control characters."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n\r")


def from_xml(document: bytes) -> DicomJson:
    """The data set of an XML document. Raises `UnreadableObject`; a document type or an entity is refused unread."""
    try:
        root = fromstring(document, forbid_dtd=True)
    except (DefusedXmlException, ValueError, SyntaxError, RecursionError, LookupError) as error:
        raise UnreadableObject("The metadata is not XML, or has a document type, which is refused.") from error
    if _name(root) != "NativeDicomModel":
        raise UnreadableObject("The metadata is not a Native DICOM Model (PS3.19 A.1).")
    return _attributes(root, 0)


def _attributes(parent: Element, depth: int) -> DicomJson:
    if depth > _MAX_DEPTH:
        raise UnreadableObject("The metadata is nested too deeply.")
    found = (child for child in parent if _name(child) == "DicomAttribute")
    return {_tag(one): _attribute(one, depth) for one in found}


def _tag(attribute: Element) -> str:
    tag = attribute.get("tag", "").upper()
    if len(tag) != _TAG_DIGITS or not set(tag) <= set("0123456789ABCDEF"):
        raise UnreadableObject("An attribute of the metadata has no tag of eight hexadecimal digits.")
    return tag


def _attribute(attribute: Element, depth: int) -> DicomJson:
    vr = attribute.get("vr", "UN")
    for child in attribute:
        if _name(child) == "BulkData":
            return {"vr": vr, "BulkDataURI": child.get("uri", "")}
        if _name(child) == "InlineBinary":
            return {"vr": vr, "InlineBinary": "".join((child.text or "").split())}
    values = list(_values(attribute, vr, depth))
    return {"vr": vr, "Value": values} if values else {"vr": vr}


def _values(attribute: Element, vr: str, depth: int) -> Iterator[Any]:
    for child in attribute:
        kind = _name(child)
        if kind == "Item":
            yield _attributes(child, depth + 1)
        elif kind == "PersonName":
            yield {_name(group): _joined(group) for group in child if _name(group) in _GROUPS}
        elif kind == "Value":
            yield _value(child.text or "", vr)


def _joined(group: Element) -> str:
    parts = {_name(part): (part.text or "") for part in group}
    return "^".join(parts.get(part, "") for part in _PARTS).rstrip("^")


def _value(text: str, vr: str) -> Any:
    if not text:
        return None
    try:
        return int(text) if vr in _INTEGERS else float(text) if vr in _DECIMALS else text
    except ValueError as error:
        raise UnreadableObject("A number of the metadata is none.") from error


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
