"""What carts wrote becomes DICOM objects that others accept, with every sample as it was."""

import io
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pydicom
import pytest

from storage.domain.errors import UnreadableEcg
from storage.ingest.ecg import as_dicom, read
from storage.ingest.ecg.quantising import stored_as
from storage.ingest.ecg.recording import Recording
from storage.ingest.ecg.writing import AMBULATORY, GENERAL, GENERAL_32_BIT, TWELVE_LEAD, sop_class_of
from tests.unit.storage.ingest.ecg import carts
from tests.unit.storage.ingest.ecg.test_formats import CASES

AT = datetime.fromisoformat("2026-11-22T09:00:00")


def written(data: bytes, source: str = "T01_ECG") -> pydicom.Dataset:
    return pydicom.dcmread(io.BytesIO(as_dicom(read(data), data, source, AT)))


@pytest.mark.parametrize("name", CASES)
def test_samples_are_as_they_were(name: str) -> None:
    recording, ds = read(CASES[name][0]), written(CASES[name][0])
    assert ds.SOPClassUID == TWELVE_LEAD
    channels = ds.WaveformSequence[0].ChannelDefinitionSequence
    assert [str(one.ChannelLabel) for one in channels] == list(recording.leads)
    found = ds.waveform_array(0).T
    for channel, row, expected in zip(channels, found, recording.microvolts, strict=True):
        assert np.abs(row - expected).max() < float(channel.ChannelSensitivity) * 1e-3


@pytest.mark.thorough
def test_other_programs_find_nothing_wrong_with_it(tmp_path: Path) -> None:
    for number, (data, *_) in enumerate(CASES.values()):
        (tmp_path / f"{number}.dcm").write_bytes(as_dicom(read(data), data, "T01_ECG", AT))
    for file in tmp_path.glob("*.dcm"):
        told = subprocess.run(["dciodvfy", "-filename", file], capture_output=True, text=True, check=False)
        assert [line for line in told.stderr.splitlines() if "Error" in line] == []
        assert "TwelveLeadECG" in told.stderr


def test_the_same_file_of_the_same_device_is_the_same_object() -> None:
    data = CASES["muse"][0]
    one, again, elsewhere = written(data), written(data), written(data, "T02_ECG")
    for level in ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"):
        assert getattr(one, level) == getattr(again, level) != getattr(elsewhere, level)


def test_the_file_of_the_cart_is_kept_whole() -> None:
    data = CASES["contec"][0]
    block = written(data).private_block(0x0031, "COUNTYREAD ECG")
    assert block[0x02].value[: len(data)] == data
    assert block[0x01].value == "Contec ECG90A"
    assert "800 Hz" in block[0x03].value


def test_what_was_not_recorded_stays_nothing() -> None:
    rows = carts.beats(8, 2000)
    rows[3] = 0x6800 - 2048
    ds = written(carts.contec(rows))
    item = ds.WaveformSequence[0]
    stored = np.frombuffer(item.WaveformData, "<i2").reshape(-1, 12)
    assert item[0x5400100A].value == b"\x00\x80"
    assert (stored[:, 7] == -32768).all()
    assert not (stored[:, 6] == -32768).any()


def test_names_and_what_the_device_found_go_with_it() -> None:
    ds = written(CASES["muse"][0])
    assert (str(ds.PatientName), ds.PatientID, ds.PatientSex, ds.PatientAge) == ("赵^小兰", "0007", "F", "061Y")
    assert (ds.StudyDate, ds.AcquisitionDateTime) == ("20261120", "20261120083000")
    told = {
        one.ConceptNameCodeSequence[0].CodeValue: one.NumericValue
        for one in ds.WaveformAnnotationSequence
        if "NumericValue" in one
    }
    assert told == {"2:16770": 71, "2:15872": 150}
    assert ds.WaveformAnnotationSequence[-1].UnformattedTextValue == "窦性心律"


@pytest.mark.parametrize(
    "hz, leads, samples, expected",
    [
        (500, 12, 5000, TWELVE_LEAD),
        (500, 12, 20000, GENERAL),
        (500, 15, 5000, GENERAL),
        (128, 3, 5000, AMBULATORY),
        (2000, 12, 5000, GENERAL_32_BIT),
    ],
)
def test_the_object_is_the_narrowest_that_allows_it(hz: float, leads: int, samples: int, expected: str) -> None:
    names = (*carts.TWELVE, "X", "Y", "Z")[:leads]
    assert sop_class_of(Recording("x", names, hz, np.zeros((leads, samples)))) == expected


def test_a_rate_that_dicom_has_no_object_for_is_refused() -> None:
    with pytest.raises(UnreadableEcg, match="rate"):
        sop_class_of(replace(read(CASES["muse"][0]), hz=45.0))


@pytest.mark.parametrize(
    "step, baseline", [(4.88, 0.0), (0.183, 0.0), (0.152587890625, 12.5), (1 / 3, -7.77), (1.0, 0.0)]
)
def test_the_step_of_a_converter_is_found_again(step: float, baseline: float) -> None:
    counts = carts.beats(1, 3000, largest=900)[0]
    values = counts * step + baseline
    stored = stored_as(values)
    assert np.abs(stored.samples * stored.step + stored.baseline - values).max() < step * 1e-3


def test_samples_without_a_step_lose_less_than_a_converter_would() -> None:
    values = np.random.default_rng(5).normal(0, 700, 5000)
    stored = stored_as(values)
    assert np.abs(stored.samples * stored.step + stored.baseline - values).max() < 0.1
    assert np.abs(stored.samples).max() <= 32767
