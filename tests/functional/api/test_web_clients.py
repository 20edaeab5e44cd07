"""Programs of others against our DICOMweb services: the dicomweb-client library, and Orthanc's DICOMweb plugin."""

import io
from collections.abc import Iterator
from urllib.parse import urlsplit

import numpy as np
import pytest
import requests
from dicomweb_client import DICOMwebClient
from pydicom import dcmread

from tests.functional.api.images import ct_image
from tests.functional.api.test_wado import color_image, short_uid, stored
from tests.functional.api.township import Township
from tests.services.orthanc import OrthancServer
from tests.services.waiting import wait_until

J2K = "1.2.840.10008.1.2.4.90"


def library(township: Township, who: str) -> DICOMwebClient:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {township.token(who)}"
    return DICOMwebClient(url=f"{township.url}/dicomweb", session=session)


@pytest.fixture
def study(archive: Township) -> str:
    """Two slices in one series."""
    uid = short_uid()
    for number in (1, 2):
        data = ct_image(number, StudyInstanceUID=uid, SeriesInstanceUID=f"{uid}.1", PatientID=uid[-8:])
        archive.image(data)
    return uid


def test_the_library_searches(archive: Township, study: str) -> None:
    client = library(archive, "radiologist")
    (found,) = client.search_for_studies(search_filters={"PatientID": f"{study[-8:]}*"}, fields=["PatientName"])
    assert found["0020000D"]["Value"] == [study]
    assert len(client.search_for_series(study)) == 1
    assert len(client.search_for_instances(study, limit=1)) == 1
    assert len(client.search_for_instances(study, limit=1, get_remaining=True)) == 2
    assert client.search_for_studies(search_filters={"StudyDate": "19000101"}) == []
    with pytest.raises(requests.HTTPError, match="400"):
        client.search_for_studies(search_filters={"StudyDate": "x"})


def test_the_library_retrieves(archive: Township, study: str) -> None:
    client = library(archive, "radiologist")
    whole = client.retrieve_study(study)
    assert [one.InstanceNumber for one in whole] == [1, 2]
    series, sop = whole[0].SeriesInstanceUID, whole[0].SOPInstanceUID
    assert len(list(client.iter_series(study, series))) == 2
    packed = client.retrieve_instance(study, series, sop, media_types=(("application/dicom", J2K),))
    assert packed.file_meta.TransferSyntaxUID == J2K
    np.testing.assert_array_equal(packed.pixel_array, whole[0].pixel_array)
    metadata = client.retrieve_series_metadata(study, series)
    assert len(metadata) == len(client.retrieve_study_metadata(study)) == 2
    (frame,) = client.retrieve_instance_frames(study, series, sop, [1])
    assert frame == whole[0].PixelData
    (frame,) = client.retrieve_instance_frames(study, series, sop, [1], media_types=(("image/jp2", J2K),))
    assert frame.startswith(b"\xff\x4f\xff\x51")
    assert client.retrieve_instance_rendered(study, series, sop, media_types=("image/png",)).startswith(b"\x89PNG")
    # The library's Host header lacks the port, and addresses in answers are made of it.
    url = f"{archive.url}{urlsplit(metadata[0]['7FE00010']['BulkDataURI']).path}"
    assert client.retrieve_bulkdata(url) == [whole[0].PixelData]
    movie = stored(archive, color_image(2)).split("/")
    rendered = client.retrieve_instance_frames_rendered(*movie[3::2], [2], media_types=("image/jpeg",))
    assert rendered.startswith(b"\xff\xd8")


def test_the_library_stores(archive: Township) -> None:
    client = library(archive, "clinic01")
    made = dcmread(io.BytesIO(ct_image()))
    answer = client.store_instances([made])
    assert [item.ReferencedSOPInstanceUID for item in answer.ReferencedSOPSequence] == [made.SOPInstanceUID]
    assert list((archive.settings.spool / "web").glob("*.dcm"))


@pytest.fixture(scope="module")
def web_orthanc() -> Iterator[OrthancServer]:
    with OrthancServer("WEBPEER", dicomweb=True) as server:
        yield server


def test_orthanc_searches_retrieves_and_stores(archive: Township, web_orthanc: OrthancServer, study: str) -> None:
    web_orthanc.add_dicomweb_server("county", f"{archive.url}/dicomweb/", archive.token("radiologist"))
    found = web_orthanc.search_dicomweb("county", "/studies", PatientID=f"{study[-8:]}*")
    assert len(found) == 1
    web_orthanc.retrieve_dicomweb("county", study)
    held = web_orthanc.instances()
    files = [dcmread(io.BytesIO(web_orthanc.file(one))) for one in held]
    assert {one.StudyInstanceUID for one in files} == {study}
    assert len(files) == 2
    for path in (archive.settings.spool / "web").glob("*.dcm"):
        path.unlink()
    web_orthanc.add_dicomweb_server("county", f"{archive.url}/dicomweb/", archive.token("clinic01"))
    web_orthanc.store_dicomweb("county", held)
    kept = wait_until(lambda: list((archive.settings.spool / "web").glob("*.dcm")), 30, "the objects in the spool")
    assert {dcmread(path).SOPInstanceUID for path in kept or []} <= {one.SOPInstanceUID for one in files}
