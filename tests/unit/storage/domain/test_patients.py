from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.domain.patients import (
    AS_TOLD,
    MatchReason,
    PersonTraits,
    check_digit,
    is_swapped,
    issuer_of,
    likeness,
    national_id,
    number_space,
    person_key,
    swapped_key,
)

ZHANG = PersonTraits("#1", "0001", "张三", "zhangsan", "M", "19700112", "", "")


def test_numbers_of_a_device_count_in_its_own_numbering_unless_its_rule_says_otherwise() -> None:
    assert issuer_of("", "HIS") == ""
    assert issuer_of("COUNTY-HIS", "HIS") == "COUNTY-HIS"
    assert issuer_of(AS_TOLD, "HIS") == "HIS"
    assert issuer_of(AS_TOLD, "") == ""
    assert number_space("", 1) != number_space("", 2)
    assert number_space("HIS", 1) == number_space("HIS", 2)


def test_an_identity_card_number_needs_its_check_digit() -> None:
    assert national_id(" 11010519491231002x ") == "11010519491231002X"
    assert national_id("110105194912310021") == ""
    assert national_id("11010519491331002X") == ""
    assert national_id("20260102000100012X") == ""
    assert national_id("0001") == ""


def test_old_numbers_become_new_ones() -> None:
    assert national_id("110105491231002") == "11010519491231002X"


@given(st.from_regex(r"[1-9][0-9]{5}19[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}", fullmatch=True))
def test_the_check_digit_finds_every_swap_of_neighbours(body: str) -> None:
    whole = body + check_digit(body)
    assert national_id(whole) == whole
    for place in range(len(body) - 1):
        swapped = whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :]
        assert swapped == whole or national_id(swapped) == ""


@pytest.mark.parametrize(
    "other, reasons",
    [
        (replace(ZHANG, name="ZHANGSAN"), {"patient_id", "pinyin", "birth_date", "sex"}),
        (replace(ZHANG, number_space="#2", patient_id="7"), {"name", "birth_date", "sex"}),
        (replace(ZHANG, number_space="#2", name="章三"), {"pinyin", "birth_date", "sex"}),
        (replace(ZHANG, number_space="#2", birth_date="19700121"), {"name", "swapped_birth_date", "sex"}),
        (replace(ZHANG, patient_id="0010", birth_date=""), {"name", "swapped_id", "sex"}),
        (replace(ZHANG, number_space="#2", phone="13800000000"), {"name", "birth_date", "sex"}),
    ],
)
def test_what_speaks_for_one_person_is_said(other: PersonTraits, reasons: set[str]) -> None:
    found = likeness(ZHANG, other)
    assert found is not None
    assert set(found.reasons) == reasons
    assert found == likeness(other, ZHANG)


def test_one_card_number_is_enough_and_two_speak_against() -> None:
    card = "11010519491231002X"
    one = replace(ZHANG, national_id=card)
    found = likeness(one, PersonTraits("#2", "9", "李四", "lisi", "F", "19491231", card, ""))
    assert found is not None
    assert found.reasons[0] is MatchReason.NATIONAL_ID
    same = replace(ZHANG, number_space="#2")
    alike, apart = likeness(ZHANG, same), likeness(one, replace(same, national_id="110105194912310046"))
    assert alike is not None
    assert apart is None


@pytest.mark.parametrize(
    "other",
    [
        replace(ZHANG, number_space="#2", name="李四", pinyin="lisi"),
        replace(ZHANG, number_space="#2", birth_date=""),
        replace(ZHANG, number_space="#2", birth_date="19800101"),
        replace(ZHANG, name="李四", pinyin="lisi", birth_date="19800101", sex="F"),
        PersonTraits("#1", "", "", "", "", "", "", ""),
    ],
)
def test_a_name_alone_or_a_number_alone_tells_nothing(other: PersonTraits) -> None:
    assert likeness(ZHANG, other) is None


def test_keys_are_equal_for_what_they_are_to_find() -> None:
    assert person_key("zhangsan", "19700112") == person_key("zhangsan", "19700121")
    assert person_key("zhangsan", "") == ""
    assert swapped_key("#1", "0012", "a") == swapped_key("#1", "0021", "a") != swapped_key("#2", "0012", "a")
    assert swapped_key("#1", "", "a") == ""


@given(st.text(alphabet="0123456789", min_size=2, max_size=8), st.data())
def test_swapped_means_two_neighbours(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 2))
    swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    assert is_swapped(text, swapped) == (text != swapped)
    assert not is_swapped(text, text)
    assert not is_swapped("123", "321")
