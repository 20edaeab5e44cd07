"""The rules of the workflow on PostgreSQL: the same tests, with the `county` of this folder."""

from tests.unit.reading_queue.test_delivery import *  # noqa: F403
from tests.unit.reading_queue.test_directing import *  # noqa: F403
from tests.unit.reading_queue.test_leases import *  # noqa: F403
from tests.unit.reading_queue.test_opening import *  # noqa: F403
from tests.unit.reading_queue.test_opening_cost import *  # noqa: F403
from tests.unit.reading_queue.test_opening_late import *  # noqa: F403
from tests.unit.reading_queue.test_opening_signals import *  # noqa: F403
from tests.unit.reading_queue.test_queries import *  # noqa: F403
from tests.unit.reading_queue.test_signing import *  # noqa: F403
from tests.unit.reading_queue.test_transitions import *  # noqa: F403
from tests.unit.reading_queue.test_waiting import *  # noqa: F403
