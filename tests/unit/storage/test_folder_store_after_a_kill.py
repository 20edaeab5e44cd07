"""A process killed while it puts an object leaves nothing behind for long, and never takes a live one's file."""

import io
from pathlib import Path

from storage.domain.canonical import sha256_hex
from storage.objects.folder import FolderStore

_KEY = "instances/ab/one.dcm"


class _StartsAnotherProcess(io.BytesIO):
    """A stream in whose middle another process opens the same store."""

    def __init__(self, data: bytes, root: Path) -> None:
        super().__init__(data)
        self._root = root

    def read(self, size: int | None = -1) -> bytes:
        FolderStore(self._root)
        return super().read(size)


def test_half_written_files_of_dead_processes_go_when_the_store_is_opened(tmp_path: Path) -> None:
    FolderStore(tmp_path)
    abandoned = tmp_path / ".incoming" / "abandoned"
    abandoned.write_bytes(b"half")
    FolderStore(tmp_path)
    assert not abandoned.exists()


def test_a_file_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    data = b"whole" * 1000
    store = FolderStore(tmp_path)
    store.put(_KEY, _StartsAnotherProcess(data, tmp_path), size=len(data), sha256=sha256_hex(data))
    assert store.open_range(_KEY, 0, len(data)) == data
    assert list((tmp_path / ".incoming").iterdir()) == []
