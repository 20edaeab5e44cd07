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
from storage.db.models.assignment import ReaderWork
from storage.db.models.base import Base, InstitutionScoped
from storage.db.models.charsets import CharsetCount
from storage.db.models.critical import CriticalCase, CriticalEvent
from storage.db.models.exchange import CommitmentRequest
from storage.db.models.green_channel import GreenChannelCase, GreenChannelMilestone
from storage.db.models.hl7 import Hl7Destination
from storage.db.models.notices import (
    BeatLease,
    DeadLetter,
    Notice,
    NoticeDelivery,
    NoticeRecipient,
    StudyNote,
    StudyNoteSeen,
    Webhook,
)
from storage.db.models.operations import AuditEvent, AuditHead, Heartbeat
from storage.db.models.orders import AccessionCounter, ExamOrder, Hl7Message, PerformedStep
from storage.db.models.organisation import Device, Institution, Login, UnknownCaller, User
from storage.db.models.persons import PatientMerge, PatientPair
from storage.db.models.quality import ImageGrade, PeerReview, RetakeOrder, SignedExam, SubmittedReport
from storage.db.models.readiness import ReadinessSignal
from storage.db.models.reading import (
    Consultation,
    Draft,
    DraftVersion,
    ReadingTask,
    Receipt,
    Report,
    ReportVersion,
    Result,
    TaskEvent,
)
from storage.db.models.rosters import Absence, DutySpan, DutySwap, Qualification, ShiftKind
from storage.db.models.rules import RuleEdition
from storage.db.models.templates import Phrase, PhraseUse, ReportTemplate, TemplateEdition
from storage.db.models.uploads import Upload, UploadEntry

__all__ = [
    "Absence",
    "AccessionCounter",
    "Association",
    "AuditEvent",
    "AuditHead",
    "Base",
    "BeatLease",
    "CharsetCount",
    "CommitmentRequest",
    "Consultation",
    "CriticalCase",
    "CriticalEvent",
    "DeadLetter",
    "Device",
    "Draft",
    "DraftVersion",
    "DutySpan",
    "DutySwap",
    "ExamOrder",
    "GreenChannelCase",
    "GreenChannelMilestone",
    "Heartbeat",
    "Hl7Destination",
    "Hl7Message",
    "ImageGrade",
    "Instance",
    "Institution",
    "InstitutionScoped",
    "Login",
    "Notice",
    "NoticeDelivery",
    "NoticeRecipient",
    "Patient",
    "PatientMerge",
    "PatientPair",
    "PeerReview",
    "PerformedStep",
    "Phrase",
    "PhraseUse",
    "Qualification",
    "Quarantine",
    "ReaderWork",
    "ReadinessSignal",
    "ReadingTask",
    "Receipt",
    "Rendition",
    "Report",
    "ReportTemplate",
    "ReportVersion",
    "Result",
    "RetakeOrder",
    "RuleEdition",
    "Series",
    "ShiftKind",
    "SignedExam",
    "Study",
    "StudyAssociation",
    "StudyNote",
    "StudyNoteSeen",
    "SubmittedReport",
    "TaskEvent",
    "TemplateEdition",
    "UnknownCaller",
    "Upload",
    "UploadEntry",
    "User",
    "Webhook",
]
