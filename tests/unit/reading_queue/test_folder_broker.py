"""The broker in a folder: every message once, whole, in order, whoever reads and writes at the same time."""

from collections import Counter
from itertools import chain
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection
from kombu.entity import Exchange, Queue

from reading_queue.folder_broker import Transport, folder_options
from tests.services.forking import forking

pytestmark = pytest.mark.thorough

QUEUE = Queue("pixels", Exchange("countyread"), routing_key="pixels")


def _connect(folder: Path) -> Connection:
    return Connection("filesystem://localhost//", transport=Transport, transport_options=folder_options(folder))


def _publish(folder: Path, producer: int, messages: int, barrier: Any = None) -> list[str]:
    names = [f"{producer}-{number}" for number in range(messages)]
    with _connect(folder) as connection, connection.Producer() as out:
        if barrier is not None:
            barrier.wait()
        for name in names:
            out.publish(
                {"name": name}, exchange=QUEUE.exchange, routing_key="pixels", declare=[QUEUE], serializer="json"
            )
    return names


def _consume(folder: Path, expected: int, barrier: Any) -> list[str]:
    seen: list[str] = []
    with _connect(folder) as connection, connection.channel() as channel:
        bound = QUEUE(channel)
        bound.declare()
        barrier.wait()
        empty = 0
        while empty < 200 and len(seen) < expected:
            message = bound.get(no_ack=True)
            empty = empty + 1 if message is None else 0
            if message is not None:
                seen.append(message.payload["name"])
    return seen


def test_several_writers_and_readers_lose_and_double_nothing(tmp_path: Path):
    with forking().Manager() as manager, forking().Pool(6) as pool:
        barrier = manager.Barrier(6)
        written = [pool.apply_async(_publish, (tmp_path, n, 60, barrier)) for n in range(3)]
        read = [pool.apply_async(_consume, (tmp_path, 180, barrier)) for _ in range(3)]
        sent = Counter(chain.from_iterable(one.get(60) for one in written))
        seen = Counter(chain.from_iterable(one.get(60) for one in read))
        seen += Counter(_drain(tmp_path))
    assert seen == sent
    assert len(sent) == 180


def _drain(folder: Path) -> list[str]:
    names = []
    with _connect(folder) as connection, connection.channel() as channel:
        while (message := QUEUE(channel).get(no_ack=True)) is not None:
            names.append(message.payload["name"])
    return names


def test_messages_come_in_the_order_in_which_they_were_sent(tmp_path: Path):
    sent = _publish(tmp_path, 0, 30)
    assert _drain(tmp_path) == sent


def test_a_half_written_message_is_not_seen(tmp_path: Path):
    _publish(tmp_path, 0, 1)
    (whole,) = (tmp_path / "messages").iterdir()
    half = whole.with_name(whole.name.replace("_", "_a") + ".f00.part")
    half.write_bytes(whole.read_bytes()[:10])
    assert _drain(tmp_path) == ["0-0"]
    assert half.exists()


def test_nothing_is_left_behind(tmp_path: Path):
    _publish(tmp_path, 0, 3)
    _drain(tmp_path)
    assert not list((tmp_path / "messages").iterdir())
    assert not list((tmp_path / "taken").iterdir())


def test_an_unacknowledged_message_comes_back_when_its_reader_closes(tmp_path: Path):
    _publish(tmp_path, 0, 1)
    with _connect(tmp_path) as connection, connection.channel() as channel:
        assert QUEUE(channel).get(no_ack=False) is not None
    assert _drain(tmp_path) == ["0-0"]


def test_many_processes_declare_the_same_queue_at_once(tmp_path: Path):
    with forking().Pool(4) as pool:
        pool.starmap(_publish, [(tmp_path, n, 1) for n in range(8)])
    assert len(_drain(tmp_path)) == 8
    assert [row.queue for row in _table(tmp_path)] == ["pixels"]


def _table(folder: Path) -> list[Any]:
    with _connect(folder) as connection, connection.channel() as channel:
        return channel.get_table("countyread")


def test_an_empty_queue_is_empty(tmp_path: Path):
    with _connect(tmp_path) as connection, connection.channel() as channel, pytest.raises(Empty):
        channel._get("pixels")


def test_a_message_that_comes_back_says_so_where_workers_look(tmp_path: Path):
    _publish(tmp_path, 1, 1)
    with _connect(tmp_path) as connection, connection.channel() as channel:
        bound = QUEUE(channel)
        bound.declare()
        first = bound.get()
        assert "redelivered" not in first.delivery_info
        first.reject(requeue=True)
        again = bound.get()
        assert (again.payload, again.delivery_info["redelivered"]) == (first.payload, True)
        again.ack()
