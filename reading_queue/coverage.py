"""Whether the holidays of the coming weeks are known: the State Council tells them a year at a time."""

from datetime import datetime, timedelta, tzinfo

from reading_queue import rulebook
from reading_queue.calendars import CalendarRules
from reading_queue.service_times import CALENDAR
from storage.db.session import UnitOfWork

LOOK_AHEAD = timedelta(days=30)


def uncovered_warning(rules: CalendarRules, now: datetime, zone: tzinfo) -> str:
    """What is wrong with the calendar of the coming 30 days, in words; empty when nothing is."""
    last = (now + LOOK_AHEAD).astimezone(zone).date()
    if rules.covers(last):
        return ""
    return (
        f"The working calendar is arranged until {rules.arranged_until.isoformat()} only: enter the public holidays and "
        f"make-up workdays up to {last.isoformat()} and later on the page for rules."
    )


def calendar_warning(work: UnitOfWork) -> str:
    """The same for the calendar that is in force now."""
    return uncovered_warning(rulebook.in_force(work, CALENDAR).content, work.now, work.zone)
