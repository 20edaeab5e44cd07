"""Overlay planes and display shutters on rendered pictures (PS3.3 C.9.2, C.9.3, C.7.6.11)."""

import numpy as np
import pytest
from pydicom import Dataset

from reading_queue.preprocessing.overlays import (
    OverlayPlane,
    embedded_bit,
    overlay_planes,
    packed_from_pixels,
    with_overlays,
)
from reading_queue.preprocessing.shutters import shuttered
from tests.functional.api.planes import packed, put_overlay

GREY = np.full((6, 8), 100, np.uint8)


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(11).random(shape) < 0.4


def drawn(ds: Dataset, shown: np.ndarray = GREY, frame: int = 1) -> np.ndarray:
    return with_overlays(shown, overlay_planes(ds), lambda group: ds[group, 0x3000].value, frame)


def seen(points: np.ndarray, top: int, left: int) -> np.ndarray:
    """The points of a plane as a mask of the image, one by one."""
    mask = np.zeros(GREY.shape, bool)
    for row, column in zip(*np.nonzero(points), strict=True):
        if 0 <= row + top < mask.shape[0] and 0 <= column + left < mask.shape[1]:
            mask[row + top, column + left] = True
    return mask


class TestPlanes:
    @pytest.mark.parametrize("origin", [(1, 1), (3, 4), (0, -2), (-20, 1), (6, 8), (40, 40)])
    @pytest.mark.parametrize("size", [(6, 8), (3, 5), (9, 11)])
    def test_points_lie_where_the_origin_says_and_no_further_than_the_image(self, origin, size):
        ds, points = Dataset(), noise(*size)
        put_overlay(ds, 0x6004, points, origin=origin)
        expected = np.where(seen(points, origin[0] - 1, origin[1] - 1), 255, 100)
        np.testing.assert_array_equal(drawn(ds), expected)

    def test_several_planes_lie_on_each_other(self):
        ds, planes = Dataset(), noise(3, 6, 8)
        for group, points in zip((0x6000, 0x6002, 0x601E), planes, strict=True):
            put_overlay(ds, group, points)
        np.testing.assert_array_equal(drawn(ds) == 255, planes.any(axis=0))

    @pytest.mark.parametrize("first", [None, 1, 3])
    def test_each_bitmap_lies_on_its_frame(self, first):
        ds, points = Dataset(), noise(3, 5, 7)
        put_overlay(ds, 0x6000, points, first_frame=first)
        for frame in range(1, 8):
            index = frame - (first or 1)
            expected = seen(points[index], 0, 0) if 0 <= index < 3 else np.zeros(GREY.shape, bool)
            np.testing.assert_array_equal(drawn(ds, frame=frame) == 255, expected)

    def test_a_plane_without_frames_lies_on_all(self):
        ds = Dataset()
        put_overlay(ds, 0x6000, noise(6, 8))
        np.testing.assert_array_equal(drawn(ds, frame=9), drawn(ds, frame=1))

    def test_regions_let_the_picture_shine_through(self):
        ds, points = Dataset(), noise(6, 8)
        put_overlay(ds, 0x6000, points, kind="R")
        shown = drawn(ds)
        assert shown.shape == (6, 8, 3)
        assert set(map(tuple, shown[points])) == {(92, 146, 138)}
        assert (shown[~points] == 100).all()
        colour = np.repeat(GREY[..., np.newaxis], 3, axis=-1)
        np.testing.assert_array_equal(drawn(ds, colour), shown)

    def test_data_that_ends_early_sets_no_points(self):
        ds = Dataset()
        put_overlay(ds, 0x6000, np.ones((6, 8), bool))
        ds[0x6000, 0x3000].value = b"\xff\xff"
        assert (drawn(ds) == 255).sum() == 16
        ds[0x6000, 0x3000].value = b""
        assert drawn(ds) is GREY

    def test_what_has_no_size_is_no_plane(self):
        ds = Dataset()
        put_overlay(ds, 0x6000, noise(6, 8))
        for rows in (0, None):
            ds[0x6000, 0x0010].value = rows
            assert overlay_planes(ds) == []
        del ds[0x6000, 0x0010]
        assert OverlayPlane.of(ds, 0x6000) is None


class TestPlanesInPixels:
    @pytest.mark.parametrize("bits", [8, 16, 32])
    @pytest.mark.parametrize("order", ["<", ">"])
    def test_one_bit_of_each_pixel(self, bits, order):
        points = noise(3, 5)
        cells = (
            np.arange(15, dtype=f"u{bits // 8}").reshape(3, 5) | (points.astype(f"u{bits // 8}") << (bits - 1))
        ) & (2**bits - 1)
        data = cells.astype(f"{order}u{bits // 8}").tobytes()
        assert packed_from_pixels(data, bits, bits - 1, little_endian=order == "<") == packed(points)

    def test_a_bit_that_pixels_do_not_have(self):
        for allocated, bit in ((1, 0), (16, 16), (0, 3), (16, -1)):
            with pytest.raises(ValueError):
                packed_from_pixels(b"\0\0", allocated, bit)

    def test_which_planes_are_kept_there(self):
        ds = Dataset()
        put_overlay(ds, 0x6000, noise(6, 8))
        assert embedded_bit(ds, 0x6000) is None
        ds[0x6000, 0x0102].value = 13
        assert embedded_bit(ds, 0x6000) == 13
        ds[0x6000, 0x0102].value, ds[0x6000, 0x0100].value = 0, 16
        assert embedded_bit(ds, 0x6000) == 0


class TestShutters:
    def test_a_rectangle_is_seen_with_its_edges(self):
        ds = Dataset()
        ds.ShutterShape = "RECTANGULAR"
        ds.ShutterLeftVerticalEdge, ds.ShutterRightVerticalEdge = 3, 6
        ds.ShutterUpperHorizontalEdge, ds.ShutterLowerHorizontalEdge = 2, 4
        shown = shuttered(GREY, ds)
        assert (shown[1:4, 2:6] == 100).all()
        assert (shown == 100).sum() == 12
        assert set(shown.ravel()) == {0, 100}

    def test_a_circle_counts_in_widths_of_a_pixel(self):
        ds = Dataset()
        ds.ShutterShape, ds.CenterOfCircularShutter, ds.RadiusOfCircularShutter = "CIRCULAR", [10, 12], 6
        image = np.full((24, 24), 100, np.uint8)
        seen = shuttered(image, ds) == 100
        assert (seen.any(axis=1).sum(), seen.any(axis=0).sum()) == (13, 13)
        assert seen[9, 5:18].all()
        tall = shuttered(image, ds, aspect=2.0) == 100
        assert (tall.any(axis=1).sum(), tall.any(axis=0).sum()) == (7, 13)

    def test_shapes_cover_what_any_of_them_covers(self):
        ds = Dataset()
        ds.ShutterShape = ["POLYGONAL", "RECTANGULAR"]
        ds.VerticesOfThePolygonalShutter = [1, 1, 1, 20, 20, 1]
        ds.ShutterLeftVerticalEdge, ds.ShutterRightVerticalEdge = 1, 20
        ds.ShutterUpperHorizontalEdge, ds.ShutterLowerHorizontalEdge = 1, 5
        ds.ShutterPresentationValue = 0x8080
        shown = shuttered(np.full((20, 20), 255, np.uint8), ds)
        assert (shown[0, 2], shown[4, 2], shown[5, 2], shown[4, 18], shown[19, 19]) == (255, 255, 128, 128, 128)

    def test_a_shape_without_its_places_covers_nothing(self):
        for shape in ("RECTANGULAR", "CIRCULAR", "POLYGONAL", "BITMAP", "HEXAGONAL"):
            ds = Dataset()
            ds.ShutterShape = shape
            assert shuttered(GREY, ds) is GREY
        assert shuttered(GREY, Dataset()) is GREY
