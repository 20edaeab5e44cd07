"""Figures against numbers that numpy and plain trigonometry give, by the rules of docs/measuring.md."""

import math

import numpy as np
import pydicom
import pytest
from pydicom import Dataset
from pydicom.data import get_testdata_file

from reading_queue.measuring.geometry import geometric_figures
from reading_queue.measuring.spacing import Scale, scale_of
from reading_queue.measuring.statistics import value_figures
from storage.domain.measuring import Figure, MeasurementKind, Points, SpacingMethod

Kind = MeasurementKind
MM = Scale(SpacingMethod.PATIENT, 0.5, 0.5, "mm", "mm")


def _said(figures: list[Figure]) -> dict[str, tuple[float, str]]:
    return {one["name"]: (pytest.approx(one["value"], abs=1e-5), one["unit"]) for one in figures}


def _header(**elements: object) -> dict[str, object]:
    ds = Dataset()
    for keyword, value in elements.items():
        setattr(ds, keyword, value)
    return ds.to_json_dict()


def test_a_length_counts_rows_and_columns_by_their_own_spacing() -> None:
    header = _header(Modality="MR", PixelSpacing=[0.8, 0.5])
    points = [(10.0, 20.0), (40.0, 60.0)]
    scale = scale_of(header, 1, points)
    expected = math.sqrt((30 * 0.5) ** 2 + (40 * 0.8) ** 2)
    assert _said(geometric_figures(Kind.LENGTH, points, scale)) == {"length": (expected, "mm")}
    assert scale.method == SpacingMethod.PATIENT


@pytest.mark.parametrize(
    "points, degrees",
    [
        ([(10, 0), (0, 0), (0, 10)], 90.0),
        ([(10, 0), (0, 0), (10, 10)], 45.0),
        ([(10, 0), (0, 0), (-10, 0)], 180.0),
        ([(10, -1), (0, 0), (-10, -1)], 180 - 2 * math.degrees(math.atan(0.1))),
    ],
)
def test_an_angle_is_between_its_arms(points: Points, degrees: float) -> None:
    assert _said(geometric_figures(Kind.ANGLE, points, MM)) == {"angle": (degrees, "deg")}


@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize("tilt", [10.0, 25.0, 50.0])
def test_a_cobb_angle_does_not_mind_which_end_was_drawn_first(tilt: float, flipped: bool) -> None:  # noqa: FBT001
    x, y = 100 * math.cos(math.radians(tilt)), 100 * math.sin(math.radians(tilt))
    upper = [(100.0, 100.0), (100 + x, 100 + y)]
    lower = [(100.0, 300.0), (100 + x, 300 - y)]
    points = [*(upper[::-1] if flipped else upper), *lower]
    assert _said(geometric_figures(Kind.COBB, points, MM)) == {"cobb": (2 * tilt, "deg")}


def test_the_heart_is_measured_along_the_chest() -> None:
    turned = math.radians(7)

    def turn(points: Points) -> Points:
        c, s = math.cos(turned), math.sin(turned)
        return [(x * c - y * s + 300, x * s + y * c + 100) for x, y in points]

    upright = [(0.0, 200.0), (280.0, 200.0), (70.0, 120.0), (210.0, 180.0)]
    for points in (upright, turn(upright)):
        assert _said(geometric_figures(Kind.CARDIOTHORACIC, points, MM)) == {
            "ratio": (50.0, "%"),
            "heart": (70.0, "mm"),
            "chest": (140.0, "mm"),
        }


@pytest.mark.parametrize(
    "elements, method, row, column",
    [
        ({"Modality": "CT", "PixelSpacing": [0.7, 0.6]}, "patient", 0.7, 0.6),
        ({"Modality": "DX", "ImagerPixelSpacing": [0.2, 0.2]}, "detector", 0.2, 0.2),
        ({"Modality": "DX", "PixelSpacing": [0.2, 0.2], "ImagerPixelSpacing": [0.2, 0.2]}, "detector", 0.2, 0.2),
        ({"Modality": "CR", "PixelSpacing": [0.2, 0.2]}, "detector", 0.2, 0.2),
        ({"Modality": "DX", "PixelSpacing": [0.16, 0.16], "ImagerPixelSpacing": [0.2, 0.2]}, "calibrated", 0.16, 0.16),
        (
            {"Modality": "DX", "PixelSpacing": [0.2, 0.2], "PixelSpacingCalibrationType": "FIDUCIAL"},
            "calibrated",
            0.2,
            0.2,
        ),
        (
            {"Modality": "DX", "ImagerPixelSpacing": [0.2, 0.2], "EstimatedRadiographicMagnificationFactor": 1.25},
            "magnification",
            0.16,
            0.16,
        ),
        ({"Modality": "OT", "NominalScannedPixelSpacing": [0.1, 0.1]}, "film", 0.1, 0.1),
        ({"Modality": "OT"}, "pixels", 1.0, 1.0),
        ({"Modality": "CT", "PixelSpacing": [0, 0]}, "pixels", 1.0, 1.0),
    ],
)
def test_it_is_known_where_the_size_of_a_pixel_comes_from(
    elements: dict[str, object], method: str, row: float, column: float
) -> None:
    scale = scale_of(_header(**elements), 1, [(0, 0)])
    assert (scale.method, scale.y, scale.x) == (method, pytest.approx(row), pytest.approx(column))


def _measures(row: float, column: float) -> Dataset:
    measures, group = Dataset(), Dataset()
    measures.PixelSpacing = [row, column]
    group.PixelMeasuresSequence = [measures]
    return group


def test_an_enhanced_object_has_its_spacing_in_functional_groups() -> None:
    frames = [_measures(0.1 * n, 0.2 * n) for n in (1, 2, 3)]
    of_frames = _header(Modality="MR", PerFrameFunctionalGroupsSequence=frames)
    shared = _header(Modality="MR", SharedFunctionalGroupsSequence=[_measures(0.7, 0.6)])
    for header, row, column in ((of_frames, 0.3, 0.6), (shared, 0.7, 0.6)):
        scale = scale_of(header, 3, [(0, 0)])
        assert (scale.y, scale.x) == (pytest.approx(row), pytest.approx(column))


def _region(
    box: tuple[int, int, int, int], units: tuple[int, int], deltas: tuple[float, float], **more: object
) -> Dataset:
    ds = Dataset()
    (ds.RegionLocationMinX0, ds.RegionLocationMinY0, ds.RegionLocationMaxX1, ds.RegionLocationMaxY1) = box
    ds.PhysicalUnitsXDirection, ds.PhysicalUnitsYDirection = units
    ds.PhysicalDeltaX, ds.PhysicalDeltaY = deltas
    for keyword, value in more.items():
        setattr(ds, keyword, value)
    return ds


CM, SECONDS, CM_PER_S = 3, 4, 7
ULTRASOUND = _header(
    Modality="US",
    SequenceOfUltrasoundRegions=[
        _region((0, 0, 299, 199), (CM, CM), (0.02, 0.02)),
        _region(
            (0, 200, 299, 399),
            (SECONDS, CM_PER_S),
            (0.005, -0.5),
            ReferencePixelY0=100,
            ReferencePixelPhysicalValueY=0.0,
        ),
        _region((300, 0, 599, 199), (SECONDS, CM), (0.01, 0.02)),
    ],
)


@pytest.mark.parametrize(
    "points, figures, method",
    [
        ([(10, 10), (40, 50)], {"length": (1.0, "cm")}, "region"),
        ([(310, 10), (410, 60)], {"time": (1.0, "s"), "distance": (1.0, "cm")}, "region"),
        ([(10, 210), (110, 250)], {"time": (0.5, "s"), "velocity": (20.0, "cm/s")}, "region"),
        ([(10, 190), (10, 210)], {"length": (20.0, "px")}, "uncalibrated"),
        ([(10, 450), (10, 460)], {"length": (10.0, "px")}, "uncalibrated"),
    ],
)
def test_ultrasound_is_measured_region_by_region(
    points: Points, figures: dict[str, tuple[float, str]], method: str
) -> None:
    scale = scale_of(ULTRASOUND, 1, points)
    assert scale.method == method
    assert _said(geometric_figures(Kind.LENGTH, points, scale)) == figures


def test_a_point_in_a_doppler_region_has_a_velocity_and_no_angle() -> None:
    at = [(10.0, 260.5)]
    assert _said(geometric_figures(Kind.PROBE, at, scale_of(ULTRASOUND, 1, at))) == {"velocity": (20.0, "cm/s")}
    corner = [(10.0, 210.0), (20.0, 220.0), (30.0, 210.0)]
    assert geometric_figures(Kind.ANGLE, corner, scale_of(ULTRASOUND, 1, corner)) == []


def _membership(ds: Dataset, values: np.ndarray, points: Points, *, ellipse: bool) -> list[float]:
    """The rule once more, pixel by pixel: its centre lies in the closed shape."""
    (x1, x2), (y1, y2) = (sorted(axis) for axis in zip(*points, strict=True))
    found = []
    for row in range(ds.Rows):
        for column in range(ds.Columns):
            x, y = column + 0.5, row + 0.5
            if ellipse:
                inside = ((x - (x1 + x2) / 2) / ((x2 - x1) / 2)) ** 2 + (
                    (y - (y1 + y2) / 2) / ((y2 - y1) / 2)
                ) ** 2 <= 1
            else:
                inside = x1 <= x <= x2 and y1 <= y <= y2
            if inside:
                found.append(float(values[row, column]))
    return found


@pytest.mark.parametrize("kind", [Kind.ELLIPSE, Kind.RECTANGLE])
@pytest.mark.parametrize("name, unit", [("CT_small.dcm", "HU"), ("MR_small.dcm", "")])
def test_values_inside_a_shape(name: str, unit: str, kind: MeasurementKind) -> None:
    ds = pydicom.dcmread(get_testdata_file(name, download=False))
    hounsfield = ds.pixel_array * float(ds.get("RescaleSlope", 1)) + float(ds.get("RescaleIntercept", 0))
    points = [(11.2, 40.0), (37.5, 16.75)]
    inside = _membership(ds, hounsfield, points, ellipse=kind is Kind.ELLIPSE)
    assert _said(value_figures(ds, 1, kind, points)) == {
        "mean": (sum(inside) / len(inside), unit),
        "sd": (math.sqrt(sum((one - sum(inside) / len(inside)) ** 2 for one in inside) / len(inside)), unit),
        "min": (min(inside), unit),
        "max": (max(inside), unit),
    }
    scale = scale_of(ds.to_json_dict(), 1, points)
    row, column = (float(one) for one in ds.PixelSpacing)
    share = math.pi / 4 if kind is Kind.ELLIPSE else 1
    area = share * (37.5 - 11.2) * column * (40 - 16.75) * row
    assert _said(geometric_figures(kind, points, scale)) == {"area": (area, "mm2")}


def test_a_probe_tells_the_pixel_that_it_stands_in() -> None:
    ds = pydicom.dcmread(get_testdata_file("CT_small.dcm", download=False))
    for point, (row, column) in (((5.999, 7.0), (7, 5)), ((6.0, 7.0), (7, 6)), ((128.0, 128.0), (127, 127))):
        (found,) = value_figures(ds, 1, Kind.PROBE, [point])
        stored = int(ds.pixel_array[row, column])
        assert (found["value"], found["unit"]) == (stored * ds.RescaleSlope + ds.RescaleIntercept, "HU")


def test_colours_and_empty_shapes_have_no_values() -> None:
    colour = pydicom.dcmread(get_testdata_file("SC_rgb_rle.dcm", download=False))
    assert value_figures(colour, 1, Kind.ELLIPSE, [(0, 0), (50, 50)]) == []
    ct = pydicom.dcmread(get_testdata_file("CT_small.dcm", download=False))
    assert value_figures(ct, 1, Kind.RECTANGLE, [(3.6, 3.6), (3.7, 3.7)]) == []
    assert value_figures(ct, 1, Kind.ELLIPSE, [(3.6, 3.6), (3.6, 9.0)]) == []
