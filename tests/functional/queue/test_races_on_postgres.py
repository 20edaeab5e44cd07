"""Twenty processes on PostgreSQL: nobody gets what another has, nothing is numbered twice, nobody waits for ever."""

from collections import Counter
from itertools import chain

from tests.unit.reading_queue import test_races
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.racing import race, take_all
from tests.unit.reading_queue.test_races import *  # noqa: F403


def test_twenty_readers_never_get_the_same_case(county: County):
    tasks = [county.task().id for _ in range(60)]
    url = county.database.engine.url.render_as_string(hide_password=False)
    readers = [(url, county.clock, test_races._READERS[n % 4]) for n in range(20)]
    taken = Counter(chain.from_iterable(race(take_all, readers)))
    assert taken == Counter(tasks)
