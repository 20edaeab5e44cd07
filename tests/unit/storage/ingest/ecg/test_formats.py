"""Every format gives back what was put in, and a file that is damaged or doubtful gives no curve at all."""

import struct
from collections.abc import Callable
from datetime import date, datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.domain.errors import UnreadableEcg
from storage.ingest.ecg import LOOK_AT, may_be_ecg, read
from storage.ingest.ecg.recording import STANDARD_LEADS, RecordingFilters
from tests.unit.storage.ingest.ecg import carts

pytestmark = pytest.mark.thorough


EIGHT, TWELVE = carts.beats(8, 2000), carts.beats(12, 2000)
CASES: dict[str, tuple[bytes, np.ndarray, tuple[str, ...], float]] = {
    "muse": (carts.muse(EIGHT), EIGHT * 4.88, carts.EIGHT, 500),
    "aecg": (carts.aecg(TWELVE), TWELVE * 2.5, carts.TWELVE, 500),
    "aecg in mV": (carts.aecg(TWELVE, step="0.0025", unit="mV", origin="0.1"), TWELVE * 2.5 + 100, carts.TWELVE, 500),
    "sierra packed": (carts.sierra(TWELVE), TWELVE * 5.0, carts.TWELVE, 500),
    "sierra plain": (carts.sierra(TWELVE, packed=False), TWELVE * 5.0, carts.TWELVE, 500),
    "scp": (carts.scp(EIGHT), EIGHT * 2.5, carts.EIGHT, 500),
    "scp first differences": (carts.scp(EIGHT, differences=1), EIGHT * 2.5, carts.EIGHT, 500),
    "scp plain": (carts.scp(EIGHT, differences=0, huffman=False), EIGHT * 2.5, carts.EIGHT, 500),
    "edf": (carts.edf(EIGHT), ((EIGHT + 32768) * (10 / 65535) - 5) * 1000, carts.EIGHT, 500),
    "contec": (carts.contec(EIGHT), EIGHT * 5.0, carts.EIGHT, 800),
    "zoncare": (carts.zoncare(TWELVE), TWELVE * 1.0, carts.TWELVE, 500),
    "mfer": (carts.mfer(EIGHT), EIGHT * 2.5, carts.EIGHT, 500),
}


@pytest.mark.parametrize("name", CASES)
def test_a_file_gives_the_microvolts_that_were_put_in(name: str) -> None:
    data, microvolts, leads, hz = CASES[name]
    recording = read(data)
    assert may_be_ecg(data[:LOOK_AT])
    assert recording.hz == hz
    assert recording.leads == STANDARD_LEADS
    for lead, expected in zip(leads, microvolts, strict=True):
        found = recording.microvolts[recording.leads.index(lead)]
        assert found.shape == expected.shape
        assert np.abs(found - expected).max() < 1e-6


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if len(case[2]) == 8])
def test_limb_leads_that_were_not_recorded_are_worked_out_and_named(name: str) -> None:
    recording = read(CASES[name][0])
    one, two, three, avr, avl, avf = recording.microvolts[:6]
    assert recording.derived == ("III", "aVR", "aVL", "aVF")
    for found, expected in ((three, two - one), (avr, -(one + two) / 2), (avl, one - two / 2), (avf, two - one / 2)):
        assert np.allclose(found, expected)


@pytest.mark.parametrize("name", ["muse", "sierra packed", "scp", "edf", "contec", "mfer"])
def test_a_file_tells_the_patient_in_chinese_too(name: str) -> None:
    recording = read(CASES[name][0])
    assert recording.patient.patient_id in ("0007", "0000007")
    assert recording.patient.sex == "F"
    assert recording.started_at == datetime.fromisoformat("2026-11-20T08:30:00")
    if name in ("muse", "sierra packed"):
        assert (recording.patient.name, recording.patient.birth_date) == ("赵^小兰", date(1965, 3, 5))
    elif name != "edf":
        assert recording.patient.name in ("赵^Xiaolan", "赵小兰")


@pytest.mark.parametrize("name", ["muse", "scp", "edf"])
def test_filters_of_the_cart_are_told(name: str) -> None:
    assert read(CASES[name][0]).filters == RecordingFilters(0.05, 150.0, 50.0)


def test_what_the_device_found_is_kept_apart() -> None:
    recording = read(CASES["muse"][0])
    assert (recording.device_measurements.hr, recording.device_measurements.pr_ms) == (71.0, 150.0)
    assert recording.device_statements == ("窦性心律",)


@pytest.mark.parametrize("name", ["contec", "zoncare", "mfer"])
def test_what_a_format_leaves_open_is_said(name: str) -> None:
    assert read(CASES[name][0]).assumed


def test_an_electrode_that_is_off_is_nothing_and_no_line() -> None:
    rows = EIGHT.copy()
    rows[3] = 0x6800 - 2048
    recording = read(carts.contec(rows))
    assert np.isnan(recording.microvolts[recording.leads.index("V2")]).all()
    assert np.isfinite(recording.microvolts[recording.leads.index("V1")]).all()


def test_scp_with_tables_of_its_own_and_a_switch_between_them() -> None:
    rows = np.clip(carts.beats(2, 400, largest=100) // 30, -3, 3)
    codes = {0: "1", 1: "010", -1: "011", 2: "0010", -2: "0011", 3: "00010", -3: "00011"}
    tables = struct.pack("<HH", 2, 8)
    for value, bits in codes.items():
        tables += struct.pack("<BBBhI", len(bits), len(bits), 1, value, int(bits[::-1], 2))
    tables += struct.pack("<BBBhI", 5, 5, 0, 2, 0) + struct.pack("<H", 1) + struct.pack("<BBBhI", 1, 9, 1, 0, 1)
    data = carts.scp(rows, ("I", "II"), differences=0, tables=tables, codes=codes)
    assert np.array_equal(read(data).microvolts[:2], rows * 2.5)
    switched = codes | {0: "00000" + "1" + "00000000"}
    first = carts.scp(rows[:, :1] * 0, ("I", "II"), differences=0, tables=tables, codes=switched)
    assert not read(first).microvolts.any()


def test_scp_without_its_reference_beat_gets_it_back() -> None:
    reference = carts.beats(8, 200)
    places = [(10, 60, 150), (300, 350, 440), (700, 760, 800)]
    data = carts.scp(EIGHT, beat=(reference, 80, places))
    recording = read(data)
    for number, name in enumerate(carts.EIGHT):
        assert np.array_equal(recording.microvolts[recording.leads.index(name)], EIGHT[number] * 2.5)


def _changed(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]


def _muse_changed() -> bytes:
    at = CASES["muse"][0].index(b"<WaveFormData>") + 20
    return CASES["muse"][0][:at] + b"ABCD" + CASES["muse"][0][at + 4 :]


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "scp with a byte changed": (lambda: _changed(CASES["scp"][0], 900), "checksum"),
    "scp cut off": (lambda: CASES["scp"][0][:5000], "cut off"),
    "muse with a sample changed": (_muse_changed, "checksum"),
    "muse without its unit": (lambda: CASES["muse"][0].replace(b"MICROVOLTS", b"FURLONGS"), "worth"),
    "aecg without a rate": (lambda: CASES["aecg"][0].replace(b"increment", b"decrement"), "rate"),
    "aecg with a word among its digits": (lambda: CASES["aecg"][0].replace(b"<digits>", b"<digits>x ", 1), "numbers"),
    "sierra of another version": (
        lambda: carts.sierra(TWELVE).replace("1.04".encode("utf-16-le"), "9.04".encode("utf-16-le")),
        "version",
    ),
    "edf in a unit that cannot be": (lambda: carts.edf(EIGHT, reach=1000.0), "range"),
    "edf that was interrupted": (lambda: CASES["edf"][0].replace(b"EDF+C", b"EDF+D"), "interrupted"),
    "zoncare in another unit": (lambda: carts.zoncare(TWELVE * 80), "microvolts"),
    "zoncare with a thirteenth lead": (lambda: carts.zoncare(carts.beats(13, 2000))[:], "fill|laid out"),
    "mfer with fewer samples": (lambda: carts.mfer(EIGHT).replace(b"\x05\x01\x08", b"\x05\x01\x07"), "as many"),
    "an entity bomb": (lambda: b'<!DOCTYPE a [<!ENTITY b "xxxx">]><AnnotatedECG>&b;</AnnotatedECG>', "damaged"),
    "xml of something else": (lambda: b"<html><body>AnnotatedECG</body></html>", "no ECG format"),
    "nothing": (lambda: b"", "no ECG format"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_doubtful_file_gives_a_reason_and_no_curve(name: str) -> None:
    make, reason = REFUSED[name]
    with pytest.raises(UnreadableEcg, match=reason):
        read(make())


SMALL = [
    *(carts.muse(carts.beats(8, 60)), carts.aecg(carts.beats(12, 40)), carts.sierra(carts.beats(12, 60))),
    *(carts.scp(carts.beats(8, 60)), carts.scp(carts.beats(8, 60), beat=(carts.beats(8, 40), 20, [(5, 20, 30)]))),
    *(carts.edf(carts.beats(8, 64), hz=64), carts.contec(carts.beats(8, 40)), carts.zoncare(carts.beats(12, 40))),
    carts.mfer(carts.beats(8, 40)),
]


@given(st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_files_are_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    file = bytearray(data.draw(st.sampled_from(SMALL)))
    for _ in range(data.draw(st.integers(0, 6))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(file)))
    kept = bytes(file[:cut]) if data.draw(st.booleans()) else bytes(file)
    may_be_ecg(kept[:LOOK_AT])
    try:
        recording = read(kept)
    except UnreadableEcg:
        return
    assert recording.microvolts.shape == (len(recording.leads), recording.microvolts.shape[1])
    assert not np.isinf(recording.microvolts).any()


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(UnreadableEcg):
        read(data)
