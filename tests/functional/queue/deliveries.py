"""Notices leave the house: by a real mail server, a gateway for short messages, and webhooks; with the `county` of the module."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from reading_queue.notices import About, Audience, notify
from reading_queue.notices.carriers import carriers, signature
from reading_queue.notices.delivering import CLAIM, PostOffice, deliver_notice, deliver_waiting
from reading_queue.notices.redriving import redrive, replay
from reading_queue.notices.webhooks import register
from storage.db.models import Notice, NoticeDelivery, NoticeRecipient, User, Webhook
from storage.db.session import Hint
from storage.domain.notices import Channel, DeliveryState, Urgency
from storage.domain.reading import Role
from storage.sealing import Seals, is_sealed
from storage.settings import Settings, load_settings
from tests.services.receivers import Mailbox, WebReceiver, mail_server, web_receiver
from tests.unit.reading_queue.county import County

_PATIENT = ("张", "三", "1960", "P1")


@dataclass
class House:
    """A county whose people have addresses, and what is around it."""

    county: County
    mailbox: Mailbox
    gateway: WebReceiver
    partner: WebReceiver
    settings: Settings

    @property
    def office(self) -> PostOffice:
        return PostOffice(carriers(self.settings, self.county.clock), self.settings.public_url)

    def tell(self, key: str = "task.unclaimed:1", urgency: Urgency = Urgency.URGENT, **params: object) -> int:
        task = self.county.task(priority="P1")
        audience = Audience(roles=frozenset({Role.RADIOLOGIST, Role.MANAGER}))
        with self.county.write() as work:
            told = {"modality": "CT", "priority": "P0", **params}
            notice = notify(work, "task.unclaimed", audience, About(task.id), key=key, urgency=urgency, params=told)
            assert notice is not None
            return notice.id

    def run(self, notice_id: int) -> None:
        deliver_notice(self.county.database, self.office, notice_id)

    def later(self, **delta: float) -> None:
        """Time passes, and the sweep's hints are followed."""
        self.county.clock.advance(**delta)
        del self.county.hints[:]
        deliver_waiting(self.county.database, self.settings)
        for hint in list(self.county.hints):
            assert isinstance(hint, Hint)
            self.run(int(hint.args[0]))

    def deliveries(self) -> list[NoticeDelivery]:
        with self.county.database.read() as work:
            return list(work.session.execute(select(NoticeDelivery).order_by(NoticeDelivery.id)).scalars())

    def states(self) -> list[tuple[str, str]]:
        return [(row.channel, row.state) for row in self.deliveries()]


@pytest.fixture
def house(county: County, tmp_path: Path) -> Iterator[House]:
    with mail_server() as mailbox, web_receiver() as gateway, web_receiver() as partner:
        environ = {
            "COUNTYREAD_DATA": str(tmp_path),
            "COUNTYREAD_PUBLIC_URL": "https://reading.example.org/",
            "COUNTYREAD_SMTP": mailbox.url,
            "COUNTYREAD_MAIL_FROM": "阅片中心 <reading@example.org>",
            "COUNTYREAD_SMS_URL": gateway.url,
            "COUNTYREAD_SMS_BODY": '{"phone": "{mobile}", "content": "[阅片]{text}", "ref": "{key}", "type": 1}',
            "COUNTYREAD_SMS_HEADERS": "Authorization: Bearer sms-key",
            "COUNTYREAD_SMS_ACCEPTED": '"code":0',
        }
        gateway.answers = [(200, '{"code":0}')] * 20
        with county.write() as work:
            radiologist = {"email": "li@example.org", "mobile": "13800000001"}
            work.session.execute(update(User).where(User.username == "radiologist").values(radiologist))
            manager = {"email": "chen@example.org", "preferences": {"language": "en"}}
            work.session.execute(update(User).where(User.username == "manager").values(manager))
        yield House(county, mailbox, gateway, partner, load_settings(environ, tmp_path / "none.toml"))


def _register(house: House, **more: object) -> None:
    with house.county.write() as work:
        manager, seals = house.county.actor("manager"), Seals.of(house.settings)
        register(work, manager, seals, name="HIS", url=house.partner.url, secret="s" * 32, **more)


def test_an_urgent_notice_goes_by_mail_short_message_and_webhook(house: House):
    _register(house)
    notice_id = house.tell(phones=["055512345"])
    assert house.county.hints[-1] == Hint("deliver_notice", (notice_id,))
    house.run(notice_id)
    assert {state for _, state in house.states()} == {DeliveryState.SENT}
    assert sorted(house.mailbox.recipients) == ["chen@example.org", "li@example.org"]
    letters = {str(letter["To"]): letter for letter in house.mailbox.letters}
    assert "无人认领" in letters["li@example.org"].get_content()
    assert "nobody has taken it" in letters["chen@example.org"].get_content()
    assert f"https://reading.example.org/#/notices/{notice_id}" in letters["li@example.org"].get_content()
    assert str(letters["li@example.org"]["Message-ID"]).startswith(f"<notice-{notice_id}-email-")
    assert letters["li@example.org"]["Importance"] == "high"
    sent = [json.loads(request.body) for request in house.gateway.requests]
    assert [one["phone"] for one in sent] == ["13800000001", "055512345"]
    assert all(one["content"].startswith("[阅片]") and one["type"] == 1 for one in sent)
    assert house.gateway.requests[0].headers["authorization"] == "Bearer sms-key"
    [request] = house.partner.requests
    with house.county.database.read() as work:
        assert is_sealed(work.session.execute(select(Webhook.secret)).scalar_one())
    expected = signature("s" * 32, request.headers["countyread-timestamp"], request.body)
    assert request.headers["countyread-signature"] == f"v1={expected}"
    assert (request.headers["countyread-sequence"], json.loads(request.body)["sequence"]) == ("1", 1)
    assert request.headers["idempotency-key"] == json.loads(request.body)["key"]
    bodies = [letter.as_string() for letter in house.mailbox.letters]
    everything = "".join([*bodies, *(r.body.decode() for r in house.gateway.requests + house.partner.requests)])
    assert [word for word in _PATIENT if word in everything] == []


def test_a_second_run_sends_nothing_again(house: House):
    notice_id = house.tell()
    for _ in range(3):
        house.run(notice_id)
    house.later(hours=2)
    assert (len(house.mailbox.letters), len(house.gateway.requests)) == (2, 1)


def test_workers_at_the_same_moment_send_once(house: House):
    _register(house)
    notice_id = house.tell()
    with ThreadPoolExecutor(6) as pool:
        for job in [pool.submit(house.run, notice_id) for _ in range(6)]:
            job.result(60)
    assert (len(house.mailbox.letters), len(house.gateway.requests), len(house.partner.requests)) == (2, 1, 1)
    assert {row.attempts for row in house.deliveries()} == {1}


def test_a_channel_that_is_away_is_tried_with_growing_waits_until_it_takes(house: House):
    _register(house)
    house.partner.answers = [(503, "away")] * 3
    house.run(house.tell())
    waits = []
    for _ in range(3):
        [row] = [row for row in house.deliveries() if row.channel == Channel.WEBHOOK]
        assert (row.state, row.last_error) == (DeliveryState.FAILED, "HTTP 503")
        waits.append(row.next_attempt_at - house.county.clock.now())
        house.later(seconds=waits[-1].total_seconds() - 1)
        house.later(seconds=1)
    assert waits[0] >= timedelta(seconds=15)
    assert waits[1] >= timedelta(seconds=30)
    assert timedelta(seconds=60) <= waits[2] <= timedelta(seconds=120)
    [row] = [row for row in house.deliveries() if row.channel == Channel.WEBHOOK]
    assert (row.state, row.attempts, len(house.partner.requests)) == (DeliveryState.SENT, 4, 4)
    assert len({request.headers["idempotency-key"] for request in house.partner.requests}) == 1


def test_what_will_never_be_taken_is_given_up_and_the_manager_may_send_it_again(house: House):
    house.mailbox.rcpt_answers = ["550 no such user", "550 no such user"]
    house.gateway.answers = [(400, "bad number")]
    house.run(house.tell())
    assert {state for _, state in house.states()} == {DeliveryState.GIVEN_UP}
    assert {row.last_error for row in house.deliveries()} == {"SMTP 550", "HTTP 400"}
    with house.county.database.read() as work:
        kinds = work.session.execute(select(Notice.kind).order_by(Notice.id)).scalars().all()
    assert kinds == ["task.unclaimed", "notice.given_up", "notice.given_up"]
    house.gateway.answers = [(200, '{"code":0}')]
    with house.county.write() as work:
        assert redrive(work, house.county.actor("manager")) == 3
    house.later(seconds=1)
    assert (len(house.mailbox.letters), len(house.gateway.requests)) == (2, 2)


def test_a_gateway_that_answers_with_an_error_in_its_text_has_not_taken_it(house: House):
    house.gateway.answers = [(200, '{"code":17}'), (200, '{"code":0}')]
    house.run(house.tell())
    assert (Channel.SMS, DeliveryState.FAILED) in house.states()
    house.later(minutes=1)
    assert (Channel.SMS, DeliveryState.SENT) in house.states()


def test_a_worker_that_dies_over_a_delivery_is_followed_and_the_key_tells_the_receiver(house: House):
    _register(house)

    def die() -> None:
        house.partner.before_answer = lambda: None
        raise SystemExit

    office = house.office
    broken = replace(
        office,
        carriers={
            **office.carriers,
            Channel.WEBHOOK: lambda message: (office.carriers[Channel.WEBHOOK](message), die()),
        },
    )
    notice_id = house.tell()
    with pytest.raises(SystemExit):
        deliver_notice(house.county.database, broken, notice_id)
    [row] = [row for row in house.deliveries() if row.channel == Channel.WEBHOOK]
    assert row.state == DeliveryState.SENDING
    house.later(minutes=1)
    assert len(house.partner.requests) == 1, "another worker waits until the first counts as lost"
    house.later(seconds=CLAIM.total_seconds())
    assert [request.headers["idempotency-key"] for request in house.partner.requests] == [row.key, row.key]
    assert {state for _, state in house.states()} == {DeliveryState.SENT}


def test_a_webhook_is_numbered_without_gap_and_replayed_from_a_number(house: House):
    _register(house, kinds=["task.*"])
    for number in range(1, 5):
        house.run(house.tell(key=f"task.unclaimed:{number}"))
    with house.county.write() as work:
        hook_id = work.session.execute(select(NoticeDelivery.webhook_id).where(NoticeDelivery.seq == 1)).scalar_one()
        assert replay(work, house.county.actor("manager"), hook_id, after=2) == 2
    house.later(seconds=1)
    sequence = [int(request.headers["countyread-sequence"]) for request in house.partner.requests]
    assert sequence[:4] == [1, 2, 3, 4]
    assert sorted(sequence[4:]) == [3, 4]


def test_a_lost_hint_is_found(house: House):
    house.tell()
    house.later(seconds=5)
    assert house.mailbox.letters == []
    house.later(seconds=20)
    assert len(house.mailbox.letters) == 2


def test_quiet_hours_keep_what_can_wait_and_nothing_urgent(house: House):
    house.county.clock.advance(hours=14)  # 23:00
    with house.county.write() as work:
        work.session.execute(update(User).where(User.username == "manager").values(notice_preferences=None))
    house.run(house.tell(urgency=Urgency.NORMAL))
    assert house.mailbox.letters == []
    house.run(house.tell(key="task.unclaimed:2"))
    assert len(house.mailbox.letters) == 2
    house.later(hours=7)
    assert house.mailbox.recipients.count("chen@example.org") == 1
    house.later(hours=1)
    assert house.mailbox.recipients.count("chen@example.org") == 2


def test_who_has_gone_gets_nothing_more(house: House):
    house.mailbox.rcpt_answers = ["451 later"] * 2
    house.run(house.tell())
    with house.county.write() as work:
        work.session.execute(update(User).where(User.username == "radiologist").values(active=False))
    house.later(minutes=1)
    assert house.mailbox.recipients == ["chen@example.org"]


def test_one_occasion_is_told_once_however_many_find_it(house: House):
    task = house.county.task()
    audience = Audience(roles=frozenset({Role.MANAGER}))

    def find() -> bool:
        with house.county.write() as work:
            return notify(work, "task.breached", audience, About(task.id), key="task.breached:1") is not None

    with ThreadPoolExecutor(5) as pool:
        found = [job.result(60) for job in [pool.submit(find) for _ in range(5)]]
    assert sum(found) == 1
    with house.county.database.read() as work:
        assert len(work.session.execute(select(NoticeRecipient)).scalars().all()) == 1
