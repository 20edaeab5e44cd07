"""Grey values against the formulas of PS3.3 C.11, written out here once more by hand."""

import math

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.pixels import apply_modality_lut, apply_voi_lut
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRBigEndian

from reading_queue.preprocessing.decoding import UndecodableImage, read_dataset
from reading_queue.preprocessing.windowing import to_display
from tests.unit.reading_queue.preprocessing.images import image, own_file

VALUES = np.arange(-50, 206, dtype="<i2").reshape(16, 16)


def item(**attributes):
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


def linear(x, center, width):
    """C.11.2.1.2.1, equation by equation."""
    if x <= center - 0.5 - (width - 1) / 2:
        return 0
    if x > center - 0.5 + (width - 1) / 2:
        return 255
    return ((x - (center - 0.5)) / (width - 1) + 0.5) * 255


def linear_exact(x, center, width):
    """C.11.2.1.3.2."""
    if x <= center - width / 2:
        return 0
    return 255 if x > center + width / 2 else ((x - center) / width + 0.5) * 255


def sigmoid(x, center, width):
    """C.11.2.1.3.1."""
    return 255 / (1 + math.exp(-4 * (x - center) / width))


@pytest.mark.parametrize("function", [linear, linear_exact, sigmoid])
@pytest.mark.parametrize("center, width", [(40, 80), (0, 100), (100.5, 33.5), (50, 1), (20, 4000)])
def test_windows_follow_the_formulas(function, center, width):
    ds = image(VALUES, WindowCenter=center, WindowWidth=width, VOILUTFunction=function.__name__.upper())
    expected = [[function(int(x), center, width) for x in row] for row in VALUES]
    assert np.abs(to_display(ds) - np.array(expected)).max() <= 0.5 + 1e-6


def test_rescale_comes_before_the_window():
    ds = image(VALUES, RescaleSlope=2, RescaleIntercept=-1024, WindowCenter=-950, WindowWidth=200)
    expected = [[linear(2 * int(x) - 1024, -950, 200) for x in row] for row in VALUES]
    assert np.abs(to_display(ds) - np.array(expected)).max() <= 0.5 + 1e-6


def test_the_first_of_several_windows_counts():
    several = image(VALUES, WindowCenter=[40, 500], WindowWidth=[80, 2000])
    assert (to_display(several) == to_display(image(VALUES, WindowCenter=40, WindowWidth=80))).all()


def test_a_window_asked_for_replaces_the_declared_one():
    ds = image(VALUES, WindowCenter=500, WindowWidth=10)
    assert (to_display(ds, 0, (40, 80)) == to_display(image(VALUES, WindowCenter=40, WindowWidth=80))).all()
    with pytest.raises(ValueError, match="width"):
        to_display(ds, 0, (40, 0))


@pytest.mark.parametrize("width", [0, -5, 0.5])
def test_a_declared_window_without_sense_is_ignored(width):
    shown = to_display(image(VALUES, WindowCenter=40, WindowWidth=width))
    assert shown.min() == 0
    assert shown.max() == 255


class TestInversion:
    PLAIN = to_display(image(VALUES, WindowCenter=77, WindowWidth=200))

    @pytest.mark.parametrize(
        "attributes",
        [
            {"PhotometricInterpretation": "MONOCHROME1"},
            {"PresentationLUTShape": "INVERSE"},
            {"PhotometricInterpretation": "MONOCHROME1", "PresentationLUTShape": "INVERSE"},
            {"PhotometricInterpretation": "MONOCHROME1", "PresentationLUTShape": "IDENTITY"},
        ],
    )
    def test_inverted_once(self, attributes):
        shown = to_display(image(VALUES, WindowCenter=77, WindowWidth=200, **attributes))
        assert np.abs(shown.astype(int) - (255 - self.PLAIN.astype(int))).max() <= 1

    def test_identity_changes_nothing(self):
        shown = to_display(image(VALUES, WindowCenter=77, WindowWidth=200, PresentationLUTShape="IDENTITY"))
        assert (shown == self.PLAIN).all()


class TestComputedWindow:
    def test_outliers_do_not_darken_the_picture(self):
        values = np.tile(np.linspace(100, 200, 100).astype("<i2"), (100, 1))
        values[0, :3] = 30000
        shown = to_display(image(values))
        assert shown[50, 10] < 60
        assert shown[50, 90] > 200

    @pytest.mark.parametrize(
        "padding", [{"PixelPaddingValue": -2000}, {"PixelPaddingValue": -2000, "PixelPaddingRangeLimit": -1900}]
    )
    def test_padding_does_not_count(self, padding):
        values = np.full((64, 64), -2000, "<i2")
        values[16:48, 16:48] = np.linspace(0, 100, 32).astype("<i2")
        if "PixelPaddingRangeLimit" in padding:
            values[:8] = -1950
        shown = to_display(image(values, **padding))
        assert shown[0, 0] == 0
        assert 110 <= shown[32, 32] <= 145

    @pytest.mark.parametrize("value", [0, 7])
    def test_a_flat_picture_is_no_error(self, value):
        assert len(np.unique(to_display(image(np.full((8, 8), value, "<u2"))))) == 1

    def test_8_bit_pictures_keep_their_greys(self):
        greys = np.arange(20, 120, dtype="u1").reshape(10, 10)
        assert (to_display(image(greys)) == greys).all()

    def test_padding_everywhere_is_no_error(self):
        assert to_display(image(np.full((8, 8), 5, "<i2"), PixelPaddingValue=5)).shape == (8, 8)

    def test_nan_in_float_pixels_is_black(self):
        values = np.linspace(0, 1, 64, dtype="<f4").reshape(8, 8)
        values[0, 0] = np.nan
        ds = image(values.view("<u4"))
        del ds.PixelData
        ds.FloatPixelData = values.tobytes()
        shown = to_display(ds)
        assert shown[0, 0] == 0
        assert shown[7, 7] == 255


class TestLookupTables:
    @staticmethod
    def voi(bits=8, first=0, entries=(0, 50, 100, 255)):
        return Sequence([item(LUTDescriptor=[len(entries), first, bits], LUTData=list(entries))])

    def test_a_voi_lut_clamps_at_both_ends(self):
        values = np.array([[0, 1, 2, 3, 4, 900]], "<u2")
        shown = to_display(image(values, VOILUTSequence=self.voi(first=1)))
        assert shown.tolist() == [[0, 0, 50, 100, 255, 255]]

    def test_a_voi_lut_goes_before_a_window(self):
        values = np.array([[0, 1, 2, 3]], "<u2")
        ds = image(values, VOILUTSequence=self.voi(), WindowCenter=2, WindowWidth=1)
        assert to_display(ds).tolist() == [[0, 50, 100, 255]]

    def test_a_12_bit_voi_lut_is_scaled_by_its_bits(self):
        values = np.array([[0, 1, 2, 3]], "<u2")
        ds = image(values, VOILUTSequence=self.voi(bits=12, entries=(0, 1024, 2048, 4095)))
        assert to_display(ds).tolist() == [[0, 64, 128, 255]]

    def test_entries_shallower_than_declared_are_not_shown_black(self):
        values = np.array([[0, 1, 2, 3]], "<u2")
        ds = image(values, VOILUTSequence=self.voi(bits=16, entries=(0, 300, 600, 1023)))
        assert to_display(ds).tolist() == [[0, 75, 150, 255]]

    @pytest.mark.parametrize("descriptor", [[], [4, 0], [4, 0, 99]])
    def test_a_damaged_voi_lut_is_no_error(self, descriptor):
        table = Sequence([item(LUTDescriptor=descriptor, LUTData=[0, 1, 2, 3] if descriptor[2:] else [])])
        values = np.array([[0, 1, 2, 3]], "<u2")
        assert to_display(image(values, VOILUTSequence=table)).shape == (1, 4)

    def test_a_modality_lut_replaces_rescale(self):
        table = Sequence([item(LUTDescriptor=[3, 10, 16], LUTData=[100, 50, 200])])
        values = np.array([[9, 10, 11, 12, 13]], "<u2")
        ds = image(
            values, ModalityLUTSequence=table, RescaleSlope=7, RescaleIntercept=1, WindowCenter=100.5, WindowWidth=201
        )
        expected = [linear(x, 100.5, 201) for x in (100, 100, 50, 200, 200)]
        assert np.abs(to_display(ds) - expected).max() <= 1

    def test_the_modality_lut_of_angiography_is_not_for_display(self):
        table = Sequence([item(LUTDescriptor=[3, 0, 16], LUTData=[200, 100, 0])])
        values = np.array([[0, 1, 2]], "<u2")
        ds = image(values, Modality="XA", PixelIntensityRelationship="LOG", ModalityLUTSequence=table)
        assert to_display(ds).tolist() == [[0, 128, 255]]

    @pytest.mark.filterwarnings("ignore::UserWarning")
    def test_tables_and_windows_agree_with_pydicom_on_a_real_file(self):
        ds = read_dataset(own_file("examples_overlay.dcm").read_bytes())
        reference = apply_voi_lut(apply_modality_lut(ds.pixel_array, ds), ds, index=0)
        scaled = np.clip(reference / ((1 << ds.BitsStored) - 1) * 255, 0, 255)
        assert np.abs(to_display(ds) - scaled).max() <= 1


class TestFrames:
    def enhanced(self, *, per_frame=True):
        values = np.stack([VALUES, VALUES])
        ds = image(VALUES, NumberOfFrames=2, PixelData=values.tobytes())
        windows = [(40, 80), (100, 50)]
        groups = [
            item(
                FrameVOILUTSequence=Sequence([item(WindowCenter=center, WindowWidth=width)]),
                PixelValueTransformationSequence=Sequence([item(RescaleSlope=1, RescaleIntercept=place * 10)]),
            )
            for place, (center, width) in enumerate(windows)
        ]
        if per_frame:
            ds.PerFrameFunctionalGroupsSequence = Sequence(groups)
        else:
            ds.SharedFunctionalGroupsSequence = Sequence(groups[1:])
        return ds

    def test_every_frame_has_its_own_window_and_rescale(self):
        ds = self.enhanced()
        assert np.abs(to_display(ds, 0) - [[linear(int(x), 40, 80) for x in row] for row in VALUES]).max() <= 0.51
        assert np.abs(to_display(ds, 1) - [[linear(int(x) + 10, 100, 50) for x in row] for row in VALUES]).max() <= 0.51

    def test_shared_groups_hold_for_every_frame(self):
        ds = self.enhanced(per_frame=False)
        assert (to_display(ds, 0) == to_display(ds, 1)).all()
        assert np.abs(to_display(ds, 0) - [[linear(int(x) + 10, 100, 50) for x in row] for row in VALUES]).max() <= 0.51


class TestPalette:
    def palette(self, entries, bits=8, first=0, **attributes):
        """Entries are (red, green, blue); 8 bit ones are packed as bytes."""
        columns = list(zip(*entries, strict=True))
        made = {}
        for colour, column in zip(("Red", "Green", "Blue"), columns, strict=True):
            made[f"{colour}PaletteColorLookupTableDescriptor"] = [len(entries), first, bits]
            made[f"{colour}PaletteColorLookupTableData"] = np.array(column, "u1" if bits == 8 else "<u2").tobytes()
        return {"PhotometricInterpretation": "PALETTE COLOR", **made, **attributes}

    COLOURS = ((0, 0, 0), (255, 0, 0), (0, 255, 0), (10, 20, 30))

    def test_8_bit_entries(self):
        shown = to_display(image(np.array([[0, 1, 2, 3, 9]], "u1"), **self.palette(self.COLOURS)))
        assert shown.tolist() == [[*map(list, self.COLOURS), [10, 20, 30]]]

    def test_16_bit_entries(self):
        wide = [tuple(part * 257 for part in colour) for colour in self.COLOURS]
        shown = to_display(image(np.array([[0, 1, 2, 3]], "u1"), **self.palette(wide, bits=16)))
        assert shown.tolist() == [[*map(list, self.COLOURS)]]

    def test_16_bit_entries_that_hold_8_bits(self):
        shown = to_display(image(np.array([[0, 1, 2, 3]], "u1"), **self.palette(self.COLOURS, bits=16)))
        assert shown.tolist() == [[*map(list, self.COLOURS)]]

    def test_values_below_the_first_take_the_first_colour(self):
        shown = to_display(image(np.array([[0, 100, 101]], "<u2"), **self.palette(self.COLOURS, first=100)))
        assert shown.tolist() == [[[0, 0, 0], [0, 0, 0], [255, 0, 0]]]

    def test_big_endian_entries(self):
        wide = np.array([part * 257 for colour in self.COLOURS for part in colour], ">u2").reshape(-1, 3)
        made = self.palette(self.COLOURS, bits=16)
        for colour, column in zip(("Red", "Green", "Blue"), wide.T, strict=True):
            made[f"{colour}PaletteColorLookupTableData"] = column.tobytes()
        shown = to_display(image(np.array([[1, 3]], "u1"), syntax=ExplicitVRBigEndian, **made))
        assert shown.tolist() == [[[255, 0, 0], [10, 20, 30]]]

    def segmented(self, words, entries, bits=16):
        data = np.array(words, "<u2" if bits == 16 else "u1").tobytes()
        attributes = {"PhotometricInterpretation": "PALETTE COLOR"}
        for colour in ("Red", "Green", "Blue"):
            attributes[f"{colour}PaletteColorLookupTableDescriptor"] = [entries, 0, bits]
            attributes[f"Segmented{colour}PaletteColorLookupTableData"] = data
        return attributes

    def shown_reds(self, words, entries, bits):
        indices = np.arange(entries, dtype="u1").reshape(1, -1)
        return to_display(image(indices, **self.segmented(words, entries, bits)))[0, :, 0].tolist()

    def test_discrete_and_linear_segments(self):
        words = [0, 2, 0, 0, 1, 4, 0xFF00, 0, 1, 0x8000]
        assert self.shown_reds(words, 7, 16) == [0, 0, 0x3F, 0x7F, 0xBF, 0xFF, 0x80]

    def test_an_indirect_segment_repeats_earlier_ones_at_a_byte_offset(self):
        words = [0, 1, 0, 0, 2, 0x1000, 0x2000, 1, 2, 0x4000, 2, 2, 6, 0]
        assert self.shown_reds(words, 9, 16) == [0, 0x10, 0x20, 0x30, 0x40, 0x10, 0x20, 0x30, 0x40]

    def test_8_bit_segments(self):
        words = [0, 2, 0, 100, 1, 2, 200, 2, 1, 0, 0, 0, 0]
        assert self.shown_reds(words, 6, 8) == [0, 100, 150, 200, 0, 100]

    @pytest.mark.parametrize(
        "words", [[1, 4, 9], [7, 7, 7], [2, 1, 0, 0], [0, 1, 5, 2, 1, 6, 0], [0, 1, 5, 2, 900, 0, 0, 0]]
    )
    def test_damaged_segments_are_refused(self, words):
        ds = image(np.zeros((2, 2), "u1"), **self.segmented(words, 4))
        with pytest.raises(UndecodableImage, match="palette"):
            to_display(ds)

    def test_a_missing_palette_is_refused(self):
        with pytest.raises(UndecodableImage, match="palette"):
            to_display(image(np.zeros((2, 2), "u1"), PhotometricInterpretation="PALETTE COLOR"))


def test_16_bit_colour_becomes_8_bit():
    rgb = np.array([[[65535, 0, 32768]]], "<u2")
    assert to_display(image(rgb)).tolist() == [[[255, 0, 128]]]
