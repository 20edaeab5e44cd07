"""What was repaired where an object's text is not in the character set that it declares (PS3.3 C.12.1.1.2)."""

import re
from dataclasses import dataclass
from enum import StrEnum


class CharsetReason(StrEnum):
    """Why text was read otherwise than declared, in an administrator's words."""

    BYTES = "recognised by its bytes"
    DEVICE = "as set for the device"
    SPELLING = "the name is misspelt"
    ESCAPES = "the escape sequences are missing"


NOTHING = "nothing"
_SENTENCE = re.compile(r"declares (.*), read as ([^,:]*): (.*)")


@dataclass(frozen=True, order=True)
class CharsetRepair:
    """`declared` is Specific Character Set as written, or `NOTHING`; `read_as` the defined terms that were used."""

    declared: str
    read_as: str
    reason: CharsetReason

    @property
    def contradicts_the_believable(self) -> bool:
        """Whether another Chinese or Korean character set was declared than the UTF-8 that its bytes are."""
        says_little = self.declared == NOTHING or self.declared.startswith(("ISO_IR", "ISO 2022 IR 6"))
        return self.reason is CharsetReason.BYTES and self.read_as == "ISO_IR 192" and not says_little

    def __str__(self) -> str:
        return f"declares {self.declared}, read as {self.read_as}: {self.reason}"

    @classmethod
    def parse(cls, sentence: str) -> "CharsetRepair | None":
        """The repair that the sentence tells of; None for anything else."""
        match = _SENTENCE.fullmatch(sentence)
        known = match is not None and match[3] in {*CharsetReason}
        return cls(match[1], match[2], CharsetReason(match[3])) if match is not None and known else None
