"""What an order must say, and how its values are written: one set of rules for every door."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from storage.domain.errors import InvalidField
from storage.domain.green_channel import Kind
from storage.domain.id_cards import read_id_card
from storage.domain.identifiers import is_valid_uid
from storage.domain.modalities import IMAGING_MODALITIES, modality_code
from storage.domain.orders import NewOrder, OrderContent
from storage.domain.reading import Priority
from storage.domain.studies import Sex

_LONGEST: Mapping[str, int] = {
    "patient_id": 64,
    "patient_issuer": 64,
    "patient_name": 64,
    "romanised_name": 64,
    "phone": 32,
    "procedure_code": 16,
    "procedure_description": 64,
    "body_part": 64,
    "referring_doctor": 64,
    "referring_department": 64,
    "clinical_information": 10000,
    "diagnosis": 1000,
    "accession_number": 16,
    "placer_order_number": 64,
    "filler_order_number": 64,
}
"""Characters; what a VR allows (PS3.5 6.2) where the value goes to equipment as it is."""

_FREE_TEXT = frozenset({"clinical_information", "diagnosis"})
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\]")
_FORBIDDEN_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DATE = re.compile(r"([0-9]{4})[-./]?([0-9]{2})[-./]?([0-9]{2})")
_EARLIEST_BIRTH = date(1880, 1, 1)
_LONGEST_AHEAD = timedelta(days=366)
_SEXES: Mapping[str, str] = {
    "M": Sex.MALE,
    "男": Sex.MALE,
    "1": Sex.MALE,
    "F": Sex.FEMALE,
    "女": Sex.FEMALE,
    "2": Sex.FEMALE,
    "O": Sex.OTHER,
    "A": Sex.OTHER,
    "9": Sex.OTHER,
    "U": Sex.UNKNOWN,
    "0": Sex.UNKNOWN,
    "": Sex.UNKNOWN,
}
"""As people, GB/T 2261.1 and HL7 table 0001 write it."""


def checked_order(order: NewOrder, now: datetime) -> NewOrder:
    """`order` with every value in its one form. Raises `InvalidField`, which says what to write instead."""
    numbers: dict[str, Any] = {
        name: _checked_text(name, getattr(order, name))
        for name in ("accession_number", "placer_order_number", "filler_order_number")
    }
    if order.study_instance_uid and not is_valid_uid(order.study_instance_uid):
        raise InvalidField("study_instance_uid", "must be a UID of digits and dots; leave it out and one is made.")
    return replace(order, content=checked_content(order.content, now), **numbers)


def checked_content(content: OrderContent, now: datetime) -> OrderContent:
    """`content` with every value in its one form; the ID card fills in sex and birth date. Raises `InvalidField`."""
    texts: dict[str, Any] = {
        name: _checked_text(name, value) for name, value in vars(content).items() if name in _LONGEST
    }
    for name in ("patient_id", "patient_name"):
        if not texts[name]:
            raise InvalidField(name, "is missing: equipment cannot examine a patient without it.")
    for name in ("patient_name", "romanised_name"):
        _refuse_name_groups(name, texts[name])
    if content.scheduled_at > now + _LONGEST_AHEAD:
        raise InvalidField("scheduled_at", "is more than a year ahead: check the date.")
    written = replace(
        content,
        **texts,
        modality=_checked_modality(content.modality),
        priority=Priority.P0 if content.green_channel else _checked_priority(content.priority),
        green_channel=_checked_green_channel(content.green_channel),
        sex=_checked_sex(content.sex),
        birth_date=_checked_birth_date(content.birth_date, now),
    )
    return _with_id_card(written)


def _checked_text(name: str, text: str) -> str:
    stripped = text.strip()
    if (_FORBIDDEN_IN_TEXT if name in _FREE_TEXT else _FORBIDDEN).search(stripped):
        raise InvalidField(name, "has control characters or a backslash: remove them.")
    if len(stripped) > _LONGEST[name]:
        raise InvalidField(name, f"is longer than {_LONGEST[name]} characters: shorten it.")
    return stripped


def _refuse_name_groups(name: str, text: str) -> None:
    if "=" in text:
        raise InvalidField(name, "must not have an equals sign, which separates the forms of a name (PS3.5 6.2.1).")


def _checked_modality(text: str) -> str:
    code = modality_code(text)
    if not code:
        raise InvalidField("modality", f"must be one of {', '.join(sorted(IMAGING_MODALITIES))}.")
    return code


def _checked_priority(text: str) -> str:
    if text not in set(Priority):
        raise InvalidField("priority", f"must be one of {', '.join(Priority)}.")
    return text


def _checked_green_channel(text: str) -> str:
    if text and text not in set(Kind):
        raise InvalidField("green_channel", f"must be empty, or one of {', '.join(Kind)}.")
    return text


def _checked_sex(text: str) -> str:
    key = text.strip().upper()
    if key not in _SEXES:
        raise InvalidField("sex", "must be M, F, O, or empty when it is not known.")
    return _SEXES[key]


def _checked_birth_date(text: str, now: datetime) -> str:
    stripped = text.strip()
    if not stripped:
        return ""
    match = _DATE.fullmatch(stripped)
    try:
        born = date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        born = None
    if born is None or not _EARLIEST_BIRTH <= born <= now.date() + timedelta(days=1):
        raise InvalidField("birth_date", "must be a date that has been, as YYYY-MM-DD.")
    return born.strftime("%Y%m%d")


def _with_id_card(content: OrderContent) -> OrderContent:
    if not content.id_card_number.strip():
        return replace(content, id_card_number="")
    card = read_id_card(content.id_card_number)
    if card is None:
        raise InvalidField("id_card_number", "is not a valid 18-digit number: compare every digit with the card.")
    if content.birth_date and content.birth_date != card.birth_date:
        raise InvalidField("id_card_number", "tells another birth date than birth_date: one of them is wrong.")
    if content.sex in (Sex.MALE, Sex.FEMALE) and content.sex != card.sex:
        raise InvalidField("id_card_number", "tells another sex than sex: one of them is wrong.")
    return replace(content, id_card_number=card.number, birth_date=card.birth_date, sex=content.sex or card.sex)
