"""Bodies of persons."""

from datetime import date
from typing import Annotated

from pydantic import Field

from storage.domain.patients import MatchReason, PairState
from viewer_api.schemas import Moment, PatientOut, RequestSchema, Schema

RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]
Words = Annotated[str, Field(min_length=1, max_length=500)]


class PatientQuery(RequestSchema):
    """Whom to look for."""

    q: Annotated[str, Field(max_length=64)] = ""
    """The beginning of a name, of its pinyin or initials, or a whole patient or ID-card number; empty for the newest."""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[int | None, Field(ge=1, le=2**63 - 1)] = None


class PatientRowOut(Schema):
    """A patient as one institution numbers him, as first told. `person` is the row that stands for the whole person."""

    id: int
    person: int
    patient: PatientOut
    issuer: str
    """Who gave the patient ID; empty for the institution itself."""
    told_issuer: str
    national_id: str
    phone: str
    institution: str
    institution_name: str
    institution_name_en: str
    studies: int


class PersonStudyOut(Schema):
    """A study of a person."""

    study_instance_uid: str
    patient_row: int
    at: Moment
    exam_date: date | None
    """The day it was made, where its objects tell a day and no time; `at` is then its beginning."""
    modality: str
    description: str
    body_part: str
    institution: str
    institution_name: str
    institution_name_en: str
    report_id: int | None


class PriorOut(PersonStudyOut):
    """An earlier study of the person whose study is being read."""

    patient: PatientOut
    """As that study's own clinic tells him."""


class PriorsOut(Schema):
    """The earlier studies of a person, the latest first."""

    items: list[PriorOut]


class MergeOut(Schema):
    """A merge that stands: `merged` is the same person as `survivor`."""

    id: int
    survivor: int
    merged: int
    by: str
    by_name: str
    at: Moment
    reason: str


class PairOut(Schema):
    """Two rows that may be one person: `open` when the machine found them, `proposed` when somebody asked."""

    id: int
    first: PatientRowOut
    second: PatientRowOut
    state: PairState
    score: int
    """From 0 to 100; a rough order, not a probability."""
    reasons: list[MatchReason]
    by: str
    note: str


class PersonOut(Schema):
    """Everybody who is one person, what they have, and who may be the same person too."""

    person: int
    rows: list[PatientRowOut]
    studies: list[PersonStudyOut]
    merges: list[MergeOut]
    candidates: list[PairOut]


class PairQuery(RequestSchema):
    """Which part of the list."""

    limit: Annotated[int, Field(ge=1, le=100)] = 30
    cursor: Annotated[str, Field(max_length=64)] = ""


class MergeIn(RequestSchema):
    """Who is merged into the patient of the path, and why."""

    merged: RowId
    reason: Words


class UndoIn(RequestSchema):
    """Why; with `different` the two are not proposed again."""

    reason: Words
    different: bool = False


class ProposeIn(RequestSchema):
    """Two rows that somebody should look at."""

    first: RowId
    second: RowId
    note: Annotated[str, Field(max_length=500)] = ""


class ApartIn(RequestSchema):
    """Why they are two people."""

    note: Annotated[str, Field(max_length=500)] = ""
