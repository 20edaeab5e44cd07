"""Who is whom: identity numbers, the keys that find candidates for the same person, and how alike two of them are.

A machine proposes, people decide. A score is a rough order for those who look through the list, not a probability.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

AS_TOLD = "*"
"""As a device's issuer: each object says itself who gave its patient ID (0010,0021), and counts only where it does."""

_OWN = ""
_DIGITS_OF_ID = 17
_OLD_DIGITS = 15
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_NATIONAL_ID = re.compile(r"[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]")
_OLD_NATIONAL_ID = re.compile(r"[1-9][0-9]{5}[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}")
_LEAST = 40


class PairState(StrEnum):
    """What was said about two rows. OPEN: found by the machine; PROPOSED: by a person; DIFFERENT: a person said no."""

    OPEN = "open"
    PROPOSED = "proposed"
    DIFFERENT = "different"


class MatchReason(StrEnum):
    """Why two rows may be one person."""

    NATIONAL_ID = "national_id"
    PATIENT_ID = "patient_id"
    NAME = "name"
    PINYIN = "pinyin"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    PHONE = "phone"
    SWAPPED_ID = "swapped_id"
    SWAPPED_BIRTH_DATE = "swapped_birth_date"
    OTHER_SEX = "other_sex"
    OTHER_NATIONAL_ID = "other_national_id"
    OTHER_BIRTH_DATE = "other_birth_date"


POINTS: dict[MatchReason, int] = {
    MatchReason.NATIONAL_ID: 90,
    MatchReason.PATIENT_ID: 40,
    MatchReason.NAME: 40,
    MatchReason.PINYIN: 30,
    MatchReason.BIRTH_DATE: 30,
    MatchReason.SEX: 10,
    MatchReason.PHONE: 20,
    MatchReason.SWAPPED_ID: 25,
    MatchReason.SWAPPED_BIRTH_DATE: 15,
    MatchReason.OTHER_SEX: -25,
    MatchReason.OTHER_NATIONAL_ID: -70,
    MatchReason.OTHER_BIRTH_DATE: -15,
}


@dataclass(frozen=True)
class PersonTraits:
    """What is compared of a row. `number_space` says within which numbering the patient ID counts."""

    number_space: str
    patient_id: str
    name: str
    pinyin: str
    sex: str
    birth_date: str
    national_id: str
    phone: str


@dataclass(frozen=True)
class Likeness:
    """How alike two rows are, from 0 to 100, and why."""

    score: int
    reasons: tuple[MatchReason, ...]


def issuer_of(device_issuer: str, told_issuer: str) -> str:
    """Who gave the patient IDs of a device's objects; empty for the institution itself, which is the rule."""
    if device_issuer == AS_TOLD:
        return told_issuer
    return device_issuer or _OWN


def number_space(issuer: str, institution_id: int) -> str:
    """The numbering that a patient ID belongs to: equal for equal issuers, and apart for institutions that number themselves."""
    return f"={issuer}" if issuer else f"#{institution_id}"


def national_id(text: str) -> str:
    """The ID-card number in its 18 digits when `text` is one with a right check digit (GB 11643-1999), else empty.

    Numbers of 15 digits, as they were given until 1999, are brought to the new form.
    """
    number = text.strip().upper()
    if len(number) == _OLD_DIGITS and _OLD_NATIONAL_ID.fullmatch(number):
        body = f"{number[:6]}19{number[6:]}"
        return body + check_digit(body)
    if not _NATIONAL_ID.fullmatch(number) or check_digit(number[:_DIGITS_OF_ID]) != number[_DIGITS_OF_ID]:
        return ""
    return number


def check_digit(body: str) -> str:
    """The last digit of an ID-card number (ISO 7064 MOD 11-2) after its first 17."""
    return _CHECKS[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True)) % 11]


def person_key(pinyin: str, birth_date: str) -> str:
    """Equal for people of one sound of name whose birth dates have the same digits; empty where one is missing."""
    return f"{pinyin}|{_sorted(birth_date)}" if pinyin and birth_date else ""


def swapped_key(space: str, patient_id: str, pinyin: str) -> str:
    """Equal for people of one sound of name whose numbers in one numbering have the same digits."""
    return f"{space}|{_sorted(patient_id)}|{pinyin}" if patient_id and pinyin else ""


def likeness(one: PersonTraits, other: PersonTraits) -> Likeness | None:
    """None when nothing that counts speaks for the two being one person."""
    reasons = tuple(_reasons(one, other))
    score = sum(POINTS[reason] for reason in reasons)
    if score < _LEAST or not _is_telling(set(reasons)):
        return None
    return Likeness(min(score, 100), reasons)


def is_swapped(one: str, other: str) -> bool:
    """Whether the two differ in nothing but two neighbouring characters that changed places."""
    if len(one) != len(other) or one == other:
        return False
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    first, last = places[0], places[-1]
    return last == first + 1 and one[first] == other[last] and one[last] == other[first]


def _reasons(one: PersonTraits, other: PersonTraits) -> list[MatchReason]:
    return [reason for reason in (_by_card(one, other), *_by_number(one, other)) if reason] + [
        reason
        for reason in (_by_name(one, other), _by_birth(one, other), _by_sex(one, other), _by_phone(one, other))
        if reason
    ]


def _is_telling(reasons: set[MatchReason]) -> bool:
    """A card number or a number of the same numbering tells alone; names only together with the date of birth."""
    named = bool(reasons & {MatchReason.NAME, MatchReason.PINYIN})
    born = bool(reasons & {MatchReason.BIRTH_DATE, MatchReason.SWAPPED_BIRTH_DATE})
    if reasons & {MatchReason.NATIONAL_ID, MatchReason.PATIENT_ID}:
        return MatchReason.NATIONAL_ID in reasons or named or born
    return named and (born or MatchReason.SWAPPED_ID in reasons)


def _by_card(one: PersonTraits, other: PersonTraits) -> MatchReason | None:
    if not one.national_id or not other.national_id:
        return None
    return MatchReason.NATIONAL_ID if one.national_id == other.national_id else MatchReason.OTHER_NATIONAL_ID


def _by_number(one: PersonTraits, other: PersonTraits) -> list[MatchReason]:
    if one.number_space != other.number_space or not one.patient_id or not other.patient_id:
        return []
    if one.patient_id == other.patient_id:
        return [MatchReason.PATIENT_ID]
    return [MatchReason.SWAPPED_ID] if is_swapped(one.patient_id, other.patient_id) else []


def _by_name(one: PersonTraits, other: PersonTraits) -> MatchReason | None:
    if one.name and one.name == other.name:
        return MatchReason.NAME
    return MatchReason.PINYIN if one.pinyin and one.pinyin == other.pinyin else None


def _by_birth(one: PersonTraits, other: PersonTraits) -> MatchReason | None:
    if not one.birth_date or not other.birth_date:
        return None
    if one.birth_date == other.birth_date:
        return MatchReason.BIRTH_DATE
    if is_swapped(one.birth_date, other.birth_date):
        return MatchReason.SWAPPED_BIRTH_DATE
    return MatchReason.OTHER_BIRTH_DATE


def _by_sex(one: PersonTraits, other: PersonTraits) -> MatchReason | None:
    if one.sex not in ("M", "F") or other.sex not in ("M", "F"):
        return None
    return MatchReason.SEX if one.sex == other.sex else MatchReason.OTHER_SEX


def _by_phone(one: PersonTraits, other: PersonTraits) -> MatchReason | None:
    return MatchReason.PHONE if one.phone and one.phone == other.phone else None


def _sorted(text: str) -> str:
    return "".join(sorted(text))
