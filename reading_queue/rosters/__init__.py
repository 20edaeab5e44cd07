"""Rosters and qualifications: who is at work when, and who may read what."""

from reading_queue.rosters.duties import Duty, duty_phones, on_duty, readers_on_duty
from reading_queue.rosters.qualifications import (
    county_zone,
    is_qualified,
    licences_of,
    local_day,
    may_audit,
    may_read,
)

__all__ = [
    "Duty",
    "county_zone",
    "duty_phones",
    "is_qualified",
    "licences_of",
    "local_day",
    "may_audit",
    "may_read",
    "on_duty",
    "readers_on_duty",
]
