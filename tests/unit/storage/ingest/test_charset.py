import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.ingest.charset import choose_reading

GBK, UTF8 = "张三".encode("gbk"), "张三".encode()
IR58 = b"Zhang^San=\x1b$)A" + "张".encode("gb2312") + b"^\x1b$)A" + "三".encode("gb2312")
IR149 = b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7"
IR87 = b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B"


@pytest.mark.parametrize(
    "declared, text, expected, repair",
    [
        (["ISO_IR 100"], GBK, "张三", "ISO_IR 100 -> GB18030"),
        ([], GBK, "张三", "none -> GB18030"),
        ([""], GBK, "张三", "none -> GB18030"),
        (["ISO_IR 6"], GBK, "张三", "ISO_IR 6 -> GB18030"),
        (["GBK"], GBK, "张三", "GBK -> GB18030"),
        (["gb2312"], GBK, "张三", "gb2312 -> GB18030"),
        (["GB_2312-80"], GBK, "张三", "GB_2312-80 -> GB18030"),
        (["GB 18030"], GBK, "张三", "GB 18030 -> GB18030"),
        (["GB18030"], GBK, "张三", ""),
        (["GB18030"], "㐀𠀀".encode("gb18030"), "㐀𠀀", ""),
        (["ISO_IR 192"], UTF8, "张三", ""),
        (["UTF-8"], UTF8, "张三", "UTF-8 -> ISO_IR 192"),
        (["ISO-IR 192"], UTF8, "张三", "ISO-IR 192 -> ISO_IR 192"),
        (["ISO_IR 100"], UTF8, "张三", "ISO_IR 100 -> ISO_IR 192"),
        (["ISO_IR 192"], GBK, "张三", "ISO_IR 192 -> GB18030"),
        (["NONSENSE"], GBK, "张三", "NONSENSE -> GB18030"),
        (["ISO_IR 100"], "Müller^Jörg".encode("latin-1"), "Müller^Jörg", ""),
        (["ISO_IR 144"], "Люкceмбypг".encode("iso8859_5"), "Люкceмбypг", ""),
        (["", "ISO 2022 IR 58"], IR58, "Zhang^San=张^三", ""),
        (["", "ISO 2022 IR 58"], GBK, "张三", "\\ISO 2022 IR 58 -> GB18030"),
        (["ISO_IR 58"], GBK, "张三", "ISO_IR 58 -> GB18030"),
        (["ISO 2022 IR 165"], GBK, "张三", "ISO 2022 IR 165 -> GB18030"),
        (["", "ISO 2022 IR 149"], IR149, "Hong^Gildong=洪^吉洞", ""),
        (["", "ISO 2022 IR 149"], "김희중".encode("euc_kr"), "김희중", "\\ISO 2022 IR 149 -> ISO 2022 IR 149"),
        (["", "ISO 2022 IR 87"], IR87, "Yamada^Tarou=山田^太郎", ""),
        (["ISO_IR 100"], b"PLAIN", "PLAIN", ""),
    ],
)
def test_text_reads_as_it_was_meant(declared: list[str], text: bytes, expected: str, repair: str) -> None:
    reading = choose_reading(declared, [b"plain", text])
    assert reading.decode(text) == expected
    assert reading.repair == repair


def test_a_device_that_is_known_to_write_something_else_is_believed() -> None:
    big5 = "張三".encode("gb18030")
    assert choose_reading([], [big5], "GB18030").decode(big5) == "張三"
    cyrillic = "Иванов".encode("iso8859_5")
    reading = choose_reading(["ISO_IR 100"], [cyrillic], "ISO_IR 144")
    assert (reading.decode(cyrillic), reading.repair) == ("Иванов", "ISO_IR 100 -> ISO_IR 144")


def test_backslashes_inside_gbk_characters_do_not_split_values() -> None:
    name = "誠".encode("gbk")
    assert b"\\" in name
    assert choose_reading(["GB18030"], [name]).decode(name) == "誠"


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
