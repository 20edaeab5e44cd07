"""What a modality reports of a performed step (PS3.4 table F.7.2-1), read from DICOM JSON (PS3.18 F)."""

from collections.abc import Iterator, Mapping
from typing import Any

from storage.domain.errors import Invalid, MissingAttribute
from storage.domain.identifiers import is_usable_uid
from storage.domain.orders import StepState

STATUS, SCHEDULED_STEPS, SERIES = "00400252", "00400270", "00400340"
STUDY_INSTANCE_UID, ACCESSION_NUMBER, PATIENT_ID = "0020000D", "00080050", "00100020"
STEP_ID, MODALITY = "00400253", "00080060"
START_DATE, START_TIME, END_DATE, END_TIME = "00400244", "00400245", "00400250", "00400251"
_IMAGES, _OTHER_OBJECTS, _SOP_INSTANCE = "00081140", "00400220", "00081155"

_EXPECTED: Mapping[str, str] = {
    STEP_ID: "Performed Procedure Step ID",
    "00400241": "Performed Station AE Title",
    START_DATE: "Performed Procedure Step Start Date",
    START_TIME: "Performed Procedure Step Start Time",
    MODALITY: "Modality",
}
_EXPECTED_AT_THE_END: Mapping[str, str] = {
    END_DATE: "Performed Procedure Step End Date",
    END_TIME: "Performed Procedure Step End Time",
    SERIES: "Performed Series Sequence",
}
"""Type 1, and left out by equipment all the same: noted, and the step is taken."""

SAID_ONCE = frozenset({SCHEDULED_STEPS, STEP_ID, "00400241", START_DATE, START_TIME, MODALITY})
"""What an N-SET may not change (PS3.4 table F.7.2-1)."""

Report = Mapping[str, Any]


def state_of(report: Report) -> StepState | None:
    """Performed Procedure Step Status; None where it is left out. Raises `Invalid` for a value that is none."""
    told = text(report, STATUS).upper()
    if not told:
        return None
    if told not in set(StepState):
        raise Invalid("Performed Procedure Step Status has no such value.")
    return StepState(told)


def initial_state(report: Report) -> StepState:
    """Raise `MissingAttribute`, or `Invalid` unless the step is in progress (PS3.4 F.7.2.1.2)."""
    state = state_of(report)
    if state is None:
        raise MissingAttribute("Performed Procedure Step Status (0040,0252) is missing.")
    if state is not StepState.IN_PROGRESS:
        raise Invalid("A new step must be IN PROGRESS.")
    return state


def studies_of(report: Report) -> list[str]:
    """The Study Instance UIDs of its scheduled steps. Raises `MissingAttribute` when there is none."""
    uids = _of_scheduled_steps(report, STUDY_INSTANCE_UID)
    usable = [uid for uid in uids if is_usable_uid(uid)]
    if not usable:
        raise MissingAttribute("Study Instance UID of the scheduled step is missing.")
    return usable


def accession_numbers_of(report: Report) -> list[str]:
    """Those of its scheduled steps."""
    return _of_scheduled_steps(report, ACCESSION_NUMBER)


def objects_of(report: Report) -> list[str]:
    """The SOP Instance UIDs of everything that its series refer to."""
    uids = (text(one, _SOP_INSTANCE) for series in items(report, SERIES) for one in _references(series))
    return sorted({uid for uid in uids if is_usable_uid(uid)})


def faults_at_the_start(report: Report) -> list[str]:
    """The names of what should have been told when the step began."""
    return [name for tag, name in _EXPECTED.items() if not _has_value(report, tag)]


def faults_at_the_end(report: Report) -> list[str]:
    """The names of what should have been told when the step ended."""
    return [name for tag, name in _EXPECTED_AT_THE_END.items() if not _has_value(report, tag)]


def text(model: Report, tag: str) -> str:
    """The first value of an element as text; empty where there is none."""
    value = (model.get(tag, {}).get("Value") or [None])[0]
    return "" if value is None or isinstance(value, dict) else str(value).strip()


def items(model: Report, tag: str) -> list[Report]:
    """The items of a sequence."""
    return [item for item in model.get(tag, {}).get("Value") or [] if isinstance(item, dict)]


def _of_scheduled_steps(report: Report, tag: str) -> list[str]:
    return sorted({told for item in items(report, SCHEDULED_STEPS) if (told := text(item, tag))})


def _references(series: Report) -> Iterator[Report]:
    yield from items(series, _IMAGES)
    yield from items(series, _OTHER_OBJECTS)


def _has_value(report: Report, tag: str) -> bool:
    return bool(report.get(tag, {}).get("Value"))
