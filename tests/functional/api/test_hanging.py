"""How images are laid out: the county's protocols, and layouts that a reader keeps for himself."""

import pytest

from storage.db.models import AuditEvent
from tests.functional.api.township import Township

HANGING = "/api/v1/hanging"
STEP = {"layout": "1x2", "cells": [{"series": 0}, {"source": "prior", "window": {"width": 80, "center": 40}}]}


def test_a_reader_keeps_a_layout_of_his_own(township: Township) -> None:
    reader = township.client("radiologist")
    assert {"chest-two-views", "single"} <= {one["key"] for one in reader.get(HANGING).json()["protocols"]}
    saved = reader.put(f"{HANGING}/own", json={"modality": "ct", "body_part": "Head", "step": STEP}).json()["own"]
    assert [(one["modality"], one["body_part"], one["step"]["layout"]) for one in saved] == [("CT", "HEAD", "1x2")]
    again = reader.put(f"{HANGING}/own", json={"modality": "CT", "body_part": "HEAD", "step": {"layout": "2x2"}}).json()
    assert [(one["id"], one["step"]["layout"]) for one in again["own"]] == [(saved[0]["id"], "2x2")]
    other = township.client("auditor")
    assert other.get(HANGING).json()["own"] == []
    assert other.delete(f"{HANGING}/own/{saved[0]['id']}").status_code == 404
    assert reader.delete(f"{HANGING}/own/{saved[0]['id']}").json()["own"] == []
    with township.county.database.read() as work:
        actions = [event.action for event in work.session.query(AuditEvent) if event.action.startswith("hanging.")]
    assert actions == ["hanging.save", "hanging.save", "hanging.delete"]


@pytest.mark.parametrize(
    "step",
    [
        {"layout": "4x4"},
        {"layout": "1x1", "cells": [{}, {}]},
        {"layout": "1x1", "cells": [{"window": {"width": 0, "center": 1}}]},
    ],
)
def test_a_layout_that_makes_no_sense_is_refused(township: Township, step: dict[str, object]) -> None:
    answer = township.client("radiologist").put(f"{HANGING}/own", json={"modality": "CT", "step": step})
    assert answer.status_code == 422


def test_the_county_changes_its_protocols_for_everybody(township: Township) -> None:
    manager = township.client("manager")
    protocol = {"key": "all", "zh": "全部", "en": "All", "steps": [{"layout": "2x1"}]}
    published = manager.post("/api/v1/rules/hanging", json={"content": {"protocols": [protocol]}, "note": "one"})
    assert published.status_code == 201, published.text
    told = township.client("radiologist").get(HANGING).json()
    assert (told["version"], [one["key"] for one in told["protocols"]]) == (1, ["all"])
    twice = manager.post("/api/v1/rules/hanging", json={"content": {"protocols": [protocol, protocol]}, "note": ""})
    assert twice.status_code == 422


def test_only_readers_keep_layouts(township: Township) -> None:
    assert township.client("clinic01").get(HANGING).status_code == 403
    assert township.client("manager").put(f"{HANGING}/own", json={"modality": "CT", "step": STEP}).status_code == 403
