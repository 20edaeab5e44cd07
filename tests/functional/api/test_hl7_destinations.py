"""Where results go as HL7 messages: named, changed, and passed over by the county's operators alone."""

from storage.db.models import AuditEvent
from tests.functional.api.township import Township
from tests.unit.reading_queue.county import REPORT

PATH = "/api/v1/admin/hl7-destinations"
PLACE = {"host": "10.0.0.5", "port": 2575, "application": "HIS", "charset": "GBK"}


def _sign(township: Township) -> None:
    from reading_queue import service

    county = township.county
    task = county.task(modality="ECG")
    token = county.claim(task, "radiologist").token
    with county.write() as work:
        service.sign(work, task.id, county.actor("radiologist"), token, REPORT)


def test_a_new_destination_begins_with_the_next_result_or_where_it_is_told_to(township: Township) -> None:
    _sign(township)
    manager = township.client("manager")
    made = manager.put(f"{PATH}/t01", json=PLACE).json()
    assert (made["delivered_seq"], made["latest_seq"], made["charset"], made["active"]) == (1, 1, "GBK", True)
    again = manager.put(f"{PATH}/t01", json={**PLACE, "from_seq": 0}).json()
    assert again["delivered_seq"] == 0
    (listed,) = manager.get(PATH).json()["items"]
    assert (listed["institution"], listed["host"], listed["delivered_seq"]) == ("t01", "10.0.0.5", 0)


def test_only_the_next_result_can_be_passed_over_and_it_is_on_record(township: Township) -> None:
    _sign(township)
    manager = township.client("manager")
    manager.put(f"{PATH}/t01", json={**PLACE, "from_seq": 0})
    assert manager.post(f"{PATH}/t01/skip", json={"seq": 2, "reason": "x"}).status_code == 409
    skipped = manager.post(f"{PATH}/t01/skip", json={"seq": 1, "reason": "对方系统拒收"}).json()
    assert skipped["delivered_seq"] == 1
    assert manager.post(f"{PATH}/t01/skip", json={"seq": 2, "reason": "x"}).status_code == 409
    with township.county.database.read() as work:
        actions = [event.action for event in work.session.query(AuditEvent).order_by(AuditEvent.seq)]
    assert "hl7_destination.set" in actions
    assert "hl7_destination.skip" in actions


def test_what_cannot_be_sent_to_is_refused(township: Township) -> None:
    manager = township.client("manager")
    for wrong in ({"port": 0}, {"host": "a b"}, {"charset": "KOI8"}, {"application": "A|B"}):
        assert manager.put(f"{PATH}/t01", json={**PLACE, **wrong}).status_code == 422
    assert manager.put(f"{PATH}/nowhere", json=PLACE).status_code == 404
    assert manager.post(f"{PATH}/t01/skip", json={"seq": 1, "reason": "x"}).status_code == 404
    assert township.client("clinic01").get(PATH).status_code == 403


def test_health_says_when_a_clinics_system_takes_nothing(township: Township) -> None:
    _sign(township)
    manager = township.client("manager")
    manager.put(f"{PATH}/t01", json={**PLACE, "from_seq": 0})

    def check() -> str:
        return next(
            one["status"] for one in manager.get("/api/v1/health").json()["checks"] if one["name"] == "hl7_results"
        )

    assert check() == "ok"
    township.county.clock.advance(minutes=16)
    assert check() == "degraded"
