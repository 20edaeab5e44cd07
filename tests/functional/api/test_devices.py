from collections.abc import Mapping

import pytest
from sqlalchemy import select

from storage.db.models import Association, AuditEvent, Device, UnknownCaller
from storage.db.queries.charsets import count_repairs
from storage.domain.admission import RefusalReason
from storage.domain.charsets import CharsetReason, CharsetRepair
from tests.functional.api.township import Township

CT, US, DX = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.6.1", "1.2.840.10008.5.1.4.1.1.1.1"
DEVICES = "/api/v1/admin/devices"


def call(township: Township, ae_title: str = "STRANGER", address: str = "10.0.0.9", **more: object) -> None:
    with township.database.write() as work:
        row = {
            "called_ae_title": "COUNTYREAD",
            "reason": RefusalReason.CALLING_AE_TITLE,
            "first_seen_at": work.now,
            "last_seen_at": work.now,
            **more,
        }
        work.session.add(UnknownCaller(ae_title=ae_title, address=address, **row))


def device(township: Township, ae_title: str) -> Mapping:
    items = township.client("manager").get(DEVICES).json()["items"]
    return next(item for item in items if item["ae_title"] == ae_title)


def audited(township: Township, action: str) -> list[Mapping]:
    with township.database.read() as work:
        query = select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.seq)
        return [event.detail for event in work.session.execute(query).scalars()]


def test_a_device_is_added_changed_and_audited(township: Township) -> None:
    admin = township.client("admin")
    made = admin.post(
        DEVICES,
        json={"ae_title": "T02_US", "institution": "t02", "modality": "us", "networks": ["10.0.2.7", "10.0.3.9/24"]},
    )
    assert made.status_code == 201, made.text
    assert (made.json()["modality"], made.json()["networks"]) == ("US", ["10.0.2.7/32", "10.0.3.0/24"])
    url = f"{DEVICES}/{made.json()['id']}"
    changed = admin.patch(url, json={"host": "10.0.2.7", "port": 104, "daily_objects": 500, "institution": "t01"})
    assert changed.status_code == 200, changed.text
    again = admin.patch(url, json={"networks": None, "port": None, "host": "", "active": False, "daily_objects": 500})
    assert again.json()["networks"] is None
    assert device(township, "T02_US")["active"] is False
    assert audited(township, "device_added")[-1]["changes"]["modality"] == ["", "US"]
    first, second = (detail["changes"] for detail in audited(township, "device_changed"))
    assert first == {
        "institution": ["t02", "t01"],
        "host": ["", "10.0.2.7"],
        "port": [None, 104],
        "daily_objects": [None, 500],
    }
    assert set(second) == {"networks", "port", "host", "active"}
    assert admin.patch(url, json={"active": False}).status_code == 200
    assert len(audited(township, "device_changed")) == 2, "nothing has changed"


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"ae_title": "a title that is too long"}, "ae_title"),
        ({"ae_title": "男"}, "ae_title"),
        ({"networks": ["10.0.0.0/64"]}, "networks"),
        ({"networks": ["gateway.local"]}, "networks"),
        ({"certificate_sha256": "ab:cd"}, "certificate_sha256"),
        ({"host": "10.0.0.1"}, "port"),
        ({"port": 104}, "host"),
        ({"host": "10.0.0.1", "port": 0}, "port"),
        ({"sop_classes": ["../../etc"]}, "sop_classes"),
        ({"charset": "KLINGON"}, "charset"),
        ({"daily_bytes": -1}, "daily_bytes"),
        ({"modality": "a/b"}, "modality"),
        ({"kind": "fax"}, "kind"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_what_makes_no_sense_is_said_in_words_at_its_field(township: Township, wrong: dict, field: str) -> None:
    answer = township.client("admin").post(DEVICES, json={"ae_title": "NEW", "institution": "t01", **wrong})
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert "NEW" not in {item["ae_title"] for item in township.client("admin").get(DEVICES).json()["items"]}


def test_a_title_is_given_once_and_to_somebody_there_is(township: Township) -> None:
    admin = township.client("admin")
    assert admin.post(DEVICES, json={"ae_title": "T01_CT", "institution": "t01"}).status_code == 409
    assert admin.post(DEVICES, json={"ae_title": "NEW", "institution": "t99"}).status_code == 404
    assert admin.patch(f"{DEVICES}/99999", json={"active": False}).status_code == 404


def test_only_those_who_run_the_centre_may(township: Township) -> None:
    for person in ("radiologist", "clinic01", "regulator"):
        assert township.client(person).get(DEVICES).status_code == 403
        assert township.client(person).post(DEVICES, json={}).status_code == 403
        assert township.client(person).patch(f"{DEVICES}/1", json={}).status_code == 403


def test_what_a_device_did_today_is_told(township: Township) -> None:
    known = device(township, "T01_CT")
    with township.database.write() as work:
        work.session.add_all(
            Association(
                key=f"k{n}",
                gateway="g",
                device_id=known["id"],
                address="10.1.1.5",
                started_at=work.now,
                received=n,
                refused=1,
            )
            for n in (3, 4)
        )
    now = device(township, "T01_CT")
    assert (now["received_today"], now["refused_today"]) == (7, 2)


@pytest.mark.parametrize(
    "ae_title, address, classes, institution, modality",
    [
        ("T02_DR", "192.168.7.7", [], "t02", "DX"),
        ("SCANNER", "10.1.1.77", [CT], "t01", "CT"),
        ("SCANNER", "10.99.1.77", [CT, US], "", ""),
        ("T01-US2", "10.99.1.77", [US], "", "US"),
        ("CARESTREAM", "10.1.1.78", [DX, "1.2.840.10008.5.1.4.1.1.1"], "t01", "DX"),
    ],
)
def test_one_click_agrees_with_the_guess(
    township: Township, ae_title: str, address: str, classes: list[str], institution: str, modality: str
) -> None:
    known = device(township, "T01_CT")
    with township.database.write() as work:
        work.session.add(
            Association(key="k", gateway="g", device_id=known["id"], address="10.1.1.5", started_at=work.now)
        )
    call(township, ae_title, address, sop_classes=classes)
    manager = township.client("manager")
    (caller,) = manager.get("/api/v1/unknown-callers").json()["items"]
    assert (caller["institution"], caller["modality"], caller["is_known"]) == (institution, modality, False)
    accepted = manager.post(f"/api/v1/unknown-callers/{caller['id']}/accept", json={})
    if not institution:
        assert accepted.status_code == 422
        accepted = manager.post(f"/api/v1/unknown-callers/{caller['id']}/accept", json={"institution": "t02"})
    assert accepted.status_code == 201, accepted.text
    assert (accepted.json()["institution"], accepted.json()["modality"]) == (institution or "t02", modality)
    assert manager.get("/api/v1/unknown-callers").json()["items"] == []


@pytest.mark.parametrize(
    "rules, refused, changed",
    [
        (
            {"networks": ["10.0.1.0/24"]},
            {"reason": RefusalReason.ADDRESS},
            {"networks": ["10.0.1.0/24", "10.0.0.9/32"]},
        ),
        (
            {"certificate_sha256": "ab" * 32},
            {"reason": RefusalReason.OTHER_CERTIFICATE, "certificate_sha256": "cd" * 32},
            {"certificate_sha256": "cd" * 32},
        ),
        (
            {},
            {"reason": RefusalReason.CALLED_AE_TITLE, "called_ae_title": "OLDPACS"},
            {"called_ae_title": "OLDPACS"},
        ),
        ({"active": False}, {}, {"active": True}),
    ],
)
def test_accepting_a_known_device_changes_the_rule_that_kept_it_out(
    township: Township, rules: dict, refused: dict, changed: dict
) -> None:
    admin = township.client("admin")
    before = device(township, "T01_CT")
    admin.patch(f"{DEVICES}/{before['id']}", json=rules)
    call(township, "T01_CT", **refused)
    (caller,) = admin.get("/api/v1/unknown-callers").json()["items"]
    assert caller["is_known"]
    accepted = admin.post(f"/api/v1/unknown-callers/{caller['id']}/accept", json={})
    assert accepted.status_code == 201, accepted.text
    after = device(township, "T01_CT")
    unchanged = set(before) - set(changed) - set(rules) - {"last_seen_at"}
    assert {name: after[name] for name in changed} == changed
    assert {name: after[name] for name in unchanged} == {name: before[name] for name in unchanged}


def test_one_click_never_takes_a_certificate_away(township: Township) -> None:
    call(township, "T01_CT", reason=RefusalReason.NO_CERTIFICATE)
    admin = township.client("admin")
    (caller,) = admin.get("/api/v1/unknown-callers").json()["items"]
    answer = admin.post(f"/api/v1/unknown-callers/{caller['id']}/accept", json={})
    assert (answer.status_code, "TLS" in answer.json()["detail"]) == (409, True)
    with township.database.read() as work:
        assert work.session.execute(select(Device).where(Device.ae_title == "T01_CT")).scalar_one().active


def test_a_device_whose_text_had_to_be_repaired_is_told_with_a_proposal(township: Township) -> None:
    known = device(township, "T01_CT")
    assert (known["charset_repairs"], known["charset_proposal"]) == (0, "")
    repair = str(CharsetRepair("ISO_IR 100", "GB18030", CharsetReason.BYTES))
    with township.database.write() as work:
        count_repairs(work, [(known["id"], repair)] * 40)
    now = device(township, "T01_CT")
    assert (now["charset_repairs"], now["charset_proposal"]) == (40, "GB18030")
