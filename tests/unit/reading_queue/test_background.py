"""Work in the background gives way, and its thread is as before when it ends."""

import os

import pytest

from reading_queue.background import in_the_background


def test_the_thread_gives_way_and_is_as_before_afterwards() -> None:
    before = os.sched_getscheduler(0)
    with in_the_background():
        assert os.sched_getscheduler(0) == os.SCHED_IDLE
    assert os.sched_getscheduler(0) == before


def test_an_error_leaves_no_slow_thread_behind() -> None:
    with pytest.raises(ValueError, match="x"), in_the_background():
        raise ValueError("x")
    assert os.sched_getscheduler(0) == os.SCHED_OTHER


def test_a_system_without_it_goes_on_as_always(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setscheduler", refused)
    with in_the_background():
        assert os.sched_getscheduler(0) == os.SCHED_OTHER
