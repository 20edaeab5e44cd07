"""Every hint may get lost: each has a task that does it, a queue where it waits, and a sweep that finds it."""

import ast
from pathlib import Path

import pytest

from reading_queue.broker import HINT_QUEUES, LONG, SCHEDULE, TASK_SECONDS, QueueName, configuration, route
from reading_queue.celery_app import make_celery
from reading_queue.sweeps import SWEEPS
from reading_queue.tasks import HINTS
from storage.settings import Settings, load_settings

_ROOT = Path(__file__).parents[3]
_PACKAGES = ("countyread", "dicom_gateway", "reading_queue", "viewer_api", "storage")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"COUNTYREAD_DATA": str(tmp_path)}, tmp_path / "none.toml")


def _hinted() -> set[str]:
    """The names that any module gives to a hint."""
    sources = (path.read_text("utf-8") for package in _PACKAGES for path in (_ROOT / package).rglob("*.py"))
    trees = (ast.parse(source) for source in sources if "Hint(" in source)
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    named = (call.args[0] for call in calls if getattr(call.func, "id", "") == "Hint" and call.args)
    return {name.value for name in named if isinstance(name, ast.Constant)}


def test_every_hint_that_is_given_has_a_task_and_a_sweep():
    assert {"make_renditions", "deliver_notice"} <= _hinted()
    assert _hinted() - set(HINTS) <= set(SCHEDULE), "a hint without a task"
    scheduled = {sweep for sweep in SWEEPS if sweep.__name__ in SCHEDULE}
    assert {name for name, hint in HINTS.items() if hint.found_by not in scheduled} == set()


def test_every_task_is_a_hint_or_a_sweep(settings: Settings):
    tasks = {name for name in make_celery(settings).tasks if not name.startswith("celery.")}
    assert tasks == set(HINTS) | set(SCHEDULE)


def test_every_hint_waits_where_it_is_said_to():
    assert {name: route(name, (1,)) for name in HINTS} == dict(HINT_QUEUES)
    assert {route(name, (1, "P0")) for name in HINTS} == {QueueName.URGENT}


def test_every_task_ends_in_time_and_is_acknowledged_late(settings: Settings):
    app = make_celery(settings)
    for name in set(HINTS) | set(SCHEDULE):
        task = app.tasks[name]
        assert 0 < task.soft_time_limit < task.time_limit <= TASK_SECONDS
        assert (task.acks_late, task.reject_on_worker_lost) == (True, True)
    options = configuration(settings)
    assert (options["task_soft_time_limit"], options["task_time_limit"]) == (LONG.soft, LONG.hard)


def test_what_may_pass_is_tried_again_with_jitter(settings: Settings):
    app = make_celery(settings)
    for name in HINTS:
        task = app.tasks[name]
        assert (task.max_retries, task.retry_backoff, task.retry_jitter) == (5, True, True)
