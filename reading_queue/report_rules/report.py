"""What is checked, what is known of the exam, and what is found."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

Field = Literal["findings", "impression"]
FINDINGS: Final = "findings"
IMPRESSION: Final = "impression"


class Severity(StrEnum):
    """BLOCKS stops the signature until somebody overrides it with a reason; WARNS is shown; OFF is not looked for."""

    BLOCKS = "blocks"
    WARNS = "warns"
    OFF = "off"


class Rule(StrEnum):
    """The rules by their stable codes."""

    EMPTY = "empty"
    PLACEHOLDER = "placeholder"
    TEMPLATE_LEFT = "template_left"
    CHOICE_LEFT = "choice_left"
    SIDE_DIFFERS = "side_differs"
    SIDE_OF_EXAM = "side_of_exam"
    SEX = "sex"
    AGE = "age"
    POSITIVE_BUT_NORMAL = "positive_but_normal"
    NEGATIVE_BUT_ABNORMAL = "negative_but_abnormal"
    NEGATIVE_BUT_DESCRIBED = "negative_but_described"
    CRITICAL_UNTOLD = "critical_untold"
    UNIT_MISSING = "unit_missing"
    IMPLAUSIBLE = "implausible"
    MODALITY_WORDS = "modality_words"
    TYPING = "typing"


@dataclass(frozen=True)
class WrittenReport:
    """A report as it stands while it is written. `positive` is None until somebody has ticked a box."""

    findings: str
    impression: str
    positive: bool | None = None
    critical: str = ""

    def texts(self) -> tuple[tuple[Field, str], ...]:
        """The two fields that are prose, in the order in which they are read."""
        return (FINDINGS, self.findings), (IMPRESSION, self.impression)


@dataclass(frozen=True)
class Exam:
    """What is known of the patient and the exam; empty or None is unknown.

    `modality` as in (0008,0060); `laterality` L, R or B as in (0020,0060); `sex` M, F or O as in (0010,0040); `age` in
    years at the exam. `critical_told`: a critical value of the exam was raised already, beside the report.
    """

    modality: str = ""
    body_part: str = ""
    description: str = ""
    laterality: str = ""
    sex: str = ""
    age: float | None = None
    critical_told: bool = False


@dataclass(frozen=True)
class Fault:
    """Something that does not fit: `start` to `end` of `field`, in characters; both 0 where it is the field as a whole."""

    code: Rule
    severity: Severity
    field: Field
    start: int
    end: int
    zh: str
    en: str
