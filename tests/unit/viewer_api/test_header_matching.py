"""Keys that no column holds, matched against the header of an object (PS3.4 C.2.2.2.4)."""

import pytest

from storage.domain.matching import Wildcard
from viewer_api.dicomweb.header_matching import fits_header
from viewer_api.dicomweb.query import HeaderKey

OPERATOR = "00081070"


def _fits(pattern: str, text: str) -> bool:
    header = {OPERATOR: {"vr": "PN", "Value": [{"Alphabetic": text}]}}
    return fits_header(HeaderKey((OPERATOR,), Wildcard(pattern)), header)


@pytest.mark.parametrize(
    "pattern, text, expected",
    [
        ("wang*", "WANG^LI", True),
        ("wan?^*", "Wang^Li", True),
        ("*li", "Wang^Li", True),
        ("wang?", "Wang", False),
        ("w[a]ng*", "w[a]ng^li", True),
        ("w[a]ng*", "wang^li", False),
        ("w.ng*", "wang^li", False),
        ("王*", "王^丽", True),
    ],
)
def test_stars_and_question_marks_alone_are_wildcards(pattern: str, text: str, *, expected: bool) -> None:
    assert _fits(pattern, text) is expected


def test_a_pattern_of_many_stars_that_nearly_fits_is_told_so_at_once() -> None:
    """A matcher that goes back and tries again would not come to an end."""
    assert not _fits("*a" * 30 + "*b", "a" * 64)
