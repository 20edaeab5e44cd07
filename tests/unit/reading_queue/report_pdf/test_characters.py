import pytest

from reading_queue.report_pdf.characters import printable_text


def covers(character: str) -> bool:
    return character in "abcé0123456789+−^ 肺〓²³<>&;/\x07"


def shown(text: str) -> tuple[str, set[str]]:
    missing: set[str] = set()
    return printable_text(text, covers, missing), missing


@pytest.mark.parametrize("character", ["𠮷", "😀", "\ue000", "\x00", "\ud800", "\x07"])
def test_what_has_no_glyph_is_shown_as_a_geta_mark_and_named(character: str):
    assert shown(f"肺{character}a") == ("肺〓a", {character})


def test_a_power_of_ten_never_becomes_another_number():
    assert shown("10⁹/10²/10⁻³/10¹²") == ("10^9/10²/10^−3/10^12", set())


def test_an_index_without_a_glyph_becomes_a_digit():
    assert shown("a₂") == ("a2", set())


def test_a_letter_and_its_accent_become_one():
    assert shown("e\u0301") == ("é", set())


def test_what_has_no_form_of_its_own_is_left_out():
    assert shown("肺\ufe0f\u200b\u202e\ufeffa") == ("肺a", set())


def test_every_kind_of_line_end_and_space_is_understood():
    assert shown("a\r\nb\rc\u2028a\u00a0b\tc") == ("a\nb\nc\na b    c", set())


def test_markup_is_text():
    assert shown("<b>&a;</b>") == ("<b>&a;</b>", set())
