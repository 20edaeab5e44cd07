"""Brings a critical case into any state by the door, and takes any action on it."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from reading_queue.critical import caring, chasing, raising
from reading_queue.critical.caring import Heard, Told
from reading_queue.critical.stepping import Deed, locked, permit_locked
from reading_queue.service import SYSTEM, Actor
from storage.db.models import CriticalCase, CriticalEvent, Notice, NoticeRecipient, User
from storage.db.queries.critical import events_of_case
from storage.domain.critical import CaseAction, CaseSource, CaseState, Method
from tests.unit.reading_queue.county import County

S, A = CaseState, CaseAction
BLEEDING, FINDING = "RAD-ICH", "左侧基底节区脑出血约40ml"
PHONED = Told(Method.PHONE, "李护士")


@dataclass
class Cases:
    """Critical cases of a small county."""

    county: County

    def suspected(self, study_id: int | None = None, code: str = BLEEDING, by: str = "clinic01") -> int:
        study = study_id or self.county.study()
        with self.county.write(by) as work:
            return raising.suspect(work, study, code, CaseSource.CLINIC, actor=self.county.actor(by)).id

    def told(self, study_id: int | None = None, code: str = BLEEDING, told: Told | None = None) -> int:
        """Found by a reader, which tells the clinic in the same moment."""
        study = study_id or self.county.study()
        with self.county.write() as work:
            return raising.discover(work, study, self.county.actor("radiologist"), code, FINDING, told).id

    def confirmed(self) -> int:
        """Confirmed for a clinic that has nobody with a log-in: nobody is told yet."""
        self.log_ins(active=False)
        case_id = self.told()
        self.log_ins(active=True)
        return case_id

    def log_ins(self, *, active: bool) -> None:
        with self.county.write() as work:
            for user in work.session.execute(select(User).where(User.role == "clinic")).scalars():
                user.active = active

    def acked(self) -> int:
        case_id = self.told()
        self.acknowledge(case_id)
        return case_id

    def treated(self) -> int:
        case_id = self.acked()
        self.feed_back(case_id)
        return case_id

    def closed(self) -> int:
        case_id = self.treated()
        with self.county.write() as work:
            caring.close(work, case_id, self.county.actor("radiologist"))
        return case_id

    def false_alarm(self) -> int:
        case_id = self.suspected()
        with self.county.write() as work:
            caring.false_alarm(work, case_id, self.county.actor("radiologist"), "运动伪影")
        return case_id

    def acknowledge(self, case_id: int, receiver: str = "王护士", by: str = "clinic01") -> None:
        with self.county.write(by) as work:
            caring.acknowledge(work, case_id, self.county.actor(by), Heard(receiver, "左侧脑出血，即送县医院"))

    def feed_back(self, case_id: int) -> None:
        with self.county.write("clinic01") as work:
            caring.feed_back(work, case_id, self.county.actor("clinic01"), "已转运")

    def chase(self) -> None:
        chasing.chase_critical_values(self.county.database, None)  # type: ignore[arg-type]

    def load(self, case_id: int) -> CriticalCase:
        with self.county.database.read() as work:
            return work.session.get_one(CriticalCase, case_id)

    def events(self, case_id: int) -> list[CriticalEvent]:
        with self.county.database.read() as work:
            return list(events_of_case(work, case_id))

    def actions(self, case_id: int) -> list[str]:
        return [event.action for event in self.events(case_id)]

    def notices(self, kind: str) -> list[set[str]]:
        """Who was told by notices of this kind, one set a notice, the first first."""
        with self.county.database.read() as work:
            found = work.session.execute(select(Notice).where(Notice.kind == kind).order_by(Notice.id)).scalars().all()
            query = select(NoticeRecipient.notice_id, User.username).join(User, User.id == NoticeRecipient.user_id)
            rows = work.session.execute(query).all()
        return [{name for notice, name in rows if notice == one.id} for one in found]


WAYS: dict[CaseState, Callable[[Cases], int]] = {
    S.SUSPECTED: Cases.suspected,
    S.CONFIRMED: Cases.confirmed,
    S.NOTIFIED: Cases.told,
    S.ACKED: Cases.acked,
    S.TREATED: Cases.treated,
    S.CLOSED: Cases.closed,
    S.FALSE_ALARM: Cases.false_alarm,
}


def take(cases: Cases, case_id: int, action: CaseAction, actor: Actor) -> None:
    """Take the action by its door; refusals pass through."""
    heard = Heard("赵医生", "左侧脑出血", Method.PHONE)
    with cases.county.database.write() as work:
        match action:
            case A.SUSPECT:
                raising.suspect(work, cases.county.study(), BLEEDING, CaseSource.CLINIC, actor=actor)
            case A.CONFIRM:
                caring.confirm(work, case_id, actor)
            case A.NOTIFY:
                caring.tell(work, case_id, actor, PHONED)
            case A.ACKNOWLEDGE:
                caring.acknowledge(work, case_id, actor, heard)
            case A.FEED_BACK:
                caring.feed_back(work, case_id, actor, "已溶栓")
            case A.CLOSE:
                caring.close(work, case_id, actor)
            case A.FALSE_ALARM:
                caring.false_alarm(work, case_id, actor, "伪影")
            case A.ESCALATE | A.REPORT:
                permit_locked(work, locked(work, case_id, actor), actor, action).take(Deed())


assert set(WAYS) == set(CaseState)
__all__ = ["BLEEDING", "FINDING", "PHONED", "SYSTEM", "WAYS", "Cases", "take"]
