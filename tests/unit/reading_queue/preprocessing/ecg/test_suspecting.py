"""What is suspected and suggested of ECGs that are made to show it, and nothing of one that is not."""

import numpy as np
import pytest

from reading_queue.critical.lists import findings_for
from reading_queue.critical.shipped import SHIPPED_LISTS
from reading_queue.preprocessing.ecg.measuring import EcgMeasurements, measure
from reading_queue.preprocessing.ecg.patterns import Patient
from reading_queue.preprocessing.ecg.statements import suggestions
from reading_queue.preprocessing.ecg.suspecting import suspicions
from tests.unit.reading_queue.preprocessing.ecg.synthetic import LEADS, Shape, fibrillating, make, regular

pytestmark = pytest.mark.thorough


_MAN, _WOMAN = Patient(60, "M"), Patient(60, "F")
_LATER = SHIPPED_LISTS["ecg-later"]
_VENTRICULAR = Shape(p_uv=0, qrs_ms=160, qrs_axis=-120, qt_ms=300, t_ms=120, t_uv=-300, r_uv=1500)


def _measured(signal) -> EcgMeasurements:
    return measure(signal, LEADS, 500)


def _raised(measured: EcgMeasurements, patient: Patient = _MAN) -> set[str]:
    """Codes of the shipped list that the suspicions make."""
    found = suspicions(measured, patient)
    return {
        finding.code
        for _, finding in findings_for([_LATER], "ECG")
        for one in found
        if finding.is_measured(one.measured, one.stated)
    }


def _suggested(measured: EcgMeasurements, patient: Patient = _MAN) -> set[str]:
    return {one.code for one in suggestions(measured, patient)}


def test_a_normal_ecg_raises_nothing():
    measured = _measured(regular(72).signal)
    assert _raised(measured) == set()
    assert _suggested(measured) == {"sinus_rhythm"}


@pytest.mark.parametrize("rate", [28, 33])
def test_a_slow_ventricle_is_suspected(rate):
    assert "ECG-BRADY" in _raised(_measured(regular(rate, seconds=12).signal))


def test_a_pause_is_suspected():
    measured = _measured(make([0.6, 1.4, 2.2, 6.2, 7.0, 7.8, 8.6]).signal)
    assert _raised(measured) == {"ECG-PAUSE"}
    assert any("4.0" in one.evidence for one in suspicions(measured, _MAN))


def test_a_fast_wide_rhythm_without_p_is_suspected_to_be_ventricular():
    measured = _measured(regular(170, _VENTRICULAR).signal)
    assert "ECG-VT" in _raised(measured)
    assert "sinus_tachycardia" not in _suggested(measured)


def test_a_fast_narrow_rhythm_without_p_is_supraventricular():
    shape = Shape(p_uv=0, qt_ms=200, t_ms=90, qrs_ms=80)
    assert "ECG-SVT" in _raised(_measured(regular(215, shape).signal))


def test_a_wave_without_beats_is_suspected_to_be_fibrillation():
    time = np.arange(5000) / 500
    wave = 500 * np.sin(2 * np.pi * np.cumsum(5 + 0.8 * np.sin(2 * np.pi * 0.3 * time)) / 500)
    assert "ECG-VF" in _raised(_measured(np.outer(np.linspace(0.5, 1, 12), wave)))


def test_fast_atrial_fibrillation_is_suspected_and_slower_is_only_suggested():
    chance = np.random.default_rng(3)
    slow = 0.5 + np.cumsum(chance.uniform(0.45, 1.1, 11))
    measured = _measured(fibrillating(slow[slow < 9.6]).signal)
    assert _raised(measured) == set()
    assert "af" in _suggested(measured)


def test_dissociated_atria_over_a_slow_ventricle_are_suspected():
    atria = [(at + 0.16, Shape(r_uv=0, t_uv=0, p_uv=180)) for at in np.arange(0.1, 9.6, 0.72)]
    made = make(np.arange(0.5, 9.8, 1.6), Shape(p_uv=0, qrs_ms=130, qt_ms=420), others=atria)
    measured = _measured(made.signal)
    assert "ECG-AVB3-SLOW" in _raised(measured)
    assert "av_block_3" in _suggested(measured)


def test_elevated_st_in_neighbouring_leads_is_suspected_and_secondary_st_is_not():
    measured = _measured(regular(70, Shape(st_uv=400)).signal)
    assert "ECG-AMI" in _raised(measured)
    assert "st_elevation" in _suggested(measured)
    wide = _measured(regular(70, Shape(st_uv=400, qrs_ms=160)).signal)
    assert "ECG-AMI" not in _raised(wide)


def test_the_st_limit_depends_on_sex():
    signal = regular(70, Shape(st_uv=0)).signal
    made = regular(70, Shape(st_uv=380)).signal
    signal[6:9] = made[6:9]
    measured = _measured(signal)
    assert "ECG-AMI" not in _raised(measured, _MAN)
    assert "ECG-AMI" in _raised(measured, _WOMAN)


def test_r_on_t_with_a_long_qt_is_suspected():
    shape = Shape(qt_ms=560, t_ms=260)
    early = (4.22, Shape(p_uv=0, qrs_ms=150, qrs_axis=-100, r_uv=2200, t_uv=-400))
    made = make([0.6, 1.5, 2.4, 3.8, 5.2, 6.6, 8.0], shape, others=[early])
    measured = _measured(made.signal)
    evidence = [one for one in suspicions(measured, _MAN) if "qtc" in one.measured]
    assert "r_on_t" in evidence[0].stated


def test_tall_peaked_t_over_a_wide_qrs_without_p_is_suspected():
    shape = Shape(p_uv=0, qrs_ms=140, r_uv=1500, t_uv=1700, t_ms=190, qt_ms=420)
    assert "ECG-HYPERK" in _raised(_measured(regular(75, shape).signal))


@pytest.mark.parametrize(
    "rate, shape, code",
    [
        (48, Shape(), "sinus_bradycardia"),
        (120, Shape(pr_ms=130, p_ms=80, qt_ms=320, t_ms=150), "sinus_tachycardia"),
        (70, Shape(pr_ms=250), "av_block_1"),
        (70, Shape(pr_ms=105, p_ms=70), "short_pr"),
        (70, Shape(qrs_axis=-50), "axis_left"),
        (70, Shape(qrs_axis=120, p_axis=60), "axis_right"),
        (70, Shape(qt_ms=520, t_ms=220), "long_qt"),
        (70, Shape(r_uv=320), "low_voltage"),
        (70, Shape(r_uv=4200), "lvh_voltage"),
        (70, Shape(st_uv=-200), "st_depression"),
        (70, Shape(t_uv=-200), "t_change"),
    ],
)
def test_statements_follow_from_the_numbers(rate, shape, code):
    found = {one.code: one for one in suggestions(_measured(regular(rate, shape).signal), _MAN)}
    assert code in found, sorted(found)
    assert found[code].rule
    assert any(figure.isdigit() for figure in found[code].numbers)
