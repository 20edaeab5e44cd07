"""Reading by UPS-RS: search, claim, write, complete, give back, cancel; and what each refusal says."""

import pytest
from pydicom import Dataset

from storage.db.models import Study
from storage.domain.reading import TaskState
from tests.functional.api.images import ct_image
from tests.functional.api.township import Township
from tests.functional.api.ups.workitems import Client, first, value
from tests.unit.reading_queue.steps import prepare

MINE, OTHER = "2.25.111", "2.25.222"


@pytest.fixture
def reader(township: Township) -> Client:
    return Client(township, "radiologist")


@pytest.fixture
def auditor(township: Township) -> Client:
    return Client(township, "auditor")


def test_a_case_is_read_audited_and_signed_by_workitems_alone(
    township: Township, reader: Client, auditor: Client
) -> None:
    task = township.county.task()
    (item,) = reader.search("ProcedureStepState=SCHEDULED&WorklistLabel=READ CT")
    uid = first(item, "00080018")
    assert (first(item, "00404041"), first(item, "00741200")) == ("READY", "MEDIUM")
    assert reader.state(uid, "IN PROGRESS", MINE).status_code == 200
    assert township.county.reload(task).lease_token == MINE
    assert reader.state(uid, "COMPLETED", MINE).status_code == 409
    assert reader.write(uid, MINE).status_code == 200
    assert reader.state(uid, "COMPLETED", MINE).status_code == 200
    (audit,) = auditor.search("ProcedureStepState=SCHEDULED&WorklistLabel=AUDIT*")
    assert auditor.state(first(audit, "00080018"), "IN PROGRESS", OTHER).status_code == 200
    assert auditor.state(first(audit, "00080018"), "COMPLETED", OTHER).status_code == 200
    assert township.county.reload(task).state == TaskState.SIGNED
    report = township.client("clinic01").get("/api/v1/results").json()["items"][0]
    assert township.client("clinic01").get(f"/api/v1/reports/{report['report_id']}").json()["impression"] == "正常。"
    assert {first(one, "00741000") for one in reader.search()} == {"COMPLETED"}
    done = reader.get(uid)
    assert first(done, "00741216", "00404035", "00404009", "00080100") == "radiologist"
    assert first(done, "00741002", "00741004") == 100


def test_a_workitem_is_a_data_set_with_the_images(township: Township, reader: Client) -> None:
    township.image(ct_image())
    task = township.county.task()
    study = township.study(task).study_instance_uid
    (item,) = reader.search(f"InputInformationSequence.StudyInstanceUID=&StudyInstanceUID={study}")
    whole = reader.get(first(item, "00080018"))
    dataset = Dataset.from_json(whole)
    assert dataset.SOPClassUID == "1.2.840.10008.5.1.4.34.6.1"
    assert dataset.ReferencedRequestSequence[0].StudyInstanceUID == study
    images = dataset.InputInformationSequence[0]
    assert images.TypeOfInstances == "DICOM"
    assert images.ReferencedSOPSequence[0].ReferencedSOPClassUID
    url = images.WADORSRetrievalSequence[0].RetrieveURL
    assert url.startswith(f"{township.url}/dicomweb/studies/{study}/series/")
    assert dataset.ScheduledProcedureStepModificationDateTime.endswith("+0800")
    assert "TransactionUID" not in dataset


def test_what_is_given_back_ends_and_another_takes_its_place(township: Township, reader: Client) -> None:
    township.county.task()
    uid = first(reader.search()[0], "00080018")
    reader.state(uid, "IN PROGRESS", MINE)
    stopped = {"00741002": value("SQ", {"00741238": value("LT", "下班")})}
    assert reader.state(uid, "CANCELED", MINE, **stopped).status_code == 200
    old = reader.get(uid)
    assert (first(old, "00741000"), first(old, "00741002", "00741238")) == ("CANCELED", "下班")
    (new,) = reader.search("ProcedureStepState=SCHEDULED")
    assert first(new, "00080018") != uid
    assert first(new, "00741224", "00081155") == uid
    again = reader.state(uid, "CANCELED", MINE)
    assert again.status_code == 200
    assert "The UPS is already in the requested state of CANCELED." in again.headers["warning"]
    assert reader.state(uid, "IN PROGRESS", MINE).json()["ups_status"] == "0xC300"


def test_a_lease_that_runs_out_ends_its_workitem(township: Township, reader: Client) -> None:
    from reading_queue import service

    township.county.task()
    uid = first(reader.search()[0], "00080018")
    reader.state(uid, "IN PROGRESS", MINE)
    township.county.clock.advance(minutes=9)
    progress = {"00741002": value("SQ", {"00741004": value("DS", "50")})}
    assert reader.send("POST", f"/{uid}?transaction-uid={MINE}", progress).status_code == 200
    township.county.clock.advance(minutes=9)
    with township.county.write() as work:
        assert service.expire_leases(work) == 0
    township.county.clock.advance(minutes=9)
    with township.county.write() as work:
        assert service.expire_leases(work) == 1
    assert first(reader.get(uid), "00741000") == "CANCELED"
    assert reader.write(uid, MINE).status_code == 409


def test_each_refusal_has_its_status_and_warning(township: Township, reader: Client) -> None:
    township.county.task()
    uid = first(reader.search()[0], "00080018")
    early = reader.state(uid, "COMPLETED", MINE)
    assert (early.status_code, early.json()["ups_status"]) == (409, "0xC310")
    assert reader.state(uid, "IN PROGRESS").status_code == 400
    assert reader.state(uid, "SCHEDULED", MINE).status_code == 400
    assert reader.state(uid, "IN PROGRESS", "x").status_code == 400
    reader.state(uid, "IN PROGRESS", MINE)
    other = Client(township, "radiologist2").state(uid, "IN PROGRESS", OTHER)
    assert (other.status_code, other.json()["ups_status"]) == (409, "0xC302")
    wrong = reader.state(uid, "CANCELED", OTHER)
    assert (wrong.status_code, wrong.json()["ups_status"]) == (409, "0xC301")
    assert "The Transaction UID is incorrect." in wrong.headers["warning"]
    assert Client(township, "radiologist2").state(uid, "CANCELED", MINE).json()["ups_status"] == "0xC301"
    assert reader.send("POST", f"/{uid}", {"00741000": value("CS", "COMPLETED")}).status_code == 400
    assert (
        reader.http.put(
            f"/dicomweb/workitems/{uid}/state", content="<x/>", headers={"Content-Type": "text/plain"}
        ).status_code
        == 415
    )
    assert reader.http.get("/dicomweb/workitems/1.2.3").status_code == 404
    assert reader.http.get(f"/dicomweb/workitems/{uid[:-1]}{(int(uid[-1]) + 1) % 10}").status_code == 404


def test_a_case_that_waits_for_the_clinic_is_incomplete(township: Township, reader: Client) -> None:
    prepare(township.county, TaskState.RETAKE_WAIT)
    (item,) = reader.search("ProcedureStepState=SCHEDULED")
    assert first(item, "00404041") == "INCOMPLETE"
    assert reader.state(first(item, "00080018"), "IN PROGRESS", MINE).status_code == 409
    assert reader.search("InputReadinessState=READY&ProcedureStepState=SCHEDULED") == []


def test_every_state_of_a_task_can_be_seen_as_workitems(township: Township, reader: Client) -> None:
    for state in sorted(TaskState, key=lambda one: one == TaskState.READ):
        prepared = prepare(township.county, state)
        study = township.study(prepared.task).study_instance_uid
        found = reader.search(f"StudyInstanceUID={study}")
        assert found, state
        for item in found:
            whole = reader.get(first(item, "00080018"))
            Dataset.from_json(whole)
            assert whole.items() >= item.items(), state


def test_urgency_by_priority(township: Township) -> None:
    manager = Client(township, "manager")
    task = township.county.task()
    uid = first(manager.search()[0], "00080018")
    assert manager.send("POST", f"/{uid}", {"00741200": value("CS", "HIGH")}).status_code == 200
    assert township.county.reload(task).priority == "P1"
    assert manager.search("ScheduledProcedureStepPriority=HIGH")
    assert manager.send("POST", f"/{uid}", {"00741200": value("CS", "SOON")}).status_code == 400
    assert "optional" in manager.send("POST", f"/{uid}", {"00741204": value("LO", "x")}).headers["warning"]


def test_a_clinic_gives_up_its_own_and_asks_for_what_is_in_hand(township: Township, reader: Client) -> None:
    clinic = Client(township, "clinic01")
    first_task, second = township.county.task(), township.county.task()
    uids = {first(one, "0020000D"): first(one, "00080018") for one in clinic.search()}
    waiting, held = uids[township.study(first_task).study_instance_uid], uids[township.study(second).study_instance_uid]
    assert clinic.send("POST", f"/{waiting}/cancelrequest", {"00741238": value("LT", "重复检查")}).status_code == 202
    assert first(reader.get(waiting), "00741000") == "CANCELED"
    assert township.county.reload(first_task).state == TaskState.CANCELLED
    reader.state(held, "IN PROGRESS", MINE)
    assert clinic.send("POST", f"/{held}/cancelrequest").status_code == 202
    assert first(reader.get(held), "00741000") == "IN PROGRESS"
    notes = reader.http.get(f"/api/v1/studies/{township.study(second).study_instance_uid}/notes").json()
    assert "请求取消阅片" in str(notes)
    signed = township.county.signed(township.county.task())
    (done, *_) = reader.search(f"StudyInstanceUID={township.study(signed).study_instance_uid}")
    refused = clinic.send("POST", f"/{first(done, '00080018')}/cancelrequest")
    assert (refused.status_code, refused.json()["ups_status"]) == (409, "0xC311")
    assert "The UPS is already COMPLETED." in refused.headers["warning"]


def test_one_clinic_never_sees_anothers(township: Township) -> None:
    township.county.task()
    own, other = Client(township, "clinic01"), Client(township, "clinic02")
    uid = first(own.search()[0], "00080018")
    assert other.search() == []
    for method, path in (("GET", ""), ("POST", "/cancelrequest"), ("POST", "/subscribers/X")):
        assert other.send(method, f"/{uid}{path}").status_code == 404, path
    assert own.state(uid, "IN PROGRESS", MINE).status_code == 403
    assert Client(township, "regulator").send("GET", "").status_code == 403


def test_lists_by_name_number_due_time_and_page(township: Township, reader: Client) -> None:
    for _ in range(3):
        township.county.task()
    assert len(reader.search("limit=2")) == 2
    assert reader.search("limit=2&offset=2") == reader.search()[2:]
    patient = first(reader.search()[1], "00100020")
    assert [first(one, "00100020") for one in reader.search(f"PatientID={patient}")] == [patient]
    assert len(reader.search("PatientName=张*")) == 3
    assert reader.search("PatientName=李*") == []
    assert len(reader.search("00404011=20260309-")) == 3
    assert reader.search("ExpectedCompletionDateTime=-20260308") == []
    assert reader.http.get("/dicomweb/workitems?Colour=red").status_code == 400
    assert reader.http.get("/dicomweb/workitems?limit=x").status_code == 400


REQUEST = {
    "00741000": value("CS", "SCHEDULED"),
    "00741200": value("CS", "HIGH"),
    "00100010": value("PN", {"Ideographic": "欧阳^三"}),
    "00100020": value("LO", "0007"),
    "00100040": value("CS", "F"),
    "00404005": value("DT", "20260309093000+0800"),
    "00404026": value("SQ", {"00080100": value("SH", "CT"), "00080102": value("SH", "DCM")}),
    "0040A370": value(
        "SQ", {"0020000D": value("UI", "1.2.3.44"), "00080050": value("SH", "ACC9"), "00321060": value("LO", "胸部CT")}
    ),
}


def test_a_workitem_from_outside_becomes_an_order_and_then_the_reading(township: Township, reader: Client) -> None:
    clinic = Client(township, "clinic01")
    answer = clinic.send("POST", "?AffectedSOPInstanceUID=1.2.3.99", REQUEST)
    assert answer.status_code == 201, answer.text
    assert answer.headers["content-location"] == f"{township.url}/dicomweb/workitems/1.2.3.99"
    (order,) = township.client("clinic01").get("/api/v1/orders").json()["items"]
    assert (order["accession_number"], order["modality"], order["priority"]) == ("ACC9", "CT", "P1")
    waiting = reader.get("1.2.3.99")
    Dataset.from_json(waiting)
    assert (first(waiting, "00741000"), first(waiting, "00404041")) == ("SCHEDULED", "INCOMPLETE")
    assert reader.state("1.2.3.99", "IN PROGRESS", MINE).status_code == 409
    assert Client(township, "clinic02").send("GET", "/1.2.3.99").status_code == 404
    assert clinic.send("POST", "?AffectedSOPInstanceUID=1.2.3.99", REQUEST).status_code == 409
    _arrive(township, "1.2.3.44")
    ready = reader.get("1.2.3.99")
    assert (first(ready, "00741000"), first(ready, "00404041")) == ("SCHEDULED", "READY")
    assert [first(one, "00080018") for one in reader.search()] == ["1.2.3.99"]
    assert reader.state("1.2.3.99", "IN PROGRESS", MINE).status_code == 200
    again = clinic.send("POST", "", REQUEST)
    assert (again.status_code, again.headers["content-location"]) == (
        409,
        f"{township.url}/dicomweb/workitems/1.2.3.99",
    )


def _arrive(township: Township, uid: str) -> None:
    from reading_queue import service
    from storage.domain.readiness import ReadyTimes

    study_id = township.county.study()
    with township.database.write() as work:
        study = work.session.get_one(Study, study_id)
        study.study_instance_uid = uid
    township.county.clock.advance(seconds=11)
    with township.database.write() as work:
        service.open_ready_studies(work, ReadyTimes(idle=10))


def test_a_request_that_was_given_up_stays_so_whatever_comes(township: Township, reader: Client) -> None:
    clinic = Client(township, "clinic01")
    for uid in ("1.2.3.98", "1.2.3.97"):
        assert clinic.send("POST", f"?workitem={uid}", {**REQUEST, "0040A370": value("SQ", {})}).status_code == 201
    by_workitem, by_order = "1.2.3.98", "1.2.3.97"
    assert clinic.send("POST", f"/{by_workitem}/cancelrequest").status_code == 202
    order = next(
        one for one in township.client("clinic01").get("/api/v1/orders").json()["items"] if one["state"] == "scheduled"
    )
    cancelled = township.client("clinic01").post(f"/api/v1/orders/{order['id']}/cancel", json={"reason": "离院"})
    assert cancelled.status_code == 200, cancelled.text
    for uid in (by_workitem, by_order):
        assert first(reader.get(uid), "00741000") == "CANCELED"
        assert "already" in clinic.send("POST", f"/{uid}/cancelrequest").headers["warning"]
    _arrive(township, order["study_instance_uid"])
    assert first(reader.get(by_order), "00741000") == "CANCELED"
    (item,) = reader.search("ProcedureStepState=SCHEDULED")
    assert first(item, "0020000D") == order["study_instance_uid"]


@pytest.mark.parametrize(
    "over",
    [
        {"00741000": value("CS", "IN PROGRESS")},
        {"00081195": value("UI", "1.2.3")},
        {"00741200": value("CS", "SOON")},
        {"00404026": value("SQ", {})},
        {"00404005": value("DT", "soon")},
        {"00100020": value("LO", "")},
    ],
)
def test_what_cannot_be_an_order_is_refused_with_the_reason(township: Township, over: dict) -> None:
    answer = Client(township, "clinic01").send("POST", "", {**REQUEST, **over})
    assert answer.status_code == 400, answer.text
    assert answer.json()["detail"]
    assert township.client("clinic01").get("/api/v1/orders").json()["items"] == []
