"""OHIF's published viewer, from another origin, opens studies of ours in a browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from storage.db.session import Database, make_engine
from storage.domain.clock import ManualClock
from tests.functional.api.images import ct_image, made_image, written
from tests.functional.api.test_wado import short_uid
from tests.functional.api.township import Township, running, settings_in
from tests.services.browser import ChromiumBrowser
from tests.services.ohif import OhifViewer
from tests.unit.reading_queue.county import MONDAY_MORNING, County

_DRAWN = """() => [...document.querySelectorAll('canvas')].some((canvas) => {
  const pixels = canvas.width > 100 && canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
  return pixels && new Set(pixels.filter((_, place) => place % 4 === 0)).size > 20;
})"""
"""Whether a picture with more than a few greys stands on one of the canvases."""


@pytest.fixture
def viewer(tmp_path: Path) -> Iterator[OhifViewer]:
    folder = tmp_path / "ohif"
    folder.mkdir()
    with OhifViewer(folder) as served:
        yield served


@pytest.fixture
def township(tmp_path: Path, empty_county: Path, viewer: OhifViewer) -> Iterator[Township]:
    """A county that lets the viewer's origin in."""
    folder = tmp_path / "county"
    folder.mkdir()
    settings = settings_in(folder, COUNTYREAD_DICOMWEB_ORIGINS=viewer.url)
    shutil.copyfile(empty_county, folder / empty_county.name)
    engine = make_engine(settings.database_url)
    clock = ManualClock(MONDAY_MORNING)
    with running(County(Database(engine, clock), clock), settings) as served:
        viewer.point_at(served.url, served.token("radiologist"))
        yield served
    engine.dispose()


def _radiograph(uid: str) -> bytes:
    rows, columns = np.mgrid[0:400, 0:300]
    pixels = ((rows * 7 + columns * 5) % 4096).astype(np.uint16)[None]
    ds = made_image(pixels, BitsStored=12, HighBit=11, StudyInstanceUID=uid, SeriesInstanceUID=f"{uid}.1")
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.1"
    ds.Modality, ds.StudyDate, ds.SeriesNumber, ds.InstanceNumber = "CR", "20260301", 1, 1
    ds.PixelSpacing = [0.2, 0.2]
    del ds.NumberOfFrames
    return written(ds)


@pytest.mark.thorough
def test_ohif_shows_a_ct_and_a_radiograph(township: Township, viewer: OhifViewer, browser: ChromiumBrowser) -> None:
    ct, cr = short_uid(), short_uid()
    for number in (1, 2, 3):
        data = ct_image(number, z=number * 5.0, StudyInstanceUID=ct, SeriesInstanceUID=f"{ct}.1")
        township.image(data)
    township.image(_radiograph(cr))
    for uid in (ct, cr):
        with browser.open(f"{viewer.url}/viewer?StudyInstanceUIDs={uid}", timeout=120) as observed:
            observed.page.wait_for_function(_DRAWN)
    with browser.open(viewer.url, timeout=120) as observed:
        observed.page.get_by_text("CompressedSamples").first.wait_for()
