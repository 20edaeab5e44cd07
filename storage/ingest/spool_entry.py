"""The name of an object that lies in a spool: when it came, over which association, and as which object of it."""

from dataclasses import dataclass
from datetime import UTC, datetime

SUFFIX = ".dcm"


@dataclass(frozen=True, order=True)
class SpoolEntry:
    """A complete file of the spool, named after its reception; in order of arrival."""

    received_ns: int
    association_key: str
    number: int

    @property
    def name(self) -> str:
        return f"{self.received_ns:020d}-{self.association_key}-{self.number}"

    @property
    def received_at(self) -> datetime:
        return datetime.fromtimestamp(self.received_ns / 1e9, UTC)

    @classmethod
    def parse(cls, name: str) -> "SpoolEntry | None":
        """The entry of that name; None when a stranger put the file there."""
        received, _, rest = name.partition("-")
        key, _, number = rest.rpartition("-")
        if not (received.isdigit() and key and number.isdigit()):
            return None
        entry = cls(int(received), key, int(number))
        return entry if entry.name == name else None
