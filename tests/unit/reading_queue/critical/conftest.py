import pytest

from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.critical.cases import Cases


@pytest.fixture
def cases(county: County) -> Cases:
    return Cases(county)
