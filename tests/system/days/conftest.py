"""Each role's day in a real browser: one county for each day, started by fork, and nothing in it but what the day sends."""

from collections.abc import Iterator

import pytest

from tests.system.county import ForkedCounty, embedded_county


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkedCounty]:
    with embedded_county(tmp_path_factory.mktemp("day")) as running:
        yield running
