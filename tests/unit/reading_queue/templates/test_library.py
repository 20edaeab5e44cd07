"""Whose template counts, who changes which, and what a signed report keeps of it."""

import pytest
from sqlalchemy import select

from reading_queue import service
from reading_queue.service import ReportContent
from reading_queue.templates import library
from reading_queue.templates.fitting import Exam, score, start_values
from reading_queue.templates.shipped import shipped_templates
from reading_queue.templates.structures import Structure
from storage.db.models import AuditEvent, Draft, ReportVersion
from storage.db.queries.templates import Place
from storage.domain.canonical import canonical_json, sha256_hex
from storage.domain.errors import Conflict, Forbidden, Invalid, NotFound
from storage.domain.templates import Department, Level
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.templates.made import CONTENT

pytestmark = pytest.mark.thorough


OWN, COUNTY = Place(Level.OWN), Place(Level.COUNTY)
RADIOLOGY = Place(Level.DEPARTMENT, Department.RADIOLOGY)
KEY = "chest-ct"
EXAM = Exam("CT", "CHEST", "胸部CT平扫")


def nearest(county: County, username: str) -> library.Entry:
    with county.write() as work:
        fits = library.fitting(work, county.actor(username), EXAM)
    return next(fit.entry for fit in fits if fit.entry.key == KEY)


def test_a_reader_gets_his_own_before_the_departments_before_the_countys(county: County) -> None:
    manager, reader = county.actor("manager"), county.actor("radiologist")
    assert nearest(county, "radiologist").place.level is Level.SHIPPED
    for actor, place in ((manager, COUNTY), (manager, RADIOLOGY), (reader, OWN)):
        with county.write() as work:
            made = library.create(work, actor, place, CONTENT, KEY)
        assert nearest(county, "radiologist").id == made.id
    assert nearest(county, "radiologist2").place.level is Level.DEPARTMENT
    with county.write() as work:
        library.withdraw(work, reader, made.id)
    assert nearest(county, "radiologist").place.level is Level.DEPARTMENT


def test_anothers_department_does_not_count(county: County) -> None:
    with county.write() as work:
        library.create(work, county.actor("manager"), Place(Level.DEPARTMENT, Department.ULTRASOUND), CONTENT, KEY)
    assert nearest(county, "radiologist").place.level is Level.SHIPPED


def test_only_the_manager_changes_what_is_shared_and_nobody_anothers_own(county: County) -> None:
    reader, other = county.actor("radiologist"), county.actor("radiologist2")
    for place in (COUNTY, RADIOLOGY):
        with pytest.raises(Forbidden), county.write() as work:
            library.create(work, reader, place, CONTENT, KEY)
    with county.write() as work:
        own = library.create(work, reader, OWN, CONTENT, KEY)
        shared = library.create(work, county.actor("manager"), COUNTY, CONTENT, KEY)
    for forbidden in ("chest-dr", shared.id):
        with pytest.raises(Forbidden), county.write() as work:
            library.change(work, reader, forbidden, CONTENT, 1)
    for act in (lambda w: library.change(w, other, own.id, CONTENT, 1), lambda w: library.entry(w, other, own.id)):
        with pytest.raises(NotFound), county.write() as work:
            act(work)


def test_clinics_have_no_templates(county: County) -> None:
    with pytest.raises(Forbidden), county.write("clinic01") as work:
        library.create(work, county.actor("clinic01"), OWN, CONTENT, KEY)


def test_a_second_editor_does_not_overwrite_the_first(county: County) -> None:
    manager = county.actor("manager")
    with county.write() as work:
        made = library.create(work, manager, COUNTY, CONTENT, KEY)
        assert library.change(work, manager, made.id, CONTENT, 1).version == 2
    with pytest.raises(Conflict), county.write() as work:
        library.change(work, manager, made.id, CONTENT, 1)
    with pytest.raises(Conflict), county.write() as work:
        library.create(work, manager, COUNTY, CONTENT, KEY)


def test_a_wrong_template_is_refused_and_a_copy_keeps_its_key(county: County) -> None:
    reader = county.actor("radiologist")
    with pytest.raises(Invalid), county.write() as work:
        library.create(work, reader, OWN, {**CONTENT, "title": {}}, KEY)
    with county.write() as work:
        copied = library.copy(work, reader, KEY, OWN)
    assert (copied.key, copied.content) == (KEY, dict(shipped_templates()[KEY].content))
    with county.database.read() as work:
        audited = work.session.execute(select(AuditEvent.action).where(AuditEvent.subject == f"template:{copied.id}"))
        assert audited.scalars().all() == ["template.create"]


def test_a_signed_report_keeps_edition_values_and_classes_whatever_becomes_of_the_template(county: County) -> None:
    reader, task = county.actor("radiologist"), county.task(modality="CT")
    with county.write() as work:
        made = library.create(work, reader, OWN, CONTENT)
    token = county.claim(task, "radiologist").token
    structure = Structure(made.id, 1, "zh", {"lungs": "nodule", "side": "left", "size": 8})
    content = ReportContent("左肺可见结节，大小约8.0mm。", "左肺结节。", positive=True, structure=structure)
    with county.write() as work:
        service.save_draft(work, task.id, reader, token, content)
        library.change(work, reader, made.id, {**CONTENT, "title": {"zh": "另一个", "en": "Another"}}, 1)
        library.withdraw(work, reader, made.id)
    with county.write() as work:
        assert ReportContent.of(work.session.get_one(Draft, task.id)) == content
        service.submit(work, task.id, reader, token, content)
    token = county.claim(task, "auditor").token
    with county.write() as work:
        version = service.sign(work, task.id, county.actor("auditor"), token)
        assert version.content["structure"] == {
            "template": made.id,
            "key": made.key,
            "version": 1,
            "title": {"zh": "试验", "en": "Trial"},
            "language": "zh",
            "values": {"lungs": "nodule", "side": "left", "size": 8},
            "classes": {},
        }


def test_versions_signed_without_structure_verify_as_before(county: County) -> None:
    task = county.signed(county.task())
    with county.database.read() as work:
        version = work.session.execute(select(ReportVersion)).scalars().one()
    assert version.content["format"] == "countyread-report-2"
    assert version.content["structure"] is None
    before = {name: value for name, value in version.content.items() if name != "structure"}
    before["format"] = "countyread-report-1"
    assert sha256_hex(canonical_json(version.content)) == version.sha256 != sha256_hex(canonical_json(before))
    assert task.signed_at is not None


@pytest.mark.parametrize(
    "structure, refusal",
    [
        (Structure("no-such", 1), NotFound),
        (Structure("999999", 1), NotFound),
        (Structure(KEY, 1, "zh", {"lungs": "purple"}), Invalid),
        (Structure(KEY, 1, "zh", {"no_such": "1"}), Invalid),
    ],
)
def test_a_draft_with_values_that_no_template_holds_is_refused(county: County, structure: Structure, refusal) -> None:
    task = county.task()
    token = county.claim(task, "radiologist").token
    with pytest.raises(refusal), county.write() as work:
        service.save_draft(
            work, task.id, county.actor("radiologist"), token, ReportContent("", "", structure=structure)
        )


EXAMS: list[tuple[Exam, str | None]] = [
    (Exam("DX", "CHEST", "胸部正位"), "chest-dr"),
    (Exam("CR", "", "左膝关节正侧位"), "limb-dr"),
    (Exam("DX", "LSPINE", "腰椎正侧位"), "spine-dr"),
    (Exam("DX", "ABDOMEN", ""), "abdomen-dr"),
    (Exam("CT", "", "头颅平扫"), "head-ct"),
    (Exam("CT", "CHEST", ""), "chest-ct"),
    (Exam("CT", "", "上腹部平扫"), "abdomen-ct"),
    (Exam("US", "", "肝胆胰脾彩超"), "abdomen-us"),
    (Exam("US", "", "甲状腺及颈部淋巴结"), "thyroid-us"),
    (Exam("US", "BREAST", "", "F"), "breast-us"),
    (Exam("US", "", "中晚孕产科超声", "F", 30.0), "obstetric-us"),
    (Exam("US", "HEART", ""), "cardiac-us"),
    (Exam("ECG", "", ""), "resting-ecg"),
    (Exam("ECG", "", "24小时动态心电图"), "ambulatory-ecg"),
    (Exam("MR", "", "前列腺平扫", "M"), "prostate-mr"),
    (Exam("US", "BREAST", "", "M"), None),
    (Exam("CT", "", "颞下颌关节三维"), None),
]


def test_the_template_follows_the_exam(county: County) -> None:
    for exam, key in EXAMS:
        with county.write() as work:
            fits = library.fitting(work, county.actor("radiologist"), exam)
        assert (fits[0].entry.key if fits and fits[0].score else None) == key, exam
        assert all(score(fit.entry.template, exam) == fit.score for fit in fits)


def test_the_name_of_the_exam_tells_side_and_part() -> None:
    limb = shipped_templates()["limb-dr"].template
    assert start_values(limb, Exam("DX", "", "左膝关节正侧位")) == {"side": "left", "part": "knee"}
    assert start_values(limb, Exam("DX", "WRIST", "wrist pa")) == {"part": "wrist"}
    assert start_values(limb, Exam("DX", "", "左、右手正位")) == {"part": "hand"}
    assert start_values(shipped_templates()["spine-dr"].template, Exam("DX", "", "颈椎")) == {"level": "cervical"}
