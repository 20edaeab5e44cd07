"""Event reports (PS3.18 11.13, PS3.4 CC.2.4), from the events of tasks (I4): what a task's event says of its workitems."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from reading_queue.projections import UpsState
from storage.db.models import TaskEvent, UpsCancelRequest
from storage.domain.reading import Action
from viewer_api.ups.dataset import Describing, DicomJson, coded, person_name, sequence, stopped, value
from viewer_api.ups.steps import Change, Step
from viewer_api.ups.workitems import Awaited, Case, Workitem

_EVENT_CLASS = "1.2.840.10008.5.1.4.34.6.4"
_SERVER = "1.2.840.10008.5.1.4.34.5"
_PERFORMER_CHANGES = (Action.ASSIGN, Action.CLAIM, Action.RESUME)
_PROGRESS = {
    Action.PRELIMINARY: "初步报告已发出",
    Action.CONSULT: "已请上级医院会诊",
    Action.OPINION: "上级医院已答复",
    Action.LATE_IMAGES: "有新图像",
}
"""What a performer's progress is told as."""


class EventType(IntEnum):
    """Event Type ID (0000,1002) (PS3.4 table CC.2.4-1)."""

    STATE_REPORT = 1
    CANCEL_REQUESTED = 2
    PROGRESS_REPORT = 3
    SCP_STATUS_CHANGE = 4
    ASSIGNED = 5


@dataclass(frozen=True)
class Report:
    """One event report, about the workitem that began with the event row `began_with`; `line` is what filters compare."""

    uid: str
    began_with: int
    type: EventType
    about: DicomJson
    line: DicomJson

    def message(self, number: int) -> DicomJson:
        """As it is sent, with a number of its own."""
        return envelope(self.uid, self.type, number, self.about)


def envelope(uid: str, event: EventType, number: int, about: DicomJson) -> DicomJson:
    """With the elements of N-EVENT-REPORT (PS3.7 table 10.3-1)."""
    return {
        "00000002": value("UI", _EVENT_CLASS),
        "00000110": value("US", number),
        "00001000": value("UI", uid),
        "00001002": value("US", int(event)),
        **about,
    }


def going_down(number: int) -> DicomJson:
    """The server stops; what it knows stays."""
    status = {
        "00741242": value("CS", "GOING DOWN"),
        "00741244": value("CS", "WARM START"),
        "00741246": value("CS", "WARM START"),
    }
    return envelope(_SERVER, EventType.SCP_STATUS_CHANGE, number, status)


def reports_of(case: Case, seq: int, describing: Describing) -> Iterator[Report]:
    """What event `seq` of the task says."""
    now = case.until(seq)
    before = {step.seq: step for step in case.until(seq - 1).steps}
    event = now.events[-1]
    rows = {one.seq: one.id for one in now.events}
    for item in now.workitems:
        line = describing.line(item)
        for kind, about in _said(before.get(item.step.seq), item.step, event, describing):
            yield Report(item.uid, rows[item.step.seq], kind, about, line)


def state_of(item: Workitem, describing: Describing) -> Report:
    """Where a workitem stands: the first that a subscriber hears of it (PS3.4 CC.2.3.3)."""
    rows = {one.seq: one.id for one in item.case.events}
    step = item.step
    return Report(
        item.uid, rows[step.seq], EventType.STATE_REPORT, _state(step, step.changes[-1]), describing.line(item)
    )


def cancel_requested(item: Workitem | Awaited, asked: UpsCancelRequest, describing: Describing) -> Report:
    """Somebody would like it to be given up."""
    began = (
        next((one.id for one in item.case.events if one.seq == item.step.seq), 0) if isinstance(item, Workitem) else 0
    )
    about = {"00741238": value("LT", asked.reason), "0074100C": value("LO", asked.contact)}
    return Report(item.uid, began, EventType.CANCEL_REQUESTED, about, describing.line(item))


def _said(
    before: Step | None, step: Step, event: TaskEvent, describing: Describing
) -> Iterator[tuple[EventType, DicomJson]]:
    changes = [change for change in step.changes if change.seq == event.seq]
    for change in changes:
        yield EventType.STATE_REPORT, _state(step, change)
    if before is None and not changes:
        return
    if before is not None and not changes and before.readiness != step.readiness:
        yield EventType.STATE_REPORT, _state(step, step.changes[-1])
    if step.is_over or event.seq not in step.told:
        return
    if event.action in _PERFORMER_CHANGES:
        yield EventType.ASSIGNED, _assigned(step, event, describing)
    elif event.action in _PROGRESS:
        yield (
            EventType.PROGRESS_REPORT,
            {"00741002": sequence([{"00741006": value("ST", _PROGRESS[Action(event.action)])}])},
        )


def _state(step: Step, change: Change) -> DicomJson:
    told = {"00741000": value("CS", change.state), "00404041": value("CS", step.readiness)}
    return told | stopped(change.reason) if change.state == UpsState.CANCELED else told


def _assigned(step: Step, event: TaskEvent, describing: Describing) -> DicomJson:
    if event.action != Action.ASSIGN and step.performer_id is not None:
        who = describing.performer(step.performer_id)
        return {"00404009": who["00404009"], "00404036": who["00404036"]}
    named = str(event.detail.get("reader", ""))
    return {"00404009": sequence([coded("99COUNTYREAD", named, named)]), "00404037": person_name(named)}
