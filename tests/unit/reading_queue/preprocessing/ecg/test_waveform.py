"""Microvolts of every way of writing an ECG."""

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.uid import ExplicitVRBigEndian

from reading_queue.preprocessing.decoding import read_dataset
from reading_queue.preprocessing.ecg.leads import lead_name
from reading_queue.preprocessing.ecg.waveform import Filters, UnreadableWaveform, read_ecg, with_derived_limb_leads
from tests.unit.reading_queue.preprocessing.ecg.ecgs import channel, code, ecg, group
from tests.unit.reading_queue.preprocessing.images import own_file

STORED = np.array([[0, 100], [-200, 7], [300, -8]], "<i2")
TWELVE = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")


def two(**attributes):
    return [channel("I", **attributes), channel("II", **attributes)]


def test_a_real_resting_ecg_agrees_with_pydicom():
    ds = read_dataset(own_file("waveform_ecg.dcm").read_bytes())
    ours = read_ecg(ds)
    assert ours.leads == TWELVE
    assert (ours.sampling_hz, ours.duration_s) == (1000, 10)
    assert ours.samples_uv.dtype == np.float32
    assert ours.filters == Filters(0.05, 300, None)
    assert np.abs(ours.samples_uv.T - ds.waveform_array(0)).max() < 1e-3


@pytest.mark.parametrize(
    "name, leads, hz, samples",
    [
        ("ludb1_12lead_scpecg", TWELVE, 500, 5000),
        ("ludb8_12lead_mdc_mV_implicit_gb18030", TWELVE, 500, 5000),
        ("mitdb100_ambulatory_60s", ("MLII", "V5"), 360, 21600),
        ("ptb_s0010_general_2groups", (*TWELVE, "X", "Y", "Z"), 1000, 38400),
    ],
)
def test_shared_ecgs(shared_data, name, leads, hz, samples):
    if shared_data is None:
        pytest.skip("needs the real studies beside the repository")
    ds = read_dataset((shared_data / "ecg" / "gen" / f"{name}.dcm").read_bytes())
    ours = read_ecg(ds)
    assert (ours.leads, ours.sampling_hz, ours.samples_uv.shape) == (leads, hz, (len(leads), samples))
    to_uv = 1000 if "mV" in name else 1
    reference = ds.waveform_array(0).T * to_uv
    assert np.abs(ours.samples_uv[: len(reference)] - reference).max() < 0.01


def test_baseline_is_in_units_of_the_sensitivity():
    """PS3.3 C.10.9: 300 x 2.5 x 1.1 + 50; other readers that multiply the baseline too would give 962.5."""
    scaled = two(ChannelSensitivity="2.5", ChannelSensitivityCorrectionFactor="1.1", ChannelBaseline="50")
    assert read_ecg(ecg(group(STORED, scaled))).samples_uv[0].tolist() == pytest.approx([50, -500, 875])


@pytest.mark.parametrize("unit, factor", [("nV", 1e-3), ("uV", 1), ("µV", 1), ("mV", 1e3), ("V", 1e6)])
def test_units(unit, factor):
    scaled = two(ChannelSensitivityUnitsSequence=code(unit, "", "UCUM"), ChannelBaseline="1")
    assert read_ecg(ecg(group(STORED, scaled))).samples_uv[0].tolist() == pytest.approx(
        [factor, -199 * factor, 301 * factor]
    )


@pytest.mark.parametrize("dtype", ["<i1", "<i2", "<i4", "<u1", "<u2", "<u4"])
def test_sample_types(dtype):
    stored = np.array([[1, 2], [100, 3], [7 if dtype[1] == "u" else -7, 4]]).astype(dtype)
    assert read_ecg(ecg(group(stored, two()))).samples_uv.T.tolist() == stored.astype(float).tolist()


def test_big_endian():
    ds = ecg(group(STORED.astype(">i2"), two()))
    ds.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    assert (read_ecg(ds).samples_uv.T == STORED).all()


class Test12Bits:
    def test_samples_that_are_sign_extended_stay(self):
        assert (read_ecg(ecg(group(STORED, two(WaveformBitsStored=12)))).samples_uv.T == STORED).all()

    def test_samples_that_are_not_get_their_sign(self):
        bare = STORED & 0x0FFF
        assert (read_ecg(ecg(group(bare, two(WaveformBitsStored=12)))).samples_uv.T == STORED).all()

    def test_samples_deeper_than_said_are_believed(self):
        deep = np.array([[5000, 1], [-6000, 2]], "<i2")
        assert (deep == read_ecg(ecg(group(deep, two(WaveformBitsStored=12)))).samples_uv.T).all()


def test_padding_is_not_a_number():
    stored = np.array([[5, -32768], [6, 7]], "<i2")
    padded = group(stored, two())
    padded.add_new("WaveformPaddingValue", "OW", b"\x00\x80")
    samples = read_ecg(ecg(padded)).samples_uv
    assert np.isnan(samples[1, 0])
    assert samples[:, 1].tolist() == [6, 7]


class TestGroups:
    LONG = np.tile(STORED, (500, 1))

    def test_rhythm_before_median_beat_whatever_the_order(self):
        beat = group(np.full((2000, 2), 9, "<i2"), two(), label="MEDIAN BEAT", WaveformOriginality="DERIVED")
        assert (read_ecg(ecg(beat, group(self.LONG, two()))).samples_uv.T == self.LONG).all()

    def test_a_median_beat_is_better_than_nothing(self):
        beat = group(STORED, two(), label="MEDIAN BEAT")
        assert read_ecg(ecg(beat)).samples_uv.shape == (2, 3)

    def test_groups_in_turns_are_put_together_in_time(self):
        later = [channel("III"), channel("aVR")]
        joined = read_ecg(
            ecg(group(STORED, two(), hz=100), group(STORED, later, hz=100, MultiplexGroupTimeOffset="30"))
        )
        assert joined.leads == ("I", "II", "III", "aVR")
        assert joined.samples_uv.shape == (4, 6)
        assert np.isnan(joined.lead("I")[3:]).all()
        assert np.isnan(joined.lead("III")[:3]).all()
        assert joined.lead("III")[3:].tolist() == STORED[:, 0].tolist()

    def test_an_absurd_offset_is_not_followed(self):
        far = group(STORED, [channel("V1"), channel("V2")], MultiplexGroupTimeOffset="99999999")
        assert read_ecg(ecg(group(self.LONG, two()), far)).leads == ("I", "II")

    def test_groups_of_another_rate_stay_apart(self):
        other = group(STORED, [channel("V1"), channel("V2")], hz=250)
        assert read_ecg(ecg(group(self.LONG, two()), other)).leads == ("I", "II")

    def test_only_the_wanted_seconds_are_read(self):
        read = read_ecg(ecg(group(self.LONG, two())), seconds=1)
        assert read.samples_uv.shape == (2, 500)
        assert (self.LONG[:500] == read.samples_uv.T).all()

    def test_pressures_beside_an_ecg_are_left_out(self):
        pressure = channel("II", ChannelSensitivityUnitsSequence=code("mm[Hg]", "", "UCUM"))
        assert read_ecg(ecg(group(STORED, [channel("I"), pressure]))).leads == ("I",)


class TestRefusals:
    @pytest.mark.parametrize(
        "attributes",
        [
            {"SamplingFrequency": "0"},
            {"SamplingFrequency": None},
            {"NumberOfWaveformSamples": 99},
            {"NumberOfWaveformChannels": 3},
            {"WaveformSampleInterpretation": "MB"},
            {"WaveformBitsAllocated": 32},
            {"WaveformData": b""},
        ],
    )
    def test_groups_that_cannot_be_trusted(self, attributes):
        with pytest.raises(UnreadableWaveform):
            read_ecg(ecg(group(STORED, two(), **attributes)))

    def test_a_curve_of_unknown_scale(self):
        with pytest.raises(UnreadableWaveform):
            read_ecg(ecg(group(STORED, two(ChannelSensitivity=None))))

    def test_no_waveform(self):
        with pytest.raises(UnreadableWaveform):
            read_ecg(Dataset())


@pytest.mark.parametrize(
    "value, meaning, expected",
    [
        ("5.6.3-9-1", "Lead I (Einthoven)", "I"),
        ("5.6.3-9-61", "", "III"),
        ("2:62", "aVR, augmented voltage, right", "aVR"),
        ("2:64", "", "aVF"),
        ("2:8", "Lead V6\0", "V6"),
        ("2:2", "Lead MLII", "MLII"),
        ("", "MDC_ECG_LEAD_AVL", "aVL"),
        ("", "V3", "V3"),
        ("", "lead ii", "II"),
        ("2:12", "", "V4R"),
        ("131329", "Chest wall electrode", "Chest wall e"),
        ("", "", "#4"),
    ],
)
def test_lead_names(value, meaning, expected):
    definition = Dataset()
    definition.ChannelSourceSequence = code(value, meaning)
    assert lead_name(definition, 4) == expected


def test_a_channel_label_helps_out():
    definition = Dataset()
    definition.ChannelLabel = "Lead V2"
    assert lead_name(definition, 1) == "V2"


def test_limb_leads_are_derived_as_einthoven_and_goldberger_did():
    complete = with_derived_limb_leads(read_ecg(ecg(group(STORED, two()))))
    one, two_ = STORED.T.astype(float)
    assert complete.leads == ("I", "II", "III", "aVR", "aVL", "aVF")
    assert complete.lead("III").tolist() == (two_ - one).tolist()
    assert complete.lead("aVR").tolist() == (-(one + two_) / 2).tolist()
    assert np.abs(complete.lead("aVR") + complete.lead("aVL") + complete.lead("aVF")).max() < 1e-4


def test_recorded_limb_leads_stay_as_they_are():
    ds = read_dataset(own_file("waveform_ecg.dcm").read_bytes())
    assert with_derived_limb_leads(read_ecg(ds)).leads == TWELVE


def test_an_unknown_lead_is_a_key_error():
    with pytest.raises(KeyError):
        read_ecg(ecg(group(STORED, two()))).lead("V9")
