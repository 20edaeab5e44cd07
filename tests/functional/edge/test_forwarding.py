"""What a device sends to the station arrives at the centre bit for bit, once, whatever happens on the way."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from storage.db.models import Association, Quarantine, ReadinessSignal, UnknownCaller
from storage.db.queries import people
from tests.functional.edge.images import make_ecg, make_series
from tests.functional.edge.running import KEY, PATIENCE, STATION, Centre, Van
from tests.functional.gateway.studies import data_set_bytes, sop_uid
from tests.services.ports import free_port
from tests.services.shaping import BadLine, Shape
from tests.services.waiting import wait_until
from tests.system.studies import study_uid

MakeVan = Callable[..., Van]
pytestmark = pytest.mark.timeout(400)


def _sent(files: list[Path]) -> dict[str, bytes]:
    return {sop_uid(file): data_set_bytes(file) for file in files}


def _check_whole(centre: Centre, van: Van, files: list[Path]) -> None:
    """Every object is there bit for bit, nothing twice, nothing kept aside, one task for each study."""
    sent = _sent(files)
    studies_sent = {study_uid(file) for file in files}
    centre.wait_stored(sent)
    van.wait_empty()
    wait_until(lambda: centre.tasks_of(studies_sent) >= len(studies_sent), PATIENCE, "the reading tasks")
    assert centre.stored(sent) == sent
    assert centre.count(Quarantine) == 0
    assert centre.tasks_of(studies_sent) == len(studies_sent)
    wait_until(lambda: centre.open_associations(sent) == 0, PATIENCE, "the associations to end")


@pytest.mark.parametrize("world", ["server"], indirect=True)
def test_a_study_arrives_whole_at_a_distributed_centre(centre: Centre, make_van: MakeVan, tmp_path: Path) -> None:
    van = make_van(centre.port)
    van.start()
    files = make_series(tmp_path / "ct", 12)
    assert van.send(*files) == len(files)
    _check_whole(centre, van, files)
    assert set(centre.devices_by_sop().values()) == {"T01_CT"}
    (told,) = centre.rows(ReadinessSignal)
    assert (told.kind, set(told.objects)) == ("announced", set(_sent(files)))
    assert {(row.received, row.released) for row in centre.rows(Association)} == {(len(files), True)}
    wait_until(lambda: van.status()["sent_today"] == len(files), PATIENCE, "the status page")


def test_offline_kills_and_a_thin_line_that_is_cut(embedded_centre: Centre, make_van: MakeVan, tmp_path: Path) -> None:
    """Received without a line; then both ends are killed again and again while the line is cut every 200 kB."""
    centre = embedded_centre
    with BadLine(centre.port, Shape(rate=500_000, latency=0.02, cut_after=200_000, loss=0.02, stall=0.05)) as line:
        line.down()
        van = make_van(line.port)
        van.start()
        files = make_series(tmp_path / "ct", 30, side=256)
        assert van.send(*files) == len(files)
        van.kill()
        van.start()
        assert len(van.spooled()) == len(files)
        wait_until(lambda: van.status()["line"] in ("unreachable", "broken"), PATIENCE, "the station to notice")
        line.up()
        for kill in range(1, 4):
            _wait_for_bytes(line, van)
            if kill % 2:
                centre.restart_api()
            else:
                van.kill()
                van.start()
        _check_whole(centre, van, files)
        raw = sum(file.stat().st_size for file in files)
        assert line.cuts >= 2
        assert line.bytes_up < raw, "compressed, and not sent again and again"


def _wait_for_bytes(line: BadLine, van: Van) -> None:
    before = line.bytes_up
    wait_until(lambda: line.bytes_up > before + 60_000 or not van.spooled(), PATIENCE, "bytes on the line")


def test_an_ecg_overtakes_a_ct_and_previews_go_first(
    embedded_centre: Centre, make_van: MakeVan, tmp_path: Path
) -> None:
    centre = embedded_centre
    with BadLine(centre.port, Shape(rate=400_000, latency=0.01)) as line:
        line.down()
        van = make_van(line.port)
        van.start()
        study = {"StudyInstanceUID": "1.2.3.4.5"}
        series = [make_series(tmp_path / f"ct{n}", 15, side=256, **study) for n in range(2)]
        ct = [file for files in series for file in files]
        assert van.send(*ct) == len(ct)
        line.up()
        wait_until(lambda: centre.arrived(_sent(ct)), PATIENCE, "the first objects of the CT")
        ecg = make_ecg(tmp_path / "ecg" / "1.dcm")
        assert van.send(ecg, calling="T01_ECG") == 1
        wait_until(lambda: centre.arrived([sop_uid(ecg)]), PATIENCE, "the ECG")
        waiting = len(van.spooled())
        assert waiting > 5, "the ECG came before the rest of the CT"
        _check_whole(centre, van, [*ct, ecg])
        middles = {sop_uid(files[len(files) // 2]) for files in series}
        assert middles <= set(centre.arrived(_sent(ct))[:6])
        assert centre.devices_by_sop()[sop_uid(ecg)] == "T01_ECG"


def test_objects_of_a_device_that_nobody_knows_wait_at_the_station(
    embedded_centre: Centre, make_van: MakeVan, tmp_path: Path
) -> None:
    centre = embedded_centre
    van = make_van(centre.port)
    van.start()
    files = make_series(tmp_path / "dr", 3)
    assert van.send(*files, calling="T01_DR_NEW") == len(files)
    other = make_series(tmp_path / "other", 2)
    assert van.send(*other, calling="T02_CT") == len(other), "another clinic's title"
    wait_until(lambda: centre.count(UnknownCaller) == 2, PATIENCE, "the administrator to be told")
    told = {row.ae_title: (row.called_ae_title, row.address) for row in centre.rows(UnknownCaller)}
    assert told == dict.fromkeys(("T01_DR_NEW", "T02_CT"), (STATION, "127.0.0.1"))
    wait_until(lambda: van.status()["held"] == 5, PATIENCE, "the station to hold them")
    assert centre.arrived(_sent([*files, *other])) == []
    with centre.database.write() as work:
        people.ensure_device(work, "T01_DR_NEW", people.institution_by_code(work, "t01"), modality="DX")
    files += make_series(tmp_path / "more", 1)
    assert van.send(files[-1], calling="T01_DR_NEW") == 1
    centre.wait_stored(_sent(files))
    assert centre.stored(_sent(files)) == _sent(files)
    assert len(van.spooled()) == len(other)


def test_a_wrong_key_sends_nothing_and_says_so(embedded_centre: Centre, make_van: MakeVan, tmp_path: Path) -> None:
    centre = embedded_centre
    van = make_van(centre.port, COUNTYREAD_EDGE_KEY="station_wrong")
    van.start()
    files = make_series(tmp_path / "ct", 2)
    assert van.send(*files) == len(files)
    wait_until(lambda: van.status()["line"] == "key_refused", PATIENCE, "the key to be refused")
    assert len(van.spooled()) == len(files)
    assert "station_wrong" not in van.log
    page = httpx.get(f"http://127.0.0.1:{van.page}/", timeout=10).text
    assert "密钥被拒绝" in page
    van.stop()
    van.start(COUNTYREAD_EDGE_KEY=KEY)
    _check_whole(centre, van, files)


def test_a_full_disk_refuses_before_it_takes(make_van: MakeVan, tmp_path: Path) -> None:
    van = make_van(free_port(), COUNTYREAD_RESERVE_MB=str(1 << 30))
    van.start()
    (file,) = make_series(tmp_path / "ct", 1)
    assert van.send(file) == 0
    assert "want of disk" in van.log
    assert van.spooled() == []
