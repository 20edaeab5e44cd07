"""Data sets as foreign equipment might write them, right and wrong: a hypothesis strategy, and its own small encoder."""

import struct
from random import Random

from hypothesis import strategies as st
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

SHORT_VRS = [
    "AE",
    "AS",
    "AT",
    "CS",
    "DA",
    "DS",
    "DT",
    "FD",
    "FL",
    "IS",
    "LO",
    "LT",
    "PN",
    "SH",
    "SL",
    "SS",
    "ST",
    "TM",
    "UI",
    "UL",
    "US",
]
LONG_VRS = ["OB", "OD", "OF", "OL", "OV", "OW", "SV", "UC", "UN", "UR", "UT", "UV"]
UNDEFINED = 0xFFFFFFFF
TAGS = (
    (0x00080000, "UL"), (0x00080001, "UL"), (0x00080008, "CS"), (0x00080020, "DA"), (0x00080023, "DA"), (0x00080030, "TM"),
    (0x00080050, "SH"), (0x00080060, "CS"), (0x00080080, "LO"), (0x0008103E, "LO"), (0x00081030, "LO"), (0x00090010, "LO"),
    (0x00091001, "UN"), (0x00091002, "OB"), (0x00100010, "PN"), (0x00100020, "LO"), (0x00100030, "DA"), (0x00100040, "CS"),
    (0x00104000, "LT"), (0x00180050, "DS"), (0x00189073, "FD"), (0x00200011, "IS"), (0x00200013, "IS"), (0x00200032, "DS"),
    (0x00280008, "IS"), (0x00280009, "AT"), (0x00280010, "US"), (0x00280011, "US"), (0x00280103, "US"), (0x00280106, "US"),
    (0x00280107, "SS"), (0x00280120, "SS"), (0x00281101, "US"), (0x00281201, "OW"), (0x00282000, "OB"), (0x00321060, "LO"),
    (0x00400254, "LO"), (0x00409224, "FD"), (0x00420011, "OB"), (0x00420010, "ST"), (0x0040A160, "UT"), (0x00089459, "FL"),
    (0x54001010, "OW"), (0x60003000, "OW"), (0x50003000, "OW"), (0x00410001, "UN"), (0x12345678, "UN"), (0x0040A123, "PN"),
)  # fmt: skip
SEQUENCES = (0x00081140, 0x00082218, 0x00091010, 0x00283010, 0x00400275, 0x00880200, 0x54000100, 0x00540016)
CHARSETS = (
    b"",
    b"ISO_IR 100",
    b"GB18030 ",
    b"GB2312",
    b"\\ISO 2022 IR 58",
    b"ISO_IR 192",
    b"ISO_IR 13",
    b"\\ISO 2022 IR 87",
    b"?\x00",
)
TEXTS = (
    b"CT HEAD", b"", b" ", "张^三".encode("gbk"), "張誠".encode("gbk"), "张三=李四".encode(), "Müller".encode("latin-1"), b"a\\b\\",
    b"\x1b$)A" + "张".encode("gbk"), b"\x1b$B;3ED\x1b(B", b"20260102", b"101112.5", b"1.5\\-2\\x", b"7", b"a\x00b\x00", b"\x0e\x0f",
)  # fmt: skip
ITEM, ITEM_END = struct.pack("<HH", 0xFFFE, 0xE000), struct.pack("<HHI", 0xFFFE, 0xE00D, 0)
SEQUENCE_END = struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
UIDS = (
    (0x00080016, b"1.2.840.10008.5.1.4.1.1.2\0"),
    (0x00080018, b"1.2.3.4\0"),
    (0x0020000D, b"1.2.3\0"),
    (0x0020000E, b"1.2.3.5\0"),
)
SYNTAXES = (ExplicitVRLittleEndian, ImplicitVRLittleEndian)


def start(tag: int, vr: str, length: int, *, implicit: bool) -> bytes:
    """What stands before a value."""
    group, element = tag >> 16, tag & 0xFFFF
    if implicit:
        return struct.pack("<HHI", group, element, length)
    if vr in SHORT_VRS:
        return struct.pack("<HH2sH", group, element, vr.encode(), length)
    return struct.pack("<HH2sHI", group, element, vr.encode(), 0, length)


def element(tag: int, vr: str, value: bytes, *, implicit: bool) -> bytes:
    return start(tag, vr, len(value), implicit=implicit) + value


def sequence(tag: int, items: list[bytes], defined: tuple[bool, bool], *, implicit: bool) -> bytes:
    """`defined` says whether the sequence, and whether its items, tell their length."""
    encoded = b"".join(
        ITEM + struct.pack("<I", len(item) if defined[1] else UNDEFINED) + item + (b"" if defined[1] else ITEM_END)
        for item in items
    )
    if defined[0]:
        return start(tag, "SQ", len(encoded), implicit=implicit) + encoded
    return start(tag, "SQ", UNDEFINED, implicit=implicit) + encoded + SEQUENCE_END


def elements(random: Random, *, implicit: bool, depth: int = 0) -> list[tuple[int, bytes]]:
    """Some elements with their tags."""
    made = {}
    for tag, usual in random.sample(TAGS, random.randrange(9)):
        vr = usual if random.random() < 0.85 else random.choice(SHORT_VRS + LONG_VRS)
        value = random.choice(TEXTS) if random.random() < 0.6 else random.randbytes(random.randrange(25))
        made[tag] = element(tag, vr, value, implicit=implicit)
    for tag in random.sample(SEQUENCES, random.randrange(3) if depth < 3 else 0):
        defined = random.random() < 0.5, random.random() < 0.5
        items = [joined(elements(random, implicit=implicit, depth=depth + 1)) for _ in range(random.randrange(3))]
        made[tag] = sequence(tag, items, defined, implicit=implicit)
    if random.random() < 0.4:
        made[0x00080005] = element(0x00080005, "CS", random.choice(CHARSETS), implicit=implicit)
    return sorted(made.items())


def joined(parts: list[tuple[int, bytes]]) -> bytes:
    return b"".join(encoded for _, encoded in parts)


def foreign_object(seed: int) -> tuple[bytes, str]:
    """A data set and its transfer syntax: mostly right, with UIDs and pixel data, and now and then out of order."""
    random = Random(seed)
    implicit = random.random() < 0.5
    made = dict(elements(random, implicit=implicit))
    made |= {tag: element(tag, "UI", value, implicit=implicit) for tag, value in UIDS}
    parts = sorted(made.items())
    if random.random() < 0.05:
        random.shuffle(parts)
    pixels = element(0x7FE00010, "OW", bytes(16), implicit=implicit) if random.random() < 0.5 else b""
    return joined(parts) + pixels, ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian


def objects() -> st.SearchStrategy[tuple[bytes, str]]:
    """Foreign objects; from seeds, since drawing every byte would take longer than reading them."""
    return st.integers(0, 1 << 32).map(foreign_object)
