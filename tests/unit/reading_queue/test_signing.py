"""Signed is signed (I5), numbered without a gap (I6), on the audit chain (I7)."""

import itertools
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from reading_queue import service
from reading_queue.service import ReportContent
from reading_queue.service.versions import NO_VERSION
from storage import audit
from storage.db.models import AuditEvent, ReadingTask, Report, ReportVersion, Result
from storage.db.queries.results import latest_seq, numbering_faults, results_after
from storage.db.queries.tasks import events_of
from storage.domain.canonical import canonical_json, sha256_hex
from storage.domain.errors import Forbidden, Invalid, NotAllowedFromState, SamePerson
from storage.domain.reading import ReportKind, TaskState
from tests.unit.reading_queue.county import LEASE_MINUTES, REPORT, County

pytestmark = pytest.mark.thorough


def _versions(county: County, task: ReadingTask) -> list[ReportVersion]:
    query = select(ReportVersion).join(Report).where(Report.task_id == task.id).order_by(ReportVersion.version)
    with county.database.read() as work:
        return list(work.session.execute(query).scalars())


def _results(county: County, username: str = "clinic01") -> list[Result]:
    with county.database.read() as work:
        return list(results_after(work, county.actor(username).institution_id or 0))


def _sign(
    county: County, task: ReadingTask, username: str, token: str, content: ReportContent | None = None
) -> ReportVersion:
    with county.write() as work:
        return service.sign(work, task.id, county.actor(username), token, content)


def test_a_version_says_everything(county: County):
    task = county.signed(county.task(), replace(REPORT, positive=True, critical="急性脑出血"))
    (version,) = _versions(county, task)
    content = version.content
    assert content["patient"] == {"id": "P1", "name": "张^三", "sex": "M", "birth_date": "1960-01-02"}
    assert content["study"]["modality"] == "CT"
    assert content["study"]["accession_number"] == "A1"
    assert content["institution"]["code"] == "t01"
    assert content["centre"]["name"] == "县影像中心"
    assert (content["findings"], content["impression"]) == (REPORT.findings, REPORT.impression)
    assert (content["positive"], content["critical"]) == (True, "急性脑出血")
    assert content["author"] == {"username": "radiologist", "name": "radiologist 医师", "title": "主治医师"}
    assert content["signer"]["username"] == "auditor"
    assert content["signed_at"].endswith("Z")
    assert content["report"]["version"] == 1


def test_versions_are_hashed_and_tied_together(county: County):
    task = county.signed(county.task())
    with county.write() as work:
        service.amend(work, task.id, county.actor("auditor"), replace(REPORT, impression="右肺结节。"), "漏诊")
        service.withdraw(work, task.id, county.actor("manager"), "患者身份错误")
    versions = _versions(county, task)
    assert [version.kind for version in versions] == [ReportKind.FINAL, ReportKind.AMENDED, ReportKind.WITHDRAWN]
    assert [version.sha256 for version in versions] == [sha256_hex(canonical_json(v.content)) for v in versions]
    assert versions[0].previous_sha256 == NO_VERSION
    assert all(after.previous_sha256 == before.sha256 for before, after in itertools.pairwise(versions))
    assert versions[1].content["report"]["previous_sha256"] == versions[0].sha256
    assert versions[1].content["report"]["reason"] == "漏诊"


def test_each_version_is_a_result_with_the_clinics_next_number(county: County):
    one, other, two = county.task(), county.task(code="t02"), county.task()
    for task in (one, other, two):
        county.signed(task)
    with county.write() as work:
        service.amend(work, one.id, county.actor("auditor"), REPORT, "更正", ReportKind.ADDENDUM)
    assert [(result.seq, result.task_id, result.kind) for result in _results(county)] == [
        (1, one.id, "final"),
        (2, two.id, "final"),
        (3, one.id, "addendum"),
    ]
    assert [result.seq for result in _results(county, "clinic02")] == [1]


def test_a_rolled_back_signature_gives_its_number_back(county: County):
    task = county.task()
    county.drafted(task)
    token = county.claim(task, "auditor").token
    with pytest.raises(ZeroDivisionError), county.write() as work:  # noqa: PT012 - the failure comes after the signature
        service.sign(work, task.id, county.actor("auditor"), token)
        raise ZeroDivisionError
    assert _results(county) == []
    assert _versions(county, task) == []
    assert county.reload(task).state == TaskState.AUDITING
    _sign(county, task, "auditor", token)
    assert [result.seq for result in _results(county)] == [1]
    with county.database.read() as work:
        assert latest_seq(work, task.institution_id) == 1
        assert numbering_faults(work) == []


def test_signing_ends_the_lease_and_the_clocks(county: County):
    task = county.signed(county.task())
    assert (task.lease_token, task.reader_id, task.next_escalation_at) == (None, None, None)
    assert task.signed_at == county.clock.now()
    assert task.author_id == county.actor("radiologist").user_id
    assert task.signer_id == county.actor("auditor").user_id


def test_an_auditor_signs_his_own_words_over_anothers_draft(county: County):
    task = county.task()
    county.drafted(task)
    token = county.claim(task, "auditor").token
    version = _sign(county, task, "auditor", token, replace(REPORT, impression="左下肺炎。"))
    assert version.content["impression"] == "左下肺炎。"
    assert version.content["author"]["username"] == "radiologist"


def test_the_author_never_audits_his_own_draft(county: County):
    task = county.task()
    county.drafted(task, author="auditor")
    with pytest.raises(SamePerson):
        county.claim(task, "auditor")
    county.claim(task, "auditor2")


def test_a_radiologist_does_not_audit(county: County):
    task = county.task()
    county.drafted(task)
    with pytest.raises(Forbidden):
        county.claim(task, "radiologist2")


def test_an_auditor_signs_only_what_he_is_registered_for(county: County):
    task = county.task()
    county.drafted(task)
    token = county.claim(task, "auditor").token
    restricted = replace(county.actor("auditor"), modalities=("ECG",))
    with pytest.raises(Forbidden), county.write() as work:
        service.sign(work, task.id, restricted, token)


def test_an_ecg_needs_one_signature(county: County):
    task = county.task(modality="ECG")
    token = county.claim(task, "ecg").token
    version = _sign(county, task, "ecg", token, REPORT)
    assert version.content["author"] == version.content["signer"]
    assert county.reload(task).state == TaskState.SIGNED


def test_a_ct_needs_two_signatures(county: County):
    task = county.task()
    token = county.claim(task, "auditor").token
    with pytest.raises(NotAllowedFromState):
        _sign(county, task, "auditor", token, REPORT)
    assert county.reload(task).state == TaskState.READING


@pytest.mark.parametrize("field", ["findings", "impression"])
def test_an_empty_report_is_neither_submitted_nor_signed(county: County, field: str):
    empty = replace(REPORT, **{field: "  \n"})
    task = county.task(modality="ECG")
    token = county.claim(task, "ecg").token
    with pytest.raises(Invalid, match=field), county.write() as work:
        service.submit(work, task.id, county.actor("ecg"), token, empty)
    with pytest.raises(Invalid, match=field):
        _sign(county, task, "ecg", token, empty)
    with pytest.raises(Invalid):
        _sign(county, task, "ecg", token)
    assert county.reload(task).state == TaskState.READING


def test_a_critical_value_is_flagged_and_leaves_the_class_alone(county: County):
    critical = replace(REPORT, critical="张力性气胸")
    task = county.signed(county.task(), critical)
    with county.database.read() as work:
        flagged = {event.action for event in events_of(work, task.id) if event.detail.get("critical")}
    assert flagged == {"submit", "sign"}
    assert task.priority == "P2"


@pytest.mark.parametrize("table", ["report_version", "task_event", "audit_event", "result", "receipt"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_is_signed(county: County, table: str, change: str):
    county.signed(county.task())
    with county.write("clinic01") as work:
        service.receipt(work, 1, county.actor("clinic01"))
    column = "seq" if table == "audit_event" else "id"
    with pytest.raises(DBAPIError, match="append-only"), county.write() as work:
        work.session.execute(text(change.format(table, column, column)))


def test_amending_needs_another_auditing_physician(county: County):
    task = county.signed(county.task())
    with county.write() as work:
        with pytest.raises(Forbidden):
            service.amend(work, task.id, county.actor("radiologist"), REPORT, "更正")
        with pytest.raises(Invalid):
            service.amend(work, task.id, county.actor("auditor"), REPORT, " ")
        with pytest.raises(Invalid):
            service.amend(work, task.id, county.actor("auditor"), REPORT, "更正", ReportKind.FINAL)
    own = county.task()
    county.drafted(own, author="auditor")
    token = county.claim(own, "auditor2").token
    _sign(county, own, "auditor2", token)
    with pytest.raises(SamePerson), county.write() as work:
        service.amend(work, own.id, county.actor("auditor"), REPORT, "更正")


def test_a_withdrawn_report_may_be_replaced_and_not_added_to(county: County):
    task = county.signed(county.task())
    manager, auditor = county.actor("manager"), county.actor("auditor")
    with county.write() as work:
        service.withdraw(work, task.id, manager, "患者身份错误")
    with county.write() as work:
        with pytest.raises(NotAllowedFromState):
            service.withdraw(work, task.id, manager, "再次")
        with pytest.raises(Invalid):
            service.amend(work, task.id, auditor, REPORT, "补充", ReportKind.ADDENDUM)
        assert service.amend(work, task.id, auditor, REPORT, "重新出具").version == 3


def test_signing_is_on_the_audit_chain(county: County):
    task = county.signed(county.task())
    with county.database.read() as work:
        actions = work.session.execute(
            select(AuditEvent.action).where(AuditEvent.subject == f"task:{task.id}")
        ).scalars()
        assert list(actions) == ["task.sign"]
        assert audit.verify(work.session) == []


def test_what_an_auditor_sent_back_can_be_submitted_and_signed(county: County):
    task = county.task()
    county.drafted(task)
    token = county.claim(task, "auditor").token
    with pytest.raises(Invalid), county.write() as work:
        service.reject(work, task.id, county.actor("auditor"), token, "")
    with county.write() as work:
        service.reject(work, task.id, county.actor("auditor"), token, "描述不全")
    again = county.claim(task, "radiologist").token
    with county.write() as work:
        service.submit(work, task.id, county.actor("radiologist"), again, replace(REPORT, findings="补充描述。"))
    with county.write() as work:
        lease = service.claim(work, task.id, county.actor("auditor2"), lease_minutes=LEASE_MINUTES)
    assert _sign(county, task, "auditor2", lease.token).content["findings"] == "补充描述。"
