"""Green-channel cases as the interface shows them; a fixed number of queries however many there are."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from reading_queue.service import green_channel
from reading_queue.service_times import standing
from storage.db.models import GreenChannelCase, GreenChannelMilestone, Institution, Patient, ReadingTask
from storage.db.session import UnitOfWork
from storage.domain.green_channel import Kind, Milestone
from storage.domain.reading import Priority, TaskState
from viewer_api.green_channel.schemas import CaseOut, CaseTaskOut, MilestoneOut
from viewer_api.schemas import patient_out


def case_out(work: UnitOfWork, case: GreenChannelCase) -> CaseOut:
    """One case."""
    return cases_out(work, [case])[0]


def cases_out(work: UnitOfWork, cases: Sequence[GreenChannelCase]) -> list[CaseOut]:
    """Cases with their patients, their moments, and the tasks that belong to them."""
    ids = [case.id for case in cases]
    of_places = select(Institution).where(Institution.id.in_({case.institution_id for case in cases}))
    of_patients = select(Patient).where(Patient.id.in_({case.patient_id for case in cases}))
    places = {row.id: row for row in work.session.execute(of_places).scalars()}
    patients = {row.id: row for row in work.session.execute(of_patients).scalars()}
    moments, tasks = green_channel.milestones_of_all(work, ids), _tasks(work, ids)
    return [
        _out(
            case,
            places[case.institution_id],
            patients[case.patient_id],
            moments.get(case.id, []),
            [_task_out(work, task) for task in tasks[case.id]],
        )
        for case in cases
    ]


def _tasks(work: UnitOfWork, ids: Sequence[int]) -> defaultdict[int, list[ReadingTask]]:
    query = select(ReadingTask).where(ReadingTask.green_channel_case_id.in_(ids)).order_by(ReadingTask.id)
    found: defaultdict[int, list[ReadingTask]] = defaultdict(list)
    for task in work.session.execute(query).scalars():
        found[task.green_channel_case_id or 0].append(task)
    return found


def _out(
    case: GreenChannelCase,
    place: Institution,
    patient: Patient,
    told: Sequence[GreenChannelMilestone],
    tasks: list[CaseTaskOut],
) -> CaseOut:
    known = {row.name for row in told}
    own = ("id", "opened_at", "opened_by", "reason", "closed_at", "closed_by", "close_reason")
    return CaseOut(
        **{name: getattr(case, name) for name in own},
        kind=Kind(case.kind),
        institution=place.code,
        institution_name=place.name,
        institution_name_en=place.name_en,
        patient=patient_out(patient, case.opened_at),
        milestones=[
            MilestoneOut(name=Milestone(row.name), at=row.at, recorded_at=row.recorded_at, recorded_by=row.recorded_by)
            for row in told
        ],
        missing=[name for name in Milestone if name not in known],
        tasks=[task.id for task in tasks],
        studies=tasks,
    )


def _task_out(work: UnitOfWork, task: ReadingTask) -> CaseTaskOut:
    study = task.study
    return CaseTaskOut(
        id=task.id,
        study_instance_uid=study.study_instance_uid,
        state=TaskState(task.state),
        priority=Priority(task.priority),
        modality=task.modality,
        description=study.description,
        body_part=study.body_part,
        exam_started_at=task.exam_started_at,
        ready_at=task.ready_at,
        preliminary_at=task.preliminary_at,
        signed_at=task.signed_at,
        due_at=task.due_at,
        limit_at=task.limit_at,
        regulatory_due_at=task.regulatory_due_at,
        paused=task.paused_since is not None,
        sla=standing(work, task),
    )
