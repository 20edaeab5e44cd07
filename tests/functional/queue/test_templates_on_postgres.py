"""What templates and phrases keep in the database, on PostgreSQL: the same tests, with the `county` of this folder."""

from tests.unit.reading_queue.templates.test_library import (  # noqa: F401
    test_a_reader_gets_his_own_before_the_departments_before_the_countys,
    test_a_second_editor_does_not_overwrite_the_first,
    test_a_signed_report_keeps_edition_values_and_classes_whatever_becomes_of_the_template,
)
from tests.unit.reading_queue.templates.test_phrases import (  # noqa: F401
    test_only_the_manager_changes_what_is_shared_and_nobody_anothers_own,
    test_what_is_used_comes_first,
)
