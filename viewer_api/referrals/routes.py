"""`/api/v1/referrals`: patients who are sent on. A clinic sends its own, the centre takes them and says what came of it."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path, Query

from reading_queue import referrals
from storage.domain.referrals import ReferralAction
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.referrals.schemas import ReferralIn, ReferralOut, ReferralStepIn
from viewer_api.referrals.service import referral_out, referrals_out
from viewer_api.schemas import Page

router = APIRouter(prefix="/api/v1/referrals", tags=["referrals"], responses=refusals(401, 403))

ReferralId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class _Step(StrEnum):
    """What may follow in the address."""

    ACCEPT = "accept"
    ARRIVE = "arrive"
    FEED_BACK = "feed_back"
    CANCEL = "cancel"


@router.get("")
def list_referrals(
    caller: CallerDep, services: ServicesDep, *, running: Annotated[bool, Query()] = True
) -> Page[ReferralOut]:
    """Those that have not ended, by what is due first; all of them, the latest first, when `running` is false."""
    with services.database.read(caller.scope) as work:
        return Page(items=referrals_out(work, referrals.list_referrals(work, running=running)))


@router.post("", status_code=201, responses=refusals(404, 409))
def open_referral(body: ReferralIn, caller: CallerDep, services: ServicesDep) -> ReferralOut:
    """Send a study's patient on; 409 while he is on his way because of this study."""
    with services.database.write(caller.scope) as work:
        row = referrals.open_referral(work, caller.actor, body.study_instance_uid, body.reason, body.destination)
        return referral_out(work, row)


@router.get("/{referral_id}", responses=refusals(404))
def show_referral(referral_id: ReferralId, caller: CallerDep, services: ServicesDep) -> ReferralOut:
    """One, with its steps."""
    with services.database.read(caller.scope) as work:
        return referral_out(work, referrals.find_referral(work, referral_id))


@router.post("/{referral_id}/{action}", responses=refusals(404, 409, 422))
def take_step(
    referral_id: ReferralId, action: _Step, body: ReferralStepIn, caller: CallerDep, services: ServicesDep
) -> ReferralOut:
    """Accept the patient, note that he is there, say what came of it, or take the referral back."""
    with services.database.write(caller.scope) as work:
        row = referrals.take_step(work, caller.actor, referral_id, ReferralAction(action), body.words)
        return referral_out(work, row)
