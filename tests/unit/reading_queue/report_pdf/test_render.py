"""The printed report, read back with pypdf."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import select

from reading_queue.report_pdf import Language, Physician, PrintedReport, render_report_pdf
from reading_queue.report_pdf.characters import printable
from reading_queue.report_pdf.fonts import load_fonts
from storage.db.models import ReportVersion
from storage.domain.reading import ReportKind
from tests.unit.reading_queue.county import County

pytestmark = pytest.mark.thorough


SHA256 = "9f2c41d07be5a8830c6d1f9e2b7a5540c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6"
ROOT = Path(__file__).resolve().parents[4]


def compact(text: str) -> str:
    return "".join(text.split())


def report_of(content: Any, **row: Any) -> PrintedReport:
    return PrintedReport.of(content, sha256=SHA256, **row)


def read(report: PrintedReport, language: Language = "zh") -> PdfReader:
    return PdfReader(BytesIO(render_report_pdf(report, language=language)), strict=True)


def page_texts(report: PrintedReport, language: Language = "zh") -> list[str]:
    return [compact(page.extract_text()) for page in read(report, language).pages]


def text_of(report: PrintedReport, language: Language = "zh") -> str:
    return "".join(page_texts(report, language))


@pytest.fixture
def ct(samples: ModuleType) -> PrintedReport:
    return report_of(samples.CT)


@pytest.mark.parametrize(
    "expected",
    [
        "青山县医学影像诊断中心",
        "医学影像诊断报告书",
        "姓名王建国",
        "性别/年龄男/59岁",
        "出生日期1965-03-18",
        "患者编号320925196503",
        "检查号CT20250301017",
        "申请机构柳河镇中心卫生院",
        "检查类别CT",
        "检查部位胸部",
        "检查项目胸部CT平扫（螺旋）",
        "检查时间2025-03-0115:30",
        "报告编号1042",
        "报告版本第1版（正式报告）",
        "诊断意见阳性",
        "报告医师：陈思远主治医师",
        "报告时间：2025-03-0116:02",
        "审核医师：周慧敏副主任医师",
        "审核时间：2025-03-0116:15",
        "本报告仅供临床医师参考。",
        "不是CA数字证书电子签名",
        "任务编号2087",
        "SHA-2569f2c41d07be5a883",
        "检查UID1.2.156.112605.14038011953107.250301073042.3.1028.44021",
        "第1页共1页",
    ],
)
def test_a_ct_report_says_everything(ct: PrintedReport, expected: str):
    assert expected in text_of(ct)


def test_the_text_can_be_copied_as_it_was_written(ct: PrintedReport):
    assert f"影像所见{compact(ct.findings)}诊断意见阳性{compact(ct.impression)}" in text_of(ct)


def test_every_font_is_embedded_as_a_subset(samples: ModuleType):
    for page in read(report_of(samples.long())).pages:
        fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
        assert fonts
        for font in fonts:
            assert font["/BaseFont"].split("+")[1] in ("NotoSansSC-Regular", "NotoSansSC-Bold")
            assert font["/FontDescriptor"]["/FontFile2"].get_data()


def test_an_ecg_report_has_its_own_title_and_its_critical_value_on_top(samples: ModuleType):
    text = text_of(report_of(samples.ecg()))
    assert "医学影像诊断报告书" not in text
    assert (
        0 < text.index("心电图诊断报告") < text.index("危急值：急性下壁ST段抬高型心肌梗死") < text.index("心电图所见")
    )
    assert "性别/年龄女/72岁" in text
    assert "检查时间2025-03-0209:12" in text
    assert "检查号—" in text


def test_a_long_report_names_the_patient_on_each_page(samples: ModuleType):
    report = report_of(samples.long())
    pages = page_texts(report)
    assert len(pages) == 3
    for number, text in enumerate(pages, start=1):
        assert "王建国" in text
        assert "320925196503" in text
        assert f"第{number}页共3页" in text
        assert ("审核医师" in text) is (number == 3)


def test_a_long_report_loses_nothing_between_pages(samples: ModuleType):
    report = report_of(samples.long())
    for paragraph in report.findings.splitlines()[:3]:
        assert sum(text.count(compact(paragraph)) for text in page_texts(report)) >= 8


def test_result_marks(ct: PrintedReport):
    assert "诊断意见阴性1." in text_of(replace(ct, positive=False))
    assert "诊断意见1." in text_of(replace(ct, positive=None))


@pytest.mark.parametrize(
    "kind,notice,reason",
    [
        ("amended", "更正报告（第3版）：本版替代第1～2版", "更正原因：侧别有误"),
        ("addendum", "补充报告（第3版）：对第2版作补充", "补充原因：侧别有误"),
        ("withdrawn", "本报告已撤回（第3版），不得作为诊疗依据", "撤回原因：侧别有误"),
    ],
)
def test_a_later_version_says_what_it_is_and_why(samples: ModuleType, kind: str, notice: str, reason: str):
    text = text_of(report_of(samples.later(kind, 3, "侧别有误")))
    assert text.index(notice) < text.index(reason) < text.index("影像所见")


def test_a_version_that_only_withdraws_has_no_empty_headings(samples: ModuleType):
    content = samples.later("withdrawn", 2, "患者不符", findings="", impression="", positive=None)
    text = text_of(report_of(content))
    assert "影像所见" not in text
    assert "撤回医师：周慧敏副主任医师" in text
    assert "撤回时间：2025-03-0116:15" in text


def test_a_withdrawn_report_has_a_watermark_on_every_page(samples: ModuleType):
    for report in (
        replace(report_of(samples.long()), kind=ReportKind.WITHDRAWN, version=2),
        report_of(samples.long(), later=[(2, "addendum"), (3, "withdrawn")]),
    ):
        assert [watermark(page) for page in read(report).pages] == ["已撤回"] * 3
    assert [watermark(page) for page in read(report_of(samples.long())).pages] == [""] * 3


def watermark(page: Any) -> str:
    """The text that is turned, by the page's transformation matrix."""
    turned: list[str] = []

    def visit(text: str, matrix: list[float], *_: Any) -> None:
        if abs(matrix[1]) > 0.5:
            turned.append(text.strip())

    page.extract_text(visitor_text=visit)
    return "".join(turned)


@pytest.mark.parametrize(
    "later,notices",
    [
        ([], []),
        ([(2, "amended")], ["本版已被第2版替代，请以最新版本为准。"]),
        ([(2, "amended"), (3, "amended")], ["本版已被第3版替代，请以最新版本为准。"]),
        ([(2, "addendum")], ["本报告另有补充（第2版），请一并阅读。"]),
        (
            [(2, "amended"), (3, "addendum")],
            ["本版已被第2版替代，请以最新版本为准。", "本报告另有补充（第3版），请一并阅读。"],
        ),
        ([(2, "addendum"), (3, "withdrawn")], ["本报告已由第3版撤回，不得作为诊疗依据。"]),
        ([(2, "withdrawn"), (3, "amended")], ["本版已被第3版替代，请以最新版本为准。"]),
    ],
)
def test_paper_that_has_been_overtaken_says_so(samples: ModuleType, later: list[tuple[int, str]], notices: list[str]):
    text = text_of(report_of(samples.CT, later=later))
    found = text[text.index("报告版本第1版（正式报告）") + len("报告版本第1版（正式报告）") : text.index("影像所见")]
    assert found == "".join(notices)


@pytest.mark.parametrize(
    "born,age",
    [
        ("19640302", "60岁"),
        ("19640301", "61岁"),
        ("20250115", "1个月"),
        ("20250227", "2天"),
        ("20260101", "—"),
        ("", "—"),
    ],
)
def test_the_age_is_that_of_the_day_of_the_exam(ct: PrintedReport, born: str, age: str):
    assert f"性别/年龄男/{age}出生日期" in text_of(replace(ct, birth_date=born))


def test_an_age_that_was_sent_is_printed_as_sent(ct: PrintedReport):
    assert "男/7天" in text_of(replace(ct, age="007D"))


def test_a_report_signed_by_its_author_says_so(ct: PrintedReport):
    text = text_of(replace(ct, author=ct.signer))
    assert "签发医师（单人签发）：周慧敏" in text
    assert "审核医师" not in text


def test_the_english_variant_has_no_chinese_of_its_own(samples: ModuleType):
    report = replace(
        report_of(samples.english()), patient_name="Wang Jianguo", kind=ReportKind.AMENDED, version=2, reason="Side"
    )
    text = text_of(report, "en")
    for expected in (
        "DiagnosticImagingReport",
        "Male/59y",
        "Reportedby:ChenSiyuan",
        "Page1of1",
        "ImpressionPOSITIVE",
        "Amendedreport:version2replacesversion1.",
        "notacertificate-based(CA)electronicsignature",
    ):
        assert expected in text
    assert not any("\u3000" <= character <= "\uffef" for character in text)


def test_characters_without_a_glyph_are_marked_and_named(ct: PrintedReport):
    text = text_of(replace(ct, patient_name="𠮷田", findings="见😀结节\x00"))
    assert "姓名〓田" in text
    assert "见〓结节〓" in text
    assert "（U+0000U+1F600U+20BB7）" in text


def test_rare_names_and_markup_are_printed_as_they_are(ct: PrintedReport):
    text = text_of(replace(ct, patient_name="䶮㛃𬱟", impression="<b>A&amp;B</b> %s {x}"))
    assert "姓名䶮㛃𬱟" in text
    assert "<b>A&amp;B</b>%s{x}" in text


def test_the_same_report_gives_the_same_bytes_anywhere(ct: PrintedReport, samples: ModuleType):
    program = (
        "import sys, json; from reading_queue.report_pdf import PrintedReport, render_report_pdf;"
        f"sys.stdout.buffer.write(render_report_pdf(PrintedReport.of(json.load(sys.stdin), sha256={SHA256!r})))"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(samples.CT).encode(),
        env={**os.environ, "TZ": "America/New_York", "PYTHONHASHSEED": "7"},
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    assert elsewhere.stdout == render_report_pdf(ct)


def test_threads_do_not_disturb_each_other(ct: PrintedReport, samples: ModuleType):
    reports = [ct, report_of(samples.ecg()), report_of(samples.long())] * 4
    alone = [render_report_pdf(report) for report in reports]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(render_report_pdf, reports)) == alone


def test_the_document_is_dated_by_its_signature(ct: PrintedReport):
    metadata = read(ct).metadata
    assert metadata
    assert metadata.creation_date == ct.signed_at
    assert metadata.title == "医学影像诊断报告书 1042-1"
    assert "王建国" not in str(metadata)


def test_nothing_of_a_crowded_report_is_drawn_outside_the_page(ct: PrintedReport):
    crowded = {
        field.name: "肺Wide" * 60
        for field in fields(ct)
        if isinstance(getattr(ct, field.name), str) and field.name != "kind"
    }
    report = replace(ct, **crowded, author=Physician("u", "长" * 80, "称" * 80), kind=ReportKind.AMENDED, version=2)
    for page in read(report).pages:
        assert all(24 < y < 830 and 40 < x < 560 for x, y in positions(page))


def positions(page: Any) -> list[tuple[float, float]]:
    places: list[tuple[float, float]] = []

    def visit(text: str, _: Any, matrix: list[float], *__: Any) -> None:
        if text.strip():
            places.append((matrix[4], matrix[5]))

    page.extract_text(visitor_text=visit)
    assert places
    return places


any_text = st.text(st.characters(exclude_categories=()), max_size=120)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_text_whatever_stops_the_printer_or_is_lost(ct: PrintedReport, data: st.DataObject):
    names = [field.name for field in fields(ct) if isinstance(getattr(ct, field.name), str) and field.name != "kind"]
    drawn = {name: data.draw(any_text, label=name) for name in names}
    person = Physician(*(data.draw(any_text) for _ in range(3)))
    report = replace(ct, **drawn, author=person, kind=data.draw(st.sampled_from(ReportKind)), version=2)
    language = data.draw(st.sampled_from(["zh", "en"]))
    shown = printable(report, load_fonts().covers).report
    written = drawn_characters(read(report, language))
    assert set(compact(shown.findings + shown.impression)) <= written


def drawn_characters(reader: PdfReader) -> set[str]:
    """By the fonts' own maps, whatever order pypdf would put the text in (it turns right-to-left runs round)."""
    return {character for page in reader.pages for character in page.extract_text()}


def test_the_title_follows_the_modality(ct: PrintedReport):
    titles = {
        modality: read(replace(ct, modality=modality)).metadata.title.split()[0]
        for modality in ("ECG", "US", "DX", "NM")
    }
    assert titles == {
        "ECG": "心电图诊断报告",
        "US": "超声诊断报告书",
        "DX": "医学影像诊断报告书",
        "NM": "医学影像诊断报告书",
    }


def test_a_report_signed_by_the_workflow_is_printed(county: County):
    task = county.task()
    county.signed(task)
    with county.database.read() as work:
        version = work.session.execute(select(ReportVersion)).scalar_one()
    text = text_of(PrintedReport.of(version.content, sha256=version.sha256))
    for expected in (
        "县影像中心",
        "申请机构城关镇卫生院",
        "检查部位胸部",
        "诊断意见阴性胸部未见异常。",
        "报告医师：radiologist医师主治医师",
        "审核医师：auditor医师",
    ):
        assert compact(expected) in text
    assert f"报告编号{version.report_id}任务编号{task.id}第1版SHA-256{version.sha256[:16]}" in text


def test_a_preliminary_report_says_on_every_page_that_the_final_one_counts(samples: ModuleType):
    words = {"zh": "急诊报告，以正式报告为准", "en": "PRELIMINARY"}
    for language, mark in words.items():
        pages = read(report_of(samples.later("preliminary", 1, "", findings="所见。\n" * 90)), language).pages  # type: ignore[arg-type]
        assert len(pages) > 1
        assert all(mark in compact(page.extract_text()) for page in pages)
    overtaken = read(report_of(samples.later("preliminary", 1, ""), later=[(2, "final")])).pages[0].extract_text()
    assert "本版已被第2版替代" in compact(overtaken)


def test_the_opinion_of_a_hospital_is_printed_with_who_gave_it(samples: ModuleType):
    said = {
        "hospital": {"code": "u01", "name": "市人民医院", "name_en": "City hospital"},
        "consultant": {"username": "consultant", "name": "沈一鸣", "title": "主任医师"},
        "opinion": "考虑良性，建议三个月后复查。",
    }
    text = compact(read(report_of(samples.content(consultations=[said]))).pages[0].extract_text())
    assert "上级医院会诊意见市人民医院沈一鸣主任医师：考虑良性，建议三个月后复查。" in text
