"""The lists as they are shipped: every finding has its source, and the numbers are those of the provinces."""

import pytest

from reading_queue.critical.lists import findings_for, named_in, parse_list
from reading_queue.critical.rules import CRITICAL_VALUES, SHIPPED_RULES
from reading_queue.critical.shipped import SHIPPED_LISTS
from storage.domain.critical import Basis
from storage.domain.errors import Invalid

_RULES = CRITICAL_VALUES.parse(SHIPPED_RULES)


def _measured(key: str, measured: dict[str, float], *stated: str) -> set[str]:
    return {one.code for one in SHIPPED_LISTS[key].findings if one.is_measured(measured, stated)}


def test_every_finding_names_itself_in_both_languages_with_its_source():
    for one in SHIPPED_LISTS.values():
        for finding in one.findings:
            assert finding.name
            assert finding.name_en
            assert finding.source
            assert finding.initials.isalnum()
            assert finding.pinyin.isascii()


def test_the_national_lists_are_whole():
    assert len(SHIPPED_LISTS["imaging-national"].findings) == 5
    assert len(SHIPPED_LISTS["ultrasound-national"].findings) == 14
    assert _RULES.basis("US") == Basis.REPORT_ISSUED
    assert _RULES.basis("CT") == _RULES.basis("ECG") == Basis.DISCOVERED


@pytest.mark.parametrize(
    "measured, stated, codes",
    [
        ({"rr_longest": 3.0}, (), {"ECG-PAUSE"}),
        ({"rr_longest": 2.99}, (), set()),
        ({"ventricular_rate": 34.9}, (), {"ECG-BRADY"}),
        ({"ventricular_rate": 35}, (), set()),
        ({"ventricular_rate": 39}, ("av_block_3",), {"ECG-AVB3-SLOW"}),
        ({"ventricular_rate": 150, "duration": 30}, ("vt",), {"ECG-VT"}),
        ({"ventricular_rate": 150, "duration": 29}, ("vt",), set()),
        ({"ventricular_rate": 230}, ("svt",), {"ECG-SVT"}),
        ({"ventricular_rate": 229}, ("svt",), set()),
        ({"ventricular_rate": 180}, ("af",), {"ECG-AF"}),
        ({"rr_shortest": 249}, ("af_preexcitation",), {"ECG-AF-WPW"}),
        ({}, ("vf",), {"ECG-VF"}),
        ({}, ("torsades",), {"ECG-TDP"}),
        ({}, ("ami",), {"ECG-AMI"}),
    ],
)
def test_the_zhejiang_trial_list(measured: dict[str, float], stated: tuple[str, ...], codes: set[str]):
    assert _measured("ecg-zhejiang", measured, *stated) == codes


def test_the_later_provincial_limits_and_those_of_shanxi_differ():
    assert _measured("ecg-later", {"ventricular_rate": 35}) == {"ECG-BRADY"}
    assert _measured("ecg-later", {"ventricular_rate": 200}, "svt") == {"ECG-SVT"}
    assert _measured("ecg-later", {"ventricular_rate": 190}, "af") == set()
    assert _measured("ecg-later", {"qtc": 0.55}, "r_on_t") == {"ECG-LQT-RONT"}
    assert _measured("ecg-later", {}, "hyperkalaemia") == {"ECG-HYPERK"}
    assert _measured("ecg-shanxi", {"ventricular_rate": 180, "duration": 30}, "svt") == {"ECG-SVT"}
    assert _measured("ecg-holter", {"rr_longest": 5.0}, "af") == {"HOLTER-AF-PAUSE", "HOLTER-PAUSE"}


def test_what_people_judge_no_machine_raises():
    assert all(not one.is_measured({}, ()) for one in SHIPPED_LISTS["imaging-national"].findings)


@pytest.mark.parametrize(
    "words, code",
    [
        ("考虑急性脑出血，建议急诊处理", "RAD-ICH"),
        ("大面积脑梗死伴脑疝", "RAD-INFARCT"),
        ("Tension pneumothorax on the right", "RAD-TENSION-PTX"),
        ("气管异物", None),
    ],
)
def test_findings_are_recognised_in_words(words: str, code: str | None):
    found = named_in(_RULES.lists, "CT", words)
    assert (found[1].code if found else None) == code


def test_a_county_adds_its_own_list_before_the_others():
    own = {
        "key": "own",
        "version": "1",
        "name": "本县补充",
        "modalities": ["DX"],
        "source": "县医务科",
        "findings": [{"code": "OWN-1", "name": "气管异物"}, {"code": "RAD-ICH", "name": "脑出血（本县）"}],
    }
    rules = CRITICAL_VALUES.parse({**SHIPPED_RULES, "own_lists": [own]})
    names = {finding.code: finding.name for _, finding in findings_for(rules.lists, "DX")}
    assert (names["OWN-1"], names["RAD-ICH"]) == ("气管异物", "脑出血（本县）")
    with pytest.raises(Invalid, match="twice"):
        parse_list({**own, "findings": own["findings"] * 2})
