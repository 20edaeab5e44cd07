from pathlib import Path

import pytest

from reading_queue.report_pdf.fonts import FOLDER, load_fonts, to_unicode_map
from storage.domain.errors import ConfigurationError


def test_a_missing_font_says_what_to_do(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="make install"):
        load_fonts(tmp_path)


@pytest.mark.parametrize("size", [0, 3, 1000, 100_000])
def test_a_damaged_font_says_what_to_do(tmp_path: Path, size: int):
    for weight in ("Regular", "Bold"):
        whole = (FOLDER / f"NotoSansSC-{weight}.ttf").read_bytes()
        (tmp_path / f"NotoSansSC-{weight}.ttf").write_bytes(whole[:size])
    with pytest.raises(ConfigurationError, match=r"damaged.*make install"):
        load_fonts(tmp_path)


def test_fonts_are_parsed_once():
    assert load_fonts() is load_fonts()


@pytest.mark.parametrize("name", ["䶮", "㛃", "犇", "𬱟", "𫖯", "镕", "堃", "〓"])
def test_the_rare_characters_of_names_have_glyphs(name: str):
    assert load_fonts().covers(name)


def test_the_licence_of_the_fonts_is_beside_them():
    assert "SIL OPEN FONT LICENSE" in (FOLDER / "OFL.txt").read_text().upper()


def test_characters_beyond_the_basic_plane_are_mapped_in_utf_16():
    text = to_unicode_map([0, ord("肺"), ord("𬱟")])
    assert "2 beginbfchar\n<01> <80BA>\n<02> <D873DC5F>\nendbfchar" in text


def test_a_block_of_a_map_has_at_most_a_hundred_entries():
    text = to_unicode_map([0, *range(0x4E00, 0x4E00 + 250)])
    assert [line.split()[0] for line in text.splitlines() if line.endswith("beginbfchar")] == ["100", "100", "50"]
