"""Marks of ECGs on PostgreSQL: the same tests, with the `county` of this folder."""

from tests.unit.reading_queue.ecg.test_marks import (  # noqa: F401
    case,
    test_each_keeping_is_a_version_of_its_own_and_back_to_measured_is_one_too,
    test_marks_that_rest_on_an_older_version_change_nothing,
    test_the_intervals_are_computed_from_the_marks_and_what_was_measured_stays,
)
