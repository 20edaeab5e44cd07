"""The same on PostgreSQL."""

from hypothesis.stateful import run_state_machine_as_test

from tests.functional.queue.model import Reading
from tests.functional.queue.test_model_on_sqlite import BUDGET
from tests.unit.reading_queue.county import County


def test_the_invariants_hold_whatever_happens(county: County):
    run_state_machine_as_test(type("ReadingOnPostgres", (Reading,), {"county": county}), settings=BUDGET)
