"""Frames for slow lines: exact or not there, made once, made anew when the original changes."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import imagecodecs
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGBaseline8Bit, RLELossless
from sqlalchemy import select, update

from reading_queue import delivery
from reading_queue.delivery import MAX_ATTEMPTS, DeliveredFrames, delivered_frames, make_delivery, making
from reading_queue.delivery.source import decoded_frames
from reading_queue.preprocessing.decoding import decode_frame, read_dataset
from storage.db.models import FrameDelivery, Instance, Study, StudyDelivery
from storage.db.session import Hint
from storage.domain.canonical import sha256_hex
from storage.domain.errors import NotFound, ObjectNotFound, StoreUnavailable
from storage.domain.studies import DeliveryState
from storage.integrity import object_faults
from storage.objects.folder import FolderStore
from tests.functional.api.images import ct_image, made_image, pydicom_files, shared_files, written
from tests.unit.reading_queue.archive import Archive, sample
from tests.unit.reading_queue.county import County

pytestmark = pytest.mark.thorough


TLM, RPCL = b"\xff\x55", 2


class TroubledStore(FolderStore):
    """A folder that can be away, and that may do something before a new object is kept."""

    away = False
    before_put: Callable[[], None] | None = None

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        if self.away:
            raise StoreUnavailable("The store is away.")
        with super().open(key) as stream:
            yield stream

    def put(self, key: str, stream: BinaryIO, *, size: int, sha256: str) -> None:
        if self.before_put is not None and key.startswith("delivery/"):
            self.before_put()
        super().put(key, stream, size=size, sha256=sha256)


@pytest.fixture
def archive(county: County, tmp_path: Path) -> Archive:
    return Archive(county, TroubledStore(tmp_path / "objects"))


def _instances(archive: Archive, study_id: int) -> list[Instance]:
    with archive.database.read() as work:
        query = select(Instance).where(Instance.study_id == study_id).order_by(Instance.id)
        return list(work.session.execute(query).scalars())


def _delivered(archive: Archive, instance: Instance) -> DeliveredFrames | None:
    with archive.database.read() as work:
        return delivered_frames(work, instance)


def _row(archive: Archive, study_id: int) -> StudyDelivery:
    with archive.database.read() as work:
        return work.session.get_one(StudyDelivery, study_id)


def _codestreams(archive: Archive, frames: DeliveredFrames) -> list[bytes]:
    ranges = [frames.locate(number) for number in range(1, frames.count + 1)]
    return [archive.store.open_range(frames.object_key, *one) for one in ranges]


def _original(archive: Archive, instance: Instance) -> bytes:
    with archive.store.open(instance.object_key) as stream:
        return stream.read()


def _make(archive: Archive, study_id: int) -> DeliveryState:
    return make_delivery(archive.database, archive.store, study_id)


@pytest.mark.filterwarnings("ignore::UserWarning")  # real files break the rules of their VRs
@pytest.mark.parametrize("path", pydicom_files() + shared_files(), ids=lambda path: path.name)
def test_what_is_delivered_is_what_is_stored_bit_for_bit(archive: Archive, path: Path) -> None:
    data = path.read_bytes()
    study_id = archive.keep([data])
    assert _make(archive, study_id) == DeliveryState.DONE
    (instance,) = _instances(archive, study_id)
    frames = _delivered(archive, instance)
    assert _original(archive, instance) == data
    if frames is None:
        with archive.database.read() as work:
            row = work.session.get(FrameDelivery, instance.id)
        assert row.refusal if row is not None else instance.transfer_syntax_uid not in delivery.ENCODED_FROM
        return
    dataset = read_dataset(data)
    assert frames.count == instance.frames
    for index, codestream in enumerate(_codestreams(archive, frames)):
        stored = decode_frame(dataset, index)
        # Another library than the one that encoded and compared.
        decoded = imagecodecs.jpeg2k_decode(codestream)
        assert decoded.dtype == stored.dtype
        assert np.array_equal(decoded, stored)


def test_codestreams_are_in_the_order_and_with_the_markers_that_progressive_viewers_need(archive: Archive) -> None:
    pixels = np.arange(2 * 300 * 2500, dtype="u2").reshape(2, 300, 2500) % 4096
    study_id = archive.keep([written(made_image(pixels))])
    assert _make(archive, study_id) == DeliveryState.DONE
    frames = _delivered(archive, _instances(archive, study_id)[0])
    assert frames is not None
    for codestream, stored in zip(_codestreams(archive, frames), pixels, strict=True):
        coding = codestream.index(b"\xff\x52")
        assert codestream[coding + 5] == RPCL
        levels = codestream[coding + 9]
        assert 2500 >> levels <= 64
        assert TLM in codestream[: codestream.index(b"\xff\x90")]
        assert np.array_equal(imagecodecs.htj2k_decode(codestream), stored)


def test_lossy_frames_are_left_as_they_are(archive: Archive) -> None:
    ds = made_image(np.zeros((1, 8, 8), "u1"), syntax=JPEGBaseline8Bit)
    ds.PixelData = encapsulate([imagecodecs.jpeg8_encode(np.zeros((8, 8), "u1"))])
    ds["PixelData"].is_undefined_length = True
    study_id = archive.keep([written(ds)])
    assert _make(archive, study_id) == DeliveryState.DONE
    assert _delivered(archive, _instances(archive, study_id)[0]) is None


def test_noise_that_does_not_shrink_is_sent_as_stored(archive: Archive) -> None:
    noise = np.random.default_rng(7).integers(0, 65536, (1, 64, 64), "u2")
    study_id = archive.keep([written(made_image(noise))])
    assert _make(archive, study_id) == DeliveryState.DONE
    (instance,) = _instances(archive, study_id)
    assert _delivered(archive, instance) is None
    with archive.database.read() as work:
        assert work.session.get_one(FrameDelivery, instance.id).refusal == "no smaller"


def test_frames_of_a_cine_are_read_one_at_a_time() -> None:
    ds = made_image(np.tile(np.arange(64, dtype="u1"), (50, 64, 1)), syntax=RLELossless)
    frame = imagecodecs.packbits_encode(ds.PixelData[: 64 * 64])
    header = (1).to_bytes(4, "little") + (64).to_bytes(4, "little") + bytes(56)
    ds.PixelData = encapsulate([header + frame] * 50)
    ds["PixelData"].is_undefined_length = True
    file = io.BytesIO(written(ds))
    reading = decoded_frames(file)
    next(reading)
    assert file.tell() < len(file.getvalue()) / 4
    assert 1 + sum(1 for _ in reading) == 50


def test_what_is_made_is_not_made_again(archive: Archive) -> None:
    study_id = archive.keep([ct_image(1), ct_image(2)])
    _make(archive, study_id)
    before = [_delivered(archive, instance) for instance in _instances(archive, study_id)]

    def refuse() -> None:
        raise AssertionError("made again")

    archive.store.before_put = refuse  # type: ignore[attr-defined]
    assert _make(archive, study_id) == DeliveryState.DONE
    assert [_delivered(archive, instance) for instance in _instances(archive, study_id)] == before
    with archive.database.read() as work:
        assert delivery.find_lost(work) == 0


def test_late_images_are_found_and_made_too(archive: Archive) -> None:
    study_id = archive.keep([ct_image(1)])
    _make(archive, study_id)
    archive.add_series(study_id, [ct_image(2)])
    _count_instances(archive, study_id)
    archive.county.clock.advance(minutes=1)
    with archive.database.write() as work:
        assert delivery.find_lost(work) == 1
    assert Hint("make_delivery", (study_id, archive.study(study_id).priority)) in archive.county.hints
    assert _make(archive, study_id) == DeliveryState.DONE
    assert all(_delivered(archive, instance) for instance in _instances(archive, study_id))


def _count_instances(archive: Archive, study_id: int) -> None:
    """As the catalogue counts."""
    number = len(_instances(archive, study_id))
    with archive.database.write() as work:
        work.session.execute(update(Study).where(Study.id == study_id).values(instance_count=number))


def test_a_lost_hint_is_found(archive: Archive) -> None:
    study_id = archive.keep([ct_image(1)])
    _count_instances(archive, study_id)
    archive.county.clock.advance(minutes=1)
    with archive.database.write() as work:
        assert delivery.find_lost(work) == 1
    with archive.database.write() as work:
        assert delivery.find_lost(work) == 0
    archive.county.clock.advance(minutes=2)
    with archive.database.write() as work:
        assert delivery.find_lost(work) == 1


def test_a_large_study_gives_way_to_others_and_goes_on_later(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    study_id = archive.keep([ct_image(1), ct_image(2), ct_image(3)])
    monkeypatch.setattr(making, "TURN_SECONDS", -1.0)
    assert _make(archive, study_id) == DeliveryState.PENDING
    assert Hint("make_delivery", (study_id, archive.study(study_id).priority)) in archive.county.hints
    monkeypatch.undo()
    assert _make(archive, study_id) == DeliveryState.DONE
    assert all(_delivered(archive, instance) for instance in _instances(archive, study_id))


def test_a_store_that_is_away_costs_no_attempt(archive: Archive) -> None:
    study_id = archive.keep([ct_image(1)])
    archive.store.away = True  # type: ignore[attr-defined]
    for _ in range(MAX_ATTEMPTS + 2):
        with pytest.raises(StoreUnavailable):
            _make(archive, study_id)
    assert (_row(archive, study_id).attempts, _row(archive, study_id).state) == (0, DeliveryState.PENDING)
    archive.store.away = False  # type: ignore[attr-defined]
    assert _make(archive, study_id) == DeliveryState.DONE


class Killed(BaseException):
    """What a worker does not survive."""


def test_a_killed_worker_leaves_nothing_half_made_and_is_followed_by_another(archive: Archive) -> None:
    study_id = archive.keep([ct_image(1), ct_image(2)])

    def die() -> None:
        raise Killed

    archive.store.before_put = die  # type: ignore[attr-defined]
    with pytest.raises(Killed):
        _make(archive, study_id)
    assert all(_delivered(archive, instance) is None for instance in _instances(archive, study_id))
    archive.store.before_put = None  # type: ignore[attr-defined]
    assert _make(archive, study_id) == DeliveryState.DONE


def test_an_image_that_kills_every_worker_is_given_up(archive: Archive) -> None:
    study_id = archive.keep([ct_image(1)])

    def die() -> None:
        raise Killed

    archive.store.before_put = die  # type: ignore[attr-defined]
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(Killed):
            _make(archive, study_id)
    assert _make(archive, study_id) == DeliveryState.FAILED
    archive.store.before_put = None  # type: ignore[attr-defined]
    archive.add_series(study_id, [ct_image(2)])
    assert _make(archive, study_id) == DeliveryState.DONE


def test_frames_follow_their_original(archive: Archive) -> None:
    study_id = archive.keep([ct_image(1)])
    _make(archive, study_id)
    (instance,) = _instances(archive, study_id)
    before = _delivered(archive, instance)
    assert before is not None
    other = sample("MR_small.dcm")
    key = f"instances/{sha256_hex(other)[:2]}/{sha256_hex(other)}.dcm"
    archive.store.put(key, io.BytesIO(other), size=len(other), sha256=sha256_hex(other))
    with archive.database.write() as work:
        row = work.session.get_one(Instance, instance.id)
        row.sha256, row.object_key, row.size = sha256_hex(other), key, len(other)
        delivery.start_over(work, row)
    (instance,) = _instances(archive, study_id)
    assert _delivered(archive, instance) is None, "frames of an object that is not there any more are not sent"
    assert _make(archive, study_id) == DeliveryState.DONE
    after = _delivered(archive, instance)
    assert after is not None
    decoded = imagecodecs.htj2k_decode(_codestreams(archive, after)[0])
    assert np.array_equal(decoded, dcmread(io.BytesIO(other)).pixel_array)
    with pytest.raises(ObjectNotFound):
        archive.store.open_range(before.object_key, 0, 1)


def test_an_archive_without_its_delivery_frames_is_whole(archive: Archive) -> None:
    study_id = archive.keep([ct_image(1)])
    _make(archive, study_id)
    frames = _delivered(archive, _instances(archive, study_id)[0])
    assert frames is not None
    archive.store.delete(frames.object_key)
    with archive.database.read() as work:
        assert list(object_faults(work.session, archive.store)) == []


def test_there_is_no_such_study(archive: Archive) -> None:
    with pytest.raises(NotFound):
        _make(archive, 4711)
