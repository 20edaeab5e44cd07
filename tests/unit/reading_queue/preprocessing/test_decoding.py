"""Every transfer syntax and every layout of bits gives the stored values that an independent reader gives."""

import io
import zlib
from pathlib import Path

import imagecodecs
import jpeg_ls
import numpy as np
import openjpeg
import pydicom
import pytest
from pydicom.encaps import get_frame
from pydicom.pixels.encoders import RLELosslessEncoder
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    ExplicitVRBigEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000Lossless,
    JPEG2000TransferSyntaxes,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    JPEGLSTransferSyntaxes,
    RLELossless,
)

from reading_queue.preprocessing import decoding
from reading_queue.preprocessing.decoding import UndecodableImage, decode_frame, frame_count, read_dataset
from tests.unit.reading_queue.preprocessing.images import OWN_FILES, compressed, image, own_file, ramp

pytestmark = [pytest.mark.thorough, pytest.mark.filterwarnings("ignore::UserWarning")]

WITHOUT_A_PICTURE = {
    "JPEG2000-embedded-sequence-delimiter.dcm": "its codestream header is damaged",
    "MR_truncated.dcm": "its last bytes are missing",
    "meta_missing_tsyntax.dcm": "no pixels",
    "nested_priv_SQ.dcm": "no pixels",
    "no_meta.dcm": "no pixels",
}
ONLY_HERE = ("JPEG-lossy.dcm", "JPGExtended.dcm", "SC_rgb_jpeg_gdcm.dcm", "badVR.dcm", "GDCMJ2K_TextGBR.dcm")
"""Files that pydicom cannot decode with its own means."""


def own_images() -> list[str]:
    return sorted(path.name for path in OWN_FILES.glob("*.dcm") if _has_pixels(path))


def _has_pixels(path: Path) -> bool:
    header = path.read_bytes()
    return b"\xe0\x7f\x10\x00" in header or b"\x7f\xe0\x00\x10" in header or "dfl" in path.name


def load(path: Path) -> pydicom.Dataset:
    return read_dataset(path.read_bytes())


@pytest.mark.parametrize("name", sorted(set(own_images()) - set(WITHOUT_A_PICTURE) - set(ONLY_HERE)))
def test_real_files_decode_as_pydicom_decodes_them(name):
    path = OWN_FILES / name
    ours = decode_frame(load(path), 0)
    theirs = pydicom.dcmread(path, force=True).pixel_array
    frames = theirs.reshape(-1, *ours.shape)
    assert (ours == frames[0]).all()
    assert ours.dtype.kind == theirs.dtype.kind


@pytest.mark.parametrize("name", ONLY_HERE)
def test_real_files_beyond_pydicom_decode(name):
    ds = load(OWN_FILES / name)
    pixels = decode_frame(ds, 0)
    assert pixels.shape[:2] == (ds.Rows, ds.Columns)
    assert pixels.std() > 1


@pytest.mark.parametrize("name", sorted(WITHOUT_A_PICTURE))
def test_files_without_a_whole_picture_are_refused(name):
    with pytest.raises(UndecodableImage):
        decode_frame(load(OWN_FILES / name), 0)


def test_lossless_jpeg_of_colour_bars_equals_the_uncompressed_bars():
    bars = decode_frame(load(own_file("SC_rgb_rle.dcm")), 0)
    assert (decode_frame(load(own_file("SC_rgb_jpeg_gdcm.dcm")), 0) == bars).all()


@pytest.mark.parametrize(
    "name",
    [
        "SC_rgb_dcmtk_+eb+cr.dcm",
        "SC_rgb_dcmtk_+eb+cy+np.dcm",
        "SC_rgb_dcmtk_+eb+cy+s4.dcm",
        "SC_rgb_jpeg_lossy_gdcm.dcm",
        "SC_rgb_jls_lossy_line.dcm",
        "SC_rgb_jls_lossy_sample.dcm",
        "SC_rgb_gdcm_KY.dcm",
        "SC_ybr_full_422_uncompressed.dcm",
    ],
)
def test_colour_bars_keep_their_colours_in_every_encoding(name):
    bars = decode_frame(load(own_file("SC_rgb_rle.dcm")), 0).astype(int)
    inside = np.abs(decode_frame(load(own_file(name)), 0).astype(int) - bars)[5::10]
    assert inside.max() <= 6


@pytest.fixture
def data(shared_data):
    if shared_data is None:
        pytest.skip("needs the real studies beside the repository")
    return shared_data


def test_every_shared_syntax_file_decodes(data):
    files = sorted((data / "syntaxes").glob("*.dcm"))
    assert len(files) >= 12
    for path in files:
        ds = load(path)
        for index in {0, frame_count(ds) - 1}:
            pixels = decode_frame(ds, index)
            assert pixels.shape[:2] == (ds.Rows, ds.Columns), path.name
            assert pixels.std() > 1, path.name


@pytest.mark.parametrize(
    "encoded, plain",
    [
        ("RG3_JLSL", "cr/RG3"),
        ("RG3_JPLL", "cr/RG3"),
        ("XA1_J2KR", "xa/XA1"),
        ("XA1_JPLL", "xa/XA1"),
        ("US1_RLE", "us/US1"),
    ],
)
def test_the_same_picture_is_the_same_in_every_lossless_syntax(data, encoded, plain):
    left, right = load(data / "syntaxes" / f"{encoded}.dcm"), load(data / f"{plain}.dcm")
    assert (decode_frame(left, 0) == decode_frame(right, 0)).all()


@pytest.mark.parametrize("encoded, plain, mean", [("RG3_JLSN", "cr/RG3", 2.0), ("RG2_JPLY", "cr/RG2", 4.0)])
def test_the_same_picture_is_nearly_the_same_in_lossy_syntaxes(data, encoded, plain, mean):
    left, right = load(data / "syntaxes" / f"{encoded}.dcm"), load(data / f"{plain}.dcm")
    error = np.abs(decode_frame(left, 0).astype(int) - decode_frame(right, 0))
    assert 0 < error.mean() < mean


def test_jpeg_2000_and_jpeg_ls_agree_with_other_decoders(data):
    compared = 0
    for path in sorted((data / "syntaxes").glob("*.dcm")):
        ds = load(path)
        syntax = ds.file_meta.TransferSyntaxUID
        if syntax in JPEG2000TransferSyntaxes:
            other = np.frombuffer(
                openjpeg.decode_pixel_data(get_frame(ds.PixelData, 0, number_of_frames=1), version=2), np.uint8
            )
        elif syntax in JPEGLSTransferSyntaxes:
            other = np.frombuffer(
                jpeg_ls.decode_pixel_data(get_frame(ds.PixelData, 0, number_of_frames=1))[0], np.uint8
            )
        else:
            continue
        ours = np.ascontiguousarray(decode_frame(ds, 0))
        assert ours.tobytes() == other.tobytes(), path.name
        compared += 1
    assert compared >= 5


GREYS = {8: ramp(37, 41, "u1", 255), 12: ramp(37, 41, "u2", 4095), 16: ramp(37, 41, "u2", 65535)}


@pytest.mark.parametrize("bits", [8, 12, 16])
@pytest.mark.parametrize("predictor", range(1, 8))
def test_lossless_jpeg_of_every_predictor(bits, predictor):
    frame = imagecodecs.jpeg8_encode(GREYS[bits], lossless=True, predictor=predictor, bitspersample=bits)
    for syntax in (JPEGLossless, JPEGLosslessSV1)[: 2 if predictor == 1 else 1]:
        ds = compressed(GREYS[bits], [bytes(frame)], syntax, BitsStored=bits)
        assert (decode_frame(ds, 0) == GREYS[bits]).all()


@pytest.mark.parametrize("syntax", [HTJ2K, HTJ2KLossless, HTJ2KLosslessRPCL])
@pytest.mark.parametrize("bits", [8, 16])
def test_high_throughput_jpeg_2000(syntax, bits):
    frame = bytes(imagecodecs.htj2k_encode(GREYS[bits]))
    assert (decode_frame(compressed(GREYS[bits], [frame], syntax), 0) == GREYS[bits]).all()


@pytest.mark.parametrize("syntax", [JPEG2000, JPEG2000Lossless])
@pytest.mark.parametrize("bits", [8, 12, 16])
def test_reversible_jpeg_2000(syntax, bits):
    frame = bytes(imagecodecs.jpeg2k_encode(GREYS[bits], level=0, bitspersample=bits))
    assert (decode_frame(compressed(GREYS[bits], [frame], syntax, BitsStored=bits), 0) == GREYS[bits]).all()


@pytest.mark.parametrize("near, syntax", [(0, JPEGLSLossless), (3, JPEGLSNearLossless)])
def test_jpeg_ls_is_as_near_as_it_says(near, syntax):
    frame = bytes(imagecodecs.jpegls_encode(GREYS[16], level=near))
    decoded = decode_frame(compressed(GREYS[16], [frame], syntax), 0)
    assert np.abs(decoded.astype(int) - GREYS[16]).max() <= near


@pytest.mark.parametrize("syntax", [JPEGExtended12Bit, JPEGBaseline8Bit])
def test_lossy_jpeg_is_near(syntax):
    bits = 12 if syntax == JPEGExtended12Bit else 8
    frame = bytes(imagecodecs.jpeg8_encode(GREYS[bits], level=95, bitspersample=bits))
    decoded = decode_frame(compressed(GREYS[bits], [frame], syntax, BitsStored=bits), 0)
    assert np.abs(decoded.astype(int) - GREYS[bits]).max() < 0.02 * (1 << bits)


def test_overshoot_of_a_lossy_codec_never_turns_white_into_black():
    step = np.zeros((32, 32), np.uint16)
    step[:, 13:] = 1023
    frame = bytes(imagecodecs.jpeg8_encode(step, level=40, bitspersample=12))
    decoded = decode_frame(compressed(step, [frame], JPEGExtended12Bit, BitsStored=10), 0)
    assert decoded.max() > 1023, "no overshoot, the test shows nothing"
    assert decoded[:, 18:].min() > 900


@pytest.mark.parametrize("dtype", ["u1", "u2", "i2"])
def test_rle_of_every_depth(dtype):
    pixels = ramp(11, 13, dtype, 120)
    ds = image(pixels)
    frame = RLELosslessEncoder.encode(ds, index=0)
    assert (decode_frame(compressed(pixels, [frame], RLELossless), 0) == pixels).all()


def test_signed_values_in_unsigned_codestreams_get_their_sign_back():
    signed = (ramp(20, 20, "i2", 3000) - 1500).astype("<i2")
    as_stored = (signed & 0x0FFF).astype(np.uint16)
    streams = {
        JPEGLSLossless: imagecodecs.jpegls_encode(as_stored),
        JPEG2000Lossless: imagecodecs.jpeg2k_encode(as_stored, level=0, bitspersample=12),
        JPEGLossless: imagecodecs.jpeg8_encode(as_stored, lossless=True, bitspersample=12),
    }
    for syntax, frame in streams.items():
        ds = compressed(signed, [bytes(frame)], syntax, BitsStored=12)
        assert (decode_frame(ds, 0) == signed).all(), syntax.name


def test_signed_values_in_a_signed_codestream():
    signed = (ramp(20, 20, "i2", 3000) - 1500).astype("<i2")
    frame = bytes(imagecodecs.jpeg2k_encode(signed, level=0))
    assert (decode_frame(compressed(signed, [frame], JPEG2000Lossless), 0) == signed).all()
    unsigned = decode_frame(compressed(signed.view("u2"), [frame], JPEG2000Lossless), 0)
    assert (unsigned == signed.view("u2")).all()


class TestBits:
    def test_overlay_and_noise_outside_the_stored_bits_are_dropped(self):
        values = ramp(9, 9, "u2", 1023)
        dirty = (values << 2) | 0b11 | (0b1010 << 12)
        assert (decode_frame(image(dirty.astype("<u2"), BitsStored=10, HighBit=11), 0) == values).all()

    def test_the_sign_extends_from_the_stored_bits(self):
        values = (ramp(9, 9, "i2", 4000) - 2000).astype("<i2")
        dirty = ((values & 0x0FFF) | 0x5000).astype("<u2")
        decoded = decode_frame(image(dirty, BitsStored=12, PixelRepresentation=1), 0)
        assert decoded.dtype.kind == "i"
        assert (decoded == values).all()

    def test_one_bit_frames_follow_each_other_without_padding(self):
        bits = np.random.default_rng(3).integers(0, 2, (5, 3, 5), dtype=np.uint8)
        ds = image(bits[0], BitsAllocated=1, BitsStored=1, NumberOfFrames=5)
        ds.PixelData = np.packbits(bits, bitorder="little").tobytes()
        for index in range(5):
            assert (decode_frame(ds, index) == bits[index]).all()

    def test_32_bits(self):
        values = ramp(6, 7, "u4", 4_000_000_000)
        assert (decode_frame(image(values), 0) == values).all()

    def test_float_pixels_stay_floating_point(self):
        values = np.linspace(-1, 1, 12, dtype="<f4").reshape(3, 4)
        ds = image(values.view("<u4"), BitsAllocated=32)
        del ds.PixelData
        ds.FloatPixelData = values.tobytes()
        assert (decode_frame(ds, 0) == values).all()

    def test_8_bit_big_endian_words_are_swapped_back(self):
        frames = ramp(6, 5, "u1", 255).reshape(2, 3, 5)
        ds = image(frames[0], syntax=ExplicitVRBigEndian, NumberOfFrames=2)
        ds.PixelData = frames.reshape(-1, 2)[:, ::-1].tobytes()
        ds["PixelData"].VR = "OW"
        assert (decode_frame(ds, 0) == frames[0]).all()
        assert (decode_frame(ds, 1) == frames[1]).all()

    def test_16_bit_big_endian(self):
        values = ramp(6, 5, "u2", 65535)
        ds = image(values, syntax=ExplicitVRBigEndian, PixelData=values.astype(">u2").tobytes())
        assert (decode_frame(ds, 0) == values).all()


class TestColour:
    RGB = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [90, 120, 200]]], np.uint8)
    YBR = np.array([[[76, 85, 255], [150, 44, 21]], [[29, 255, 107], [120, 173, 107]]], np.uint8)

    def test_planes_and_pixels(self):
        by_plane = image(self.RGB, PlanarConfiguration=1, PixelData=self.RGB.transpose(2, 0, 1).tobytes())
        assert (decode_frame(by_plane, 0) == self.RGB).all()
        assert (decode_frame(image(self.RGB), 0) == self.RGB).all()

    def test_ybr_full(self):
        decoded = decode_frame(image(self.YBR, PhotometricInterpretation="YBR_FULL"), 0)
        assert np.abs(decoded.astype(int) - self.RGB).max() <= 2

    def test_ybr_full_in_rle(self):
        frame = RLELosslessEncoder.encode(image(self.YBR, PhotometricInterpretation="YBR_FULL"), index=0)
        decoded = decode_frame(compressed(self.YBR, [frame], RLELossless, PhotometricInterpretation="YBR_FULL"), 0)
        assert np.abs(decoded.astype(int) - self.RGB).max() <= 2

    def test_ybr_full_422_shares_chroma_in_pairs(self):
        packed = np.array([10, 200, 128, 128, 76, 76, 85, 255], np.uint8)
        ds = image(np.zeros((2, 2, 3), np.uint8), PhotometricInterpretation="YBR_FULL_422", PixelData=packed.tobytes())
        assert np.abs(decode_frame(ds, 0).astype(int) - [[[10] * 3, [200] * 3], [[254, 0, 0]] * 2]).max() <= 1

    def test_ybr_partial_stretches_16_to_235(self):
        greys = np.array([[[16, 128, 128], [235, 128, 128]]], np.uint8)
        decoded = decode_frame(image(greys, PhotometricInterpretation="YBR_PARTIAL_420"), 0)
        assert decoded.tolist() == [[[0] * 3, [255] * 3]]

    def test_16_bit_ybr_has_its_middle_in_the_middle(self):
        grey = np.array([[[1000, 32768, 32768]]], "<u2")
        assert decode_frame(image(grey, PhotometricInterpretation="YBR_FULL"), 0).tolist() == [[[1000] * 3]]

    @pytest.mark.parametrize("photometric", ["YBR_RCT", "RGB", "YBR_FULL"])
    def test_jpeg_2000_with_its_own_colour_transform_is_rgb_whatever_the_data_set_says(self, photometric):
        picture = np.stack([ramp(32, 32, "u1", high) for high in (250, 120, 30)], axis=-1)
        frame = bytes(imagecodecs.jpeg2k_encode(picture, level=0, mct=True))
        ds = compressed(picture, [frame], JPEG2000Lossless, PhotometricInterpretation=photometric)
        assert (decode_frame(ds, 0) == picture).all()

    def test_jpeg_2000_without_transform_follows_the_data_set(self):
        frame = bytes(imagecodecs.jpeg2k_encode(self.YBR, level=0, mct=False))
        ds = compressed(self.YBR, [frame], JPEG2000Lossless, PhotometricInterpretation="YBR_FULL")
        assert np.abs(decode_frame(ds, 0).astype(int) - self.RGB).max() <= 2

    def test_jpeg_written_as_ycbcr_under_the_name_of_rgb(self):
        picture = np.full((16, 16, 3), (200, 40, 40), np.uint8)
        frame = bytes(imagecodecs.jpeg8_encode(picture, level=95))
        decoded = decode_frame(compressed(picture, [frame], JPEGBaseline8Bit), 0)
        assert np.abs(decoded.astype(int) - picture).max() <= 4

    def test_lossless_jpeg_keeps_rgb(self):
        picture = np.stack([ramp(32, 32, "u1", high) for high in (250, 120, 30)], axis=-1)
        frame = bytes(
            imagecodecs.jpeg8_encode(picture, lossless=True, predictor=1, colorspace="RGB", outcolorspace="RGB")
        )
        assert (decode_frame(compressed(picture, [frame], JPEGLosslessSV1), 0) == picture).all()


class TestFrames:
    def test_one_frame_is_decoded_without_the_others(self):
        frames = [ramp(16, 16, "u1", high) for high in (50, 150, 250)]
        streams = [b"\xff\xd8 not a jpeg ", bytes(imagecodecs.jpegls_encode(frames[1])), b"garbage "]
        ds = compressed(frames[0], streams, JPEGLSLossless)
        assert (decode_frame(ds, 1) == frames[1]).all()
        with pytest.raises(UndecodableImage):
            decode_frame(ds, 0)

    def test_frames_before_the_missing_end_still_decode(self):
        frames = np.arange(24, dtype=np.uint8).reshape(3, 2, 4)
        ds = image(frames[0], NumberOfFrames=3, PixelData=frames.tobytes()[:-1])
        assert (decode_frame(ds, 1) == frames[1]).all()
        with pytest.raises(UndecodableImage):
            decode_frame(ds, 2)

    @pytest.mark.parametrize("index", [-1, 2])
    def test_there_is_no_such_frame(self, index):
        ds = image(np.zeros((2, 2), np.uint8), NumberOfFrames=2, PixelData=bytes(8))
        with pytest.raises(UndecodableImage):
            decode_frame(ds, index)

    def test_frame_count(self):
        assert frame_count(image(np.zeros((2, 2), np.uint8))) == 1
        assert frame_count(load(own_file("examples_ybr_color.dcm"))) == 30
        assert frame_count(load(own_file("badVR.dcm"))) == 1


class TestTolerance:
    def test_a_data_set_without_preamble_and_meta(self):
        stream = io.BytesIO()
        pydicom.dcmwrite(
            stream, image(ramp(8, 8, "u2", 900)), implicit_vr=True, little_endian=True, force_encoding=True
        )
        bare = stream.getvalue()
        assert (decode_frame(read_dataset(bare), 0) == ramp(8, 8, "u2", 900)).all()

    @pytest.mark.parametrize("name", ["MR_small_jp2klossless.dcm", "MR_small_RLE.dcm", "MR_small_jpeg_ls_lossless.dcm"])
    def test_compressed_frames_without_a_declared_transfer_syntax(self, name):
        ds = load(own_file(name))
        del ds.file_meta.TransferSyntaxUID
        assert (decode_frame(ds, 0) == decode_frame(load(own_file("MR_small.dcm")), 0)).all()

    def test_missing_attributes_take_their_usual_values(self):
        ds = image(ramp(8, 8, "u2", 900))
        for keyword in ("SamplesPerPixel", "PhotometricInterpretation", "BitsStored", "HighBit", "PixelRepresentation"):
            delattr(ds, keyword)
        assert (decode_frame(ds, 0) == ramp(8, 8, "u2", 900)).all()

    @pytest.mark.parametrize(
        "data", [b"", b"\0" * 400, b"PK\x03\x04" + bytes(range(256)) * 4], ids=["nothing", "zeros", "another format"]
    )
    def test_what_is_not_dicom_is_refused(self, data):
        with pytest.raises(UndecodableImage):
            decode_frame(read_dataset(data), 0)


class TestBombs:
    def test_absurd_sizes_are_refused_before_anything_is_allocated(self):
        ds = image(np.zeros((2, 2), np.uint8), Rows=65535, Columns=65535)
        with pytest.raises(UndecodableImage, match="absurdly large"):
            decode_frame(ds, 0)

    @pytest.mark.parametrize(
        "syntax, frame",
        [
            (JPEG2000, imagecodecs.jpeg2k_encode(np.zeros((64, 64), np.uint8))),
            (JPEGLSLossless, imagecodecs.jpegls_encode(np.zeros((64, 64), np.uint8))),
            (JPEGBaseline8Bit, imagecodecs.jpeg8_encode(np.zeros((64, 64), np.uint8))),
        ],
        ids=["JPEG 2000", "JPEG-LS", "JPEG"],
    )
    def test_a_codestream_larger_than_the_data_set_says_is_refused(self, syntax, frame):
        with pytest.raises(UndecodableImage, match="another size"):
            decode_frame(compressed(np.zeros((32, 32), np.uint8), [bytes(frame)], syntax), 0)

    def test_rle_cannot_grow_beyond_what_packbits_can(self):
        ds = compressed(np.zeros((2, 2), np.uint8), [bytes(64)], RLELossless, Rows=4096, Columns=4096)
        with pytest.raises(UndecodableImage, match="ends early"):
            decode_frame(ds, 0)

    def test_a_deflated_data_set_is_measured_before_it_is_inflated(self, monkeypatch):
        monkeypatch.setattr(decoding, "MAX_INFLATED", 1 << 20)
        whole = own_file("image_dfl.dcm").read_bytes()
        assert decode_frame(read_dataset(whole), 0).shape == (512, 512)
        start = whole.index(b"1.2.840.10008.1.2.1.99")
        meta_end = 144 + int.from_bytes(whole[140:144], "little")
        assert 132 < start < meta_end
        packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        bomb = whole[:meta_end] + packer.compress(bytes(8 << 20)) + packer.flush()
        with pytest.raises(UndecodableImage, match="absurdly large"):
            read_dataset(bomb)
