"""Hints never raise, never block for long, and do not flood the log."""

import logging
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from reading_queue.broker import SCHEDULE, QueueName, route
from reading_queue.publisher import publisher
from storage.db.session import Hint
from storage.settings import Settings, load_settings
from tests.services.ports import free_port

pytestmark = pytest.mark.thorough


HINT = Hint("make_renditions", (7, "P2"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"COUNTYREAD_DATA": str(tmp_path)}, tmp_path / "none.toml")


def _messages(settings: Settings) -> list[str]:
    return sorted(path.name.split(".")[1] for path in (settings.data / "broker" / "messages").iterdir())


def test_a_hint_reaches_the_folder(settings: Settings):
    publisher(settings)(HINT)
    assert _messages(settings) == ["pixels"]


def test_emergencies_have_their_own_queue(settings: Settings):
    publish = publisher(settings)
    for priority in ("P0", "P1", "P2", "P3"):
        publish(Hint("make_renditions", (7, priority)))
    assert _messages(settings) == ["pixels", "pixels", "urgent", "urgent"]


def test_sweeps_are_kept_apart():
    assert {route(name, ()) for name in SCHEDULE} == {QueueName.SWEEPS}


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_is_not_there_costs_one_short_wait(settings: Settings, scheme: str, caplog):
    publish = publisher(replace(settings, broker_url=f"{scheme}://127.0.0.1:{free_port()}/0"))
    started = time.monotonic()
    with caplog.at_level(logging.WARNING, "reading_queue.publisher"):
        for _ in range(100):
            publish(HINT)
    assert time.monotonic() - started < 10
    assert [record.name for record in caplog.records].count("reading_queue.publisher") == 1


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_never_answers_costs_one_short_wait(settings: Settings, scheme: str):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        publish = publisher(replace(settings, broker_url=f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/0"))
        started = time.monotonic()
        for _ in range(100):
            publish(HINT)
        assert time.monotonic() - started < 10


def test_a_folder_that_cannot_be_written_raises_nothing(settings: Settings):
    publish = publisher(settings)
    messages = settings.data / "broker" / "messages"
    messages.rmdir()
    messages.touch()
    publish(HINT)
