"""What physicians kept for ECGs, as the interface shows it."""

from reading_queue.ecg.marks import fits, visible_marks
from reading_queue.service.actors import Actor
from storage.db.models import EcgMarks, EcgMeasurement
from storage.db.queries.ecg_marks import marks_of_study
from storage.db.session import UnitOfWork
from viewer_api.ecg.schemas import GlobalOut, MarksOut, PhysicianOut


def physicians_of(work: UnitOfWork, study_id: int, actor: Actor) -> dict[int, EcgMarks]:
    """The last marks of each recording that the actor may see, by instance; those that went back to measured are among them."""
    rows = visible_marks(work, marks_of_study(work, study_id), actor)
    return {row.instance_id: row for row in reversed(rows)}


def physician_out(row: EcgMarks, measured: EcgMeasurement | None = None) -> PhysicianOut:
    """`measured` is the measurement that is shown beside; marks on another median beat are left out."""
    shown = row.qrs_on is not None and (measured is None or fits(row, measured))
    names = [name for name in GlobalOut.model_fields if hasattr(row, name)]
    return PhysicianOut(
        task_id=row.task_id,
        version=row.version,
        by=row.made_by.username,
        by_name=row.made_by.display_name,
        at=row.made_at,
        marks=MarksOut(**{name: getattr(row, name) for name in MarksOut.model_fields}) if shown else None,
        values=GlobalOut(**{name: getattr(row, name) for name in names}) if row.qrs_on is not None else None,
    )
