"""The audit trail outside the database: lines with their hashes, and checking them without it."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from storage.audit import AuditEntry, link_hash
from storage.db.models import AuditEvent

COLUMNS = ("seq", "at", "actor", "action", "subject", "detail", "previous_sha256", "sha256")


def as_jsonl(events: Iterable[AuditEvent]) -> Iterator[str]:
    """One JSON object a line."""
    for event in events:
        yield json.dumps(_row(event), ensure_ascii=False) + "\n"


def as_csv(events: Iterable[AuditEvent]) -> Iterator[str]:
    """RFC 4180 with a line of names first; `detail` is JSON."""
    yield _csv_line(COLUMNS)
    for event in events:
        row = _row(event) | {"detail": json.dumps(event.detail, ensure_ascii=False)}
        yield _csv_line([row[name] for name in COLUMNS])


@dataclass
class ExportCheck:
    """What is true of an exported file. `gaps` are stretches that it does not have: it may be a part by choice."""

    links: int = 0
    first: int = 0
    last: int = 0
    last_sha256: str = ""
    gaps: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def check_export(path: Path) -> ExportCheck:
    """Check every link of a file, JSON lines or CSV by its ending, without a database. Raises `OSError`, `ValueError`."""
    check = ExportCheck()
    with path.open(encoding="utf-8", newline="") as lines:
        for row in _csv_rows(lines) if path.suffix.lower() == ".csv" else map(json.loads, lines):
            _check_row(check, row)
    return check


def _check_row(check: ExportCheck, row: dict[str, Any]) -> None:
    seq = int(row["seq"])
    entry = AuditEntry(datetime.fromisoformat(row["at"]), row["actor"], row["action"], row["subject"], row["detail"])
    if row["sha256"] != link_hash(seq, entry, row["previous_sha256"]):
        check.faults.append(f"Link {seq} has been changed.")
    if check.links and seq != check.last + 1:
        check.gaps.append(f"{check.last + 1} to {seq - 1}")
    elif check.links and row["previous_sha256"] != check.last_sha256:
        check.faults.append(f"Link {seq} does not follow the one before it.")
    check.first = check.first or seq
    check.links, check.last, check.last_sha256 = check.links + 1, seq, row["sha256"]


def _row(event: AuditEvent) -> dict[str, Any]:
    return {name: getattr(event, name) for name in COLUMNS} | {"at": event.at.isoformat()}


def _csv_rows(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for row in csv.DictReader(lines):
        yield {**row, "detail": json.loads(row["detail"])}


def _csv_line(values: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()
