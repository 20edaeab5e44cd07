"""`/api/v1/studies/{uid}/ecg.pdf`: a study's ECGs on paper, in true scale."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response
from pydantic import Field, ValidationInfo, field_validator

from reading_queue.ecg.printing import printed_ecgs, sources_of
from reading_queue.preprocessing.ecg.filters import HIGH_PASS, LOW_PASS, NOTCH, FilterChoice
from reading_queue.report_pdf.ecg import GAINS, SPEEDS, EcgHead, EcgLook, LayoutName, render_ecg_pdf
from reading_queue.report_pdf.words import WORDS, Words
from storage.db.models import Institution, Study
from storage.db.queries.studies import study_by_uid
from storage.domain.ages import age_at, iso_date
from storage.domain.errors import NotFound
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.schemas import RequestSchema
from viewer_api.studies.routes import Uid

router = APIRouter(prefix="/api/v1/studies/{study_instance_uid}", tags=["ecg"])

_ONE_OF = {"speed": SPEEDS, "gain": GAINS, "high": HIGH_PASS, "low": LOW_PASS, "notch": NOTCH}
_AGE_LENGTH = 4
_LONGEST_S = 14 * 86_400.0


class EcgPaperQuery(RequestSchema):
    """How the paper looks: as the screen shows it. Filters in Hz, 0 for none; they are zero-phase and named on the paper."""

    sop: Annotated[str, Field(max_length=64, pattern=r"^[0-9.]*$")] = ""
    """SOP Instance UID of one ECG; all of the study's when empty."""
    layout: LayoutName = "3x4+1"
    speed: Annotated[float, Field(description="mm/s: 12.5, 25 or 50")] = 25.0
    gain: Annotated[float, Field(description="mm/mV: 2.5, 5, 10 or 20")] = 10.0
    high: Annotated[float, Field(description="High pass: 0, 0.05, 0.15 or 0.5 Hz")] = 0.0
    low: Annotated[float, Field(description="Low pass: 0, 25, 40, 100 or 150 Hz")] = 0.0
    notch: Annotated[float, Field(description="Mains: 0, 50 or 60 Hz")] = 0.0
    start_s: Annotated[float, Field(ge=0, le=_LONGEST_S)] = 0.0
    lang: Annotated[Literal["zh", "en"], Field(description="Of the printed labels.")] = "zh"

    @field_validator("speed", "gain", "high", "low", "notch")
    @classmethod
    def _is_offered(cls, value: float, info: ValidationInfo) -> float:
        offered = _ONE_OF[info.field_name or ""]
        if value not in offered:
            raise ValueError(f"is one of {', '.join(f'{one:g}' for one in offered)}")
        return value

    def look(self) -> EcgLook:
        filters = FilterChoice(self.high, self.low, self.notch)
        return EcgLook(self.layout, self.speed, self.gain, filters, self.start_s)


@router.get(
    "/ecg.pdf",
    response_class=Response,
    responses={
        200: {"content": {"application/pdf": {}}, "description": "A4 landscape, vectors"},
        **refusals(401, 403, 404, 422),
    },
)
def print_ecgs(
    study_instance_uid: Uid, asked: Annotated[EcgPaperQuery, Query()], caller: CallerDep, services: ServicesDep
) -> Response:
    """The ECGs of a study as they are now: a tracing, not a report."""
    zone, words = ZoneInfo(services.settings.time_zone), WORDS[asked.lang]
    with services.database.read(caller.scope) as work:
        study = study_by_uid(work, study_instance_uid)
        clinic = work.session.get_one(Institution, study.institution_id)
        head, dated, study_id = _head(study, clinic, words, zone), study.first_received_at, study.id
        sources = sources_of(work, study.id, asked.look(), asked.sop)
    if not sources:
        raise NotFound("The study has no such ECG.")
    services.opened.note(caller, "ecg_printed", f"study:{study_id}")
    paper = render_ecg_pdf(printed_ecgs(services.store, sources), head, language=asked.lang, dated=dated)
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": 'inline; filename="ecg.pdf"'}
    return Response(paper, 200, headers, "application/pdf")


def _head(study: Study, clinic: Institution, words: Words, zone: ZoneInfo) -> EcgHead:
    patient, exam = study.patient, study.exam_started_at or study.first_received_at
    birth = iso_date(patient.birth_date)
    told = age_at(birth, exam)
    age = words.age(told.zfill(_AGE_LENGTH) if told else "", birth, exam.astimezone(zone).date())
    return EcgHead(
        centre="",
        name=study.patient_name or patient.name,
        sex_age=" / ".join(filter(None, (words.sexes.get(patient.sex, patient.sex), age))),
        patient_id=f"{words.patient_id} {patient.patient_id}" if patient.patient_id else "",
        accession_number=f"{words.accession_number} {study.accession_number}" if study.accession_number else "",
        clinic=(words.language == "en" and clinic.name_en) or clinic.name,
        exam_time=words.time(study.exam_started_at, zone) if study.exam_started_at else "",
    )
