"""What a printed report says, taken from a signed version's content."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from storage.domain.errors import Invalid
from storage.domain.reading import ReportKind


@dataclass(frozen=True)
class Physician:
    """Who wrote or signed, as it was at that moment."""

    username: str
    name: str
    title: str


@dataclass(frozen=True)
class LaterVersion:
    """A version that came after the printed one."""

    version: int
    kind: ReportKind


@dataclass(frozen=True)
class PrintedReport:
    """One version of a report, ready to print.

    `sex` is Patient's Sex (0010,0040), `age` an age string such as 045Y (PS3.5 6.2, AS), `birth_date` is YYYY-MM-DD
    or YYYYMMDD; all may be empty. `modality` and `body_part` are DICOM terms. Times are aware. `later` are the versions
    after this one, oldest first: paper that has been overtaken says so. `opinions` are those of upper-level hospitals, a
    paragraph each. A draft is no report yet: nobody has signed it.
    """

    centre: str
    centre_en: str
    clinic: str
    clinic_en: str
    patient_id: str
    patient_name: str
    sex: str
    birth_date: str
    age: str
    modality: str
    description: str
    body_part: str
    accession_number: str
    study_instance_uid: str
    exam_started_at: datetime | None
    findings: str
    impression: str
    positive: bool | None
    critical: str
    author: Physician
    signer: Physician
    drafted_at: datetime | None
    signed_at: datetime | None
    kind: ReportKind
    version: int
    reason: str
    report_id: int
    task_id: int
    sha256: str
    later: tuple[LaterVersion, ...] = ()
    opinions: str = ""
    is_draft: bool = False

    @property
    def replacement(self) -> LaterVersion | None:
        """The last version that took this one's place, by amending or withdrawing it."""
        return next((later for later in reversed(self.later) if later.kind is not ReportKind.ADDENDUM), None)

    @property
    def supplement(self) -> LaterVersion | None:
        """The last version that only adds, where nothing has replaced what it adds to since."""
        return self.later[-1] if self.later and self.later[-1].kind is ReportKind.ADDENDUM else None

    @property
    def is_withdrawn(self) -> bool:
        """Whether this version withdraws the report, or the report has been withdrawn since."""
        return ReportKind.WITHDRAWN in (self.kind, self.replacement and self.replacement.kind)

    @classmethod
    def of(
        cls,
        content: Mapping[str, object],
        *,
        sha256: str,
        later: Iterable[tuple[int, str]] = (),
        is_draft: bool = False,
    ) -> Self:
        """Read the `content` of a ReportVersion; `later` has the number and kind of each version after it, oldest first.

        Raises `Invalid` for a time that is not ISO 8601, or a kind or number that is none.
        """
        patient, study = _part(content, "patient"), _part(content, "study")
        clinic, centre = _part(content, "institution"), _part(content, "centre")
        report = _part(content, "report")
        return cls(
            centre=_text(centre, "name"),
            centre_en=_text(centre, "name_en"),
            clinic=_text(clinic, "name") or _text(clinic, "code"),
            clinic_en=_text(clinic, "name_en"),
            patient_id=_text(patient, "id"),
            patient_name=_text(patient, "name"),
            sex=_text(patient, "sex"),
            birth_date=_text(patient, "birth_date"),
            age=_text(patient, "age"),
            modality=_text(study, "modality"),
            description=_text(study, "description"),
            body_part=_text(study, "body_part"),
            accession_number=_text(study, "accession_number"),
            study_instance_uid=_text(study, "study_instance_uid"),
            exam_started_at=_time(study, "exam_started_at"),
            findings=_text(content, "findings"),
            impression=_text(content, "impression"),
            positive=None if content.get("positive") is None else bool(content["positive"]),
            critical=_text(content, "critical"),
            author=_physician(content, "author"),
            signer=_physician(content, "signer"),
            drafted_at=_time(content, "drafted_at"),
            signed_at=_time(content, "signed_at"),
            kind=_kind(_text(report, "kind")),
            version=_number(report, "version"),
            reason=_text(report, "reason"),
            report_id=_number(report, "id"),
            task_id=_number(report, "task_id"),
            sha256=sha256,
            opinions=_opinions(content),
            later=tuple(LaterVersion(version, _kind(kind)) for version, kind in later),
            is_draft=is_draft,
        )


def _part(content: Mapping[str, object], key: str) -> Mapping[str, object]:
    part = content.get(key)
    return part if isinstance(part, Mapping) else {}


def _text(part: Mapping[str, object], key: str) -> str:
    value = part.get(key)
    return "" if value is None else str(value)


def _physician(content: Mapping[str, object], key: str) -> Physician:
    part = _part(content, key)
    return Physician(_text(part, "username"), _text(part, "name"), _text(part, "title"))


def _opinions(content: Mapping[str, object]) -> str:
    given = content.get("consultations")
    return "\n".join(_opinion(one) for one in given if isinstance(one, Mapping)) if isinstance(given, list) else ""


def _opinion(one: Mapping[str, object]) -> str:
    who = _physician(one, "consultant")
    named = filter(None, (_text(_part(one, "hospital"), "name"), who.name or who.username, who.title))
    return f"{' '.join(named)}：{_text(one, 'opinion')}"


def _time(part: Mapping[str, object], key: str) -> datetime | None:
    text = _text(part, key)
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"The report's {key} is not an ISO 8601 time.") from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _number(content: Mapping[str, object], key: str) -> int:
    try:
        return int(_text(content, key))
    except ValueError as error:
        raise Invalid(f"The report's {key} is not a number.") from error


def _kind(text: str) -> ReportKind:
    try:
        return ReportKind(text)
    except ValueError as error:
        raise Invalid(f"A report is not of the kind {text!r}; it is one of {', '.join(ReportKind)}.") from error
