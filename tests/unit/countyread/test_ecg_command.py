import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pydicom.data import get_testdata_file

from countyread.cli import cli
from storage.domain.errors import UnreadableEcg
from tests.unit.reading_queue.ecg.files import AMBULATORY, ecg_file
from tests.unit.reading_queue.preprocessing.ecg.synthetic import LEADS, make, regular

pytestmark = pytest.mark.thorough


def _ecg(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["ecg", *map(str, arguments)])


def test_a_real_ecg_is_printed_as_programs_expect_it() -> None:
    printed = json.loads(_ecg(get_testdata_file("waveform_ecg.dcm"), "--json").stdout)
    assert (printed["format"], printed["sampling_hz"], printed["samples"]) == ("dicom", 1000, 10000)
    assert printed["leads"] == list(LEADS)
    found, told = printed["measurements"], printed["device_measurements"]
    assert set(found) == {
        *("hr", "p_ms", "pr_ms", "qrs_ms", "qt_ms", "qtc_bazett_ms", "qtc_fridericia_ms", "axis_deg"),
    }
    assert told["statements"] == ["RITMO SINUSALE", "ECG NORMALE"]
    assert found["hr"] == pytest.approx(told["hr"], abs=1)
    assert found["qrs_ms"] == pytest.approx(told["qrs_ms"], abs=8)
    assert found["pr_ms"] == pytest.approx(told["pr_ms"], abs=15)
    assert found["qt_ms"] == pytest.approx(told["qt_ms"], abs=12)
    assert found["axis_deg"] == pytest.approx(told["qrs_axis_deg"], abs=5)


def test_samples_are_microvolts_by_lead(tmp_path: Path) -> None:
    made = regular(70)
    file = tmp_path / "a.dcm"
    file.write_bytes(ecg_file(made))
    printed = json.loads(_ecg(file, "--json", "--samples").stdout)
    assert printed["microvolts"]["V5"] == pytest.approx(made.signal[10].round(), abs=0.01)
    assert len(printed["microvolts"]) == len(LEADS)


def test_several_files_make_a_list_and_nothing_measured_is_null(tmp_path: Path) -> None:
    one, two = tmp_path / "one.dcm", tmp_path / "two.dcm"
    one.write_bytes(ecg_file(make([], noise_uv=0)))
    two.write_bytes(ecg_file(regular(70, seconds=20), sop_class=AMBULATORY))
    first, second = json.loads(_ecg(one, two, "--json").stdout)
    assert set(first["measurements"].values()) == {None}
    assert first["not_measured"]["all"]
    assert second["measurements"]["hr"] == pytest.approx(70, abs=0.5)
    assert "hr 69.9" in _ecg(two).stdout


def test_what_is_no_ecg_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("not an ECG")
    refused = _ecg(file)
    assert isinstance(refused.exception, UnreadableEcg)
    assert "letter.txt" in refused.exception.message
    no_waveform = _ecg(get_testdata_file("CT_small.dcm"))
    assert isinstance(no_waveform.exception, UnreadableEcg)
