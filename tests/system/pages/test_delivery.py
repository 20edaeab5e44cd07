"""A reader opens a radiograph, a cine and a stack of slices: a picture at once, every bit of it after, many frames at once."""

import re
from pathlib import Path

import numpy as np
import pydicom
import pydicom.data
from playwright.sync_api import Page, Route
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser
from tests.services.waiting import wait_until
from tests.system.county import PASSWORD, RunningCounty

_PATIENCE_MS = 60_000
_FRAMES = 24
_SLICES = 20
_RPCL = b"transfer-syntax=1.2.840.10008.1.2.4.202"


def _study(folder: Path) -> tuple[str, list[Path], list[str]]:
    """One study of three series, a radiograph, a cine and slices; its UID, files, and the instances' UIDs."""
    folder.mkdir()
    y, x = np.mgrid[0:1400, 0:1200]
    radiograph = (2000 + 1500 * np.sin(x / 90) * np.cos(y / 120) + (x * 7 + y * 13) % 31).astype("<u2")
    cine = np.stack([np.roll(radiograph[:128, :128], 5 * n, axis=1) for n in range(_FRAMES)])
    template = pydicom.dcmread(pydicom.data.get_testdata_file("CT_small.dcm", download=False))
    template.StudyInstanceUID = generate_uid()
    template.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    files, sops = [], []
    series = [generate_uid() for _ in range(3)]
    objects = [(1, "DX", radiograph[None]), (2, "XA", cine), *((3, "MR", cine[None, n]) for n in range(_SLICES))]
    for number, modality, pixels in objects:
        template.SeriesInstanceUID, template.SeriesNumber, template.Modality = series[number - 1], number, modality
        template.InstanceNumber = len(files) + 1
        template.SOPInstanceUID = template.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        template.NumberOfFrames, template.Rows, template.Columns = pixels.shape
        template.PixelRepresentation, template.RescaleIntercept = 0, 0
        template.WindowCenter, template.WindowWidth = 2000, 4000
        template.PixelData = pixels.tobytes()
        files.append(folder / f"{len(files)}.dcm")
        template.save_as(files[-1])
        sops.append(str(template.SOPInstanceUID))
    return str(template.StudyInstanceUID), files, sops


def _open_case(page: Page, uid: str) -> None:
    page.get_by_test_id("login-username").fill("radiologist")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    row = page.locator(f'[data-testid="task-row"][data-study-uid="{uid}"]')
    row.wait_for(timeout=_PATIENCE_MS)
    # Of a case in hand the other series are fetched ahead, which would come between.
    page.evaluate("address => { location.hash = address }", f"#/read/{row.get_attribute('data-task-id')}?look")


def _has_frames(county: RunningCounty, root: str, sop: str) -> bool:
    answer = county.log_in("radiologist").request(
        "GET",
        f"{root}/instances/{sop}/frames/1",
        headers={"Accept": "multipart/related; type=application/octet-stream; transfer-syntax=*"},
    )
    return answer.is_success and _RPCL in answer.content[:300]


def test_a_radiograph_a_cine_and_slices_reach_their_reader(
    county: RunningCounty, tmp_path: Path, browser: ChromiumBrowser
) -> None:
    uid, files, sops = _study(tmp_path / "study")
    radiograph, cine = sops[:2]
    sent = dcmtk.send(county.settings.dicom.port, files, calling="T01_CT", called=county.settings.ae_title)
    assert sent.ok, sent.output
    series = [str(pydicom.dcmread(path, stop_before_pixels=True).SeriesInstanceUID) for path in files]
    roots = [f"/dicomweb/studies/{uid}/series/{one}" for one in series]
    for root, sop in zip(roots, sops, strict=True):
        wait_until(lambda root=root, sop=sop: _has_frames(county, root, sop), 90, "the frames to be made")
    held: list[Route] = []
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        # The frame waits at the door until its preview has been seen.
        page.route(re.compile(rf".*/instances/{radiograph}/frames/1$"), lambda route: held.append(route))  # noqa: PLW0108 - it wants a function of its own
        _open_case(page, uid)
        page.locator('[data-testid="viewport"][data-quality="partial"]').wait_for(timeout=_PATIENCE_MS)
        assert page.get_by_test_id("preview").is_visible()
        wait_until(lambda: bool(held) or page.wait_for_timeout(50), 60, "the frame to be asked for")
        held[0].continue_()
        page.locator('[data-testid="viewport"][data-quality="full"]').wait_for(timeout=_PATIENCE_MS)
        assert page.get_by_test_id("preview").count() == 0
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        _turn_to(page, _FRAMES)
        assert any("," in url for url in asked)
        assert sum(bool(re.search(rf"{cine}/frames/\d+$", url)) for url in asked) < _FRAMES / 2
        asked.clear()
        _turn_to(page, _SLICES)
        assert sum("/slices/" in url for url in asked) == 2
        assert sum(url.endswith("/frames/1") for url in asked) < _SLICES / 2
        assert not observed.problems


def _turn_to(page: Page, frames: int) -> None:
    """The next series, until all of it is there."""
    page.keyboard.press("PageDown")
    whole = f'[data-testid="viewport"][data-image-count="{frames}"][data-quality="full"]'
    page.locator(whole).wait_for(timeout=_PATIENCE_MS)
    wait_until(lambda: _cached(page, frames) == frames, 60, "all frames of the series")


def _cached(page: Page, frames: int) -> int:
    """How many frames the viewport has: it stops telling when it has all of them."""
    page.wait_for_timeout(50)
    told = re.search(r"(\d+)\s*/\s*\d+", page.locator(".corner.bl .faint").inner_text() or "")
    return int(told[1]) if told else frames
