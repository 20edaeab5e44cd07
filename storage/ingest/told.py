"""What an object says of its patient beyond the four attributes that every object has, from its DICOM JSON. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from storage.domain.patients import issuer_of, national_id
from storage.ingest.header import ObjectHeader
from storage.ingest.identity import PatientIdentity

DicomJson = Mapping[str, Any]

_ISSUER = "00100021"
_QUALIFIERS = "00100024"
_UNIVERSAL_ENTITY = "00400032"
_OTHER_IDS = "00101000"
_OTHER_ID_SEQUENCE = "00101002"
_PATIENT_ID = "00100020"
_TELEPHONE = "00102154"
_NOT_IN_NUMBERS = re.compile(r"[^0-9+]")
_MAX = 64


def told_patient(header: ObjectHeader, device_issuer: str) -> PatientIdentity:
    """The patient of an object with all that it says of him. `device_issuer` is the rule of the device that sent it."""
    model = header.model
    told = told_issuer(model)
    return replace(
        header.patient,
        issuer=issuer_of(device_issuer, told),
        told_issuer=told,
        national_id=told_national_id(model, header.patient.patient_id),
        phone=_NOT_IN_NUMBERS.sub("", _text(model, _TELEPHONE))[:_MAX],
    )


def told_issuer(model: DicomJson) -> str:
    """Issuer of Patient ID (0010,0021), or the universal entity of its qualifiers (0010,0024); empty where none is given."""
    plain = _text(model, _ISSUER)
    if plain:
        return plain[:_MAX]
    return next((_text(item, _UNIVERSAL_ENTITY)[:_MAX] for item in _items(model, _QUALIFIERS)), "")


def told_national_id(model: DicomJson, patient_id: str) -> str:
    """The ID-card number (居民身份证) among the patient's numbers: only one with a right check digit counts."""
    others = (_text(item, _PATIENT_ID) for item in _items(model, _OTHER_ID_SEQUENCE))
    listed = (str(value) for value in _values(model, _OTHER_IDS))
    found = (national_id(number) for number in (*others, *listed, patient_id))
    return next((number for number in found if number), "")


def _items(model: DicomJson, tag: str) -> Iterator[DicomJson]:
    return (item for item in _values(model, tag) if isinstance(item, dict))


def _values(model: DicomJson, tag: str) -> list[Any]:
    element = model.get(tag)
    values = element.get("Value") if isinstance(element, dict) else None
    return values if isinstance(values, list) else []


def _text(model: DicomJson, tag: str) -> str:
    value = next(iter(_values(model, tag)), None)
    return "" if value is None or isinstance(value, dict) else str(value).strip()
