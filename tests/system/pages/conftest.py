"""Pages in a real browser. The world makes no difference to them: each test has an embedded county of its own, started by fork."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.county import ForkedCounty, embedded_county


@pytest.fixture
def county(tmp_path: Path) -> Iterator[ForkedCounty]:
    with embedded_county(tmp_path) as running:
        yield running
