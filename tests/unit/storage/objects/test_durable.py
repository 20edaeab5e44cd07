"""On which file systems one sync makes a new file last under its name."""

from pathlib import Path

import pytest

from storage.objects import durable

MOUNTS = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
23 22 0:21 / {there} rw - {kind} /dev/vdb {options}
24 22 0:22 / /elsewhere rw - xfs /dev/vdc rw
"""


@pytest.mark.parametrize(
    "kind, options, follow",
    [
        ("ext4", "rw,errors=continue", True),
        ("xfs", "rw,attr2", True),
        ("btrfs", "rw,ssd", True),
        ("ext4", "rw,data=writeback", False),
        ("ext4", "rw,dioread_lock", False),
        ("overlay", "rw,lowerdir=/a", False),
        ("nfs4", "rw", False),
        ("tmpfs", "rw", False),
    ],
)
def test_a_name_follows_its_file_where_the_file_system_logs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, options: str, follow
) -> None:
    disk = tmp_path / "a disk"
    (disk / "spool").mkdir(parents=True)
    _mounts(tmp_path, monkeypatch, MOUNTS.format(there=str(disk).replace(" ", "\\040"), kind=kind, options=options))
    assert durable.names_follow_files(disk / "spool") is follow
    assert durable.names_follow_files(tmp_path), "the outer mount has its own kind"


@pytest.mark.parametrize("table", ["", "nonsense\n", None])
def test_where_nobody_knows_the_folder_is_synced_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table) -> None:
    _mounts(tmp_path, monkeypatch, table)
    assert not durable.names_follow_files(tmp_path)


def _mounts(folder: Path, monkeypatch: pytest.MonkeyPatch, table: str | None) -> None:
    path = folder / "mountinfo"
    if table is not None:
        path.write_text(table)
    monkeypatch.setattr(durable, "_MOUNTS", path)


def test_a_file_is_all_there_or_not(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\0" * 100_000)
    assert durable.is_all_written(path), "nothing was noted of it"
    assert durable.can_note_sizes(path)
    assert durable.is_all_written(path), "zeros that were written are bytes"
    with path.open("ab") as file:
        file.truncate(100_001)
    assert not durable.is_all_written(path)
    path.write_bytes(b"")
    assert durable.can_note_sizes(path)
    assert durable.is_all_written(path)


def test_where_sizes_cannot_be_noted_that_is_known() -> None:
    assert not durable.can_note_sizes(Path("/proc/self/comm"))
