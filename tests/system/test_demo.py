"""The command that a newcomer types first."""

from pathlib import Path

from tests.services.waiting import wait_until
from tests.system.county import RunningCounty
from tests.worlds import make_world


def test_the_demo_shows_real_studies_stops_cleanly_and_goes_on(tmp_path: Path) -> None:
    world = make_world("embedded", tmp_path, lambda _name: None)
    county = RunningCounty(world, tmp_path, arguments=())
    county.start()
    reader = county.log_in("radiologist")
    tasks = wait_until(lambda: _all_pictured(reader.tasks(), 10), 90, "the sample studies in the worklist")
    assert {"CT", "CR", "US", "ECG"} <= {task["modality"] for task in tasks}
    lease = reader.post("/api/v1/tasks/next")
    pids = county.pids()
    county.stop()
    assert county.log.rstrip().endswith(f"Stopped. The data stays in {county.settings.data}.")
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids.values())

    county.start()
    reader = county.log_in("radiologist")
    again = reader.tasks(open="true")
    assert {task["id"] for task in again} == {task["id"] for task in tasks}
    assert next(task for task in again if task["id"] == lease["task"]["id"])["reader"] == "radiologist"
    manager = county.log_in("manager")
    assert manager.get("/api/v1/health")["counts"]["quarantine"] == 0
    county.stop()


def _all_pictured(tasks: list[dict[str, object]], least: int) -> list[dict[str, object]]:
    return tasks if len(tasks) >= least and all(task["thumbnail"] for task in tasks) else []
