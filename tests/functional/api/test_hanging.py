"""How images are laid out: the county's rules, and those that a reader keeps for himself."""

from storage.db.models import AuditEvent, OwnHanging
from tests.functional.api.township import Township

HANGING = "/api/v1/hanging"
STEP = {"layout": "1x2", "cells": [{"series": 0}, {"source": "prior", "window": {"width": 80, "center": 40}}]}
RULE = {"key": "ct-head", "zh": "头颅", "when": {"modalities": ["ct"], "body_parts": ["HEAD"]}, "steps": [STEP]}


def test_a_reader_keeps_rules_of_his_own(township: Township) -> None:
    reader = township.client("radiologist")
    told = reader.get(HANGING).json()
    assert {"chest-two-views", "single"} <= {one["key"] for one in told["protocols"]}
    assert told["own"] == {"version": 0, "protocols": [], "left_out": []}
    saved = reader.put(f"{HANGING}/own", json={"version": 0, "protocols": [RULE]}).json()["own"]
    assert [(one["key"], one["when"]["modalities"]) for one in saved["protocols"]] == [("ct-head", ["CT"])]
    late = reader.put(f"{HANGING}/own", json={"version": 0, "protocols": []})
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert township.client("auditor").get(HANGING).json()["own"]["protocols"] == []
    assert reader.delete(f"{HANGING}/own").json()["own"] == {"version": 2, "protocols": [], "left_out": []}
    with township.county.database.read() as work:
        events = [event for event in work.session.query(AuditEvent) if event.action == "hanging.save"]
    assert [event.detail["removed"] for event in events] == [[], ["ct-head"]]


def test_a_rule_that_is_not_read_any_more_is_told_and_can_be_deleted(township: Township) -> None:
    reader = township.client("radiologist")
    reader.put(f"{HANGING}/own", json={"version": 0, "protocols": [RULE]})
    with township.county.database.write() as work:
        work.session.query(OwnHanging).one().content = {"protocols": [{**RULE, "when": {"part": "HEAD"}}]}
    own = reader.get(HANGING).json()["own"]
    (left_out,) = own["left_out"]
    assert (own["protocols"], left_out["key"], left_out["zh"]) == ([], "ct-head", "头颅")
    assert [(one["field"], one["code"]) for one in left_out["faults"]] == [("when.part", "extra_forbidden")]
    body = {"version": 1, "protocols": [], "forget": [left_out["at"]]}
    assert reader.put(f"{HANGING}/own", json=body).json()["own"]["left_out"] == []


def test_what_makes_no_sense_is_refused_field_by_field(township: Township) -> None:
    wrong = {**RULE, "zh": "", "steps": [{"layout": "1x1", "cells": [{"window": {"width": 0, "center": 1}}]}]}
    answer = township.client("radiologist").put(f"{HANGING}/own", json={"version": 0, "protocols": [wrong]})
    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [
        ("protocols.0.zh", "string_too_short"),
        ("protocols.0.steps.0.cells.0.window.width", "greater_than_equal"),
    ]


def test_the_county_changes_its_protocols_for_everybody(township: Township) -> None:
    manager = township.client("manager")
    protocol = {"key": "all", "zh": "全部", "en": "All", "steps": [{"layout": "2x1"}]}
    published = manager.post("/api/v1/rules/hanging", json={"content": {"protocols": [protocol]}, "note": "one"})
    assert published.status_code == 201, published.text
    told = township.client("radiologist").get(HANGING).json()
    assert (told["version"], [one["key"] for one in told["protocols"]]) == (1, ["all"])
    twice = manager.post("/api/v1/rules/hanging", json={"content": {"protocols": [protocol, protocol]}, "note": "two"})
    assert (twice.status_code, twice.json()["errors"][0]["code"]) == (422, "used_twice")


def test_only_readers_keep_rules(township: Township) -> None:
    assert township.client("clinic01").get(HANGING).status_code == 403
    body = {"version": 0, "protocols": [RULE]}
    assert township.client("manager").put(f"{HANGING}/own", json=body).status_code == 403
