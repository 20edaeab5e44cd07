"""Bodies of the steps of a task."""

from typing import Annotated, Literal

from pydantic import Field

from reading_queue.service import ReportContent
from storage.domain.quality import Discrepancy
from storage.domain.reading import Priority, ReportKind
from viewer_api.schemas import Moment, RequestSchema, Schema
from viewer_api.templates.structures import StructureIn
from viewer_api.worklist.schemas import TaskOut

_MAX_TEXT = 32_000
_MAX_REASON = 2_000

Words = Annotated[str, Field(max_length=_MAX_TEXT)]
Reason = Annotated[str, Field(min_length=1, max_length=_MAX_REASON)]
Share = Annotated[float, Field(ge=0, le=1)]
LeaseToken = Annotated[str, Field(min_length=1, max_length=200)]


class ReportIn(RequestSchema):
    """What the reader writes."""

    findings: Words
    impression: Words
    positive: bool | None = None
    critical: Annotated[
        Words | None, Field(description="The critical value in words; empty or null when there is none.")
    ] = ""
    structure: StructureIn | None = None
    """The template that the words were made from, with its values; null for words without one."""

    def content(self) -> ReportContent:
        structure = self.structure.structure() if self.structure else None
        return ReportContent(self.findings, self.impression, self.positive, self.critical or "", structure)


class LeaseIn(RequestSchema):
    """The token of the claim."""

    lease_token: LeaseToken


class ReleaseIn(RequestSchema):
    """The token of the claim; without one a named reader turns an assignment down, with a reason."""

    lease_token: LeaseToken | None = None
    reason: Annotated[str, Field(max_length=_MAX_REASON)] = ""


class ReportUnderLease(LeaseIn):
    """A report with the token of the claim."""

    report: ReportIn


class SignIn(LeaseIn):
    """Signs what is given, or the draft as it is.

    `override_reason`: why it is signed although the writing rules stop it. `discrepancy`: how much what the signer changed
    of the author's words matters.
    """

    report: ReportIn | None = None
    override_reason: Annotated[str, Field(max_length=_MAX_REASON)] = ""
    discrepancy: Discrepancy | None = None


class RejectIn(LeaseIn):
    reason: Reason


class MarkedIn(LeaseIn):
    """What is meant, where a place is: `region` in shares of the image; of an arrow it is from its end to its tip."""

    series_instance_uid: Annotated[str | None, Field(max_length=64)] = None
    sop_instance_uid: Annotated[str | None, Field(max_length=64)] = None
    frame: Annotated[int | None, Field(ge=1)] = None
    region: Annotated[tuple[Share, Share, Share, Share] | None, Field(description="left, top, right, bottom")] = None
    shape: Literal["rectangle", "arrow"] = "rectangle"

    def mark(self) -> dict[str, object]:
        told = self.model_dump(include={"sop_instance_uid", "frame", "region"})
        named = {name: list(value) if isinstance(value, tuple) else value for name, value in told.items() if value}
        return {**named, "shape": self.shape} if self.region else named


class ReturnIn(MarkedIn):
    """Back to the clinic for new images."""

    code: Annotated[str, Field(min_length=1, max_length=64, examples=["positioning"])]
    reason: Reason
    guidance: Annotated[str, Field(max_length=_MAX_REASON)] = ""
    """How to do it better."""

    def marked(self) -> dict[str, object]:
        return {**self.mark(), **({"guidance": self.guidance} if self.guidance else {})}


class AskIn(MarkedIn):
    question: Reason

    def marked(self) -> dict[str, object]:
        series = {"series_instance_uid": self.series_instance_uid} if self.series_instance_uid else {}
        return {**series, **self.mark()}


class ConsultIn(LeaseIn):
    """Which hospital is asked, and what."""

    hospital: Annotated[str, Field(min_length=1, max_length=64)]
    question: Reason


class AnswerIn(RequestSchema):
    text: Reason


class ReasonIn(RequestSchema):
    reason: Reason


class AmendIn(RequestSchema):
    """A later version: `amended` replaces, `addendum` adds."""

    report: ReportIn
    reason: Reason
    kind: ReportKind = ReportKind.AMENDED
    override_reason: Annotated[str, Field(max_length=_MAX_REASON)] = ""


class PriorityIn(RequestSchema):
    priority: Priority
    reason: Reason


class AssignIn(RequestSchema):
    """Keep the task for one reader, who has ten minutes to claim it."""

    reader: Annotated[str, Field(min_length=1, max_length=64, examples=["radiologist"])]
    reason: Annotated[str, Field(max_length=_MAX_REASON)] = ""


class LeaseOut(Schema):
    lease_expires_at: Moment


class SavedOut(Schema):
    saved_at: Moment


class SignedOut(Schema):
    """The version that was issued."""

    task: TaskOut
    report_id: int
    version: int
