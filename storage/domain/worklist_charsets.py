"""What text a device's worklist can show: the rule that a device's `worklist_charset` is written in.

    TERMS[;FORM]

TERMS are the defined terms of Specific Character Set (PS3.3 C.12.1.1.2), as they will stand in (0008,0005); none, or a set
of Latin letters, means that the device shows no Chinese. FORM says how a Chinese patient's name is written: `both` (the
default) as `ZHANG^SAN=张^三`, `characters` as `张^三` for devices that show the first component group alone, `pinyin` as
`ZHANG^SAN`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from storage.domain.errors import InvalidField


class NameForm(StrEnum):
    """How a Chinese name stands in a person name value (PS3.5 6.2.1)."""

    BOTH = "both"
    CHARACTERS = "characters"
    PINYIN = "pinyin"


_TERMS: Mapping[str, tuple[str, ...]] = {
    "": (),
    "ISOIR6": (),
    "ASCII": (),
    "ISOIR100": ("ISO_IR 100",),
    "GB18030": ("GB18030",),
    "GBK": ("GBK",),
    "ISOIR192": ("ISO_IR 192",),
    "UTF8": ("ISO_IR 192",),
    "ISO2022IR58": ("", "ISO 2022 IR 58"),
    "ISO2022IR6ISO2022IR58": ("", "ISO 2022 IR 58"),
    "GB2312": ("", "ISO 2022 IR 58"),
}
_CODECS: Mapping[str, str] = {"GB18030": "gb18030", "GBK": "gbk", "ISO_IR 192": "utf-8", "ISO 2022 IR 58": "gb2312"}


@dataclass(frozen=True)
class WorklistCharset:
    """`terms` are the values of Specific Character Set, none for ASCII; `form` is how Chinese names are written."""

    terms: tuple[str, ...] = ()
    form: NameForm = NameForm.PINYIN

    @classmethod
    def parse(cls, rule: str) -> Self:
        """Raise `InvalidField` for a rule that makes no sense."""
        written, _, form = rule.partition(";")
        terms = _TERMS.get(re.sub(r"[^A-Z0-9]", "", written.upper()))
        if terms is None or form.strip() not in ("", *NameForm):
            raise InvalidField(
                "worklist_charset",
                "must be empty, ISO_IR 100, GB18030, GBK, ISO_IR 192 or \\ISO 2022 IR 58, and may end in "
                ";both, ;characters or ;pinyin.",
            )
        return cls(terms, NameForm(form.strip() or NameForm.BOTH) if _codec(terms) else NameForm.PINYIN)

    @property
    def shows_chinese(self) -> bool:
        """Whether any Chinese can be sent at all."""
        return bool(_codec(self.terms))

    @property
    def needs_escapes(self) -> bool:
        """Whether Chinese text is announced by escape sequences (PS3.5 6.1.2.5)."""
        return len(self.terms) > 1

    def can_show(self, text: str) -> bool:
        """Whether every character of `text` can be sent: rare ones are in neither GB 2312 nor GBK."""
        try:
            text.encode(_codec(self.terms) or "ascii")
        except UnicodeEncodeError:
            return False
        return True


def _codec(terms: tuple[str, ...]) -> str:
    return _CODECS.get(terms[-1], "") if terms else ""
