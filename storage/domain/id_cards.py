"""The number of a resident identity card (GB 11643-1999): 18 characters that tell birth date and sex, and check themselves."""

import re
from dataclasses import dataclass
from datetime import date

from storage.domain.studies import Sex

_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
"""ISO 7064 MOD 11-2, by the weighted sum modulo 11."""


@dataclass(frozen=True)
class IdCard:
    """What a number says of its holder; `birth_date` is YYYYMMDD."""

    number: str
    birth_date: str
    sex: Sex


def read_id_card(text: str) -> IdCard | None:
    """None when `text` is no number that was ever given out: wrong length, date or check character."""
    number = text.strip().upper()
    if _NUMBER.fullmatch(number) is None or check_character(number[:17]) != number[17]:
        return None
    born = number[6:14]
    try:
        date(int(born[:4]), int(born[4:6]), int(born[6:]))
    except ValueError:
        return None
    return IdCard(number, born, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def check_character(seventeen: str) -> str:
    """The last character that belongs to the first seventeen digits."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, seventeen, strict=True))
    return _CHECK_CHARACTERS[total % 11]
