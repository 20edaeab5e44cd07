"""Quality on PostgreSQL: the same tests as on SQLite, and two physicians who ask for the one review that waits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from reading_queue.quality import reviews
from reading_queue.quality.chapter import QUALITY
from reading_queue.rulebook import publish
from storage.db.models import User
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.test_quality import (  # noqa: F401 - collected here a second time
    test_a_blocking_fault_stops_the_signature_until_it_is_overridden_with_a_reason,
    test_a_cancelled_task_leaves_no_order_open,
    test_an_order_that_nobody_opens_is_called_to_mind_once,
    test_every_author_comes_up_to_the_minimum_of_the_month,
    test_figures_count_exams_grades_and_retakes_against_their_source,
    test_new_images_end_the_order_as_redone,
    test_the_reader_of_the_next_study_scores_the_report_of_the_prior_once,
    test_what_the_signer_changed_is_shown_and_judged_by_him_alone,
)


def _third_auditor(county: County) -> None:
    with county.write() as work:
        known = work.session.execute(select(User).where(User.username == "auditor2")).scalar_one()
        same = {"title": known.title, "role": known.role, "institution_id": known.institution_id}
        work.session.add(User(username="auditor3", display_name="auditor3", password_hash="-", modalities=None, **same))


def test_of_two_who_ask_at_once_one_gets_the_review(county: County) -> None:
    _third_auditor(county)
    content = {**QUALITY.shipped, "peer_review": {**QUALITY.shipped["peer_review"], "share_percent": {"*": 100}}}
    with county.write() as work:
        publish(work, county.actor("manager"), QUALITY, content)
    county.signed(county.task())
    actors = [county.actor(name) for name in ("auditor2", "auditor3")]
    start = Barrier(2)

    def ask(number: int) -> bool:
        start.wait(30)
        with county.database.write() as work:
            return reviews.next_review(work, actors[number]) is not None

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, range(2))) == [False, True]
