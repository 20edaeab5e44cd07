import fcntl
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from dicom_gateway.drop_folder import DropFolder
from storage.db.session import Database
from storage.domain.clock import SystemClock
from storage.ingest.part10 import read_start
from storage.settings import Settings, load_settings
from tests.unit.storage.ingest.samples import data_set, encode, file_of
from tests.unit.storage.ingest.shelf import make_county


@pytest.fixture
def installed(tmp_path: Path) -> Settings:
    settings = load_settings({}, file=Path("/nonexistent.toml"))
    return replace(settings, data=tmp_path / "data", reserve_mb=0, drop_folder=str(tmp_path / "drop"))


@pytest.fixture
def corner(installed: Settings) -> Path:
    folder = Path(installed.drop_folder) / "t01"
    folder.mkdir(parents=True)
    return folder


class Folder:
    """A drop folder that is looked at when a test says so."""

    def __init__(self, settings: Settings, database: Database, *, rest: float = 0) -> None:
        self.spool = settings.spool / "folder"
        self._door = DropFolder(settings, database, SystemClock(), look=3600, rest=rest)
        self._door.start()
        self._door._stopping.set()
        self._door._thread.join()
        self._door._stopping.clear()

    def look(self) -> list[str]:
        """The AE titles of what lies in the spool afterwards."""
        self._door.look_once()
        titles = []
        for path in self.spool.glob("*.dcm"):
            with path.open("rb") as stream:
                titles.append(read_start(stream).source_ae_title)
        return titles

    def close(self) -> None:
        self._door.stop()


@pytest.fixture
def folder(installed: Settings, corner: Path, sqlite_database: Database):
    make_county(sqlite_database)
    opened = Folder(installed, sqlite_database)
    yield opened
    opened.close()


def dicom() -> bytes:
    made = data_set()
    return file_of(encode(made), uid=made.SOPInstanceUID)


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_is_taken_and_goes(folder: Folder, corner: Path) -> None:
    (corner / "a.dcm").write_bytes(dicom())
    deep = corner / "2026" / "study"
    deep.mkdir(parents=True)
    (deep / "IM0001").write_bytes(dicom())
    assert folder.look() == ["T01_FOLDER"] * 2
    assert names(corner) == []


def test_where_there_is_a_folder_for_it_what_is_done_is_kept(folder: Folder, corner: Path) -> None:
    (corner / "done").mkdir()
    for _ in range(2):
        (corner / "x").mkdir(exist_ok=True)
        (corner / "x" / "a.dcm").write_bytes(dicom())
        folder.look()
    assert names(corner) == ["done/x/a-2.dcm", "done/x/a.dcm"]
    assert len(folder.look()) == 2


def test_what_is_not_dicom_is_put_aside_with_the_reason_in_both_languages(folder: Folder, corner: Path) -> None:
    (corner / "note.pdf").write_bytes(b"%PDF-1.4")
    (corner / "cut.dcm").write_bytes(dicom()[:-3])
    assert folder.look() == []
    assert names(corner) == ["rejected/cut.dcm", "rejected/cut.dcm.txt", "rejected/note.pdf", "rejected/note.pdf.txt"]
    reason = (corner / "rejected" / "cut.dcm.txt").read_text(encoding="utf-8")
    assert "文件不完整" in reason
    assert "cut off" in reason
    assert folder.look() == []


def test_an_archive_is_unpacked(folder: Folder, corner: Path) -> None:
    with zipfile.ZipFile(corner / "disc.zip", "w") as archive:
        archive.writestr("IM1", dicom())
        archive.writestr("autorun.inf", "x")
        archive.writestr("IM2", dicom())
    with zipfile.ZipFile(corner / "bad.zip", "w") as archive:
        archive.writestr("IM1", dicom())
        archive.writestr("IM2", dicom()[:-3])
    assert len(folder.look()) == 3
    assert names(corner) == ["rejected/bad.zip", "rejected/bad.zip.txt"]
    assert "IM2" in (corner / "rejected" / "bad.zip.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [".hidden", "a.dcm.part", "a.TMP", "~lock", "Thumbs.db"])
def test_unfinished_files_are_left_alone(folder: Folder, corner: Path, name: str) -> None:
    (corner / name).write_bytes(dicom())
    assert folder.look() == []
    assert names(corner) == [name]


def test_links_lead_nowhere(folder: Folder, corner: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "a.dcm").write_bytes(dicom())
    (corner / "link").symlink_to(secret)
    (corner / "file.dcm").symlink_to(secret / "a.dcm")
    assert folder.look() == []
    assert names(secret) == ["a.dcm"]


def test_a_file_that_grows_or_is_locked_has_to_wait(
    installed: Settings, corner: Path, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_county(sqlite_database)
    folder, now = Folder(installed, sqlite_database, rest=5), [1000.0]
    monkeypatch.setattr("dicom_gateway.drop_folder.monotonic", lambda: now[0])
    file, content = corner / "a.dcm", dicom()
    file.write_bytes(content[:300])
    assert folder.look() == []
    now[0] += 4
    file.write_bytes(content)
    assert folder.look() == []
    now[0] += 4
    assert folder.look() == []
    now[0] += 4
    with file.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        assert folder.look() == []
    assert folder.look() == ["T01_FOLDER"]
    folder.close()


def test_an_empty_file_may_still_be_filled(folder: Folder, corner: Path) -> None:
    (corner / "a.dcm").touch()
    folder.look()
    assert folder.look() == []
    (corner / "a.dcm").write_bytes(dicom())
    assert len(folder.look()) == 1


def test_a_folder_of_nobody_is_left_alone(folder: Folder, corner: Path, caplog: pytest.LogCaptureFixture) -> None:
    stranger = corner.parent / "t99"
    stranger.mkdir()
    (stranger / "a.dcm").write_bytes(dicom())
    for _ in range(3):
        assert folder.look() == []
    assert names(stranger) == ["a.dcm"]
    assert caplog.text.count("t99") == 1


def test_a_file_that_cannot_be_moved_is_taken_once(
    folder: Folder, corner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (corner / "a.dcm").write_bytes(dicom())
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        patch.setattr(os, "unlink", refuse)
        for _ in range(3):
            folder._door.look_once()
    assert len(list(folder.spool.glob("*.dcm"))) == 1
    assert names(corner) == ["a.dcm"]


def test_a_full_disk_leaves_everything_where_it_is(
    folder: Folder, corner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        (corner / f"{number}.dcm").write_bytes(dicom())
    door = folder._door._door
    assert door is not None
    with monkeypatch.context() as patch:
        patch.setattr(door.spool, "_reserve", 1 << 60)
        assert folder.look() == []
    assert len(names(corner)) == 3
    assert len(folder.look()) == 3


def test_a_delivery_lasts_as_long_as_files_come(folder: Folder, corner: Path) -> None:
    (corner / "a.dcm").write_bytes(dicom())
    folder.look()
    door = folder._door._door
    assert door is not None
    (record,) = door.spool.associations.all()
    assert (record.address, record.received, record.ended_at is not None) == ("folder:t01", 1, True)
