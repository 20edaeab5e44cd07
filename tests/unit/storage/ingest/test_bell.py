from pathlib import Path

import pytest

from storage.ingest.bell import Bell, BellListener


@pytest.fixture
def listener(tmp_path: Path):
    made = BellListener(tmp_path)
    yield made
    made.close()


def hear_all(listener: BellListener) -> list[str]:
    heard: list[str] = []
    while words := listener.wait(0.05):
        heard += words
    return heard


def test_words_arrive_in_order_from_several_doors(tmp_path: Path, listener: BellListener) -> None:
    first, second = Bell(tmp_path), Bell(tmp_path)
    first.ring("gateway/one")
    second.ring("api/two")
    first.ring("gateway/@key")
    assert hear_all(listener) == ["gateway/one", "api/two", "gateway/@key"]
    assert not listener.was_lost
    first.close()
    second.close()


def test_nobody_listens_and_nothing_blocks(tmp_path: Path) -> None:
    bell = Bell(tmp_path)
    bell.ring("into the void")
    bell.close()


def test_a_listener_that_went_away_is_found_again(tmp_path: Path) -> None:
    bell = Bell(tmp_path)
    first = BellListener(tmp_path)
    bell.ring("a")
    assert hear_all(first) == ["a"]
    first.close()
    bell.ring("unheard")
    second = BellListener(tmp_path)
    bell.ring("b")
    assert hear_all(second) == ["b"]
    second.close()
    bell.close()


def test_what_a_full_pipe_loses_is_told(tmp_path: Path, listener: BellListener) -> None:
    bell = Bell(tmp_path)
    for number in range(20_000):
        bell.ring(f"gateway/{number:020d}")
    heard = hear_all(listener)
    assert len(heard) < 20_000
    assert heard == [f"gateway/{number:020d}" for number in range(len(heard))]
    bell.settle()
    assert hear_all(listener) == []
    assert listener.was_lost
    bell.close()
