"""The worker's door: thin tasks that take identities only. Each may run twice, and each may get lost."""

from celery import Celery
from sqlalchemy.exc import OperationalError

from reading_queue import desk, encodings, renditions, sweeps
from reading_queue.workshop import Workshop
from storage.domain.errors import StoreUnavailable

_PATIENT_RETRIES = {
    "autoretry_for": (StoreUnavailable, OperationalError),
    "retry_backoff": True,
    "retry_backoff_max": 60,
    "retry_jitter": True,
    "max_retries": 5,
}


def register_tasks(app: Celery, workshop: Workshop) -> None:
    """Give the application its tasks; their names are what a `Hint` names."""

    @app.task(name="make_renditions", shared=False, **_PATIENT_RETRIES)  # type: ignore[untyped-decorator]
    def make_renditions(study_id: int, _priority: str = "") -> None:
        renditions.make_renditions(workshop.database, workshop.store, study_id)

    @app.task(name="compare_encodings", shared=False, **_PATIENT_RETRIES)  # type: ignore[untyped-decorator]
    def compare_encodings(quarantine_id: int) -> None:
        encodings.compare_encodings(workshop.database, workshop.store, quarantine_id)

    @app.task(name="purge_quarantined", shared=False, **_PATIENT_RETRIES)  # type: ignore[untyped-decorator]
    def purge_quarantined(quarantine_id: int) -> None:
        desk.purge_quarantined(workshop.database, workshop.store, quarantine_id)

    for sweep in sweeps.SWEEPS:
        _register_sweep(app, workshop, sweep)


def _register_sweep(app: Celery, workshop: Workshop, sweep: sweeps.Sweep) -> None:
    @app.task(name=sweep.__name__, shared=False)  # type: ignore[untyped-decorator]
    def run() -> None:
        sweep(workshop.database, workshop.settings)
