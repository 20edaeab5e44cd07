"""How many must sign: the chapter as shipped, as a county may write it, and what is refused."""

from datetime import UTC, datetime
from typing import Any

import pytest

from reading_queue import course, signatures
from reading_queue.course import COURSE
from reading_queue.signatures import ONE, SIGNATURES, TWO, SignedCase, parse
from storage.domain.errors import Invalid
from storage.domain.reading import Priority

DAY, NIGHT = datetime(2026, 3, 9, 4, 0, tzinfo=UTC), datetime(2026, 3, 9, 15, 0, tzinfo=UTC)
"""Noon and 23:00 in the county."""


def case(modality: str = "DX", title: str = "主治医师", at: datetime = DAY, **about: Any) -> SignedCase:
    told = {"priority": Priority.P2, "body_part": "CHEST", "description": "胸部正位", **about}
    return SignedCase(modality=modality, title=title, at=at, **told)


def rules(**changed: Any) -> signatures.Signatures:
    return parse({**SIGNATURES.shipped, **changed})


def test_as_shipped_ecgs_have_one_signature_and_all_else_two_and_residents_always():
    shipped = rules()
    assert [shipped.required(case(one)) for one in ("ECG", "DX", "CT", "US", "MG")] == [ONE, TWO, TWO, TWO, TWO]
    assert [shipped.required(case("ECG", title)) for title in ("住院医师", "规培生", "Resident physician")] == [TWO] * 3
    assert not shipped.is_read_twice(case("MG"))


def test_a_county_may_name_class_words_titles_and_night():
    county = rules(
        rules=[
            {"priorities": ["P0"], "night": True, "signatures": 1},
            {"titles": ["主任医师"], "words": ["chest", "胸"], "signatures": 1},
        ],
        always_two=[{"words": ["CTA"]}],
        double_reading=[{"modalities": ["MG"]}],
    )
    assert county.required(case(priority=Priority.P0, at=NIGHT)) == ONE
    assert county.required(case(priority=Priority.P0)) == TWO
    assert county.required(case(title="副主任医师")) == ONE
    assert county.required(case(title="副主任医师", body_part="", description="头颅")) == TWO
    assert county.required(case(priority=Priority.P0, at=NIGHT, description="头颈CTA")) == TWO
    assert county.is_read_twice(case("MG"))


@pytest.mark.parametrize(
    "changed, named",
    [
        ({"default": 3}, "default"),
        ({"default": True}, "default"),
        ({"zone": "Nowhere/City"}, "zone"),
        ({"night": ["20:00"]}, "night"),
        ({"rules": [{"signatures": 1}]}, "rules[0]"),
        ({"rules": [{"modalities": ["CT"], "signature": 1}]}, "signature"),
        ({"rules": [{"modalities": "CT", "signatures": 1}]}, "modalities"),
        ({"always_two": [{"priorities": ["P9"]}]}, "priorities"),
        ({"double_reading": {}}, "double_reading"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(changed: dict[str, Any], named: str):
    with pytest.raises(Invalid) as refused:
        rules(**changed)
    assert named in refused.value.message


@pytest.mark.parametrize(
    "changed", [{"close_after": 0}, {"hold_remind": "soon"}, {"more": 1}, {"draft_versions": True}]
)
def test_times_of_the_course_are_numbers_above_zero(changed: dict[str, Any]):
    assert course.parse(COURSE.shipped).draft_versions == 20
    with pytest.raises(Invalid):
        course.parse({**COURSE.shipped, **changed})
