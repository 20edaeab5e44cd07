"""Files of real carts, where they are at hand: read as others read them, or refused with a reason."""

from pathlib import Path

import numpy as np
import pytest

from storage.domain.errors import UnreadableEcg
from storage.ingest.ecg import read

pytestmark = pytest.mark.thorough

CASES: dict[str, tuple[str, float, int, float, tuple[str, ...]]] = {
    "aecg/ecgkit_ecg_hl7.xml": ("HL7 aECG", 500, 5000, 1927.5, ()),
    "aecg/fda_minimum_aecg.xml": ("HL7 aECG", 500, 13, 22.5, ()),
    "aecg/fda_minimum_aecg_effectiveTime_interval.xml": ("HL7 aECG", 500, 13, 22.5, ()),
    "aecg/fda_subject1_0.xml": ("HL7 aECG", 500, 5000, 1927.5, ()),
    "contec/0000037.ECG": ("Contec ECG90A", 800, 8375, 1475.0, ("III", "aVR", "aVL", "aVF")),
    "contec/0000050.ECG": ("Contec ECG90A", 800, 37855, 1180.0, ("III", "aVR", "aVL", "aVF")),
    "muse/braveheart_example1.xml": ("GE MUSE XML", 500, 5000, 1688.48, ("III", "aVR", "aVL", "aVF")),
    "muse/braveheart_example2.xml": ("GE MUSE XML", 500, 5000, 3581.92, ("III", "aVR", "aVL", "aVF")),
    "muse/braveheart_example3.xml": ("GE MUSE XML", 500, 5000, 1395.68, ("III", "aVR", "aVL", "aVF")),
    "muse/braveheart_example4.xml": ("GE MUSE XML", 500, 5000, 1546.96, ("III", "aVR", "aVL", "aVF")),
    "philips/sierra_129DYPRG.xml": ("Philips Sierra XML", 500, 5500, 1000.0, ()),
    "philips/sierra_1_03_repbeats_example.xml": ("Philips Sierra XML", 500, 5500, 1000.0, ()),
    "philips/sierra_1_04_01.xml": ("Philips Sierra XML", 500, 5500, 2005.0, ()),
    "philips/sierra_1_04_3191723.xml": ("Philips Sierra XML", 500, 5500, 4015.0, ()),
    "philips/sierra_1_04_ad4d3d80.xml": ("Philips Sierra XML", 500, 5500, 17225.0, ()),
    "scp/ecgsoft_demo.scp": ("SCP-ECG", 1000, 10000, 1433.073, ("III", "aVR", "aVL", "aVF")),
    "scp/scpinfo_example.scp": ("SCP-ECG", 500, 5000, 1927.5, ()),
}
REFUSED = {
    "aecg/fda_empty.xml": "no rhythm",
    "contec/0000050.ECG.edf": "range that no ECG has",
    "contec/0000050.ECG.scp": "end too early",
    "wfdb/test_edfann.edf": "no sense",
    "pdf/anonymous_ecg_3x4_1.pdf": "no ECG format",
    "wfdb/100.dat": "no ECG format",
}
"""The EDF and the SCP of one Contec recording were made by tools that mistook the unit, and the length of a lead."""


@pytest.fixture
def carts(shared_data: Path | None) -> Path | None:
    return shared_data / "ecg" if shared_data is not None else None


def test_every_file_is_read_as_it_is(carts: Path | None) -> None:
    for name, (kind, hz, samples, largest, derived) in CASES.items() if carts else ():
        recording = read(carts / name)
        assert (recording.format, recording.hz, recording.derived) == (kind, hz, derived), name
        assert recording.microvolts.shape[1] == samples, name
        assert np.nanmax(np.abs(recording.microvolts)) == pytest.approx(largest), name


def test_doubtful_files_are_refused_with_a_reason(carts: Path | None) -> None:
    for name, reason in REFUSED.items() if carts else ():
        with pytest.raises(UnreadableEcg, match=reason):
            read(carts / name)


def test_one_ecg_in_two_formats_is_the_same_to_the_last_bit(carts: Path | None) -> None:
    if carts:
        one, other = read(carts / "aecg/fda_subject1_0.xml"), read(carts / "scp/scpinfo_example.scp")
        assert one.leads == other.leads
        assert np.array_equal(one.microvolts, other.microvolts)


def test_devices_tell_what_they_measured(carts: Path | None) -> None:
    if carts:
        philips = read(carts / "philips/sierra_1_04_01.xml").device_measurements
        assert (philips.hr, philips.pr_ms, philips.qrs_ms, philips.qt_ms, philips.qtc_ms) == (64, 164, 102, 399, 412)
        muse = read(carts / "muse/braveheart_example4.xml").device_measurements
        assert (muse.hr, muse.pr_ms, muse.qrs_ms, muse.qt_ms, muse.qrs_axis_deg) == (61, 209, 128, 459, -66)
        aecg = read(carts / "aecg/fda_subject1_0.xml").device_measurements
        assert (aecg.pr_ms, aecg.qrs_ms, aecg.qt_ms, aecg.qrs_axis_deg) == (148, 120, 420, -61)
