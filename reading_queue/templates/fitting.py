"""Which template an exam wants, and what of it is known before the first look at the images."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reading_queue.templates.model import Field, FieldKind, Template
from storage.db.models import Study

_DAYS_A_YEAR = 365.25
_BY_BODY_PART = 100
_BY_WORDS = 200
_GENERAL = 1
_SIDE_WORDS: Mapping[str, tuple[str, ...]] = {
    "bilateral": ("双侧", "双", "两侧", "bilateral", "both"),
    "left": ("左", "left"),
    "right": ("右", "right"),
}


@dataclass(frozen=True)
class Exam:
    """What is examined. `age` is in years, None where it is not known; `body_part` as PS3.16 annex L names it."""

    modality: str
    body_part: str = ""
    description: str = ""
    sex: str = ""
    age: float | None = None

    @classmethod
    def of(cls, study: Study, modality: str) -> "Exam":
        day = (study.exam_started_at or study.first_received_at).date()
        patient = study.patient
        return cls(modality, study.body_part, study.description, patient.sex, _age(patient.birth_date, day))


def _age(birth_date: str, day: date) -> float | None:
    try:
        return max((day - date.fromisoformat(birth_date)).days, 0) / _DAYS_A_YEAR
    except ValueError:
        return None


def is_possible(template: Template, exam: Exam) -> bool:
    """Whether the template may be used for the exam at all: modality, sex and age."""
    if template.modalities and exam.modality not in template.modalities:
        return False
    if template.sex and exam.sex in ("M", "F") and exam.sex != template.sex:
        return False
    if exam.age is None:
        return True
    too_young = template.youngest is not None and exam.age < template.youngest
    return not too_young and not (template.oldest is not None and exam.age > template.oldest)


def score(template: Template, exam: Exam) -> int:
    """How well it fits; 0 when only the modality does. The longest word found in the description says most."""
    words = exam.description.casefold()
    found = max((len(term) for term in template.terms if term.casefold() in words), default=0)
    part = exam.body_part.upper() in template.body_parts if exam.body_part else False
    return (_BY_WORDS + found if found else 0) + _BY_BODY_PART * part + _GENERAL * template.is_general


def start_values(template: Template, exam: Exam) -> dict[str, Any]:
    """What the name of the exam tells already: its side, and the part where the template asks which one."""
    found: dict[str, Any] = {}
    for field in template.fields:
        if field.default is None and not field.when:
            told = _side(exam.description) if field.kind is FieldKind.SIDE else _part(field, exam)
            if told:
                found[field.id] = told
    return found


def _side(description: str) -> str:
    words = description.casefold()
    for side, names in _SIDE_WORDS.items():
        if any(name in words for name in names):
            both = side == "left" and any(name in words for name in _SIDE_WORDS["right"])
            return "" if both else side
    return ""


def _part(field: Field, exam: Exam) -> str:
    if field.kind is not FieldKind.CHOICE:
        return ""
    words = exam.description.casefold()
    told = [option for option in field.options if _is_told(option.label.zh, option.label.en, words)]
    told += [option for option in field.options if option.value.upper() == exam.body_part.upper()]
    return max(told, key=lambda option: len(option.label.zh)).value if told else ""


def _is_told(zh: str, en: str, words: str) -> bool:
    short = zh.removesuffix("关节")
    return any(name and name.casefold() in words for name in (zh, short, en))
