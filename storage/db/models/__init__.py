"""Every table. Rows change only inside a unit of work (`storage.db.session`)."""

from storage.db.models.access import BrokenGlass, ShareLink, ShareVisit
from storage.db.models.accounts import AddressLock, ApiKey, PastPassword, RecoveryCode, SignOn
from storage.db.models.ambulatory import Ambulatory
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
from storage.db.models.boards import SettlementDispute, SettlementLine, SettlementMonth, StudyNaming, WallLink
from storage.db.models.charsets import CharsetCount
from storage.db.models.critical import CriticalCase, CriticalEvent
from storage.db.models.delivery import FrameDelivery, StudyDelivery
from storage.db.models.ecg import EcgMeasurement
from storage.db.models.ecg_marks import EcgMarks
from storage.db.models.exchange import CommitmentRequest
from storage.db.models.green_channel import GreenChannelCase, GreenChannelMilestone
from storage.db.models.hanging import OwnHanging
from storage.db.models.hl7 import Hl7Destination
from storage.db.models.measurements import Measurement, MeasurementVersion
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
from storage.db.models.operations import AuditArchive, AuditEvent, AuditHead, Heartbeat
from storage.db.models.orders import AccessionCounter, ExamOrder, Hl7Message, PerformedStep
from storage.db.models.organisation import Device, Institution, Login, UnknownCaller, User
from storage.db.models.persons import PatientMerge, PatientPair
from storage.db.models.preferences import Preference
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
    ResultPrinting,
    TaskEvent,
)
from storage.db.models.referrals import Referral, ReferralEvent
from storage.db.models.rejections import RejectionNote
from storage.db.models.results_out import (
    HookAttempt,
    KeyImage,
    RecognitionChoice,
    ReportFiling,
    ResultHook,
)
from storage.db.models.rosters import Absence, DutySpan, DutySwap, Qualification, ShiftKind
from storage.db.models.rules import RuleEdition
from storage.db.models.services import UpsCancelRequest, UpsRequest, UpsSubscription
from storage.db.models.templates import Phrase, PhraseUse, ReportTemplate, TemplateEdition
from storage.db.models.uploads import Upload, UploadEntry

__all__ = [
    "Absence",
    "AccessionCounter",
    "AddressLock",
    "Ambulatory",
    "ApiKey",
    "Association",
    "AuditArchive",
    "AuditEvent",
    "AuditHead",
    "Base",
    "BeatLease",
    "BrokenGlass",
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
    "EcgMarks",
    "EcgMeasurement",
    "ExamOrder",
    "FrameDelivery",
    "GreenChannelCase",
    "GreenChannelMilestone",
    "Heartbeat",
    "Hl7Destination",
    "Hl7Message",
    "HookAttempt",
    "ImageGrade",
    "Instance",
    "Institution",
    "InstitutionScoped",
    "KeyImage",
    "Login",
    "Measurement",
    "MeasurementVersion",
    "Notice",
    "NoticeDelivery",
    "NoticeRecipient",
    "OwnHanging",
    "PastPassword",
    "Patient",
    "PatientMerge",
    "PatientPair",
    "PeerReview",
    "PerformedStep",
    "Phrase",
    "PhraseUse",
    "Preference",
    "Qualification",
    "Quarantine",
    "ReaderWork",
    "ReadinessSignal",
    "ReadingTask",
    "Receipt",
    "RecognitionChoice",
    "RecoveryCode",
    "Referral",
    "ReferralEvent",
    "RejectionNote",
    "Rendition",
    "Report",
    "ReportFiling",
    "ReportTemplate",
    "ReportVersion",
    "Result",
    "ResultHook",
    "ResultPrinting",
    "RetakeOrder",
    "RuleEdition",
    "Series",
    "SettlementDispute",
    "SettlementLine",
    "SettlementMonth",
    "ShareLink",
    "ShareVisit",
    "ShiftKind",
    "SignOn",
    "SignedExam",
    "Study",
    "StudyAssociation",
    "StudyDelivery",
    "StudyNaming",
    "StudyNote",
    "StudyNoteSeen",
    "SubmittedReport",
    "TaskEvent",
    "TemplateEdition",
    "UnknownCaller",
    "Upload",
    "UploadEntry",
    "UpsCancelRequest",
    "UpsRequest",
    "UpsSubscription",
    "User",
    "WallLink",
    "Webhook",
]
