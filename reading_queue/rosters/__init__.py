"""Rosters and qualifications: who is at work when, and who may read what. A change holds from its commit on."""

from reading_queue.rosters.checking import Fault, Finding, Gap, coverage, findings, needed_modalities, working_spans
from reading_queue.rosters.duties import Duty, duty_of, duty_phones, on_duty, readers_on_duty
from reading_queue.rosters.editing import EDITORS
from reading_queue.rosters.kinds import ShiftPlan, retire_kind, save_kind, shift_kind
from reading_queue.rosters.licensing import (
    WARNING,
    LicenceGiven,
    end_licence,
    ending_soon,
    ends_soon,
    qualification_by_id,
    record_licence,
)
from reading_queue.rosters.planning import (
    ShiftOf,
    copy_week,
    drop_shift,
    duty_by_id,
    end_absence,
    put_shift,
    record_absence,
    swap,
)
from reading_queue.rosters.qualifications import (
    held_licences,
    is_qualified,
    licence_of,
    licences_of,
    local_day,
    may_audit,
    may_read,
)
from reading_queue.rosters.sheets import Taken, as_csv, take_csv

__all__ = [
    "EDITORS",
    "WARNING",
    "Duty",
    "Fault",
    "Finding",
    "Gap",
    "LicenceGiven",
    "ShiftOf",
    "ShiftPlan",
    "Taken",
    "as_csv",
    "copy_week",
    "coverage",
    "drop_shift",
    "duty_by_id",
    "duty_of",
    "duty_phones",
    "end_absence",
    "end_licence",
    "ending_soon",
    "ends_soon",
    "findings",
    "held_licences",
    "is_qualified",
    "licence_of",
    "licences_of",
    "local_day",
    "may_audit",
    "may_read",
    "needed_modalities",
    "on_duty",
    "put_shift",
    "qualification_by_id",
    "readers_on_duty",
    "record_absence",
    "record_licence",
    "retire_kind",
    "save_kind",
    "shift_kind",
    "swap",
    "take_csv",
    "working_spans",
]
