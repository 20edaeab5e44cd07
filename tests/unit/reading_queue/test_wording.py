"""Every kind of notice has its sentence, outside and in the application; none names a patient."""

import re
from pathlib import Path

import pytest

from reading_queue.notices import About, Audience, notify
from reading_queue.notices.composing import compose
from reading_queue.notices.preferences import keep_preferences
from reading_queue.notices.rules import NOTICES, QuietHours
from reading_queue.notices.wording import GENERAL, NAMED_PARAMS, WORDING, sentence
from storage.db.models import Notice, NoticeDelivery
from storage.domain.clock import ManualClock
from storage.domain.errors import InvalidField
from storage.domain.notices import Channel, Urgency
from storage.domain.reading import Role
from tests.unit.reading_queue.county import MONDAY_MORNING, County

_I18N = Path(__file__).parents[3] / "viewer_api/web/src/i18n"
_HOLE = re.compile(r"\{(\w+)\}")


def _in_the_application(language: str) -> set[str]:
    text = "".join(path.read_text("utf-8") for path in _I18N.glob(f"*{language}.ts"))
    return set(re.findall(r"'notice\.([a-z_.]+)'", text))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_has_a_sentence_in_the_application_too(language: str):
    assert set(WORDING) <= _in_the_application(language)


@pytest.mark.parametrize("kind", sorted(WORDING))
def test_what_leaves_the_house_is_filled_with_nothing_but_class_and_modality(kind: str):
    told = WORDING[kind]
    assert set(_HOLE.findall(told.zh + told.en)) <= set(NAMED_PARAMS)
    params = {"modality": "CT", "priority": "P0", "name": "张三", "mismatch": "张三/李四"}
    for language in ("zh", "en"):
        said = told.said(language, params)
        assert "{" not in said
        assert "张三" not in said
        assert len(said) <= 140


def test_a_kind_without_a_sentence_is_told_in_general_words_and_fails_every_test(county: County):
    assert sentence("new.kind", "zh", {}) == GENERAL.zh
    with pytest.warns(UserWarning, match=r"new\.kind"), county.write() as work:
        assert notify(work, "new.kind", Audience(roles=frozenset({Role.MANAGER})), About(), key="new.kind:1")


def test_the_shipped_rules_tell_the_urgent_by_all_means_and_nobody_of_the_quiet():
    rules = NOTICES.parse(NOTICES.shipped)
    assert rules.channels("critical.told", Urgency.URGENT, Role.RADIOLOGIST) == {Channel.SMS, Channel.EMAIL}
    assert rules.channels("study.note", Urgency.NORMAL, Role.CLINIC) == {Channel.EMAIL}
    assert rules.channels("study.note", Urgency.NORMAL, Role.RADIOLOGIST) == frozenset()
    assert rules.channels("case.consulted", Urgency.QUIET, Role.CLINIC) == frozenset()
    assert rules.channels("notice.given_up", Urgency.NORMAL, Role.MANAGER) == frozenset()


@pytest.mark.parametrize(
    "change",
    [
        {"ways": [{"kinds": [], "channels": []}]},
        {"ways": [{"kinds": ["*"], "channels": ["fax"]}]},
        {"ways": [{"kinds": ["*"], "channels": [], "role": ["clinic"]}]},
        {"quiet_hours": {"begins": "22", "ends": "07:00"}},
        {"attempts": {"email": 0, "sms": 1, "webhook": 1}},
    ],
)
def test_rules_that_make_no_sense_are_refused(change: dict):
    with pytest.raises(InvalidField):
        NOTICES.parse({**NOTICES.shipped, **change})


@pytest.mark.parametrize(
    "hours, over",
    [
        (0, 0),  # 09:00
        (12.99, 0),  # 21:59
        (13, 9),  # 22:00 until 07:00
        (21, 1),  # 06:00
        (22, 0),  # 07:00
    ],
)
def test_quiet_hours_end_in_the_morning(county: County, hours: float, over: float):
    clock = ManualClock(MONDAY_MORNING)
    clock.advance(hours=hours)
    with county.database.read() as work:
        end = QuietHours(begins="22:00", ends="07:00").over_at(clock.now(), work.zone)
    assert (end - clock.now()).total_seconds() == over * 3600


def test_quiet_hours_within_one_day(county: County):
    noon = QuietHours(begins="08:30", ends="10:00")
    with county.database.read() as work:
        assert (noon.over_at(MONDAY_MORNING, work.zone) - MONDAY_MORNING).total_seconds() == 3600


def test_a_message_is_in_the_language_of_who_gets_it(county: County):
    user = county.user("manager")
    keep_preferences(user, {"off": ["sms"]})
    user.email, user.preferences = "chen@example.org", {"language": "en"}
    notice = Notice(id=7, kind="study.note", urgency=Urgency.NORMAL, params={}, created_at=MONDAY_MORNING)
    delivery = NoticeDelivery(key="k", channel=Channel.EMAIL, notice=notice, user=user, attempts=0)
    message = compose(delivery, "https://x")
    assert message is not None
    assert message.text == WORDING["study.note"].en
    assert message.link == "https://x/#/notices/7"
    user.active = False
    assert compose(delivery, "https://x") is None
