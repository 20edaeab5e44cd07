"""ECG statements by code: found by letters, suggested by the engine, kept with the report, told to other systems."""

import re
from pathlib import Path
from typing import Any

import pytest

import reading_queue.preprocessing.ecg.statements as engine
from reading_queue.documents.codes import coded, own_statement
from reading_queue.ecg.catalogue import find_statements, stated, statements
from reading_queue.ecg.suggested import values_of
from reading_queue.templates.rendering import Rendered, render
from reading_queue.templates.shipped import shipped_templates

RESTING = shipped_templates()["resting-ecg"].template
USUAL = {
    "hr": 72.4,
    "pr_ms": 150.0,
    "qrs_ms": 90.0,
    "qtc_bazett_ms": 420.0,
    "qtc_fridericia_ms": 410.0,
    "qrs_axis_deg": 45.0,
}


def _said(codes: list[str], **other: Any) -> Rendered:
    return render(RESTING, values_of(RESTING, {**USUAL, **other}, codes), "zh")


def test_every_statement_that_the_engine_suggests_is_in_the_catalogue() -> None:
    source = Path(engine.__file__).read_text(encoding="utf-8")
    suggested = set(re.findall(r'Suggestion\(\s*"(\w+)"', source)) | {"vpc", "apc"}
    assert len(suggested) > 20
    assert suggested <= set(statements())


def test_every_code_of_the_template_is_in_the_catalogue() -> None:
    codes = {option.code for field in RESTING.fields for option in field.options if option.code}
    codes |= {sentence.code for sentence in RESTING.impression if sentence.code}
    assert codes <= set(statements())
    others = RESTING.field("more")
    assert others is not None
    assert len(others.options) > 100


@pytest.mark.parametrize(
    "letters, code",
    [
        ("lbbb", "lbbb"),
        ("104", "lbbb"),
        ("dxxdgh", "sinus_bradycardia"),
        ("xinfangchan", "af"),
        ("心房扑", "afl"),
        ("mobitz II", "av_block_2_2"),
    ],
)
def test_a_statement_is_found_by_code_number_initials_pinyin_and_words(letters: str, code: str) -> None:
    assert find_statements(letters, 3)[0].code == code


def test_letters_that_mean_nothing_find_nothing() -> None:
    assert find_statements("qqqq") == []


def test_a_normal_ecg_is_one_key_away() -> None:
    said = _said(["sinus_rhythm"])
    assert said.impression_text == "正常心电图。"
    assert said.findings_text.startswith("窦性心律，心率72次/分。PR间期150ms，QRS时限90ms，QTc间期420ms，电轴45°。")
    assert said.statements == ("sinus_rhythm", "normal_ecg")
    assert not said.positive


@pytest.mark.parametrize(
    "codes, measured, expected",
    [
        (["sinus_bradycardia", "vpc"], {"hr": 52.0}, {"sinus_rhythm", "sinus_bradycardia", "vpc"}),
        (["sinus_bradycardia"], {"hr": 59.7}, {"sinus_rhythm", "sinus_bradycardia"}),
        (["af", "st_depression", "t_change"], {"pr_ms": None, "hr": 110.0}, {"af", "st_depression", "t_change"}),
        (
            ["sinus_rhythm", "av_block_1", "ivcd"],
            {"pr_ms": 230.0, "qrs_ms": 130.0},
            {"sinus_rhythm", "av_block_1", "ivcd"},
        ),
        (["sinus_rhythm", "sinus_arrhythmia"], {}, {"sinus_arrhythmia"}),
        (["sinus_rhythm", "axis_extreme"], {"qrs_axis_deg": -120.0}, {"sinus_rhythm", "axis_extreme"}),
        (["sinus_rhythm", "long_qt"], {"qtc_bazett_ms": 455.0}, {"sinus_rhythm", "long_qt"}),
    ],
)
def test_what_is_suggested_is_what_is_said(codes: list[str], measured: dict[str, Any], expected: set[str]) -> None:
    said = _said(codes, **measured)
    assert set(said.statements) == expected
    assert said.positive


def test_a_rhythm_that_was_not_recognised_is_not_called_normal() -> None:
    said = _said([])
    assert said.impression_text == ""
    assert "窦性" not in said.findings_text


def test_st_elevation_is_said_without_a_diagnosis_that_nobody_made() -> None:
    said = _said(["sinus_rhythm", "st_elevation"])
    assert said.impression_text == "ST段抬高。"
    assert "ST段无偏移" not in said.findings_text
    assert "梗死" not in said.impression_text


def test_a_report_keeps_names_and_numbers_beside_codes() -> None:
    assert stated(["lbbb", "ours"]) == [
        {"code": "lbbb", "zh": "完全性左束支传导阻滞", "en": "Left bundle branch block", "aha": 104},
        {"code": "ours"},
    ]


def test_long_codes_fit_into_dicom() -> None:
    (short,), (long,) = coded(own_statement("lbbb", "左束支")), coded(own_statement("sinus_bradycardia", "窦缓"))
    assert short.CodeValue == "lbbb"
    assert "CodeValue" not in long
    assert long.LongCodeValue == "sinus_bradycardia"
