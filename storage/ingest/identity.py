"""Who the patient is. Every clinic counts from 1, so an ID says something only together with who gave it."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from storage.domain.studies import Sex

_DATE = re.compile(r"(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])")
_MAX_ID = 256
_NOT_IN_NAMES = re.compile(r"[\s^=.,'-]+")


@dataclass(frozen=True)
class PatientIdentity:
    """A person as one object tells him: `name` as people read it, `birth_date` YYYYMMDD or empty.

    `issuer` is who gave the ID as we see it, empty for the institution itself; `told_issuer` is what the object says.
    """

    patient_id: str
    name: str
    sex: str
    birth_date: str
    issuer: str = ""
    told_issuer: str = ""
    national_id: str = ""
    phone: str = ""

    @property
    def is_known(self) -> bool:
        """Whether there is anything to know the person by."""
        return bool(self.patient_id or self.name)

    @property
    def fingerprint(self) -> str:
        """Equal for equal demographics and issuers: tells two people apart who were given the same ID."""
        told = (comparable_name(self.name), self.sex, self.birth_date)
        return "|".join((*told, self.issuer) if self.issuer else told)


def patient_identity(patient_id: str, name: dict[str, Any] | None, sex: str, birth_date: str) -> PatientIdentity:
    """From the values of (0010,0020), (0010,0010) as DICOM JSON, (0010,0040) and (0010,0030)."""
    date = birth_date.replace(".", "").replace("-", "").strip()
    letter = sex.strip().upper()[:1]
    return PatientIdentity(
        patient_id=patient_id.strip()[:_MAX_ID],
        name=_readable(name or {}),
        sex=letter if letter in (Sex.MALE, Sex.FEMALE, Sex.OTHER) else Sex.UNKNOWN,
        birth_date=date if _DATE.fullmatch(date) else "",
    )


def _readable(name: dict[str, Any]) -> str:
    """The ideographic form where there is one, without the separators of components (PS3.5 6.2.1)."""
    text = str(name.get("Ideographic") or name.get("Alphabetic") or name.get("Phonetic") or "")
    if is_chinese(text):
        return re.sub(r"[\s^]+", "", text)
    return re.sub(r"[\s^]+", " ", text).strip()


def is_same_person(one: PatientIdentity, other: PatientIdentity) -> bool:
    """Whether nothing contradicts it. What one of them leaves out, or writes in another script, says nothing."""
    return (
        _agree(one.patient_id, other.patient_id)
        and _names_agree(one.name, other.name)
        and _agree(one.birth_date, other.birth_date)
        and _agree(_told(one.sex), _told(other.sex))
        and (one.patient_id == other.patient_id or comparable_name(one.name) == comparable_name(other.name))
    )


def _agree(one: str, other: str) -> bool:
    return not one or not other or one == other


def _told(sex: str) -> str:
    return sex if sex in (Sex.MALE, Sex.FEMALE) else ""


def _names_agree(one: str, other: str) -> bool:
    first, second = comparable_name(one), comparable_name(other)
    return is_chinese(first) != is_chinese(second) or _agree(first, second)


def comparable_name(name: str) -> str:
    """A name without case, width, spaces and separators."""
    return _NOT_IN_NAMES.sub("", unicodedata.normalize("NFKC", name)).casefold()


def is_chinese(text: str) -> bool:
    """Whether any of it is written in Chinese characters."""
    return any("\u3400" <= letter <= "\u9fff" or "\U00020000" <= letter <= "\U0003ffff" for letter in text)
