from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.uid import JPEG2000, ExplicitVRLittleEndian, RLELossless, generate_uid

from reading_queue import encodings
from reading_queue.encodings import compare_encodings, compare_pixels
from storage.domain.studies import Decision, PixelFinding
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.deskside import Deskside
from tests.unit.storage.ingest.samples import data_set, encode


@pytest.fixture
def side(county: County, tmp_path: Path) -> Iterator[Deskside]:
    opened = Deskside(county, tmp_path)
    yield opened
    opened.clinics.spool.close()
    opened.put_back.spool.close()


def only(found):
    (row,) = found
    return row


def image(pixels: np.ndarray | None = None, **uids: str) -> Dataset:
    """A 16-bit image in explicit VR little endian."""
    made = data_set(**uids)
    pixels = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64) if pixels is None else pixels
    made.Rows, made.Columns = pixels.shape
    made.BitsAllocated, made.BitsStored, made.HighBit = 16, 16, 15
    made.PixelRepresentation, made.SamplesPerPixel = 0, 1
    made.PhotometricInterpretation = "MONOCHROME2"
    made.PixelData = pixels.astype("<u2").tobytes()
    made["PixelData"].VR = "OW"
    return made


def compressed(made: Dataset) -> Dataset:
    """The same image in RLE."""
    made.file_meta = encode_meta(made)
    made.compress(RLELossless, generate_instance_uid=False)
    return made


def encode_meta(made: Dataset):
    encode(made)
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return made.file_meta


def arrive(side: Deskside, other: np.ndarray | None = None):
    uids = {name: generate_uid() for name in ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")}
    side.send(image(**uids))
    side.send(compressed(image(other, **uids)), syntax=RLELossless)
    row = only(side.waiting())
    assert row.reason == "other_encoding"
    return row


def test_equal_pixels_in_another_encoding_are_known_as_such(side: Deskside) -> None:
    row = arrive(side)
    assert "find_uncompared_encodings" in [hint.task for hint in side.county.hints]
    assert compare_encodings(side.database, side.store, row.id) is PixelFinding.IDENTICAL
    found = only(side.waiting())
    assert (found.reason, found.pixels) == ("other_encoding", "identical")
    assert compare_encodings(side.database, side.store, row.id) is None


def test_other_pixels_are_other_bytes(side: Deskside) -> None:
    pixels = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64)
    pixels[10, 10] += 1
    row = arrive(side, pixels)
    assert compare_encodings(side.database, side.store, row.id) is PixelFinding.DIFFERENT
    found = only(side.waiting())
    assert (found.reason, found.pixels) == ("other_bytes", "different")
    assert "1" in found.pixels_detail
    side.decide(found, Decision.REPLACE)
    assert only(side.instances()).transfer_syntax_uid == RLELossless


def test_other_pixels_that_come_again_are_one_line(side: Deskside) -> None:
    uids = {name: generate_uid() for name in ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")}
    pixels = np.zeros((64, 64), np.uint16)
    side.send(image(**uids))
    for _ in range(2):
        side.send(compressed(image(pixels, **uids)), syntax=RLELossless)
        row = next(row for row in side.waiting() if row.pixels == "")
        compare_encodings(side.database, side.store, row.id)
    found = only(side.waiting())
    assert (found.reason, found.attempts) == ("other_bytes", 2)


def test_the_sweep_finds_what_waits_and_does_not_nag(side: Deskside) -> None:
    row = arrive(side)
    assert sweep(side) == [(row.id,)]
    assert sweep(side) == []
    side.county.clock.advance(minutes=3)
    assert sweep(side) == [(row.id,)]
    compare_encodings(side.database, side.store, row.id)
    side.county.clock.advance(minutes=3)
    assert sweep(side) == []


def sweep(side: Deskside) -> list[tuple[object, ...]]:
    side.county.hints.clear()
    encodings.find_uncompared_encodings(side.database, None)
    return [hint.args for hint in side.county.hints]


def test_a_lost_object_and_a_decided_one(side: Deskside) -> None:
    row = arrive(side)
    side.store.delete(only(side.instances()).object_key)
    assert compare_encodings(side.database, side.store, row.id) is PixelFinding.UNREADABLE
    assert compare_encodings(side.database, side.store, 999) is None


def as_read(made: Dataset, syntax: str = ExplicitVRLittleEndian) -> Dataset:
    encode_meta(made)
    made.file_meta.TransferSyntaxUID = syntax
    return made


def test_lossy_differences_have_limits() -> None:
    pixels = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64)
    noisy = pixels + np.tile(np.array([0, 3], np.uint16), (64, 32))
    ruined = pixels[::-1].copy()
    lossy = {"LossyImageCompression": "01"}
    one = as_read(image(pixels))
    near, far = as_read(image(noisy, **lossy)), as_read(image(ruined, **lossy))
    assert compare_pixels(one, near).finding is PixelFinding.WITHIN_LOSS
    assert compare_pixels(one, far).finding is PixelFinding.DIFFERENT
    assert compare_pixels(one, as_read(image(noisy))).finding is PixelFinding.DIFFERENT
    assert compare_pixels(one, as_read(image(pixels[:32]))).finding is PixelFinding.DIFFERENT
    assert compare_pixels(one, as_read(image(pixels), JPEG2000)).finding is PixelFinding.UNREADABLE
    assert compare_pixels(one, as_read(image(pixels))).finding is PixelFinding.IDENTICAL
