"""What a door knows of an association: kept as a small file beside its objects, until the catalogue has taken it over."""

import json
import logging
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

_log = logging.getLogger(__name__)

_SUFFIX = ".json"


@dataclass(frozen=True)
class AssociationRecord:
    """One association, or one delivery through another door. `received` counts objects that were kept.

    `released` says that the sender ended it in good order, so that it had nothing more to send.
    """

    key: str
    ae_title: str
    address: str
    started_at: datetime
    ended_at: datetime | None = None
    received: int = 0
    refused: int = 0
    released: bool = False


class AssociationRecords:
    """The records of one spool. They need no sync: what a power cut takes is found to be ended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, record: AssociationRecord) -> None:
        """Keep the newest record of an association."""
        fresh = self._folder / f"{record.key}.new"
        fresh.write_text(json.dumps(asdict(record), default=datetime.isoformat), encoding="utf-8")
        fresh.replace(self._path(record.key))

    def read(self, key: str) -> AssociationRecord | None:
        """The record of that key; None when there is none, or a power cut damaged it."""
        try:
            return _decode(json.loads(self._path(key).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError):
            _log.warning("The record of the association %s is damaged and left out.", key)
            return None

    def all(self) -> Iterator[AssociationRecord]:
        """All records that can be read; damaged ones are removed."""
        for path in sorted(self._folder.glob(f"*{_SUFFIX}")):
            record = self.read(path.stem)
            if record is None:
                path.unlink(missing_ok=True)
            else:
                yield record

    def remove(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def end_all(self, now: datetime) -> None:
        """End what a former life left open: nobody sends through it any more."""
        for record in self.all():
            if record.ended_at is None:
                self.write(replace(record, ended_at=now))

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{_SUFFIX}"


def _decode(values: dict[str, object]) -> AssociationRecord:
    times = {name: datetime.fromisoformat(str(values[name])) for name in ("started_at", "ended_at") if values[name]}
    return AssociationRecord(**{**values, **times})  # type: ignore[arg-type]
