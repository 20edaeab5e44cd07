"""Tasks in the words of FHIR and of the Unified Procedure Step."""

import pytest

from reading_queue.projections import (
    PROJECTIONS,
    RECEIVING,
    FhirReport,
    FhirTask,
    InputReadiness,
    UpsState,
    fhir_priority,
    projection,
    ups_priority,
)
from reading_queue.transitions import HELD_STATES, ISSUED_STATES, OPEN_STATES, TABLE, WAITING_STATES
from storage.domain.reading import CLOSED_STATES, Priority, ReportKind, TaskState


def test_every_state_has_its_words():
    assert set(PROJECTIONS) == set(TaskState)


@pytest.mark.parametrize("state", TaskState)
def test_open_and_ended_mean_the_same_everywhere(state: TaskState):
    found = projection(state)
    has_ended = found.task in (FhirTask.COMPLETED, FhirTask.REJECTED, FhirTask.CANCELLED)
    assert has_ended == (state in CLOSED_STATES) == (found.ups.state in (UpsState.COMPLETED, UpsState.CANCELED))
    assert (found.report == FhirReport.FINAL) == (state in ISSUED_STATES)


def test_in_hand_is_in_progress_and_waiting_is_on_hold():
    assert all(projection(state).ups.state == UpsState.IN_PROGRESS for state in HELD_STATES)
    assert all(projection(state).task == FhirTask.ON_HOLD for state in WAITING_STATES)
    assert all(projection(state).ups.readiness == InputReadiness.INCOMPLETE for state in WAITING_STATES)
    assert RECEIVING.ups.readiness == InputReadiness.INCOMPLETE


def test_no_step_goes_back_to_scheduled_but_as_another_one():
    allowed = {("QUEUED", "release"), ("QUEUED", "expire"), ("DRAFTED", "release"), ("DRAFTED", "expire")}
    for step in TABLE.values():
        if step.source is None or step.target not in OPEN_STATES:
            continue
        before, after = projection(step.source).ups, projection(step.target).ups
        goes_back = before.state == UpsState.IN_PROGRESS and after.state == UpsState.SCHEDULED
        if goes_back and before.step == after.step and (step.target.name, step.action) not in allowed:
            assert after.replaced, f"{step.action} from {step.source}"


def test_the_last_version_says_what_the_report_is():
    said = {kind: projection(TaskState.SIGNED, kind).report for kind in ReportKind}
    assert said == {
        ReportKind.PRELIMINARY: FhirReport.PRELIMINARY,
        ReportKind.FINAL: FhirReport.FINAL,
        ReportKind.AMENDED: FhirReport.AMENDED,
        ReportKind.ADDENDUM: FhirReport.APPENDED,
        ReportKind.WITHDRAWN: FhirReport.ENTERED_IN_ERROR,
    }
    assert projection(TaskState.AUDITING, ReportKind.PRELIMINARY).report == FhirReport.PRELIMINARY


def test_classes_have_their_priorities():
    assert [ups_priority(one) for one in Priority] == ["HIGH", "HIGH", "MEDIUM", "LOW"]
    assert [fhir_priority(one) for one in Priority] == ["stat", "asap", "routine", "routine"]
