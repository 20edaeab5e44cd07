"""The middle of the anatomy stands for a series, a scout never does."""

import pydicom
import pytest
from pydicom import Dataset

from reading_queue.preprocessing.thumbnails import pick_representative, representative_index

AXIAL, SAGITTAL = [1, 0, 0, 0, 1, 0], [0, 1, 0, 0, 0, -1]


def header(**attributes):
    ds = Dataset()
    ds.Rows = 512
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    return ds


def axial(z, number=None, **attributes):
    return header(ImageOrientationPatient=AXIAL, ImagePositionPatient=[0, 0, z], InstanceNumber=number, **attributes)


def test_the_middle_by_position_not_by_number_or_order():
    series = [axial(z, number) for number, z in enumerate([30, -10, 20, 0, 10], start=1)]
    assert pick_representative(series) == 4


def test_a_tilted_gantry_is_sorted_along_its_normal():
    tilted = [1, 0, 0, 0, 0.9397, -0.342]
    series = [header(ImageOrientationPatient=tilted, ImagePositionPatient=[0, -2 * z, z]) for z in (4, 0, 2)]
    assert pick_representative(series) == 2


@pytest.mark.parametrize(
    "scout",
    [
        {"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]},
        {"ImageType": ["DERIVED", "SECONDARY", "OTHER", "CSA SCOUT", "SCOUT"]},
        {"SeriesDescription": "Head Topogram"},
    ],
)
def test_scouts_are_left_out_while_there_are_slices(scout):
    scouts = [header(ImageOrientationPatient=SAGITTAL, ImagePositionPatient=[x, 0, 0], **scout) for x in range(5)]
    assert pick_representative([*scouts, axial(0)]) == 5
    assert pick_representative(scouts) == 2


def test_screen_shots_and_objects_without_rows_are_left_out():
    report, shot = Dataset(), header(ImageType=["DERIVED", "SECONDARY", "SCREEN SAVE"], InstanceNumber=1)
    assert pick_representative([report, shot, axial(3)]) == 2
    assert pick_representative([report, shot]) == 1
    assert pick_representative([report]) == 0


def test_reformatted_slices_of_a_derived_series_still_count():
    series = [axial(z, ImageType=["DERIVED", "SECONDARY", "REFORMATTED"]) for z in (1, 2, 3)]
    assert pick_representative(series) == 1


def test_the_most_frequent_plane_wins():
    stray = header(ImageOrientationPatient=SAGITTAL, ImagePositionPatient=[999, 0, 0])
    assert pick_representative([stray, axial(1), axial(3), axial(2)]) == 3


def test_without_positions_the_instance_number_decides():
    assert pick_representative([header(InstanceNumber=number) for number in (9, 1, 5)]) == 2
    assert pick_representative([header(), header(InstanceNumber=3)]) == 1


def test_an_empty_series_has_none():
    with pytest.raises(ValueError, match="without instances"):
        pick_representative([])


@pytest.mark.parametrize("folder", ["ct_head_ge", "ct_head_philips"])
def test_a_real_head_is_cut_in_the_middle(shared_data, folder):
    if shared_data is None:
        pytest.skip("needs the real studies beside the repository")
    headers = [pydicom.dcmread(path, stop_before_pixels=True) for path in sorted((shared_data / folder).iterdir())]
    heights = sorted(float(one.ImagePositionPatient[2]) for one in headers)
    chosen = float(headers[pick_representative(headers)].ImagePositionPatient[2])
    assert chosen == heights[len(heights) // 2]


@pytest.mark.parametrize(
    "attributes, index",
    [
        ({}, 0),
        ({"NumberOfFrames": 1}, 0),
        ({"NumberOfFrames": 30}, 15),
        ({"NumberOfFrames": 30, "RepresentativeFrameNumber": 3}, 2),
        ({"NumberOfFrames": 30, "RepresentativeFrameNumber": 31}, 15),
    ],
)
def test_the_frame_that_stands_for_an_instance(attributes, index):
    assert representative_index(header(**attributes)) == index
