import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from storage.domain.charsets import CharsetReason, CharsetRepair
from storage.domain.devices import CharsetRule
from storage.ingest.charset import choose_reading
from storage.ingest.charset_evidence import is_utf8

pytestmark = pytest.mark.thorough


GBK, UTF8 = "张三".encode("gbk"), "张三".encode()
IR58 = b"Zhang^San=\x1b$)A" + "张".encode("gb2312") + b"^\x1b$)A" + "三".encode("gb2312")
IR58_IN_SEVEN_BITS = b"Zhang^San=\x1b$A" + bytes(b & 0x7F for b in "张".encode("gb2312")) + b"\x1b(B^\x1b$A"
IR58_IN_SEVEN_BITS += bytes(b & 0x7F for b in "三".encode("gb2312")) + b"\x1b(B"
IR165 = IR58.replace(b"\x1b$)A", b"\x1b$)E")
IR149 = b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7"
IR87 = b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B"


BYTES, DEVICE, SPELLING, ESCAPES = CharsetReason


def repaired(declared: str, read_as: str, reason: CharsetReason) -> str:
    return str(CharsetRepair(declared, read_as, reason))


@pytest.mark.parametrize(
    "declared, text, expected, read_as, reason",
    [
        (["ISO_IR 100"], GBK, "张三", "GB18030", BYTES),
        ([], GBK, "张三", "GB18030", BYTES),
        ([""], GBK, "张三", "GB18030", BYTES),
        (["ISO_IR 6"], GBK, "张三", "GB18030", BYTES),
        (["GBK"], GBK, "张三", "GB18030", SPELLING),
        (["gb2312"], GBK, "张三", "GB18030", SPELLING),
        (["GB2312"], "陶喆".encode("gbk"), "陶喆", "GB18030", SPELLING),
        (["GB_2312-80"], GBK, "张三", "GB18030", SPELLING),
        (["GB 18030"], GBK, "张三", "GB18030", SPELLING),
        (["GB18030"], GBK, "张三", "", None),
        (["GB18030 "], GBK, "张三", "", None),
        (["GB18030\0"], GBK, "张三", "", None),
        (["GB18030"], "㐀𠀀".encode("gb18030"), "㐀𠀀", "", None),
        (["ISO 2022 GBK"], GBK, "张三", "GB18030", SPELLING),
        (["ISO_IR 192"], UTF8, "张三", "", None),
        (["UTF-8"], UTF8, "张三", "ISO_IR 192", SPELLING),
        (["ISO-IR 192"], UTF8, "张三", "ISO_IR 192", SPELLING),
        (["ISO_IR 100"], UTF8, "张三", "ISO_IR 192", BYTES),
        ([], UTF8, "张三", "ISO_IR 192", BYTES),
        (["GB18030"], UTF8, "张三", "ISO_IR 192", BYTES),
        (["", "ISO 2022 IR 58"], UTF8, "张三", "ISO_IR 192", BYTES),
        (["ISO_IR 192"], GBK, "张三", "GB18030", BYTES),
        (["NONSENSE"], GBK, "张三", "GB18030", BYTES),
        (["ISO_IR 144"], "Люкceмбypг".encode("iso8859_5"), "Люкceмбypг", "", None),
        (["", "ISO 2022 IR 58"], IR58, "Zhang^San=张^三", "", None),
        (["", "ISO 2022 IR 58"], GBK, "张三", "GB18030", ESCAPES),
        (["ISO 2022 IR 58"], IR58, "Zhang^San=张^三", "", None),
        (["ISO 2022 58"], IR58, "Zhang^San=张^三", "ISO 2022 IR 58", SPELLING),
        ([], IR58, "Zhang^San=张^三", "\\ISO 2022 IR 58", BYTES),
        (["GB18030"], IR58, "Zhang^San=张^三", "", None),
        (["", "ISO 2022 IR 58"], IR58_IN_SEVEN_BITS, "Zhang^San=张^三", "", None),
        (["ISO_IR 58"], GBK, "张三", "GB18030", ESCAPES),
        (["ISO 2022 IR 165"], GBK, "张三", "GB18030", ESCAPES),
        (["", "ISO 2022 IR 165"], IR165, "Zhang^San=张^三", "", None),
        (["ISO_IR 100"], IR165, "Zhang^San=张^三", "\\ISO 2022 IR 165", BYTES),
        (["", "ISO 2022 IR 149"], IR149, "Hong^Gildong=洪^吉洞", "", None),
        (["", "ISO 2022 IR 149"], "김희중".encode("euc_kr"), "김희중", "ISO 2022 IR 149", ESCAPES),
        (["", "ISO 2022 IR 87"], IR87, "Yamada^Tarou=山田^太郎", "", None),
        (["", "ISO_IR 87"], IR87, "Yamada^Tarou=山田^太郎", "\\ISO 2022 IR 87", SPELLING),
        ([], IR87, "Yamada^Tarou=山田^太郎", "\\ISO 2022 IR 87", BYTES),
        (["ISO_IR 100"], b"PLAIN", "PLAIN", "", None),
        (["NONSENSE"], b"PLAIN", "PLAIN", "", None),
    ],
)
def test_text_reads_as_it_was_meant(
    declared: list[str], text: bytes, expected: str, read_as: str, reason: CharsetReason | None
) -> None:
    reading = choose_reading(declared, [b"plain", text])
    assert reading.decode(text) == expected
    said = "\\".join(term.strip("\0 ") for term in declared)
    assert reading.repair == (repaired(said or "nothing", read_as, reason) if reason else "")


NAMES = (
    "李婷婷",
    "陶喆",
    "张祎",
    "欧阳娜娜",
    "王璐瑶",
    "赵堃",
    "周玥",
    "刘翯",
    "马骎骎",
    "王(女)",
    "摹",
    "胸部CT平扫",
    "T2加权像",
    "右膝关节X线正位",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("declared", [[], ["ISO_IR 100"], ["GB2312"]])
@pytest.mark.parametrize("assumed", ["", "GB18030"])
def test_chinese_is_recognised(name: str, declared: list[str], assumed: str) -> None:
    text = name.encode("gb18030")
    assert choose_reading(declared, [text], assumed).decode(text) == name


LATIN = (
    "Müller^Jörg",
    "José",
    "François",
    "Ångström",
    "Määttä^Päivi",
    "Désirée",
    "Núñez",
    "Çelik",
    "MÜLLER",
    "Zoë",
    "Björk",
    "créée",
)


@pytest.mark.parametrize("name", LATIN)
@pytest.mark.parametrize("assumed", ["", "GB18030", "ISO_IR 192"])
def test_latin_letters_that_are_latin_stay(name: str, assumed: str) -> None:
    text = name.encode("latin-1")
    reading = choose_reading(["ISO_IR 100"], [text], assumed)
    assert (reading.decode(text), reading.repair) == (name, "")


@pytest.mark.parametrize("name", [*LATIN, *NAMES])
@pytest.mark.parametrize("declared", [[], ["ISO_IR 100"], ["ISO_IR 192"]])
def test_utf8_is_recognised_whatever_is_declared(name: str, declared: list[str]) -> None:
    text = name.encode()
    assert choose_reading(declared, [text], "GB18030").decode(text) == name


@pytest.mark.parametrize("kept", [3, 5, 7])
def test_a_character_cut_by_a_short_field_does_not_spoil_the_others(kept: int) -> None:
    text = "欧阳娜娜".encode("gbk")[:kept]
    assert choose_reading(["ISO_IR 100"], [text + b" "]).decode(text).startswith("欧阳娜娜"[: kept // 2])


def test_the_character_set_of_a_device_counts_where_an_object_declares_none_or_a_wrong_one() -> None:
    text = "張三".encode("gb18030")
    assert choose_reading([], [text], "GB18030").repair == repaired("nothing", "GB18030", DEVICE)
    cyrillic = "Иванов".encode("iso8859_5")
    reading = choose_reading(["ISO_IR 100"], [cyrillic], "ISO_IR 144")
    assert (reading.decode(cyrillic), reading.repair) == ("Иванов", repaired("ISO_IR 100", "ISO_IR 144", DEVICE))
    wrong = choose_reading(["ISO_IR 192"], [cyrillic], "ISO_IR 144")
    assert (wrong.decode(cyrillic), wrong.repair) == ("Иванов", repaired("ISO_IR 192", "ISO_IR 144", DEVICE))


def test_a_character_set_that_fits_is_believed_unless_the_device_always_writes_another() -> None:
    korean = "김희중".encode("euc_kr")
    for rule, expected in ((CharsetRule.UNDECLARED, korean.decode("gb18030")), (CharsetRule.ALWAYS, "김희중")):
        assert choose_reading(["GB18030"], [korean], "ISO 2022 IR 149", rule).decode(korean) == expected
    told = choose_reading(["GB18030"], [korean], "ISO 2022 IR 149", CharsetRule.ALWAYS).repair
    assert told == repaired("GB18030", "ISO 2022 IR 149", DEVICE)


def test_a_device_that_always_writes_something_is_not_believed_against_the_bytes() -> None:
    reading = choose_reading(["GB18030"], [GBK], "ISO_IR 192", CharsetRule.ALWAYS)
    assert (reading.decode(GBK), reading.repair) == ("张三", "")


@pytest.mark.parametrize("name", ["誠", "許功蓋", "餐\\厅".replace("\\", "")])
@pytest.mark.parametrize("declared", [[], ["ISO_IR 100"], ["GB18030"], ["GB2312"]])
def test_backslashes_inside_gbk_characters_do_not_split_values(name: str, declared: list[str]) -> None:
    text = "张".encode("gbk") + name.encode("gbk")
    assert choose_reading(declared, [text]).decode(text) == "张" + name


@given(
    st.text(st.characters(codec="gb2312", categories=["Lo"], min_codepoint=0x4E00), min_size=2, max_size=8),
    st.sampled_from([[], ["ISO_IR 100"], ["GB2312"], ["", "ISO 2022 IR 58"]]),
)
def test_any_chinese_name_is_read(name: str, declared: list[str]) -> None:
    text = name.encode("gb2312")
    assume(not is_utf8([text]))
    assert choose_reading(declared, [text]).decode(text) == name


def test_what_is_repaired_is_told_in_a_sentence() -> None:
    sentence = choose_reading(["ISO_IR 100"], [GBK]).repair
    assert sentence == "declares ISO_IR 100, read as GB18030: recognised by its bytes"
    assert CharsetRepair.parse(sentence) == CharsetRepair("ISO_IR 100", "GB18030", BYTES)
    assert CharsetRepair.parse("ISO_IR 100 -> GB18030") is None


def test_a_declaration_that_cannot_be_shown_is_told_without_harm() -> None:
    sentence = choose_reading(["\x00\x1b\u4e2d" * 100], [GBK]).repair
    repair = CharsetRepair.parse(sentence)
    assert repair is not None
    assert repair.declared.isprintable()
    assert len(sentence) < 200


@pytest.mark.filterwarnings("default")
@given(st.lists(st.text(max_size=20), max_size=3), st.lists(st.binary(max_size=40), max_size=4), st.text(max_size=20))
def test_no_bytes_and_no_declaration_break_it(declared: list[str], texts: list[bytes], assumed: str) -> None:
    reading = choose_reading(declared, texts, assumed)
    assert all(isinstance(reading.decode(text), str) for text in texts)


@pytest.mark.filterwarnings("default")
@given(
    st.sampled_from(["ISO 2022 IR 58", "ISO 2022 IR 87", "ISO 2022 IR 149", "ISO 2022 IR 13", "ISO 2022 IR 100"]),
    st.lists(st.sampled_from([b"\x1b$)A", b"\x1b$B", b"\x1b(B", b"\x1b$)C", b"\x1b", b"\xd5\xc5", b"a^b=c", b"\xff"])),
)
def test_broken_escape_sequences_do_not_break_it(declared: str, pieces: list[bytes]) -> None:
    text = b"".join(pieces)
    assert isinstance(choose_reading(["", declared], [text]).decode(text), str)


BOMBS = {
    "letters": "é".encode() * 32_000,
    "escapes": b"\x1b" * 64_000,
    "known escapes": b"\x1b$B" * 20_000,
    "unknown escapes": b"\x1b$)Z\xd5\xc5" * 10_000,
    "hanzi": "张".encode("gbk") * 32_000,
    "latin": "ää".encode("latin-1") * 16_000 + b"a",
}


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
@pytest.mark.parametrize("declared", [[], ["ISO_IR 192"], ["", "ISO 2022 IR 87"], ["", "ISO 2022 IR 58"], ["GB18030"]])
def test_long_texts_take_no_longer_than_their_length(bomb: bytes, declared: list[str]) -> None:
    """A million bytes: what took time by the square of the length would not come back."""
    texts = [bomb] * 16
    reading = choose_reading(declared, texts, "GB18030")
    assert all(isinstance(reading.decode(text), str) for text in texts[:2])
