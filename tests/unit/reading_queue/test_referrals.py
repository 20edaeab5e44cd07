"""A patient who is sent on: every step from every state by every role, and what is late is told once."""

import pytest
from sqlalchemy import select

from reading_queue.referrals import SENDERS, STEPS, chase_referrals, open_referral, take_step
from reading_queue.service.actors import Actor
from storage.db.models import Notice, Referral, ReferralEvent, Study
from storage.domain.errors import Forbidden, Invalid, NotAllowedFromState, NotFound
from storage.domain.reading import Role
from storage.domain.referrals import ENDED, ReferralAction, ReferralState
from tests.unit.reading_queue.county import County

pytestmark = pytest.mark.thorough


WORDS = "已收住院"


def study_of(county: County) -> str:
    study_id = county.study()
    with county.database.read() as work:
        return work.session.get_one(Study, study_id).study_instance_uid


def sent(county: County, state: ReferralState = ReferralState.OPEN) -> int:
    uid = study_of(county)
    with county.write() as work:
        row = open_referral(work, county.actor("clinic01"), uid, "脑出血", "神经外科")
        row.state = state
        return row.id


def people(county: County) -> list[Actor]:
    return [county.actor(name) for name in ("clinic01", "clinic02", "radiologist", "auditor", "manager", "regulator")]


def state_of(county: County, referral_id: int) -> str:
    with county.database.read() as work:
        return work.session.execute(select(Referral.state).where(Referral.id == referral_id)).scalar_one()


@pytest.mark.parametrize("action", list(STEPS))
@pytest.mark.parametrize("state", list(ReferralState))
def test_a_step_is_taken_from_its_states_by_its_roles_and_by_nobody_else(
    county: County, state: ReferralState, action: ReferralAction
) -> None:
    step = STEPS[action]
    for actor in people(county):
        row = sent(county, state)
        allowed = actor.role in step.roles and state in step.sources and actor.username != "clinic02"
        if allowed:
            with county.write() as work:
                take_step(work, actor, row, action, WORDS)
            assert state_of(county, row) == step.to
        else:
            with pytest.raises((Forbidden, NotAllowedFromState, NotFound)), county.write() as work:
                take_step(work, actor, row, action, WORDS)
            assert state_of(county, row) == state


def test_each_step_is_on_record_with_its_words(county: County) -> None:
    row = sent(county)
    for action in (ReferralAction.ACCEPT, ReferralAction.ARRIVE, ReferralAction.FEED_BACK):
        with county.write() as work:
            take_step(work, county.actor("manager"), row, action, WORDS)
    with county.database.read() as work:
        events = work.session.execute(select(ReferralEvent).order_by(ReferralEvent.id)).scalars().all()
        assert [(one.action, one.words) for one in events] == [
            ("open", "脑出血"),
            ("accept", WORDS),
            ("arrive", WORDS),
            ("feed_back", WORDS),
        ]


def test_a_patient_is_on_his_way_once_for_one_study(county: County) -> None:
    uid = study_of(county)
    with county.write() as work:
        first = open_referral(work, county.actor("clinic01"), uid, "脑出血", "").id
    with pytest.raises(NotAllowedFromState), county.write() as work:
        open_referral(work, county.actor("radiologist"), uid, "再次", "")
    with county.write() as work:
        take_step(work, county.actor("clinic01"), first, ReferralAction.CANCEL, "家属拒绝")
    with county.write() as work:
        assert open_referral(work, county.actor("radiologist"), uid, "病情变化", "").id != first


@pytest.mark.parametrize("action", [action for action, step in STEPS.items() if step.needs_words])
def test_what_came_of_it_is_said_in_words(county: County, action: ReferralAction) -> None:
    row = sent(county, next(iter(sorted(STEPS[action].sources))))
    with pytest.raises(Invalid), county.write() as work:
        take_step(work, county.actor("manager"), row, action, "  ")


def test_another_clinic_sends_nobody_of_ours_and_the_authority_nobody_at_all(county: County) -> None:
    uid = study_of(county)
    with pytest.raises(NotFound), county.write() as work:
        open_referral(work, county.actor("clinic02"), uid, "x", "")
    with pytest.raises(Forbidden), county.write() as work:
        open_referral(work, county.actor("regulator"), uid, "x", "")
    assert Role.REGULATOR not in SENDERS


def kinds(county: County) -> list[str]:
    with county.database.read() as work:
        query = select(Notice.kind).where(Notice.kind.like("referral.%")).order_by(Notice.id)
        return list(work.session.execute(query).scalars())


def test_two_hours_without_an_answer_and_two_days_without_word_are_told_once(county: County) -> None:
    """rule: referral accepted 2 h, fed back 48 h, else the overdue list."""
    sent(county)
    county.clock.advance(minutes=119)
    chase_referrals(county.database, None)  # type: ignore[arg-type]
    assert kinds(county) == ["referral.opened"]
    county.clock.advance(minutes=2)
    for _ in range(2):
        chase_referrals(county.database, None)  # type: ignore[arg-type]
    assert kinds(county) == ["referral.opened", "referral.unanswered"]
    county.clock.advance(hours=46)
    for _ in range(2):
        chase_referrals(county.database, None)  # type: ignore[arg-type]
    assert kinds(county)[2:] == ["referral.overdue", "referral.overdue_there"]


@pytest.mark.parametrize("state", sorted(ENDED))
def test_what_has_ended_is_never_late(county: County, state: ReferralState) -> None:
    sent(county, state)
    county.clock.advance(days=3)
    chase_referrals(county.database, None)  # type: ignore[arg-type]
    assert kinds(county) == ["referral.opened"]
