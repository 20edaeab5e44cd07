"""Chapters of rules: what is in force when, and who may change it."""

from datetime import timedelta

import pytest

from reading_queue import rulebook
from reading_queue.rulebook import Chapter
from reading_queue.service import SYSTEM
from storage.db.models import AuditEvent, RuleEdition
from storage.domain.errors import Forbidden, Invalid, NotFound
from storage.domain.rulebook import RuleKind
from tests.unit.reading_queue.county import County


def _parse(content):
    if "limit" not in content:
        raise Invalid("limit is missing.")
    return content["limit"]


CHAPTER = Chapter(RuleKind.QUALITY, {"limit": 3}, _parse)


def test_what_is_shipped_holds_until_something_is_published(county: County) -> None:
    with county.database.write() as work:
        assert rulebook.in_force(work, CHAPTER).content == 3
        rulebook.publish(work, county.actor("manager"), CHAPTER, {"limit": 4}, note="tried and better")
        assert (rulebook.in_force(work, CHAPTER).version, rulebook.in_force(work, CHAPTER).content) == (1, 4)


def test_an_edition_waits_for_its_day_and_the_one_before_stays_known(county: County) -> None:
    with county.database.write() as work:
        later = work.now + timedelta(days=2)
        rulebook.publish(work, county.actor("manager"), CHAPTER, {"limit": 4}, effective_from=later)
        assert rulebook.in_force(work, CHAPTER).content == 3
        assert rulebook.in_force(work, CHAPTER, later).content == 4
        rulebook.publish(work, county.actor("manager"), CHAPTER, {"limit": 5}, effective_from=later)
        assert rulebook.in_force(work, CHAPTER, later).content == 5
        assert [rulebook.edition(work, CHAPTER, version).content for version in (0, 1, 2)] == [3, 4, 5]
        with pytest.raises(NotFound):
            rulebook.edition(work, CHAPTER, 3)


def test_nothing_unreadable_and_nothing_for_the_past(county: County) -> None:
    with county.database.write() as work:
        with pytest.raises(Invalid, match="limit is missing"):
            rulebook.publish(work, county.actor("manager"), CHAPTER, {})
        with pytest.raises(Invalid, match="past"):
            rulebook.publish(
                work, county.actor("manager"), CHAPTER, {"limit": 4}, effective_from=work.now - timedelta(seconds=1)
            )
        assert work.session.query(RuleEdition).count() == 0


def test_only_managers_change_rules_and_each_change_is_on_the_chain(county: County) -> None:
    with county.database.write() as work:
        for actor in (county.actor("radiologist"), county.actor("clinic01"), SYSTEM):
            with pytest.raises(Forbidden):
                rulebook.publish(work, actor, CHAPTER, {"limit": 4})
        rulebook.publish(work, county.actor("manager"), CHAPTER, {"limit": 4}, note="why")
    with county.database.read() as work:
        event = work.session.query(AuditEvent).filter_by(action="rules.publish").one()
        assert (event.subject, event.detail["version"], event.detail["note"]) == ("rules:quality", 1, "why")
