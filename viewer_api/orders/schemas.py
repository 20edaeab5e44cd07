"""Bodies of orders."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from storage.db.queries.orders import OrderFilter
from storage.domain.green_channel import Kind
from storage.domain.orders import NewOrder, OrderContent, OrderSource, OrderState
from storage.domain.reading import Priority
from viewer_api.schemas import Moment, RequestSchema, Schema


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("must say its time zone: 2026-03-09T09:30:00+08:00, or with Z for UTC")
    return moment.astimezone(UTC)


When = Annotated[datetime, AfterValidator(_aware), Field(examples=["2026-03-09T09:30:00+08:00"])]
Short = Annotated[str, Field(max_length=200)]
Long = Annotated[str, Field(max_length=10000)]
PATIENT_FIELDS = {
    "id": "patient_id",
    "issuer": "patient_issuer",
    "name": "patient_name",
    "romanised_name": "romanised_name",
    "sex": "sex",
    "birth_date": "birth_date",
    "id_card_number": "id_card_number",
    "phone": "phone",
}
"""Where the values of a patient stand in `OrderContent`."""


class OrderPatientIn(RequestSchema):
    """Who is to be examined. The number of the ID card is checked, and fills in sex and birth date."""

    id: Annotated[str, Field(max_length=200, examples=["00012345"])]
    """As the clinic numbers its patients."""
    name: Annotated[str, Field(max_length=200, examples=["张三"])]
    issuer: Short = ""
    romanised_name: Annotated[str, Field(max_length=200, examples=["ZHANG^SAN"])] = ""
    """In Latin letters, for equipment that shows no others; made from the name when it is left out."""
    sex: Annotated[str, Field(max_length=8, examples=["F"])] = ""
    birth_date: Annotated[str, Field(max_length=16, examples=["1958-03-21"])] = ""
    id_card_number: Annotated[str, Field(max_length=32)] = ""
    phone: Short = ""


class RepeatIn(RequestSchema):
    """Why an examination is ordered although an earlier one could be recognised (`/api/v1/orders/rules`)."""

    code: Annotated[str, Field(min_length=1, max_length=32, examples=["emergency"])]
    text: Annotated[str, Field(max_length=500)] = ""


class OrderIn(RequestSchema):
    """An order to place. Numbers that are left out are made."""

    institution: Annotated[str, Field(max_length=64, examples=["t01"])] = ""
    """Code of the clinic that examines; clinics leave it out."""
    patient: OrderPatientIn
    modality: Annotated[str, Field(max_length=16, examples=["CT"])]
    scheduled_at: When
    device: Annotated[str, Field(max_length=16, examples=["T01_CT"])] = ""
    """Calling AE title of the device that is to do it; any device of the clinic for that modality when left out."""
    accession_number: Annotated[str, Field(max_length=64)] = ""
    placer_order_number: Short = ""
    filler_order_number: Short = ""
    procedure_code: Short = ""
    procedure_description: Annotated[str, Field(max_length=200, examples=["胸部CT平扫"])] = ""
    body_part: Annotated[str, Field(max_length=200, examples=["CHEST"])] = ""
    priority: Priority = Priority.P2
    referring_doctor: Short = ""
    referring_department: Short = ""
    clinical_information: Long = ""
    diagnosis: Annotated[str, Field(max_length=1000)] = ""
    green_channel: Kind | Literal[""] = ""
    """Chest pain, stroke or trauma: the order is P0, and a green-channel case is opened when its images have come."""
    repeat: RepeatIn | None = None
    """Needed where `/api/v1/orders/checks` says `must_choose`; refused with 409 `recognition_undecided` without it."""

    def wanted(self) -> NewOrder:
        """As the rules take it."""
        told = self.model_dump()
        patient = {column: told["patient"][name] for name, column in PATIENT_FIELDS.items()}
        names = [name for name in _CONTENT_FIELDS if name in told]
        return NewOrder(
            OrderContent(**patient, **{name: told[name] for name in names}),
            accession_number=self.accession_number,
            placer_order_number=self.placer_order_number,
            filler_order_number=self.filler_order_number,
            device=self.device,
            source=OrderSource.API,
        )


_CONTENT_FIELDS = tuple(OrderContent.__dataclass_fields__.keys() - set(PATIENT_FIELDS.values()))


class OrderPatientChange(RequestSchema):
    """What is to be put right about the patient; what is left out stays."""

    id: Short | None = None
    name: Short | None = None
    issuer: Short | None = None
    romanised_name: Short | None = None
    sex: Annotated[str, Field(max_length=8)] | None = None
    birth_date: Annotated[str, Field(max_length=16)] | None = None
    id_card_number: Annotated[str, Field(max_length=32)] | None = None
    phone: Short | None = None


class OrderChange(RequestSchema):
    """What is to change; what is left out stays. `version` is the one that the caller has seen."""

    version: Annotated[int, Field(ge=1, le=2**63 - 1)]
    patient: OrderPatientChange | None = None
    modality: Annotated[str, Field(max_length=16)] | None = None
    scheduled_at: When | None = None
    device: Annotated[str, Field(max_length=16)] | None = None
    """Empty: any device of the clinic for that modality."""
    procedure_code: Short | None = None
    procedure_description: Short | None = None
    body_part: Short | None = None
    priority: Priority | None = None
    referring_doctor: Short | None = None
    referring_department: Short | None = None
    clinical_information: Long | None = None
    diagnosis: Annotated[str, Field(max_length=1000)] | None = None
    green_channel: Kind | Literal[""] | None = None

    def changes(self) -> dict[str, Any]:
        """By the names of `OrderContent`, and `device`."""
        told = self.model_dump(exclude_none=True, exclude={"version", "patient"})
        patient = self.patient.model_dump(exclude_none=True) if self.patient else {}
        return {**told, **{PATIENT_FIELDS[name]: value for name, value in patient.items()}}


class CancelIn(RequestSchema):
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class OrderQuery(RequestSchema):
    """Which orders to list."""

    state: tuple[OrderState, ...] = ()
    """Repeat for several."""
    modality: Annotated[str, Field(max_length=16)] = ""
    institution: Annotated[str, Field(max_length=64)] = ""
    """Code of the clinic."""
    q: Annotated[str, Field(max_length=64)] = ""
    """Parts of a name, an ID, an accession number or the placer's number."""
    accession_number: Annotated[str, Field(max_length=64)] = ""
    study: Annotated[str, Field(max_length=64)] = ""
    """Study Instance UID."""
    scheduled_from: When | None = None
    scheduled_before: When | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[int | None, Field(ge=1, le=2**63 - 1)] = None

    def wanted(self, institution_id: int | None) -> OrderFilter:
        """As the queries take it."""
        return OrderFilter(
            states=self.state,
            modality=self.modality,
            institution_id=institution_id,
            text=self.q,
            accession_number=self.accession_number,
            study_instance_uid=self.study,
            scheduled_from=self.scheduled_from,
            scheduled_before=self.scheduled_before,
        )


class CandidateQuery(RequestSchema):
    """The patient and the examination that an order is thought of for."""

    institution: Annotated[str, Field(max_length=64)] = ""
    patient_id: Annotated[str, Field(min_length=1, max_length=64)]
    modality: Annotated[str, Field(max_length=16)]
    name: Short = ""
    birth_date: Annotated[str, Field(max_length=16)] = ""
    id_card_number: Annotated[str, Field(max_length=32)] = ""
    days: Annotated[int, Field(ge=1, le=365)] = 14


class OrderPatientOut(Schema):
    """Who is to be examined."""

    id: str
    issuer: str
    name: str
    romanised_name: str
    sex: str
    birth_date: str
    """YYYY-MM-DD, empty when unknown."""
    id_card_number: str
    phone: str


class OrderOut(Schema):
    """An order. `study_instance_uid` is what the equipment is told to use; `study_arrived` whether a study came for it."""

    id: int
    version: int
    state: OrderState
    institution: str
    institution_name: str
    institution_name_en: str
    accession_number: str
    placer_order_number: str
    filler_order_number: str
    study_instance_uid: str
    study_arrived: bool
    patient: OrderPatientOut
    modality: str
    scheduled_at: Moment
    device: str
    procedure_code: str
    procedure_description: str
    body_part: str
    priority: Priority
    referring_doctor: str
    referring_department: str
    clinical_information: str
    diagnosis: str
    green_channel: Kind | Literal[""]
    source: OrderSource
    created_at: Moment
    updated_at: Moment
    started_at: Moment | None
    ended_at: Moment | None
    cancel_reason: str


class EarlierStudy(Schema):
    """A study of the same patient that may make the order needless."""

    study_instance_uid: str
    institution: str
    modality: str
    description: str
    body_part: str
    exam_started_at: Moment | None
    last_received_at: Moment


class CandidatesOut(Schema):
    """Orders and studies of the same patient, of the last days, by the same kind of equipment."""

    orders: list[OrderOut]
    studies: list[EarlierStudy]


class PlacedOrder(OrderOut):
    """The new order, and what was there of the same patient before it."""

    duplicates: CandidatesOut
