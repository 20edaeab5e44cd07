"""What is measured side by side: the county with its images, and Orthanc with its DICOMweb plugin and the same images."""

import io
import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
import pydicom
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from tests.services import dcmtk
from tests.services.orthanc import OrthancServer
from tests.services.waiting import wait_until
from tests.system.county import RunningCounty
from tests.worlds import make_world

UNLIMITED = {"COUNTYREAD_RATE_CALLER": "0", "COUNTYREAD_RATE_ADDRESS": "0", "COUNTYREAD_LOG_LEVEL": "WARNING"}
RPCL = "1.2.840.10008.1.2.4.202"
FRAMES = "multipart/related; type=application/octet-stream; transfer-syntax="
_SAMPLES = Path(pydicom.data.__file__).parent / "test_files"
_ROWS, _COLUMNS, _BITS = 2500, 2000, 14
_PLUGINS = "/usr/share/orthanc/plugins"


@dataclass(frozen=True)
class Images:
    """A study: its UIDs and files."""

    study: str
    series: str
    instances: Sequence[str]
    files: Sequence[Path]


@dataclass
class Server:
    """Where to ask, with which headers, and whose CPU time it costs."""

    name: str
    url: str
    web: str
    pids: Sequence[int]
    headers: Mapping[str, str] = field(default_factory=dict)

    def series(self, images: Images) -> str:
        """The DICOMweb path of the series."""
        return f"{self.web}/studies/{images.study}/series/{images.series}"

    def instances(self, images: Images) -> list[str]:
        """The DICOMweb paths of its instances."""
        return [f"{self.series(images)}/instances/{uid}" for uid in images.instances]


class OrthancWithWeb(OrthancServer):
    """Orthanc with the plugins that Debian brings."""

    def prepare(self) -> None:
        super().prepare()
        path = self.folder / "orthanc.json"
        settings = json.loads(path.read_text())
        path.write_text(json.dumps({**settings, "Plugins": [_PLUGINS], "HttpThreadsCount": 50}))


def county_in(folder: Path, kind: type[RunningCounty] = RunningCounty, **settings: str) -> RunningCounty:
    """A county of its own, without limits to how often somebody may ask: all of it comes from one address here."""
    more = {**UNLIMITED, "COUNTYREAD_READY_IDLE": "1", **settings}
    county = kind(make_world("embedded", folder, lambda _name: None, **more), folder)
    county.start_seconds = 300
    return county


def served_county(county: RunningCounty) -> Server:
    """The county as a radiologist asks it."""
    person = county.log_in("radiologist")
    headers = {"Authorization": person._http.headers["Authorization"]}
    return Server("County Reading", county.url, "/dicomweb", [county.pids()["api"]], headers)


def served_orthanc(orthanc: OrthancServer) -> Server:
    """Orthanc without authentication."""
    return Server("Orthanc", orthanc.url, "/dicom-web", orthanc.pids)


def radiograph(folder: Path) -> Images:
    """A chest of 2500 x 2000 pixels and 14 bits: soft shapes, sharp edges, and the noise of a detector."""
    folder.mkdir(parents=True)
    y, x = np.mgrid[0:_ROWS, 0:_COLUMNS].astype("f4")
    lungs = sum(np.exp(-(((x - c) / 380) ** 2) - ((y - 1150) / 700) ** 2) for c in (620, 1380))
    ribs = 0.12 * np.sin((y + 0.0006 * (x - 1000) ** 2) / 38).clip(0.55, 1)
    signal = 1500 + 9000 * lungs - 4500 * ribs
    noise = np.random.default_rng(5).normal(0, 1, signal.shape) * np.sqrt(signal.clip(1)) * 0.35
    pixels = (signal + noise).clip(0, (1 << _BITS) - 1).astype("<u2")
    dataset = pydicom.dcmread(_SAMPLES / "CT_small.dcm")
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = generate_uid(), generate_uid()
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    dataset.Modality, dataset.PixelRepresentation = "DX", 0
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.1.1"
    dataset.Rows, dataset.Columns, dataset.BitsStored, dataset.HighBit = _ROWS, _COLUMNS, _BITS, _BITS - 1
    dataset.WindowCenter, dataset.WindowWidth, dataset.RescaleIntercept = 6000, 12000, 0
    dataset.PixelData = pixels.tobytes()
    for keyword in ("SmallestImagePixelValue", "LargestImagePixelValue", "PixelPaddingValue"):
        if keyword in dataset:
            delattr(dataset, keyword)
    path = folder / "dr.dcm"
    dataset.save_as(path)
    return images_of([path])


def images_of(files: Sequence[Path]) -> Images:
    """The UIDs of files of one series."""
    heads = [pydicom.dcmread(path, stop_before_pixels=True) for path in files]
    first = heads[0]
    return Images(first.StudyInstanceUID, first.SeriesInstanceUID, [one.SOPInstanceUID for one in heads], files)


def fill_county(county: RunningCounty, server: Server, images: Images) -> None:
    """Push the study, and wait until its pictures and its frames for slow lines are made."""
    sent = dcmtk.send(county.settings.dicom.port, images.files, calling="T01_CT", called=county.settings.ae_title)
    if not sent.ok:
        raise SystemExit(sent.output[-2000:])
    wait_until_made(server, images)


def wait_until_made(server: Server, images: Images) -> None:
    """The pictures of the study, and its frames for slow lines."""
    with httpx.Client(base_url=server.url, headers=server.headers, timeout=30) as client:
        last = [server.instances(images)[n] for n in (0, -1)]
        wait_until(lambda: all(_is_delivered(client, path) for path in last), 180, "the frames to be made")
        thumbnail = f"/api/v1/studies/{images.study}/thumbnail"
        wait_until(lambda: client.get(thumbnail).is_success, 60, "the pictures to be made")


def _is_delivered(client: httpx.Client, path: str) -> bool:
    answer = client.get(f"{path}/frames/1", headers={"Accept": FRAMES + "*"})
    return answer.is_success and RPCL.encode() in answer.content[:300]


def fill_orthanc(orthanc: OrthancServer, images: Images) -> list[str]:
    """Store the files over REST; Orthanc's identities of the instances."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda path: orthanc.upload([path])[0], images.files))


def small_studies(orthanc: OrthancServer, count: int) -> float:
    """Store so many studies of one tiny image each; seconds."""
    tiny = pydicom.dcmread(_SAMPLES / "MR_small.dcm")
    tiny.Rows = tiny.Columns = 4
    tiny.PixelData = bytes(32)
    buffer = io.BytesIO()
    tiny.save_as(buffer)
    started = time.monotonic()
    with httpx.Client(timeout=60) as client, ThreadPoolExecutor(4) as pool:
        for answer in pool.map(
            lambda number: client.post(f"{orthanc.url}/instances", content=_study(buffer.getvalue(), number)),
            range(1, count + 1),
        ):
            answer.raise_for_status()
    return time.monotonic() - started


def _study(template: bytes, number: int) -> bytes:
    made = pydicom.dcmread(io.BytesIO(template))
    made.PatientID, made.PatientName, made.AccessionNumber = f"P{number // 3}", f"CE^SHI{number}", f"A{number}"
    made.StudyInstanceUID, made.SeriesInstanceUID = f"2.25.10000{number}", f"2.25.20000{number}"
    made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = f"2.25.30000{number}"
    out = io.BytesIO()
    made.save_as(out)
    return out.getvalue()
