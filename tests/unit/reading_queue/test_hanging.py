"""Rules for hanging: what makes sense, and whose they are."""

from typing import Any

import pytest

from reading_queue.hanging.chapter import HANGING
from reading_queue.hanging.checking import read_protocols
from reading_queue.hanging.own import drop_rules, own_rules, save_rules
from reading_queue.rulebook import in_force
from storage.db.models import AuditEvent, OwnHanging, RuleEdition
from storage.domain.errors import Conflict, Forbidden, InvalidFields
from storage.domain.rulebook import RuleKind
from tests.unit.reading_queue.county import County


def rule(key: str = "one", **more: Any) -> dict[str, Any]:
    return {"key": key, "zh": "一", "steps": [{"layout": "1x2"}], **more}


def with_cells(*cells: dict[str, Any], layout: str = "2x2", **more: Any) -> dict[str, Any]:
    return rule(steps=[{"layout": layout, "cells": list(cells)}], **more)


def test_what_is_shipped_makes_sense() -> None:
    assert {"chest-two-views", "ct", "single"} <= {one.key for one in HANGING.parse(HANGING.shipped).protocols}


def test_everything_that_can_be_said_is_understood() -> None:
    said = {
        "source": "prior",
        "prior": 2,
        "modality": "mr",
        "view": "ll",
        "laterality": "L",
        "orientation": "sagittal",
        "words": ["T2", "压脂"],
        "phase": 2,
        "window": {"width": 80, "center": 40},
        "group": "A",
    }
    when = {"modalities": ["mr"], "body_parts": ["KNEE"], "words": ["膝"], "views": ["ll"], "least": 1, "most": 9}
    (protocol,) = read_protocols({"protocols": [with_cells(said, {"group": "A"}, when={**when, "prior": True})]})
    cell = protocol.steps[0].cells[0]
    assert (cell.modality, cell.view, cell.prior, cell.phase, cell.words) == ("MR", "LL", 2, 2, ("T2", "压脂"))
    assert (protocol.when.modalities, protocol.when.views, protocol.en) == (("MR",), ("LL",), "")


@pytest.mark.parametrize(
    "wrong, field, code",
    [
        (rule(zh=" "), "zh", "string_too_short"),
        (rule("Ä"), "key", "string_pattern_mismatch"),
        (rule(steps=[]), "steps", "too_short"),
        (rule(steps=[{"layout": "4x4"}]), "steps.0.layout", "literal_error"),
        (rule(when={"modalities": ["CT，MR"]}), "when.modalities.0", "string_pattern_mismatch"),
        (rule(when={"least": 3, "most": 2}), "when.most", "most_below_least"),
        (rule(when={"part": "HEAD"}), "when.part", "extra_forbidden"),
        (with_cells({"window": {"width": 0, "center": 1}}), "steps.0.cells.0.window.width", "greater_than_equal"),
        (with_cells({"prior": 10}), "steps.0.cells.0.prior", "less_than_equal"),
        (with_cells({}, {}, layout="1x1"), "steps.0.cells", "too_many_cells"),
        (with_cells({"source": "prior"}, when={"prior": False}), "steps.0.cells.0.source", "never_a_prior"),
        (with_cells({"series": 0, "phase": 1}), "steps.0.cells.0.phase", "series_or_phase"),
        (with_cells({}, {"group": "A"}), "steps.0.cells.1.group", "alone_in_group"),
        (with_cells({"group": "A", "plane": "axial"}), "steps.0.cells.0.group", "plane_in_group"),
    ],
)
def test_what_makes_no_sense_is_named_by_its_field(wrong: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        read_protocols({"protocols": [rule("before"), wrong]})
    assert [(one.field, one.code) for one in refused.value.faults] == [(f"protocols.1.{field}", code)]


def test_all_that_makes_no_sense_is_named_at_once() -> None:
    with pytest.raises(InvalidFields) as refused:
        read_protocols({"protocols": [rule(zh=""), with_cells({"prior": 0})]})
    assert [one.field for one in refused.value.faults] == ["protocols.0.zh", "protocols.1.steps.0.cells.0.prior"]
    with pytest.raises(InvalidFields) as twice:
        read_protocols({"protocols": [rule(), rule()]})
    assert [(one.field, one.code) for one in twice.value.faults] == [("protocols.1.key", "used_twice")]


def test_a_reader_keeps_rules_of_his_own(county: County) -> None:
    reader = county.actor("radiologist")
    with county.database.write() as work:
        assert own_rules(work, reader).version == 0
        saved = save_rules(work, reader, version=0, protocols=[rule("b"), rule("a")])
    assert (saved.version, [one.key for one in saved.protocols]) == (1, ["b", "a"])
    with county.database.write() as work:
        save_rules(work, reader, version=1, protocols=[rule("a"), rule("b", zh="二")])
    with county.database.read() as work:
        assert [(one.key, one.zh) for one in own_rules(work, reader).protocols] == [("a", "一"), ("b", "二")]
        assert own_rules(work, county.actor("auditor")).protocols == ()
        details = [one.detail for one in work.session.query(AuditEvent) if one.action == "hanging.save"]
    assert details[1] == {"version": 2, "rules": ["a", "b"], "changed": ["b"], "removed": [], "forgotten": 0}
    with county.database.write() as work:
        assert drop_rules(work, reader).protocols == ()


def test_what_this_release_does_not_read_is_left_out_and_kept(county: County, caplog: pytest.LogCaptureFixture) -> None:
    reader = county.actor("radiologist")
    old = [rule("old", zh="旧", steps=[{"layout": "4x4"}]), {"zh": 7, "name": "张三"}, rule("a"), rule("a"), "?"]
    with county.database.write() as work:
        save_rules(work, reader, version=0, protocols=[rule("a")])
        work.session.query(OwnHanging).one().content = {"protocols": old}
    with county.database.read() as work:
        told = own_rules(work, reader)
    assert [one.key for one in told.protocols] == ["a"]
    assert [(one.at, one.word("key"), one.word("zh")) for one in told.left_out] == [
        (0, "old", "旧"),
        (1, "", ""),
        (3, "a", "一"),
        (4, "", ""),
    ]
    assert [(one.field, one.code) for one in told.left_out[0].faults] == [("steps.0.layout", "literal_error")]
    assert "4 of 5 stored rules for hanging are left out" in caplog.text
    assert "张三" not in caplog.text
    with county.database.write() as work:
        saved = save_rules(work, reader, version=1, protocols=[rule("b"), rule("a")], forget=[1])
    assert [(one.at, one.word("key")) for one in saved.left_out] == [(0, "old"), (3, "")]
    with county.database.write() as work:
        saved = save_rules(work, reader, version=2, protocols=[rule("old")])
        assert ([one.key for one in saved.protocols], len(saved.left_out)) == (["old"], 1)
        assert drop_rules(work, reader).left_out == ()


def test_an_edition_of_an_earlier_release_hangs_by_what_is_still_read(county: County) -> None:
    publisher = county.actor("manager").user_id
    with county.database.write() as work:
        begun = {"effective_from": work.now, "published_by_id": publisher, "published_at": work.now}
        content = {"protocols": [rule("a"), rule("b", steps=[]), rule("c")]}
        work.session.add(RuleEdition(kind=RuleKind.HANGING, version=1, content=content, note="", **begun))
    with county.database.read() as work:
        told = in_force(work, HANGING).content
    assert [one.key for one in told.protocols] == ["a", "c"]
    assert [(one.word("key"), [fault.field for fault in one.faults]) for one in told.left_out] == [("b", ["steps"])]


def test_what_was_saved_in_another_window_is_not_overwritten(county: County) -> None:
    reader = county.actor("radiologist")
    with county.database.write() as work:
        save_rules(work, reader, version=0, protocols=[rule("first")])
    for version in (0, 2):
        with pytest.raises(Conflict), county.database.write() as work:
            save_rules(work, reader, version=version, protocols=[rule("second")])
    with county.database.read() as work:
        assert [one.key for one in own_rules(work, reader).protocols] == ["first"]


def test_rules_are_kept_for_those_who_read(county: County) -> None:
    with pytest.raises(Forbidden), county.database.write() as work:
        save_rules(work, county.actor("manager"), version=0, protocols=[])
