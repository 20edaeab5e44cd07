"""Chinese names and words in Latin letters, for equipment that shows nothing else (GB/T 16159, GB/T 28039)."""

import re
from collections.abc import Mapping

_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]{1,64}")
"""At most 64 at a time: looking up phrases takes time that grows with the square of the length."""

_SEPARATORS = re.compile(r"[\s^·•‧・.,]+")
_NOT_LATIN = re.compile(r"[^A-Z0-9'-]+")
_NOT_ASCII = re.compile(r"[^\x20-\x7e]+")
_LONGEST = 64

_PAIRS = (
    "欧阳司马上官诸葛东方皇甫尉迟公孙慕容令狐长孙宇文司徒夏侯轩辕钟离闻人东郭南宫西门百里呼延端木"
    "太史申屠公羊澹台宗政濮阳淳于单于仲孙鲜于闾丘司空亓官拓跋独孤纳兰完颜叶赫赫连万俟"
)
_COMPOUND_SURNAMES = frozenset(_PAIRS[start : start + 2] for start in range(0, len(_PAIRS), 2))
_SURNAMES: Mapping[str, str] = {
    "单": "SHAN",
    "曾": "ZENG",
    "仇": "QIU",
    "解": "XIE",
    "查": "ZHA",
    "区": "OU",
    "朴": "PIAO",
    "任": "REN",
    "盖": "GE",
    "乐": "YUE",
    "翟": "ZHAI",
    "缪": "MIAO",
    "折": "SHE",
    "黑": "HE",
    "员": "YUN",
    "种": "CHONG",
    "秘": "BI",
    "冼": "XIAN",
    "洗": "XIAN",
    "覃": "QIN",
    "尉": "WEI",
    "华": "HUA",
    "葛": "GE",
    "繁": "PO",
    "召": "SHAO",
    "宁": "NING",
    "燕": "YAN",
    "应": "YING",
    "隗": "KUI",
    "祭": "ZHAI",
    "车": "CHE",
    "石": "SHI",
    "沈": "SHEN",
    "谌": "CHEN",
    "尉迟": "YUCHI",
    "单于": "CHANYU",
    "长孙": "ZHANGSUN",
    "万俟": "MOQI",
    "澹台": "TANTAI",
}
"""Read otherwise as surnames than as words."""


def has_chinese(text: str) -> bool:
    """Whether any character of `text` is Chinese."""
    return _HAN.search(text) is not None


def romanised_name(name: str) -> str:
    """`name` as an alphabetic component group (PS3.5 6.2.1): ZHANG^SAN. Empty when nothing of it can be written so."""
    parts = [part for part in _SEPARATORS.split(name) if part]
    if len(parts) == 1 and has_chinese(parts[0]):
        parts = list(family_and_given(parts[0]))
    latin = [_latin(part, is_surname=place == 0) for place, part in enumerate(parts)]
    family, *given = [part for part in latin if part] or [""]
    return "^".join(part for part in (family, "".join(given)) if part)[:_LONGEST].rstrip("^")


def romanised_text(text: str) -> str:
    """`text` in printable ASCII, a space between syllables."""
    if text.isascii():
        return text
    syllables = _HAN.sub(lambda match: f" {' '.join(map(_upper_syllable, _in_context(match[0])))} ", text)
    return " ".join(_NOT_ASCII.sub(" ", syllables).split())


def family_and_given(name: str) -> tuple[str, str]:
    """A Chinese name of one word in its two parts; a name with separators inside is all family name."""
    if _SEPARATORS.search(name):
        return name, ""
    length = 2 if len(name) > len("欧阳") and name[:2] in _COMPOUND_SURNAMES else 1
    return name[:length], name[length:]


def _latin(part: str, *, is_surname: bool) -> str:
    if is_surname and part in _SURNAMES:
        return _SURNAMES[part]
    return _NOT_LATIN.sub("", "".join(map(_upper_syllable, _in_context(part))).upper())


def _upper_syllable(syllable: str) -> str:
    # A passport has no u with two dots: GB/T 28039 writes YU.
    return syllable.upper().replace("LV", "LYU").replace("NV", "NYU") if syllable in ("lv", "nv") else syllable.upper()


def _in_context(text: str) -> list[str]:
    # 58 MB of dictionary, which a gateway whose devices all show Chinese need not hold.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return lazy_pinyin(text, errors=lambda unknown: _HAN.sub("X", unknown))
