import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.ingest.study_keys import date_key, name_key, person_name, study_keys, time_key


@pytest.mark.parametrize(
    "text, expected",
    [
        ("ZHANG^SAN", "zhang san"),
        ("Zhang^^San ", "zhang san"),
        ("ＺＨＡＮＧ　SAN", "zhang san"),
        ("张^三", "张三"),
        ("张 三", "张三"),
        ("张*", "张*"),
        ("*", "*"),
        ("", ""),
        ("Müller^Ä", "müller ä"),
    ],
)
def test_names_as_they_are_compared(text: str, expected: str) -> None:
    assert name_key(text) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("20260102", "20260102"),
        ("2026.01.02", "20260102"),
        (" 20260102 ", "20260102"),
        ("2026", ""),
        ("x", ""),
        ("", ""),
    ],
)
def test_dates(text: str, expected: str) -> None:
    assert date_key(text) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("10", "100000.000000"),
        ("1011", "101100.000000"),
        ("10:11:12", "101112.000000"),
        ("101112.5", "101112.500000"),
        ("101112.123456", "101112.123456"),
        ("1", ""),
        ("noon", ""),
    ],
)
def test_times(text: str, expected: str) -> None:
    assert time_key(text) == expected


def test_a_person_with_all_groups() -> None:
    assert person_name({"Alphabetic": "Li^Si", "Ideographic": "李^四"}) == "Li^Si=李^四"
    assert person_name({"Ideographic": "李^四"}) == "=李^四"
    assert person_name("not a person") == ""


JSON = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["Alphabetic", "Ideographic"]), inner)
    ),
    max_leaves=5,
)
TAGS = ("00100010", "00080020", "00080030", "00080090", "00200010")


@given(st.dictionaries(st.sampled_from(TAGS), st.fixed_dictionaries({"vr": st.just("LO"), "Value": st.lists(JSON)})))
def test_whatever_an_object_says_the_keys_are_texts(model: dict[str, object]) -> None:
    assert all(isinstance(value, str) and len(value) <= 256 for value in study_keys(model).values())
