"""Calls to clinics' systems: to a real HTTP server on this machine, in order, each until it is taken."""

import hashlib
import hmac
import ipaddress
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select

from reading_queue.hooks import addresses, calling, managing
from reading_queue.notices.errors import DeliveryRefused
from reading_queue.partner_secrets import reseal, secret_of
from storage.db.models import HookAttempt, Institution, Notice, ResultHook
from storage.domain.errors import Conflict, InvalidField
from storage.sealing import Seals, is_sealed
from storage.settings import Settings, load_settings
from tests.unit.reading_queue.county import County

pytestmark = pytest.mark.thorough


LOCAL = addresses.test_networks("127.0.0.0/8")


@dataclass
class Receiver:
    """A hospital's system. It answers with `answers` in turn, and with 204 once they are used up."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]

    def numbers(self) -> list[int]:
        return [body["sequence"] for body in self.bodies()]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    served = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            served.got.append((dict(self.headers.items()), body))
            status = served.answers.pop(0) if served.answers else 204
            self.send_response(status)
            if status == 302:
                self.send_header("Location", served.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.url = f"http://127.0.0.1:{server.server_port}/results"
    Thread(target=server.serve_forever, daemon=True).start()
    yield served
    server.shutdown()
    server.server_close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    environment = {"COUNTYREAD_DATA": str(tmp_path), "COUNTYREAD_HOOK_TEST_NETWORKS": "127.0.0.0/8"}
    return load_settings({**environment, "COUNTYREAD_PUBLIC_URL": "https://reading.county.example"}, tmp_path / "none")


def _seals(county: County) -> Seals:
    return Seals(Path(county.database.engine.url.database or "").parent / "keys" / "secrets.key")


def _hook(county: County, url: str, wanted: tuple[str, ...] = (), after: int | None = 0) -> int:
    with county.write() as work:
        clinic = work.session.execute(select(Institution).where(Institution.code == "t01")).scalar_one()
        actor, means = county.actor("manager"), managing.Means(_seals(county), LOCAL)
        hook = managing.make_hook(work, actor, means, clinic, name="HIS", url=url, wanted=wanted, after=after)
        return hook.id


def _reload(county: County, hook_id: int) -> ResultHook:
    with county.database.read() as work:
        return managing.hook_by_id(work, hook_id)


def _run(county: County, settings: Settings) -> None:
    with county.database.read() as work:
        clinic = work.session.execute(select(Institution.id).where(Institution.code == "t01")).scalar_one()
    calling.call_hooks(county.database, settings, clinic, county.clock)


def _sign(county: County, count: int) -> None:
    for _ in range(count):
        county.signed(county.task())


def test_results_are_sent_in_order_and_tell_nothing_of_the_patient(
    county: County, receiver: Receiver, settings: Settings
) -> None:
    hook = _hook(county, receiver.url)
    _sign(county, 3)
    _run(county, settings)
    _run(county, settings)
    assert receiver.numbers() == [1, 2, 3]
    assert set(receiver.bodies()[0]) == {
        "sequence", "kind", "institution", "study_instance_uid", "report_id", "version", "created_at", "link",
    }  # fmt: skip
    assert receiver.bodies()[0]["link"].startswith("https://reading.county.example/api/v1/reports/")
    assert "张".encode() not in b"".join(body for _, body in receiver.got)
    assert _reload(county, hook).delivered_seq == 3


def test_what_an_institution_asks_for_is_told(county: County, receiver: Receiver, settings: Settings) -> None:
    _hook(county, receiver.url, ("report", "patient", "exam", "order"))
    _sign(county, 1)
    _run(county, settings)
    (body,) = receiver.bodies()
    assert body["patient"]["name"] == "张^三"
    assert body["report"]["impression"] == "胸部未见异常。"
    assert body["exam"]["modality"] == "CT"
    assert body["order"] is None


def test_the_receiver_can_check_who_calls_and_keys_overlap(
    county: County, receiver: Receiver, settings: Settings
) -> None:
    hook = _hook(county, receiver.url)
    first = _reload(county, hook)
    _sign(county, 1)
    _run(county, settings)
    with county.write() as work:
        managing.change_keys(work, county.actor("manager"), _seals(county), managing.hook_by_id(work, hook, lock=True))
    with pytest.raises(Conflict), county.write() as work:
        managing.change_keys(work, county.actor("manager"), _seals(county), managing.hook_by_id(work, hook, lock=True))
    second = _reload(county, hook)
    _sign(county, 1)
    _run(county, settings)
    with county.write() as work:
        managing.retire_key(work, county.actor("manager"), managing.hook_by_id(work, hook, lock=True))
    _sign(county, 1)
    _run(county, settings)
    old, new = ((one.key_id, secret_of(one).opened(_seals(county))) for one in (first, second))
    assert [_signed_by(headers, body, (old, new)) for headers, body in receiver.got] == [
        [old[0]],
        [new[0], old[0]],
        [new[0]],
    ]


def _signed_by(headers: dict[str, str], body: bytes, keys: tuple[tuple[str, str], ...]) -> list[str]:
    """As docs/results.md tells receivers to do it."""
    secrets, good = dict(keys), []
    for part in headers["Countyread-Signature"].split(","):
        name, _, given = part.partition("=")
        signed = headers["Countyread-Timestamp"].encode() + b"." + body
        expected = hmac.new(secrets[name].encode(), signed, hashlib.sha256).hexdigest()
        assert hmac.compare_digest(given, expected)
        good.append(name)
    return good


def test_what_is_refused_is_tried_again_later_and_what_follows_waits(
    county: County, receiver: Receiver, settings: Settings
) -> None:
    hook = _hook(county, receiver.url)
    receiver.answers = [500, 302, 503]
    _sign(county, 2)
    waits = []
    for _ in range(3):
        _run(county, settings)
        _run(county, settings)
        with county.database.read() as work:
            waits.append(managing.hook_by_id(work, hook).next_try_at - work.now)
        county.clock.advance(seconds=waits[-1].total_seconds())
    assert receiver.numbers() == [1, 1, 1]
    assert waits == [timedelta(seconds=15), timedelta(seconds=30), timedelta(seconds=60)]
    _run(county, settings)
    assert receiver.numbers() == [1, 1, 1, 1, 2]
    assert {headers["Idempotency-Key"] for headers, _ in receiver.got[:4]} == {"t01-1"}
    with county.database.read() as work:
        log = managing.attempts_of(work, hook)
    assert [(one.seq, one.status, one.error) for one in reversed(log)] == [
        (1, 500, "HTTP 500"), (1, 302, "HTTP 302"), (1, 503, "HTTP 503"), (1, 204, ""), (2, 204, ""),
    ]  # fmt: skip


def test_a_system_that_refuses_for_days_is_left_alone_and_loses_nothing(
    county: County, receiver: Receiver, settings: Settings
) -> None:
    hook = _hook(county, receiver.url)
    receiver.answers = [500, 500]
    _sign(county, 1)
    _run(county, settings)
    county.clock.advance(seconds=timedelta(days=5).total_seconds())
    _run(county, settings)
    stopped = _reload(county, hook)
    assert (stopped.paused, stopped.paused_because, stopped.delivered_seq) == (True, calling.REFUSED_FOR_LONG, 0)
    with county.database.read() as work:
        kinds = list(work.session.execute(select(Notice.kind).where(Notice.kind == "hook.stopped")).scalars())
    assert len(kinds) == 2
    county.clock.advance(seconds=86400)
    _run(county, settings)
    assert len(receiver.got) == 2
    with county.write() as work:
        found = managing.hook_by_id(work, hook, lock=True)
        managing.change_hook(work, county.actor("manager"), found, {"paused": False}, found.version, LOCAL)
    _run(county, settings)
    assert receiver.numbers() == [1, 1, 1]
    assert _reload(county, hook).delivered_seq == 1


def test_a_number_can_be_gone_back_to_and_gone_means_gone(
    county: County, receiver: Receiver, settings: Settings
) -> None:
    hook = _hook(county, receiver.url, after=None)
    _sign(county, 3)
    _run(county, settings)
    with county.write() as work:
        found = managing.hook_by_id(work, hook, lock=True)
        assert managing.replay(work, county.actor("manager"), found, 1) == 2
    receiver.answers = [204, 410]
    _run(county, settings)
    assert receiver.numbers() == [1, 2, 3, 2, 3]
    assert _reload(county, hook).paused_because == calling.SAID_GONE


def test_a_test_tells_nothing_and_moves_nothing(county: County, receiver: Receiver, settings: Settings) -> None:
    hook = _hook(county, receiver.url, after=None)
    with county.write() as work:
        found = managing.hook_by_id(work, hook, lock=True)
        managing.change_hook(work, county.actor("manager"), found, {"paused": True}, found.version, LOCAL)
        managing.want_test(work, county.actor("manager"), found)
    _sign(county, 1)
    _run(county, settings)
    assert receiver.bodies() == [{"sequence": 0, "kind": "test", "institution": "t01"}]
    assert _reload(county, hook).delivered_seq == 0


def test_two_workers_at_once_send_each_result_once(county: County, receiver: Receiver, settings: Settings) -> None:
    hook = _hook(county, receiver.url)
    _sign(county, 4)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: _run(county, settings), range(4)))
    _run(county, settings)
    assert receiver.numbers() == [1, 2, 3, 4]
    assert _reload(county, hook).claimed_until is None


def test_a_worker_that_died_holds_nobody_up_for_long(county: County, receiver: Receiver, settings: Settings) -> None:
    hook = _hook(county, receiver.url)
    _sign(county, 1)
    with county.write() as work:
        found = managing.hook_by_id(work, hook, lock=True)
        found.claimed_until, found.claim_token = work.now + calling.CLAIM, "another"
    _run(county, settings)
    assert receiver.got == []
    county.clock.advance(seconds=calling.CLAIM.total_seconds())
    county.hints.clear()
    calling.call_waiting(county.database, settings)
    assert [hint.task for hint in county.hints] == ["call_hooks"]  # type: ignore[attr-defined]
    _run(county, settings)
    assert receiver.numbers() == [1]


def test_old_lines_of_the_log_go(county: County, receiver: Receiver, settings: Settings) -> None:
    _hook(county, receiver.url)
    _sign(county, 1)
    _run(county, settings)
    county.clock.advance(seconds=timedelta(days=91).total_seconds())
    calling.call_waiting(county.database, settings)
    with county.database.read() as work:
        assert work.session.execute(select(HookAttempt)).scalars().all() == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "::1", "0.0.0.0", "169.254.169.254", "fe80::1", "224.0.0.1", "100.100.100.200",
        "fd00:ec2::254", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::", "::",
        "255.255.255.255", "240.0.0.1",
    ],
)  # fmt: skip
def test_addresses_that_are_never_called(address: str) -> None:
    assert not addresses.may_be_called(ipaddress.ip_address(address), [])


@pytest.mark.parametrize("address", ["10.1.2.3", "192.168.7.9", "172.16.4.4", "223.5.5.5", "2400:3200::1"])
def test_addresses_of_hospitals_are_called(address: str) -> None:
    assert addresses.may_be_called(ipaddress.ip_address(address), [])


@pytest.mark.parametrize(
    "url",
    [
        "http://his.example/x", "https://127.0.0.1/x", "https://[::1]/x", "https://169.254.169.254/latest",
        "https://user:word@his.example/", "ftp://his.example/", "https:///x", "https://his.example:99999/", "nonsense",
        "https://his.example/x#part",
    ],
)  # fmt: skip
def test_urls_that_are_not_kept(url: str) -> None:
    with pytest.raises(InvalidField):
        addresses.checked_url(url, [])


def test_a_name_that_leads_home_is_not_called(
    county: County, receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it was when it was entered: the name is looked up with each call, and the call goes to what was looked at."""
    hook = _hook(county, receiver.url.replace("http://127.0.0.1", "https://his.example"))
    found = [(2, 1, 6, "", ("10.0.0.7", 443)), (2, 1, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(DeliveryRefused):
        addresses.target_of("https://his.example/x", [])
    _sign(county, 1)
    _run(county, replace(settings, hook_test_networks=""))
    assert _reload(county, hook).last_error == "address not allowed"
    assert receiver.got == []


def test_a_name_needs_tls_outside_the_test_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("10.0.0.7", 80))])
    with pytest.raises(DeliveryRefused, match="https required"):
        addresses.target_of("http://his.example/x", LOCAL)


def test_the_same_address_is_kept_once_and_wishes_are_known(county: County, receiver: Receiver) -> None:
    _hook(county, receiver.url)
    with pytest.raises(InvalidField):
        _hook(county, receiver.url)
    with pytest.raises(InvalidField):
        _hook(county, f"{receiver.url}/2", ("everything",))


def test_the_check_in_the_documents_takes_what_is_genuine_alone(
    county: County, receiver: Receiver, settings: Settings
) -> None:
    hook = _reload(county, _hook(county, receiver.url))
    _sign(county, 1)
    _run(county, settings)
    ((headers, body),) = receiver.got
    known: dict[str, Any] = {}
    text = (Path(__file__).parents[3] / "docs" / "results.md").read_text(encoding="utf-8")
    exec(text.split("```python\n")[1].split("```")[0], known)
    is_genuine, now = known["is_genuine"], county.clock.now().timestamp()
    secrets = {hook.key_id: secret_of(hook).opened(_seals(county))}
    assert is_genuine(headers, body, secrets, now)
    assert not is_genuine(headers, body + b" ", secrets, now)
    assert not is_genuine(headers, body, {hook.key_id: "another"}, now)
    assert not is_genuine(headers, body, {}, now)
    assert not is_genuine(headers, body, secrets, now + 301)


def _kept(county: County, hook_id: int) -> tuple[str, str]:
    hook = _reload(county, hook_id)
    return hook.secret, hook.old_secret


def test_the_database_does_not_know_what_calls_are_signed_with(
    county: County, receiver: Receiver, settings: Settings
) -> None:
    hook = _hook(county, receiver.url)
    with county.write() as work:
        managing.change_keys(work, county.actor("manager"), _seals(county), managing.hook_by_id(work, hook, lock=True))
    assert all(map(is_sealed, _kept(county, hook)))
    with county.write() as work:  # as a version before seals has left them
        row = managing.hook_by_id(work, hook, lock=True)
        row.secret, row.old_secret = "plain and new", "plain and old"
    for rotate in (False, True):
        seals = _seals(county)
        if rotate:
            seals.rotate()
        with county.write() as work:
            assert reseal(work, seals) == 0
        assert all(map(seals.is_current, _kept(county, hook)))
        _sign(county, 1)
        _run(county, settings)
        headers, body = receiver.got[-1]
        row = _reload(county, hook)
        pairs = ((row.key_id, "plain and new"), (row.old_key_id, "plain and old"))
        assert _signed_by(headers, body, pairs) == [row.key_id, row.old_key_id]


def test_where_the_key_of_the_seals_is_missing_nothing_is_sent_and_somebody_is_told(
    county: County, receiver: Receiver, settings: Settings, tmp_path: Path
) -> None:
    hook = _hook(county, receiver.url)
    _sign(county, 1)
    _run(county, replace(settings, secrets_key=str(tmp_path / "another.key")))
    assert receiver.got == []
    assert _reload(county, hook).last_error == "Its secret cannot be opened here"
    with county.write() as work:
        assert reseal(work, Seals(tmp_path / "another.key")) == 1
    county.clock.advance(minutes=1)
    _run(county, settings)
    assert receiver.numbers() == [1]
