"""Bodies of the quality routes."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from reading_queue.quality.figures import Dimension
from reading_queue.report_rules import Kept, Rule, Severity
from reading_queue.report_rules import report as written
from storage.domain.quality import Discrepancy, DrawnBy, Grade, GradeStep, Radpeer, RetakeState, ReviewState
from viewer_api.schemas import Moment, PatientOut, RequestSchema, Schema

_MAX_TEXT = 32_000
_MAX_NOTE = 2_000

Note = Annotated[str, Field(max_length=_MAX_NOTE)]
Code = Annotated[str, Field(min_length=1, max_length=64)]


class ReasonOut(Schema):
    """A reason why images are not as they should be."""

    code: str
    zh: str
    en: str
    modalities: list[str]
    """Empty: for all."""
    artefact: bool


class QualityRulesOut(Schema):
    """What the county has set for grades and retakes."""

    reasons: list[ReasonOut]
    required_for: list[str]
    """Modalities whose images must be graded before signing; `*` is all."""
    not_for: list[str]
    retake_seen_minutes: float


class GradeIn(RequestSchema):
    """A grade needs no reason unless it is C or a reject."""

    grade: Grade
    reasons: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    note: Note = ""


class GradeOut(Schema):
    step: GradeStep
    grade: Grade
    reasons: list[str]
    note: str
    graded_by: str
    graded_by_name: str
    graded_at: Moment


class GradesOut(Schema):
    """The reader's grade and the auditing physician's, which stands where it is there."""

    items: list[GradeOut]
    standing: Grade | None
    required: bool


class CheckedText(RequestSchema):
    """A report as it stands; anything may be missing."""

    findings: Annotated[str, Field(max_length=_MAX_TEXT)] = ""
    impression: Annotated[str, Field(max_length=_MAX_TEXT)] = ""
    positive: bool | None = None
    critical: Annotated[str | None, Field(max_length=_MAX_TEXT)] = ""

    def report(self) -> written.WrittenReport:
        return written.WrittenReport(self.findings, self.impression, self.positive, self.critical or "")


class ExamIn(RequestSchema):
    """What is known of an exam that has no task here."""

    modality: str = ""
    body_part: str = ""
    description: str = ""
    laterality: str = ""
    sex: str = ""
    age: Annotated[float | None, Field(ge=0, le=150)] = None


class CheckIn(RequestSchema):
    """A report on the exam of a task, or on the exam that is described."""

    report: CheckedText
    task_id: Annotated[int | None, Field(ge=1)] = None
    exam: ExamIn | None = None


class FaultOut(Schema):
    """Something that does not fit; `start` and `end` count characters (code points) of `field`."""

    code: Rule
    severity: Literal[Severity.BLOCKS, Severity.WARNS]
    field: written.Field
    start: int
    end: int
    zh: str
    en: str


class CheckOut(Schema):
    faults: list[FaultOut]
    blocks: bool


class MarkOut(Schema):
    """The image that is meant; `region` is left, top, right, bottom in shares of it, of an arrow from its end to its tip."""

    series_instance_uid: str | None = None
    sop_instance_uid: str | None = None
    frame: int | None = None
    region: tuple[float, float, float, float] | None = None
    shape: Literal["rectangle", "arrow"] = "rectangle"


class RetakeOut(Schema):
    """An order to take images again."""

    id: int
    task_id: int
    study_instance_uid: str
    institution: str
    institution_name: str
    institution_name_en: str
    patient: PatientOut
    modality: str
    description: str
    body_part: str
    device: str
    operator: str
    state: RetakeState
    reason_code: str
    reason: str
    guidance: str
    marked: MarkOut
    thumbnail: str | None
    """The picture that stands for the study; null until it is made."""
    ordered_by_name: str
    ordered_at: Moment
    see_by: Moment
    answer_by: Moment
    seen_at: Moment | None
    seen_by_name: str
    closed_at: Moment | None
    close_reason: str


class RetakeQuery(RequestSchema):
    open: bool = True
    study: Annotated[str, Field(max_length=64)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[int | None, Field(ge=1)] = None


class FiguresQuery(RequestSchema):
    """Days of the county, both included; without them the last three months."""

    by: Dimension = Dimension.SITE
    begin: Annotated[date | None, Field(alias="from")] = None
    end: Annotated[date | None, Field(alias="to")] = None
    institution: Annotated[str, Field(max_length=64)] = ""
    modality: Annotated[str, Field(max_length=16)] = ""


class SheetQuery(FiguresQuery):
    """The same for a spreadsheet, its head in Chinese or in English."""

    english: bool = False


class FigureOut(Schema):
    """One line. By reason there are no exams and no grades; rates are shares, null where nothing was counted."""

    key: str
    label: str
    label_en: str
    exams: int
    graded: int
    grade_a: int
    grade_b: int
    grade_c: int
    grade_reject: int
    grade_a_rate: float | None
    retakes: int
    redone: int
    waived: int
    expired: int
    retake_rate: float | None
    flawed: int


class IndicatorOut(Schema):
    """A national indicator: numerator by denominator in percent, and what the county holds itself to."""

    code: str
    numerator: int
    denominator: int
    percent: float | None
    target: float
    at_most: bool


class FiguresOut(Schema):
    begin: date
    end: date
    items: list[FigureOut]
    indicators: list[IndicatorOut]


class ReviewOut(Schema):
    """A report to be reviewed, without the names of its author, signer and clinic."""

    id: int
    state: ReviewState
    drawn_by: DrawnBy
    drawn_at: Moment
    study_instance_uid: str
    modality: str
    body_part: str
    description: str
    sex: str
    age: float | None
    findings: str
    impression: str
    positive: bool | None
    critical: str


class ReviewLine(Schema):
    """A review in the queue."""

    id: int
    state: ReviewState
    drawn_by: DrawnBy
    drawn_at: Moment
    modality: str
    description: str


class ReviewsOut(Schema):
    items: list[ReviewLine]


class ScoreIn(RequestSchema):
    """RADPEER; everything but 1 needs a comment for the author."""

    score: Radpeer
    comment: Note = ""


class PriorScoreIn(ScoreIn):
    report_id: Annotated[int, Field(ge=1)]
    """The earlier study's report."""


class ScoredOut(Schema):
    id: int
    score: Radpeer
    suggests_amendment: bool


class AuthorFigureOut(Schema):
    """What second looks found: of one author, or of one modality."""

    key: str
    label: str
    compared: int
    none: int
    minor: int
    major: int
    judged: int
    discrepancy_rate: float | None
    drawn: int
    reviewed: int
    scores: dict[str, int]
    review_rate: float | None


class SecondLooksOut(Schema):
    begin: date
    end: date
    authors: list[AuthorFigureOut]
    """Everybody for the manager; for anybody else himself alone."""
    modalities: list[AuthorFigureOut]


class PieceOut(Schema):
    kind: Kept
    text: str


class DiscrepancyOut(Schema):
    """What the author handed over against what stands there now."""

    submitted_at: Moment
    findings: list[PieceOut]
    impression: list[PieceOut]
    suggested: Discrepancy
    judged: Discrepancy | None
    """What the signer said; null until he did."""


class JudgedIn(RequestSchema):
    judged: Discrepancy
