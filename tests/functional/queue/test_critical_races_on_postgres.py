"""Critical values under races of real processes on PostgreSQL."""

from tests.functional.queue.critical_races import *  # noqa: F403
