"""How names sound: the pinyin of Chinese names, and Latin names in the same form."""

import re
import unicodedata
from dataclasses import dataclass

from pypinyin import Style, lazy_pinyin

_SURNAMES = {
    "万俟": ("mo", "qi"),
    "尉迟": ("yu", "chi"),
    "澹台": ("tan", "tai"),
    "长孙": ("zhang", "sun"),
    "曾": ("zeng",),
    "单": ("shan",),
    "解": ("xie",),
    "仇": ("qiu",),
    "查": ("zha",),
    "区": ("ou",),
    "盖": ("ge",),
    "任": ("ren",),
    "华": ("hua",),
    "朴": ("piao",),
    "缪": ("miao",),
    "翟": ("zhai",),
    "覃": ("qin",),
    "员": ("yun",),
    "乐": ("yue",),
    "折": ("she",),
    "黑": ("he",),
    "秘": ("bi",),
    "召": ("shao",),
    "种": ("chong",),
    "冼": ("xian",),
    "逄": ("pang",),
    "么": ("yao",),
    "盛": ("sheng",),
    "洗": ("xian",),
}
"""Surnames that sound otherwise than the character does in most words."""

_LATIN = re.compile(r"[a-z]+")
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_SPELLINGS = (("u:", "v"), ("ü", "v"), ("lyu", "lv"), ("nyu", "nv"))


@dataclass(frozen=True)
class Sound:
    """A name without tones: `full` as zhangsan, `initials` as zs. Both empty for a name that has no letters."""

    full: str
    initials: str


def sound_of(name: str) -> Sound:
    """The sound of a name as it stands in a patient row."""
    syllables = _of_chinese(name) if _CHINESE.search(name) else _of_latin(name)
    return Sound("".join(syllables), "".join(syllable[0] for syllable in syllables))


def sound_of_words(text: str) -> Sound:
    """The sound of ordinary words rather than of a name: no character in it is a surname."""
    syllables = _spoken("".join(_CHINESE.findall(unicodedata.normalize("NFKC", text))))
    return Sound("".join(syllables), "".join(syllable[0] for syllable in syllables))


def _of_chinese(name: str) -> list[str]:
    text = "".join(_CHINESE.findall(unicodedata.normalize("NFKC", name)))
    for length in (2, 1):
        if (surname := _SURNAMES.get(text[:length])) and len(text) > length:
            return [*surname, *_spoken(text[length:])]
    return _spoken(text)


def _spoken(text: str) -> list[str]:
    return [one.lower() for one in lazy_pinyin(text, style=Style.NORMAL, errors="ignore") if one]


def _of_latin(name: str) -> list[str]:
    text = unicodedata.normalize("NFKC", name).casefold()
    for written, meant in _SPELLINGS:
        text = text.replace(written, meant)
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return _LATIN.findall(plain)
