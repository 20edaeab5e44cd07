"""When a study was made, also where its objects tell a day and no time."""

from datetime import UTC, date, datetime, time, timedelta

from storage.db.models import Study
from storage.domain.ages import iso_date

_FIRST_DAY = date(1990, 1, 1)
"""There was no digital imaging to speak of before."""


def day_alone(study: Study) -> date | None:
    """The day that it was made, where no time is told; None where one is, or where the day makes no sense."""
    told = iso_date(study.study_date) if study.exam_started_at is None else ""
    day = date.fromisoformat(told) if told else None
    last = (study.first_received_at + timedelta(days=1)).date()
    return day if day is not None and _FIRST_DAY <= day <= last else None


def made_at(study: Study) -> datetime:
    """To put studies in order, and for ages: of a day without a time its beginning (UTC), else when it was received."""
    day = day_alone(study)
    known = study.exam_started_at or (datetime.combine(day, time.min, UTC) if day else None)
    return known or study.first_received_at


def ended_by(study: Study) -> datetime:
    """As `made_at`, but of a day without a time its end: what else was made on that day may have come before."""
    return made_at(study) + timedelta(days=1 if day_alone(study) else 0)
