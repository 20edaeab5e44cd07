"""Exams with a day and no time stand in lists where that day is."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.db.models import Study
from storage.db.queries.exam_days import day_alone, ended_by, made_at

RECEIVED = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)


def _study(study_date: str, started: datetime | None = None) -> Study:
    return Study(study_date=study_date, exam_started_at=started, first_received_at=RECEIVED)


@pytest.mark.parametrize("told", ["20251224", "2025-12-24"])
def test_a_day_without_a_time_is_told_as_such(told: str) -> None:
    study = _study(told)
    begins = datetime(2025, 12, 24, tzinfo=UTC)
    assert (str(day_alone(study)), made_at(study)) == ("2025-12-24", begins)
    assert ended_by(study) == begins + timedelta(days=1)


@pytest.mark.parametrize("told", ["", "20251399", "18991231", "20260311", "today"])
def test_a_day_that_makes_no_sense_is_as_good_as_none(told: str) -> None:
    study = _study(told)
    assert (day_alone(study), made_at(study), ended_by(study)) == (None, RECEIVED, RECEIVED)


def test_a_time_says_more_than_the_day() -> None:
    started = datetime(2026, 3, 8, 23, 50, tzinfo=UTC)
    study = _study("20260309", started)
    assert (day_alone(study), made_at(study), ended_by(study)) == (None, started, started)
