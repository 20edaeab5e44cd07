import errno
import io
import os
from datetime import timedelta
from pathlib import Path

import pytest

from storage.domain.errors import ChecksumMismatch, ObjectNotFound, StorageFull, StoreUnavailable
from storage.objects import exists
from storage.objects.folder import FolderStore
from tests.unit.storage.objects.compliance import KEY, ObjectStoreCompliance, put, read, sha256


class TestFolderStore(ObjectStoreCompliance):
    @pytest.fixture
    def store(self, tmp_path: Path) -> FolderStore:
        return FolderStore(tmp_path / "objects")


def test_a_folder_that_went_away_is_an_outage_and_not_an_empty_store(tmp_path: Path) -> None:
    root = tmp_path / "objects"
    store = FolderStore(root)
    put(store, KEY, b"bytes")
    root.rename(tmp_path / "unmounted")
    for attempt in (lambda: read(store, KEY), lambda: put(store, KEY, b"bytes"), lambda: exists(store, KEY)):
        with pytest.raises(StoreUnavailable):
            attempt()
    (tmp_path / "unmounted").rename(root)
    assert read(store, KEY) == b"bytes"


def test_an_unmounted_disk_leaves_an_empty_folder_which_is_no_store(tmp_path: Path) -> None:
    root = tmp_path / "objects"
    store = FolderStore(root)
    root.rename(tmp_path / "unmounted")
    root.mkdir()
    with pytest.raises(StoreUnavailable):
        read(store, KEY)


def test_damage_on_the_disk_is_repaired_by_the_next_put(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "objects")
    put(store, KEY, b"bytes")
    (tmp_path / "objects" / KEY).write_bytes(b"rotte")
    put(store, KEY, b"bytes")
    assert read(store, KEY) == b"bytes"


def test_a_broken_source_leaves_nothing_behind(tmp_path: Path) -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(errno.EIO, "broken")

    store = FolderStore(tmp_path / "objects")
    with pytest.raises(StoreUnavailable):
        store.put(KEY, Breaking(), size=5, sha256=sha256(b"bytes"))
    assert [name for _, _, names in os.walk(tmp_path / "objects") for name in names] == []


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    class Full(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(errno.ENOSPC, "full")

    with pytest.raises(StorageFull):
        FolderStore(tmp_path / "objects").put(KEY, Full(), size=5, sha256=sha256(b"bytes"))


def test_a_folder_is_no_object(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "objects")
    put(store, KEY, b"bytes")
    with pytest.raises(ObjectNotFound):
        store.open("instances/ab")


def test_a_folder_has_no_urls(tmp_path: Path) -> None:
    assert FolderStore(tmp_path / "objects").presign(KEY, timedelta(minutes=1)) is None


def test_a_file_of_the_same_disk_is_taken_in_without_a_copy(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "objects")
    source = tmp_path / "source"
    source.write_bytes(b"bytes")
    with source.open("rb") as stream:
        store.put(KEY, stream, size=5, sha256=sha256(b"bytes"))
    assert (tmp_path / "objects" / KEY).samefile(source)
    source.unlink()
    assert read(store, KEY) == b"bytes"


def test_a_damaged_object_is_replaced_by_a_file_too(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "objects")
    put(store, KEY, b"bytes")
    (tmp_path / "objects" / KEY).write_bytes(b"rotte")
    source = tmp_path / "source"
    source.write_bytes(b"bytes")
    with source.open("rb") as stream:
        store.put(KEY, stream, size=5, sha256=sha256(b"bytes"))
    assert read(store, KEY) == b"bytes"


def test_a_file_with_other_bytes_is_not_taken_in(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "objects")
    source = tmp_path / "source"
    source.write_bytes(b"rotte")
    with source.open("rb") as stream, pytest.raises(ChecksumMismatch):
        store.put(KEY, stream, size=5, sha256=sha256(b"bytes"))
    assert not exists(store, KEY)
