"""Pictures of a study: made once, one of each kind for each series, and never tried for ever."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest
from pydicom import dcmread
from sqlalchemy import update

from reading_queue import renditions
from reading_queue.renditions import MAX_ATTEMPTS, make_renditions
from storage.db.models import Instance
from storage.db.session import Hint
from storage.domain.canonical import sha256_hex
from storage.domain.errors import NotFound, StoreUnavailable
from storage.domain.studies import InstanceState, RenditionState
from storage.objects import ObjectStore
from storage.objects.folder import FolderStore
from tests.unit.reading_queue.archive import Archive, sample
from tests.unit.reading_queue.county import County

pytestmark = pytest.mark.thorough


JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "objects"


@pytest.fixture
def archive(county: County, folder: Path) -> Archive:
    return Archive(county, FolderStore(folder))


class CountingStore(FolderStore):
    """A folder that counts how often it is read, and can be away."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.reads = 0
        self.away = False

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        if self.away:
            raise StoreUnavailable("The store is away.")
        self.reads += 1
        with super().open(key) as stream:
            yield stream


def _make(archive: Archive, study_id: int, store: ObjectStore | None = None) -> RenditionState:
    return make_renditions(archive.database, store or archive.store, study_id)


def _bytes(archive: Archive, key: str) -> bytes:
    with archive.store.open(key) as stream:
        return stream.read()


def _find_lost(archive: Archive) -> int:
    with archive.database.write() as work:
        return renditions.find_lost(work)


def test_a_ct_series_gets_a_thumbnail_and_a_preview(archive: Archive):
    study_id = archive.keep([sample("CT_small.dcm")])
    assert _make(archive, study_id) == RenditionState.DONE
    preview, thumbnail = archive.renditions(study_id)
    assert (preview.kind, thumbnail.kind) == ("preview", "thumbnail")
    for picture in (preview, thumbnail):
        data = _bytes(archive, picture.object_key)
        assert picture.media_type == "image/jpeg"
        assert data.startswith(JPEG)
        assert (picture.sha256, picture.size) == (sha256_hex(data), len(data))
        assert picture.object_key == f"renditions/{picture.sha256}.jpg"


def test_an_ecg_gets_its_leads_on_paper(archive: Archive):
    study_id = archive.keep([sample("waveform_ecg.dcm")], modality="ECG")
    assert _make(archive, study_id) == RenditionState.DONE
    pictures = archive.renditions(study_id)
    assert [(picture.kind, picture.media_type) for picture in pictures] == [
        ("preview", "image/png"),
        ("thumbnail", "image/png"),
    ]
    assert all(_bytes(archive, picture.object_key).startswith(PNG) for picture in pictures)
    assert pictures[0].size > pictures[1].size


def test_a_series_is_shown_by_its_middle(archive: Archive):
    slices = [_slice(place) for place in range(5)]
    study_id = archive.keep(slices)
    _make(archive, study_id)
    with archive.database.read() as work:
        shown = work.session.get_one(Instance, archive.renditions(study_id)[0].instance_id)
    assert shown.number == 3


def _slice(place: int) -> bytes:
    import io

    ds = dcmread(io.BytesIO(sample("CT_small.dcm")))
    ds.InstanceNumber = place + 1
    ds.ImagePositionPatient = [0, 0, float(place)]
    stream = io.BytesIO()
    ds.save_as(stream)
    return stream.getvalue()


def test_making_them_again_reads_nothing(archive: Archive, folder: Path):
    study_id = archive.keep([sample("CT_small.dcm")], [sample("MR_small.dcm")])
    store = CountingStore(folder)
    _make(archive, study_id, store)
    before = [row.id for row in archive.renditions(study_id)]
    _make(archive, study_id, store)
    assert store.reads == 2
    assert [row.id for row in archive.renditions(study_id)] == before


def test_late_images_get_what_is_missing_alone(archive: Archive, folder: Path):
    study_id = archive.keep([sample("CT_small.dcm")])
    store = CountingStore(folder)
    _make(archive, study_id, store)
    archive.add_series(study_id, [sample("MR_small.dcm")])
    assert _make(archive, study_id, store) == RenditionState.DONE
    assert store.reads == 2
    assert len(archive.renditions(study_id)) == 4


def test_an_image_that_nobody_can_decode_fails_honestly_and_the_others_get_theirs(archive: Archive):
    broken = sample("CT_small.dcm")[:-20000]
    study_id = archive.keep([broken], [sample("MR_small.dcm")])
    assert _make(archive, study_id) == RenditionState.FAILED
    study = archive.study(study_id)
    assert study.rendition_error
    assert study.rendition_attempts == 1
    assert len({row.series_id for row in archive.renditions(study_id)}) == 1
    archive.county.clock.advance(hours=10)
    assert _find_lost(archive) == 0


def test_what_the_store_lost_is_tried_five_times_ever_more_rarely(archive: Archive, folder: Path):
    study_id = archive.keep([sample("CT_small.dcm")])
    with archive.database.write() as work:
        work.session.execute(update(Instance).values(object_key="instances/00/lost.dcm"))
    waits = []
    while archive.study(study_id).rendition_state == RenditionState.PENDING:
        _make(archive, study_id)
        waits.append(_seconds_until_found(archive))
    assert waits == [60, 120, 240, 480, None]
    study = archive.study(study_id)
    assert (study.rendition_attempts, study.rendition_state) == (MAX_ATTEMPTS, RenditionState.FAILED)
    assert study.rendition_error == "object_not_found"


def _seconds_until_found(archive: Archive) -> int | None:
    for seconds in range(0, 4000, 10):
        if _find_lost(archive):
            return seconds
        archive.county.clock.advance(seconds=10)
    return None


def test_an_outage_of_the_store_is_no_attempt(archive: Archive, folder: Path):
    study_id = archive.keep([sample("CT_small.dcm")])
    store = CountingStore(folder)
    store.away = True
    for _ in range(MAX_ATTEMPTS + 1):
        with pytest.raises(StoreUnavailable):
            _make(archive, study_id, store)
    study = archive.study(study_id)
    assert (study.rendition_state, study.rendition_attempts) == (RenditionState.PENDING, 0)
    store.away = False
    assert _make(archive, study_id, store) == RenditionState.DONE


def test_it_is_not_done_while_images_wait_for_the_store(archive: Archive):
    study_id = archive.keep([sample("CT_small.dcm")], [sample("MR_small.dcm")])
    with archive.database.write() as work:
        work.session.execute(update(Instance).where(Instance.id == 1).values(state=InstanceState.SPOOLED))
    assert _make(archive, study_id) == RenditionState.PENDING
    assert archive.study(study_id).rendition_attempts == 0


def test_a_lost_hint_is_found_after_half_a_minute_and_hinted_at_once(archive: Archive):
    study_id = archive.keep([sample("CT_small.dcm")])
    archive.county.clock.advance(seconds=29)
    assert _find_lost(archive) == 0
    archive.county.clock.advance(seconds=1)
    assert _find_lost(archive) == 1
    assert archive.county.hints == [Hint("make_renditions", (study_id, "P2"))]
    assert _find_lost(archive) == 0, "the hint has been given; it takes its time"
    archive.county.clock.advance(seconds=30)
    assert _find_lost(archive) == 1


def test_a_study_without_stored_images_is_not_lost(archive: Archive):
    archive.county.study(instance_state=InstanceState.SPOOLED)
    archive.county.clock.advance(hours=1)
    assert _find_lost(archive) == 0


def test_a_damaged_header_still_gives_a_picture(archive: Archive):
    study_id = archive.keep([sample("CT_small.dcm")])
    with archive.database.write() as work:
        work.session.execute(update(Instance).values(header={"00280010": {"vr": "??", "Value": ["x"]}}))
    assert _make(archive, study_id) == RenditionState.DONE


def test_a_study_that_is_not_there(archive: Archive):
    with pytest.raises(NotFound):
        _make(archive, 4711)
