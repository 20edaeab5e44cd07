"""GB/T 15834-2011 5.1, with one unit of width for each character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading_queue.report_pdf.line_breaking import unbreakable_pieces, wrap

NOT_FIRST = "，。、；：？！）》”"
NOT_LAST = "（《“"


def lines(text: str, width: int) -> list[str]:
    return [line.text for line in wrap(text, width, len)]


def test_a_full_stop_takes_the_character_before_it_to_the_next_line():
    assert lines("双肺纹理清晰。气管通畅", 6) == ["双肺纹理清", "晰。气管通畅"]


def test_an_opening_bracket_goes_with_what_it_opens():
    assert lines("右肺上叶（尖段）", 5) == ["右肺上叶", "（尖段）"]


@pytest.mark.parametrize(
    "run", ["3.5cm×2.0cm", "T2WI/FLAIR", "L4/5", "-560HU", "12.3×10^9/L", "2025-03-01", "±0.1mm", "patient’s"]
)
def test_a_run_of_latin_letters_and_digits_stays_together(run: str):
    assert list(unbreakable_pieces(f"约{run}大")) == ["约", run, "大"]


def test_a_number_keeps_its_unit():
    assert lines("短径约 0.6 cm 大小", 7) == ["短径约", "0.6 cm", "大小"]


def test_a_unit_is_not_the_beginning_of_a_word():
    assert lines("the 3 members of it", 6) == ["the 3", "member", "s of", "it"]


def test_a_dash_of_two_is_not_divided():
    assert lines("诊断意见——肺炎", 5) == ["诊断意见", "——肺炎"]


def test_a_run_longer_than_the_line_is_cut():
    assert lines("ABCDEFGHIJ", 4) == ["ABCD", "EFGH", "IJ"]


def test_words_are_parted_at_spaces_which_do_not_show():
    assert lines("no pleural effusion", 11) == ["no pleural", "effusion"]


def test_paragraphs_and_empty_lines_stay():
    wrapped = wrap("甲乙丙\n\n丁", 2, len)
    assert [(line.text, line.is_last) for line in wrapped] == [("甲乙", False), ("丙", True), ("", True), ("丁", True)]


def test_the_indentation_of_a_paragraph_stays():
    assert lines("　　双肺清晰", 4) == ["　　双肺", "清晰"]


medical = st.text(st.sampled_from("肺叶结节大小" + NOT_FIRST + NOT_LAST + "abT12./-× \n—…"), max_size=80)


@given(medical, st.integers(4, 30))
def test_lines_fit_and_lose_nothing_but_spaces(text: str, width: int):
    wrapped = wrap(text, width, len)
    assert all(len(line.text) <= width for line in wrapped)
    assert "".join("".join(line.text for line in wrapped).split()) == "".join(text.split())


@given(st.text(st.sampled_from("肺叶结节大小，。（"), max_size=80))
def test_no_line_begins_with_a_closing_or_ends_with_an_opening_mark(text: str):
    pieces = list(unbreakable_pieces(text))
    assert all(piece[0] not in NOT_FIRST for piece in pieces[1:])
    assert all(piece[-1] not in NOT_LAST for piece in pieces[:-1])
