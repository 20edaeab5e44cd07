"""Bodies of referrals."""

from typing import Annotated

from pydantic import Field

from storage.domain.referrals import ReferralAction, ReferralState
from viewer_api.schemas import Moment, PatientOut, RequestSchema, Schema


class ReferralIn(RequestSchema):
    """Whose study it is, why he is sent on, and where to; an empty `destination` is the county hospital."""

    study_instance_uid: Annotated[str, Field(min_length=1, max_length=64, examples=["1.2.840.113619.2.55.3.1"])]
    reason: Annotated[str, Field(min_length=1, max_length=500, examples=["CT 提示脑出血，需神经外科处理"])]
    destination: Annotated[str, Field(max_length=200, examples=["县人民医院神经外科"])] = ""


class ReferralStepIn(RequestSchema):
    """`words` are needed to feed back and to take back."""

    words: Annotated[str, Field(max_length=2000, examples=["已收住院，行血肿清除术"])] = ""


class ReferralEventOut(Schema):
    """A step: who, when, and with what words."""

    action: ReferralAction
    at: Moment
    actor: str
    words: str


class ReferralOut(Schema):
    """A patient who was sent on, and where that stands."""

    id: int
    state: ReferralState
    study_instance_uid: str
    modality: str
    institution: str
    institution_name: str
    institution_name_en: str
    patient: PatientOut
    reason: str
    destination: str
    opened_at: Moment
    answer_due_at: Moment
    end_due_at: Moment
    unanswered_at: Moment | None
    overdue_at: Moment | None
    events: list[ReferralEventOut]
