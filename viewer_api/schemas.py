"""Shapes that several parts of the interface share."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from storage.db.models import Patient
from storage.domain.ages import age_at, iso_date
from storage.domain.studies import Sex
from viewer_api.masking import is_masked, name_shown, number_shown

Item = TypeVar("Item")
Kind = TypeVar("Kind", bound=StrEnum)

_SEXES = {str(sex): sex for sex in Sex}


def to_iso(moment: datetime) -> str:
    """ISO 8601 in UTC with `Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def or_empty(kind: type[Kind], value: str) -> Kind | Literal[""]:
    """A stored value of `kind`, or empty where there is none yet."""
    return kind(value) if value else ""


Moment = Annotated[datetime, PlainSerializer(to_iso, return_type=str)]


class Schema(BaseModel):
    """Base of all bodies. What has a default is in every answer all the same, and the OpenAPI document says so."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_serialization_defaults_required=True)


class RequestSchema(Schema):
    """Base of what clients send: a misspelt field is an error rather than silence."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid", str_strip_whitespace=True)


class Page(Schema, Generic[Item]):
    """A part of a list; `next` is the cursor of the part after it, null at the end."""

    # The source of Page[X] is searched where it is asked for, up the whole stack: a third of the time to load the interface.
    model_config = ConfigDict(use_attribute_docstrings=False)

    items: list[Item]
    next: str | None = None


class PatientOut(Schema):
    """The patient as the clinic's equipment named him."""

    id: str
    name: str
    sex: Annotated[Sex, Field(examples=["F"])]
    birth_date: Annotated[str, Field(examples=["1958-03-21"])]
    """YYYY-MM-DD, empty when unknown."""
    age: Annotated[str, Field(examples=["67Y", "8M"])]
    """At the time of the exam, in years, months or days; empty when unknown."""


def patient_out(patient: Patient, at: datetime) -> PatientOut:
    """`at` is the time of the exam."""
    return patient_of(patient.patient_id, patient.name, patient.sex, patient.birth_date, at)


def patient_of(patient_id: str, name: str, sex: str, birth_date: str, at: datetime) -> PatientOut:
    """`birth_date` as DICOM writes it, or ISO 8601; `at` is the time of the exam."""
    birth = iso_date(birth_date)
    return PatientOut(
        id=number_shown(patient_id),
        name=name_shown(name),
        sex=_SEXES.get(sex, Sex.UNKNOWN),
        birth_date="" if is_masked() else birth,
        age=age_at(birth, at),
    )
