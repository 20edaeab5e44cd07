"""docs/fhir.md names what the code serves."""

from pathlib import Path

from reading_queue.projections import PROJECTIONS
from viewer_api.fhir.capability import markdown

_DOCUMENT = (Path(__file__).parents[3] / "docs" / "fhir.md").read_text(encoding="utf-8")


def test_the_tables_of_search_parameters_are_those_of_the_code() -> None:
    assert _DOCUMENT.endswith(markdown()), "python -m viewer_api.fhir.capability"


def test_every_state_of_a_task_is_translated() -> None:
    for state, words in PROJECTIONS.items():
        business = f" ({words.business_status})" if words.business_status else ""
        assert f"| {state} | {words.task}{business} | {words.report} |" in _DOCUMENT
