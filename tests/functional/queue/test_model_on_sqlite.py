"""The invariants under random people, crashes and jumps of the clock, on SQLite."""

from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.functional.queue.model import Reading
from tests.unit.reading_queue.county import County

BUDGET = settings(
    max_examples=8,
    stateful_step_count=25,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    # A failure is told as it was found: to make it smaller takes minutes.
    phases=(Phase.explicit, Phase.generate),
)


def test_the_invariants_hold_whatever_happens(tmp_path: Path):
    county = County.at(f"sqlite:///{tmp_path / 'county.sqlite'}")
    machine = type("ReadingOnSqlite", (Reading,), {"county": county})
    try:
        run_state_machine_as_test(machine, settings=BUDGET)
    finally:
        county.database.engine.dispose()
