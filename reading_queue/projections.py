"""A reading task in the words of other standards: FHIR Task and DiagnosticReport, and the Unified Procedure Step. Pure.

A Unified Procedure Step never goes back from IN PROGRESS to SCHEDULED (PS3.4 CC.1.1, status 0xC303): a task that is given
back, sent for retake or taken up again is a cancelled step and a new one that replaces it (0074,1224).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from storage.domain.reading import Priority, ReportKind, TaskState

S = TaskState


class FhirTask(StrEnum):
    """`Task.status` (FHIR R4, value set task-status)."""

    DRAFT = "draft"
    REQUESTED = "requested"
    RECEIVED = "received"
    IN_PROGRESS = "in-progress"
    ON_HOLD = "on-hold"
    COMPLETED = "completed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class FhirReport(StrEnum):
    """`DiagnosticReport.status` (FHIR R4, value set diagnostic-report-status)."""

    REGISTERED = "registered"
    PARTIAL = "partial"
    PRELIMINARY = "preliminary"
    FINAL = "final"
    AMENDED = "amended"
    APPENDED = "appended"
    ENTERED_IN_ERROR = "entered-in-error"
    CANCELLED = "cancelled"


class UpsState(StrEnum):
    """Procedure Step State (0074,1000)."""

    SCHEDULED = "SCHEDULED"
    IN_PROGRESS = "IN PROGRESS"
    COMPLETED = "COMPLETED"
    CANCELED = "CANCELED"


class InputReadiness(StrEnum):
    """Input Readiness State (0040,4041)."""

    INCOMPLETE = "INCOMPLETE"
    UNAVAILABLE = "UNAVAILABLE"
    READY = "READY"


class UpsStep(StrEnum):
    """Which of a task's two procedure steps is meant."""

    READ = "read"
    AUDIT = "audit"


@dataclass(frozen=True)
class Ups:
    """The step that stands for a task now. `replaced` says that it takes the place of a cancelled one (0074,1224)."""

    step: UpsStep
    state: UpsState
    readiness: InputReadiness
    replaced: bool = False


@dataclass(frozen=True)
class Projection:
    """A state in all three."""

    task: FhirTask
    report: FhirReport
    ups: Ups
    business_status: str = ""
    """`Task.businessStatus`, where the status alone does not tell."""


def _read(state: UpsState, readiness: InputReadiness = InputReadiness.READY, *, replaced: bool = False) -> Ups:
    return Ups(UpsStep.READ, state, readiness, replaced)


def _audit(state: UpsState) -> Ups:
    return Ups(UpsStep.AUDIT, state, InputReadiness.READY)


_WAITS = _read(UpsState.SCHEDULED, InputReadiness.INCOMPLETE, replaced=True)

RECEIVING = Projection(
    FhirTask.DRAFT, FhirReport.REGISTERED, _read(UpsState.SCHEDULED, InputReadiness.INCOMPLETE), "receiving"
)
"""A study that is not whole yet; it has no task."""

PROJECTIONS: Mapping[TaskState, Projection] = {
    S.RECON_HOLD: Projection(
        FhirTask.DRAFT, FhirReport.REGISTERED, _read(UpsState.SCHEDULED, InputReadiness.INCOMPLETE), "recon-hold"
    ),
    S.QUEUED: Projection(FhirTask.REQUESTED, FhirReport.REGISTERED, _read(UpsState.SCHEDULED)),
    S.ASSIGNED: Projection(FhirTask.RECEIVED, FhirReport.REGISTERED, _read(UpsState.SCHEDULED)),
    S.READING: Projection(FhirTask.IN_PROGRESS, FhirReport.PARTIAL, _read(UpsState.IN_PROGRESS)),
    S.RETAKE_WAIT: Projection(FhirTask.ON_HOLD, FhirReport.REGISTERED, _WAITS, "retake"),
    S.INFO_WAIT: Projection(FhirTask.ON_HOLD, FhirReport.REGISTERED, _WAITS, "question"),
    S.DRAFTED: Projection(FhirTask.IN_PROGRESS, FhirReport.PARTIAL, _audit(UpsState.SCHEDULED), "drafted"),
    S.AUDITING: Projection(FhirTask.IN_PROGRESS, FhirReport.PARTIAL, _audit(UpsState.IN_PROGRESS), "auditing"),
    S.REWORK: Projection(FhirTask.IN_PROGRESS, FhirReport.PARTIAL, _read(UpsState.SCHEDULED, replaced=True), "rework"),
    S.CONSULT: Projection(FhirTask.IN_PROGRESS, FhirReport.PARTIAL, _read(UpsState.IN_PROGRESS), "consultation"),
    S.READ: Projection(FhirTask.COMPLETED, FhirReport.PARTIAL, _read(UpsState.COMPLETED), "independent-reading"),
    S.SIGNED: Projection(FhirTask.COMPLETED, FhirReport.FINAL, _audit(UpsState.COMPLETED)),
    S.DELIVERED: Projection(FhirTask.COMPLETED, FhirReport.FINAL, _audit(UpsState.COMPLETED), "delivered"),
    S.CLOSED: Projection(FhirTask.COMPLETED, FhirReport.FINAL, _audit(UpsState.COMPLETED), "closed"),
    S.CANCELLED: Projection(FhirTask.CANCELLED, FhirReport.CANCELLED, _read(UpsState.CANCELED)),
    S.DECLINED: Projection(FhirTask.REJECTED, FhirReport.CANCELLED, _read(UpsState.CANCELED)),
}

_OF_A_VERSION = {
    ReportKind.PRELIMINARY: FhirReport.PRELIMINARY,
    ReportKind.FINAL: FhirReport.FINAL,
    ReportKind.AMENDED: FhirReport.AMENDED,
    ReportKind.ADDENDUM: FhirReport.APPENDED,
    ReportKind.WITHDRAWN: FhirReport.ENTERED_IN_ERROR,
}

_UPS_PRIORITY = {Priority.P0: "HIGH", Priority.P1: "HIGH", Priority.P2: "MEDIUM", Priority.P3: "LOW"}
_FHIR_PRIORITY = {Priority.P0: "stat", Priority.P1: "asap", Priority.P2: "routine", Priority.P3: "routine"}


def projection(state: TaskState, last_version: ReportKind | None = None) -> Projection:
    """The state in other words. What has been issued says more of the report than the state does: `last_version` is its kind.

    A report that is being audited is not preliminary in the sense of FHIR as long as nobody outside has got it.
    """
    found = PROJECTIONS[state]
    if last_version is None:
        return found
    return Projection(found.task, _OF_A_VERSION[last_version], found.ups, found.business_status)


def ups_priority(priority: Priority) -> str:
    """Scheduled Procedure Step Priority (0074,1200), which has three values only."""
    return _UPS_PRIORITY[priority]


def fhir_priority(priority: Priority) -> str:
    """`Task.priority` (FHIR R4, value set request-priority)."""
    return _FHIR_PRIORITY[priority]
