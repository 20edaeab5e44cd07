from types import ModuleType

import pytest

from tests.unit.reading_queue.report_pdf import samples as contents


@pytest.fixture
def samples() -> ModuleType:
    """Contents of signed versions."""
    return contents
