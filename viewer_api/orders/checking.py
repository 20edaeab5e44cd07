"""`/api/v1/orders/...`: what is looked at before an order is placed, and what a clinic decides about it."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field
from sqlalchemy import or_, select

from reading_queue.ecg.printing import printed_ecgs, sources_of_version
from reading_queue.ordering import recognition
from reading_queue.ordering.chapter import ORDERS
from reading_queue.ordering.checks import Checked, Earlier, check_order, recognisable
from reading_queue.report_pdf import version_pdf
from reading_queue.rulebook import in_force
from storage.audit import AuditEntry, record
from storage.db.models import ExamOrder, Patient, RecognitionChoice, Report, Study
from storage.db.session import UnitOfWork
from storage.domain.ages import iso_date
from storage.domain.errors import NotFound
from storage.domain.order_rules import checked_content
from storage.domain.orders import OrderContent
from storage.ingest.times import time_zone
from viewer_api.auth.service import Caller
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.orders.schemas import PATIENT_FIELDS, CandidatesOut, OrderPatientIn
from viewer_api.orders.service import candidates_out, institution_of
from viewer_api.results.schemas import SpanQuery
from viewer_api.results.service import report_versions
from viewer_api.results.sheets import span_of
from viewer_api.schemas import Moment, RequestSchema, Schema
from viewer_api.services import Services

router = APIRouter(prefix="/api/v1/orders", tags=["orders"], responses=refusals(401, 403, 404))

figures_router = APIRouter(tags=["orders"], responses=refusals(401, 403))

_MOST_PATIENTS = 10


class CheckIn(RequestSchema):
    """The order as it is thought of."""

    institution: Annotated[str, Field(max_length=64)] = ""
    patient: OrderPatientIn
    modality: Annotated[str, Field(max_length=16, examples=["CT"])]
    body_part: Annotated[str, Field(max_length=200, examples=["CHEST"])] = ""

    def content(self, work: UnitOfWork) -> OrderContent:
        """What such an order would say. Raises `InvalidField`."""
        told = self.patient.model_dump()
        patient = {column: told[name] for name, column in PATIENT_FIELDS.items()}
        content = OrderContent(**patient, modality=self.modality, body_part=self.body_part, scheduled_at=work.now)
        return checked_content(content, work.now)


class RecogniseIn(CheckIn):
    study_instance_uid: Annotated[str, Field(max_length=64)]
    """Of the earlier examination, as the check named it."""


class EarlierOut(Schema):
    """An examination that could stand for the new one. Of another clinic's only what it was, when and where."""

    study_instance_uid: str
    institution: str
    institution_name: str
    institution_name_en: str
    is_own: bool
    modality: str
    description: str
    body_part: str
    at: Moment
    days: float
    """For how many days such an examination stands for a new one."""
    report_id: int | None
    """Where the caller may read it now; null for another clinic's, whose report can be read once it is recognised."""


class CheckOut(Schema):
    duplicates: CandidatesOut
    """The clinic's own orders and studies of the same patient, of the last days, by the same kind of equipment."""
    recognisable: list[EarlierOut]
    must_choose: bool
    """The order is placed with `repeat` only, or not at all."""
    share_reports: bool


class ReasonOut(Schema):
    code: str
    zh: str
    en: str
    free_text: bool


class ExamOut(Schema):
    code: str
    modality: str
    body_part: str
    zh: str
    en: str


class OrderRulesOut(Schema):
    """What an order page offers."""

    exams: list[ExamOut]
    reasons: list[ReasonOut]
    must_choose: bool


class ChoiceOut(Schema):
    """What was decided. `report` is where the report of a recognised examination can be read, null where it cannot."""

    id: int
    decision: str
    exam: str
    at: Moment
    report: str | None


class PatientQuery(RequestSchema):
    q: Annotated[str, Field(min_length=1, max_length=64, examples=["张三"])]
    """The beginning of a number, a name, its pinyin or initials; the whole number of an ID card."""
    institution: Annotated[str, Field(max_length=64)] = ""


class KnownPatient(Schema):
    id: str
    name: str
    sex: str
    birth_date: str
    id_card_number: str
    phone: str


class KnownPatients(Schema):
    items: list[KnownPatient]


class RecognitionFigureOut(Schema):
    """How often what could have been recognised was; `share` from 0 to 1."""

    institution: str
    recognised: int
    repeated: int
    share: float | None
    reasons: dict[str, int]
    """Of the repeated ones."""


class RecognitionFigures(Schema):
    items: list[RecognitionFigureOut]


@router.get("/rules")
def show_order_rules(services: ServicesDep) -> OrderRulesOut:
    """The examinations to choose from, and the reasons for which one may be repeated."""
    with services.database.read() as work:
        rules = in_force(work, ORDERS).content
    return OrderRulesOut(
        exams=[ExamOut(**one.model_dump()) for one in rules.exams],
        reasons=[ReasonOut(**one.model_dump()) for one in rules.reasons],
        must_choose=rules.must_choose,
    )


@router.post("/patients")
def find_patients(body: PatientQuery, caller: CallerDep, services: ServicesDep) -> KnownPatients:
    """Patients of the clinic who have been examined or ordered for before, the last first. In a body: it is patient data."""
    with services.database.read(caller.scope) as work:
        institution = institution_of(work, caller, body.institution)
        return KnownPatients(items=_known_patients(work, institution.id, body.q))


@router.post("/checks", responses=refusals(422))
def check(body: CheckIn, caller: CallerDep, services: ServicesDep) -> CheckOut:
    """What the patient has had already, and what of it could be recognised: to be looked at before an order is placed."""
    checked = looked_up(services, caller, body)
    others = [one for one in checked.recognisable if not one.is_own]
    if others:
        _note_looked(services, caller, others)
    return CheckOut(
        duplicates=candidates_out(checked.own),
        recognisable=[_earlier_out(one, caller) for one in checked.recognisable],
        must_choose=checked.must_choose,
        share_reports=checked.rules.share_reports,
    )


@router.post("/recognitions", status_code=201, responses=refusals(409, 422))
def recognise(body: RecogniseIn, caller: CallerDep, services: ServicesDep) -> ChoiceOut:
    """The earlier examination will do: nothing is ordered. Its report can be read from now on."""
    checked = looked_up(services, caller, body)
    found = [one for one in checked.recognisable if one.study.study_instance_uid == body.study_instance_uid]
    if not found:
        raise NotFound("No such examination of this patient can be recognised.")
    with services.database.write(caller.scope) as work:
        institution = institution_of(work, caller, body.institution)
        choice = recognition.recognise(work, caller.actor, institution, found[0])
        return _choice_out(choice, shared=checked.rules.share_reports)


@router.get(
    "/recognitions/{recognition_id}/report",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "A4"}},
)
def print_recognised(
    recognition_id: Annotated[int, Path(ge=1, le=2**63 - 1)],
    caller: CallerDep,
    services: ServicesDep,
    lang: Annotated[Literal["zh", "en"], Query()] = "zh",
) -> Response:
    """The report of an examination that the clinic has recognised, whosever it is; reading it is on the audit trail."""
    with services.database.read(caller.scope) as work:
        choice = recognition.choice_by_id(work, recognition_id)
        recognition.require_shared(work, choice)
    with services.database.read() as work:
        query = select(Report.id).where(Report.study_id == choice.earlier_study_id).order_by(Report.id.desc()).limit(1)
        versions = report_versions(work, work.session.execute(query).scalar_one())
        sources = sources_of_version(work, versions[-1].content)
    services.opened.note(caller, "recognised_report_opened", f"report:{versions[-1].report_id}")
    zone, ecgs = ZoneInfo(services.settings.time_zone), printed_ecgs(services.store, sources)
    paper = version_pdf(versions[-1], versions, lang, zone, ecgs=ecgs)
    return Response(paper, 200, {"Cache-Control": "no-store"}, "application/pdf")


@figures_router.get("/api/v1/recognition-figures")
def show_recognition_figures(
    asked: Annotated[SpanQuery, Query()], caller: CallerDep, services: ServicesDep
) -> RecognitionFigures:
    """How often earlier examinations were recognised, and why not: the indicator of mutual recognition."""
    span = span_of(asked.first, asked.last, time_zone(services.settings.time_zone))
    with services.database.read(caller.scope) as work:
        found = recognition.figures(work, span.begins, span.ends)
    names = RecognitionFigureOut.model_fields
    wanted = [one for one in found if asked.institution in ("", one.institution)]
    return RecognitionFigures(
        items=[RecognitionFigureOut(**{name: getattr(one, name) for name in names}) for one in wanted]
    )


def looked_up(services: Services, caller: Caller, body: CheckIn) -> Checked:
    """The check for a body: the clinic's own rows under its scope, what could be recognised across the county."""
    with services.database.read(caller.scope) as work, services.database.read() as county:
        institution = institution_of(work, caller, body.institution)
        return check_order(work, county, institution.id, body.content(work))


def recognisable_for(services: Services, institution_id: int, content: OrderContent) -> list[Earlier]:
    """What could be recognised for an order that is being placed."""
    with services.database.read() as county:
        content = checked_content(content, county.now)
        return recognisable(county, institution_id, content, in_force(county, ORDERS).content)


def _note_looked(services: Services, caller: Caller, others: list[Earlier]) -> None:
    studies = sorted(one.study.id for one in others)
    with services.database.write() as work:
        detail = {"studies": studies}
        record(work.session, AuditEntry(work.now, caller.actor.username, "recognisable_shown", "orders", detail))


def _earlier_out(one: Earlier, caller: Caller) -> EarlierOut:
    place = one.study.institution
    is_open = one.is_own or caller.scope.institution_id is None
    return EarlierOut(
        study_instance_uid=one.study.study_instance_uid,
        institution=place.code,
        institution_name=place.name,
        institution_name_en=place.name_en,
        is_own=one.is_own,
        modality=one.study.modality,
        description=one.study.description,
        body_part=one.study.body_part,
        at=one.at,
        days=one.rule.days,
        report_id=one.report_id if is_open else None,
    )


def _choice_out(choice: RecognitionChoice, *, shared: bool) -> ChoiceOut:
    report = f"/api/v1/orders/recognitions/{choice.id}/report" if shared else None
    return ChoiceOut(id=choice.id, decision=choice.decision, exam=choice.exam, at=choice.at, report=report)


def _known_patients(work: UnitOfWork, institution_id: int, text: str) -> list[KnownPatient]:
    """By orders first: they have the card's number. Each patient ID once."""
    found: dict[str, KnownPatient] = {}
    for one in [*_of_orders(work, institution_id, text), *_of_studies(work, institution_id, text)]:
        found.setdefault(one.id, one)
    return list(found.values())[:_MOST_PATIENTS]


def _of_orders(work: UnitOfWork, institution_id: int, text: str) -> list[KnownPatient]:
    begins = f"{_escaped(text)}%"
    order = ExamOrder
    found = or_(
        order.patient_id.ilike(begins, escape="\\"),
        order.patient_name.ilike(begins, escape="\\"),
        order.romanised_name.ilike(begins, escape="\\"),
        order.id_card_number == text.upper(),
    )
    query = select(order).where(order.institution_id == institution_id, found).order_by(order.id.desc())
    return [
        KnownPatient(
            id=one.patient_id,
            name=one.patient_name,
            sex=one.sex,
            birth_date=iso_date(one.birth_date),
            id_card_number=one.id_card_number,
            phone=one.phone,
        )
        for one in work.session.execute(query.limit(_MOST_PATIENTS * 3)).scalars()
    ]


def _of_studies(work: UnitOfWork, institution_id: int, text: str) -> list[KnownPatient]:
    begins = f"{_escaped(text)}%"
    found = or_(
        Patient.patient_id.ilike(begins, escape="\\"),
        Patient.name.ilike(begins, escape="\\"),
        Patient.pinyin.like(f"{_escaped(text.lower())}%", escape="\\"),
        Patient.initials.like(f"{_escaped(text.lower())}%", escape="\\"),
        Patient.national_id == text.upper(),
    )
    latest = select(Study.patient_id).where(Study.institution_id == institution_id)
    query = select(Patient).where(Patient.institution_id == institution_id, found, Patient.id.in_(latest))
    return [
        KnownPatient(
            id=one.patient_id,
            name=one.name.replace("^", ""),
            sex=one.sex,
            birth_date=iso_date(one.birth_date),
            id_card_number=one.national_id,
            phone=one.phone,
        )
        for one in work.session.execute(query.order_by(Patient.id.desc()).limit(_MOST_PATIENTS)).scalars()
    ]


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
