"""What a device sends to the station arrives at the centre bit for bit, once, whatever happens on the way."""

from collections.abc import Callable
from pathlib import Path

from storage.db.models import Association, Instance, Quarantine, ReadinessSignal, ReadingTask, Study, UnknownCaller
from tests.functional.edge.running import PATIENCE, Centre, Van
from tests.functional.gateway.studies import data_set_bytes, make_study, sop_uid
from tests.services.shaping import BadLine, Shape
from tests.services.waiting import wait_until
from tests.system import studies


def _sent(files: list[Path]) -> dict[str, bytes]:
    return {sop_uid(file): data_set_bytes(file) for file in files}


def _check_whole(centre: Centre, files: list[Path], tasks: int) -> None:
    """Every object is there bit for bit, nothing twice, nothing kept aside, one task for each study."""
    wait_until(lambda: centre.count(ReadingTask) >= tasks, PATIENCE, "the reading tasks")
    assert centre.stored() == _sent(files)
    assert centre.count(Quarantine) == 0
    assert centre.count(ReadingTask) == tasks
    wait_until(lambda: centre.count(Association, ended_at=None) == 0, PATIENCE, "the associations to end")


def test_a_study_arrives_whole_in_both_worlds(centre: Centre, make_van: Callable[..., Van], tmp_path: Path) -> None:
    van = make_van(centre.port)
    van.start()
    files = studies.copies(tmp_path / "ct", 12)
    assert van.send(*files) == len(files)
    centre.wait_stored(len(files))
    van.wait_empty()
    _check_whole(centre, files, 1)
    assert set(centre.devices_by_sop().values()) == {"T01_CT"}
    (signal,) = centre.rows(ReadinessSignal)
    assert (signal.kind, set(signal.objects)) == ("announced", set(_sent(files)))
    assert {row.received for row in centre.rows(Association)} == {len(files)}
    wait_until(lambda: van.status()["sent_today"] == len(files), PATIENCE, "the status page")
