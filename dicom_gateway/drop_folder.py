"""The drop folder: files that programs and people put into `<folder>/<institution code>/` are taken in and moved away.

It is looked at again and again and not watched, since network shares tell nothing of changes. A file is taken when it has
rested for a few seconds and nobody holds a lock on it, and it goes only when its objects are durable: a crash in between
has it taken twice, which changes nothing.
"""

import fcntl
import logging
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from dicom_gateway.rejections import explain
from storage.db.queries import people
from storage.db.session import Database
from storage.domain.clock import Clock, monotonic
from storage.domain.devices import DeviceKind
from storage.domain.errors import CountyReadError, MediaDirectory, NotDicom, NotFound, StorageFull
from storage.ingest.archives import is_archive
from storage.ingest.door import Delivery, Door, open_door
from storage.ingest.unpacking import Outcome, take_file
from storage.settings import Settings

_log = logging.getLogger(__name__)

DONE, REJECTED = "done", "rejected"
_LOOK_SECONDS, _REST_SECONDS, _EMPTY_SECONDS = 2.0, 3.0, 60.0
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".download", ".!ut", ".swp")
_NOISE = frozenset({"thumbs.db", "desktop.ini"})
_MOST_SEEN = 20_000
"""Files that are remembered while they rest; with more, the rest of a huge folder waits for the next look."""


@dataclass
class _Seen:
    """A file as it was when it last changed; `is_left` when it can be neither taken nor moved away."""

    size: int
    modified_ns: int
    since: float
    is_left: bool = False


@dataclass
class _Corner:
    """The folder of one institution."""

    path: Path
    seen: dict[Path, _Seen] = field(default_factory=dict)
    delivery: Delivery | None = None


class DropFolder:
    """Looks at `settings.drop_folder` in a thread of its own."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: Clock,
        *,
        look: float = _LOOK_SECONDS,
        rest: float = _REST_SECONDS,
    ) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._look, self._rest = look, rest
        self._folder = Path(settings.drop_folder)
        self._corners: dict[str, _Corner] = {}
        self._titles: dict[str, str] = {}
        self._door: Door | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="drop-folder", daemon=True)
        self._complaints: set[str] = set()

    def start(self) -> None:
        """Begin to look. Raises `OSError` when the folder cannot be used."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._door = open_door(self._settings, "folder", self._clock)
        self._thread.start()
        _log.info("Files that are dropped into %s are taken.", self._folder)

    def stop(self) -> None:
        """End after the file in hand."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        for corner in self._corners.values():
            _end(corner)
        if self._door is not None:
            self._door.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.look_once()
            except Exception as error:  # noqa: BLE001 - a share that is away comes back
                self._complain(f"The drop folder cannot be read ({type(error).__name__}); it will be tried again.")
            self._stopping.wait(self._look)

    def look_once(self) -> None:
        """Take what has rested; remember what is new."""
        for path in sorted(self._folder.iterdir()):
            if not path.name.startswith(".") and path.is_dir():
                self._look_at(self._corners.setdefault(path.name, _Corner(path)))

    def _look_at(self, corner: _Corner) -> None:
        title = self._title(corner.path.name)
        if title is None:
            return
        present: set[Path] = set()
        for path, status in _files(corner.path):
            if self._stopping.is_set() or len(present) >= _MOST_SEEN:
                break
            present.add(path)
            if self._has_rested(corner, path, status) and not self._take(corner, path, title):
                break
        for gone in corner.seen.keys() - present:
            del corner.seen[gone]
        if all(seen.is_left for seen in corner.seen.values()):
            _end(corner)

    def _title(self, code: str) -> str | None:
        """The AE title of the folder's device; known for good once the database has told it."""
        if code not in self._titles:
            try:
                with self._database.write() as work:
                    institution = people.institution_by_code(work, code.lower())
                    self._titles[code] = people.ensure_door_device(work, institution, DeviceKind.FOLDER).ae_title
            except NotFound:
                self._complain(f"The drop folder {code} is not named after the code of an institution.")
            except CountyReadError as error:
                self._complain(error.message)
        return self._titles.get(code)

    def _has_rested(self, corner: _Corner, path: Path, status: os.stat_result) -> bool:
        """Times are told by our own clock: that of a file server may be hours off."""
        now = monotonic()
        seen = corner.seen.get(path)
        if seen is None or (seen.size, seen.modified_ns) != (status.st_size, status.st_mtime_ns):
            corner.seen[path] = _Seen(status.st_size, status.st_mtime_ns, now)
            return self._rest == 0 and status.st_size > 0
        patience = self._rest if status.st_size else max(self._rest, _EMPTY_SECONDS)
        return not seen.is_left and now - seen.since >= patience

    def _take(self, corner: _Corner, path: Path, title: str) -> bool:
        """Whether it makes sense to go on with the next file."""
        assert self._door is not None, "start comes first"
        try:
            with _opened(path) as stream:
                if corner.delivery is None:
                    corner.delivery = self._door.open(title, f"folder:{corner.path.name}")
                is_zip = is_archive(stream.read(4))
                stream.seek(0)
                workspace = self._door.spool.folder / "incoming"
                outcomes = list(take_file(corner.delivery, stream, path.name, workspace))
        except BlockingIOError:
            return True
        except StorageFull as error:
            self._complain(error.message)
            return False
        except OSError as error:
            self._leave(corner, path, error)
            return True
        self._complaints.clear()
        try:
            _put_away(corner.path, path, _faults(outcomes, is_zip=is_zip))
            corner.seen.pop(path, None)
        except OSError as error:
            self._leave(corner, path, error)
        return True

    def _leave(self, corner: _Corner, path: Path, error: OSError) -> None:
        """Look at it no more until it changes."""
        if path in corner.seen:
            corner.seen[path].is_left = True
        self._complain(
            f"A file in the drop folder {corner.path.name} can be neither read nor moved ({error.strerror})."
        )

    def _complain(self, text: str) -> None:
        """Once, and again after something has gone well."""
        if text not in self._complaints:
            self._complaints.add(text)
            _log.warning("%s", text)


def _end(corner: _Corner) -> None:
    if corner.delivery is not None:
        corner.delivery.end()
        corner.delivery = None


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """What may be taken below `folder`, in no order; links are not followed, and what vanishes is passed over."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        with suppress(FileNotFoundError, PermissionError, NotADirectoryError), os.scandir(here) as entries:
            for entry in entries:
                if entry.name.startswith((".", "~")) or (here == folder and entry.name.lower() in (DONE, REJECTED)):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                elif entry.is_file(follow_symlinks=False) and _is_finished(entry.name):
                    with suppress(FileNotFoundError):
                        yield Path(entry.path), entry.stat(follow_symlinks=False)


def _is_finished(name: str) -> bool:
    return not name.lower().endswith(_UNFINISHED) and name.lower() not in _NOISE


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file, when it is one and nobody else has locked it. Raises `BlockingIOError` when somebody has."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise BlockingIOError
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:
            # Some shares have no locks.
            pass
        yield stream


def _faults(outcomes: list[Outcome], *, is_zip: bool) -> list[Outcome]:
    """What keeps a file from being done with. An index is never missed, nor is what else lies on a disc with images."""
    refused = [one for one in outcomes if one.refusal is not None and not isinstance(one.refusal, MediaDirectory)]
    has_images = is_zip and any(one.taken for one in outcomes)
    return [one for one in refused if not (has_images and isinstance(one.refusal, NotDicom))]


def _put_away(corner: Path, path: Path, faults: list[Outcome]) -> None:
    """To `rejected`, with the reasons beside it; or to `done` where there is such a folder; or away. Raises `OSError`."""
    if faults:
        place = _free_name(corner / REJECTED / path.relative_to(corner))
        place.with_name(f"{place.name}.txt").write_text(explain(faults), encoding="utf-8")
        path.rename(place)
    elif (corner / DONE).is_dir():
        path.rename(_free_name(corner / DONE / path.relative_to(corner)))
    else:
        path.unlink()


def _free_name(wanted: Path) -> Path:
    wanted.parent.mkdir(parents=True, exist_ok=True)
    place, number = wanted, 1
    while place.exists():
        number += 1
        place = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
    return place
