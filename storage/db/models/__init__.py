"""Every table. Rows change only inside a unit of work (`storage.db.session`)."""

from storage.db.models.archive import (
    Association,
    Instance,
    Patient,
    Quarantine,
    Rendition,
    Series,
    Study,
    StudyAssociation,
)
from storage.db.models.base import Base, InstitutionScoped
from storage.db.models.operations import AuditEvent, AuditHead, Heartbeat
from storage.db.models.organisation import Device, Institution, Login, UnknownCaller, User
from storage.db.models.readiness import ReadinessSignal
from storage.db.models.reading import Draft, ReadingTask, Receipt, Report, ReportVersion, Result, TaskEvent

__all__ = [
    "Association",
    "AuditEvent",
    "AuditHead",
    "Base",
    "Device",
    "Draft",
    "Heartbeat",
    "Instance",
    "Institution",
    "InstitutionScoped",
    "Login",
    "Patient",
    "Quarantine",
    "ReadinessSignal",
    "ReadingTask",
    "Receipt",
    "Rendition",
    "Report",
    "ReportVersion",
    "Result",
    "Series",
    "Study",
    "StudyAssociation",
    "TaskEvent",
    "UnknownCaller",
    "User",
]
