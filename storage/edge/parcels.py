"""A parcel: some objects on their way from an edge station to the server, in one file that is named by its SHA-256.

`CRP1`, then blocks: a length of four bytes and JSON. The first block has the associations, each of the others is an
object and is followed by its segments; a length of zero ends the parcel.
"""

import json
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, BinaryIO, Self

from storage.domain.errors import DamagedTransfer
from storage.domain.identifiers import is_usable_uid
from storage.edge.segments import END, exactly
from storage.ingest.associations import AssociationRecord
from storage.ingest.part10 import FileMeta

_MAGIC = b"CRP1"
_LENGTH = struct.Struct(">I")
_MAX_BLOCK = 1 << 20
_KEY_DIGITS = frozenset("0123456789abcdef")
_KEY_LENGTH, _HASH_LENGTH = 32, 64
_MAX_TITLE, _MAX_ADDRESS = 16, 64


@dataclass(frozen=True)
class ParcelObject:
    """An object as the station holds it. `size` and `sha256` are of its data set; `number` counts in its association."""

    name: str
    association_key: str
    number: int
    meta: FileMeta
    size: int
    sha256: str

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Raises `DamagedTransfer` for what no station writes."""
        with _damage_named():
            made = cls(
                str(values["name"]),
                str(values["association_key"]),
                int(values["number"]),
                FileMeta(*(str(values["meta"][name]) for name in FileMeta.__dataclass_fields__)),
                int(values["size"]),
                str(values["sha256"]),
            )
        uids = (made.meta.sop_class_uid, made.meta.sop_instance_uid, made.meta.transfer_syntax_uid)
        if not (all(map(is_usable_uid, uids)) and is_key(made.association_key) and made.size >= 0 and made.number >= 0):
            raise DamagedTransfer("An object of the parcel has no proper name.")
        return made


class ParcelWriter:
    """Writes a parcel to `stream`, from front to back."""

    def __init__(self, stream: BinaryIO, associations: Iterable[AssociationRecord]) -> None:
        self._stream = stream
        stream.write(_MAGIC)
        self._block({"associations": [record_to_json(record) for record in associations]})

    def add(self, described: ParcelObject, segments: Iterable[bytes]) -> None:
        """One more object; `segments` without the end mark."""
        self._block(asdict(described))
        for segment in segments:
            self._stream.write(segment)
        self._stream.write(END)

    def close(self) -> None:
        """Mark the end; the stream stays open."""
        self._stream.write(_LENGTH.pack(0))

    def _block(self, values: Mapping[str, Any]) -> None:
        data = json.dumps(values).encode()
        self._stream.write(_LENGTH.pack(len(data)) + data)


class ParcelReader:
    """Reads a parcel. Everything raises `DamagedTransfer` for what no station writes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        if stream.read(len(_MAGIC)) != _MAGIC:
            raise DamagedTransfer("This is not a parcel.")
        head = self._block()
        if head is None:
            raise DamagedTransfer("The parcel has no beginning.")
        with _damage_named():
            self.associations: Sequence[AssociationRecord] = [record_from_json(one) for one in head["associations"]]

    def objects(self) -> Iterator[ParcelObject]:
        """One after the other; the segments of each have to be read before the next."""
        while (values := self._block()) is not None:
            yield ParcelObject.from_json(values)

    def _block(self) -> dict[str, Any] | None:
        (length,) = _LENGTH.unpack(exactly(self._stream, _LENGTH.size))
        if length == 0:
            return None
        if length > _MAX_BLOCK:
            raise DamagedTransfer("A block of the parcel is too long.")
        with _damage_named():
            values = json.loads(exactly(self._stream, length))
        if not isinstance(values, dict):
            raise DamagedTransfer("A block of the parcel makes no sense.")
        return values


def record_to_json(record: AssociationRecord) -> dict[str, Any]:
    """As it travels; times in ISO 8601."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in vars(record).items()}


def record_from_json(values: Mapping[str, Any]) -> AssociationRecord:
    """Raises `DamagedTransfer`."""
    with _damage_named():
        made = AssociationRecord(
            key=str(values["key"]),
            ae_title=str(values["ae_title"])[:_MAX_TITLE],
            address=str(values["address"])[:_MAX_ADDRESS],
            started_at=_moment(values["started_at"]),
            ended_at=_moment(values["ended_at"]) if values["ended_at"] else None,
            received=int(values["received"]),
            refused=int(values["refused"]),
            released=bool(values["released"]),
        )
    if not is_key(made.key):
        raise DamagedTransfer("An association has no proper key.")
    return made


def _moment(text: object) -> datetime:
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise DamagedTransfer("A time has no time zone.")
    return moment


def is_key(text: str) -> bool:
    """Whether it can be the key of an association: it becomes part of file names."""
    return len(text) == _KEY_LENGTH and _KEY_DIGITS.issuperset(text)


def is_parcel_id(text: str) -> bool:
    """Whether it can be a parcel's name: it becomes a file name."""
    return len(text) == _HASH_LENGTH and _KEY_DIGITS.issuperset(text)


class _damage_named:  # noqa: N801 - used like a function
    """What does not fit the format is damage."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, KeyError | ValueError | TypeError | AttributeError | OverflowError | RecursionError):
            raise DamagedTransfer("The parcel is not written as a parcel is.") from error
