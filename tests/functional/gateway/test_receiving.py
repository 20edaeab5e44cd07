"""A study on its good days: from DCMTK's senders to the catalogue, the store and the reading task."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pydicom
import pytest
from pydicom.uid import ImplicitVRLittleEndian
from sqlalchemy import select, update

from dicom_gateway.send import PeerUnavailable, echo, send
from storage.db.models import (
    Association,
    Device,
    Instance,
    Patient,
    Quarantine,
    ReadingTask,
    Series,
    Study,
    UnknownCaller,
)
from tests.functional.gateway.running import AE_TITLE, RunningGateway
from tests.functional.gateway.studies import data_set_bytes, has_all_uids, make_study, sop_uid
from tests.services import dcmtk
from tests.services.waiting import wait_until
from tests.unit.storage.ingest.samples import data_set, encode, file_of, save, with_raw_name

PYDICOM_FILES = Path(pydicom.data.__file__).parent / "test_files"


def test_a_study_arrives_whole_bit_for_bit_and_gets_its_task(gateway: RunningGateway, tmp_path: Path) -> None:
    files = make_study(tmp_path / "study", 12, StudyDescription="CT head")
    assert gateway.send(*files) == len(files)
    gateway.wait_stored(12)
    for file in files:
        assert data_set_bytes(gateway.stored_bytes(sop_uid(file))) == data_set_bytes(file)
    task = wait_until(lambda: gateway.rows(ReadingTask), 20, "the task")[0]
    (study,) = gateway.rows(Study)
    assert (task.study_id, study.state, study.instance_count) == (study.id, "ready", 12)
    (association,) = gateway.rows(Association)
    assert (association.received, association.refused) == (12, 0)
    assert association.ended_at is not None
    assert study.last_received_at < task.created_at


def test_the_stored_file_says_who_sent_it(gateway: RunningGateway, tmp_path: Path) -> None:
    (file,) = make_study(tmp_path / "study", 1)
    assert gateway.send(file) == 1
    gateway.wait_stored(1)
    stored = tmp_path / "stored.dcm"
    stored.write_bytes(gateway.stored_bytes(sop_uid(file)))
    assert pydicom.dcmread(stored).file_meta.SourceApplicationEntityTitle == "T01_CT"
    assert "T01_CT" in dcmtk.dump(stored)


def test_four_associations_bring_one_new_study_at_once(gateway: RunningGateway, tmp_path: Path) -> None:
    files = make_study(tmp_path / "study", 80)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda part: gateway.send(*files[part::4]), range(4)))
    assert results == [20] * 4
    gateway.wait_stored(80)
    (study,), (series,) = gateway.rows(Study), gateway.rows(Series)
    assert (study.series_count, study.instance_count, series.instance_count) == (1, 80, 80)
    assert len(gateway.rows(Patient)) == 1
    wait_until(lambda: gateway.rows(ReadingTask), 20, "the task")
    assert len(gateway.rows(ReadingTask)) == 1
    assert sum(row.received for row in gateway.rows(Association)) == 80


def test_the_whole_study_again_takes_nothing(gateway: RunningGateway, tmp_path: Path) -> None:
    files = make_study(tmp_path / "study", 6)
    assert gateway.send(*files) == len(files)
    gateway.wait_stored(6)
    wait_until(lambda: gateway.rows(Study)[0].state == "ready", 20, "the study")
    before = gateway.rows(Study)[0]
    assert gateway.send(*files) == len(files)
    gateway.wait_stored(6)
    after = gateway.rows(Study)[0]
    assert (after.state, after.ready_at, after.instance_count) == ("ready", before.ready_at, 6)
    assert len(gateway.rows(ReadingTask)) == 1


def test_late_images_reach_the_study_and_open_no_second_task(gateway: RunningGateway, tmp_path: Path) -> None:
    files = make_study(tmp_path / "study", 6)
    assert gateway.send(*files[:4]) == len(files[:4])
    wait_until(lambda: gateway.rows(ReadingTask), 30, "the task")
    assert gateway.send(*files[4:]) == len(files[4:])
    gateway.wait_stored(6)
    wait_until(lambda: gateway.rows(Study)[0].state == "ready", 20, "the study")
    assert gateway.rows(Study)[0].instance_count == 6
    assert len(gateway.rows(ReadingTask)) == 1


def test_an_object_that_left_the_store_is_repaired_by_sending_it_again(gateway: RunningGateway, tmp_path: Path) -> None:
    files = make_study(tmp_path / "study", 3)
    assert gateway.send(*files) == len(files)
    gateway.wait_stored(3)
    lost = gateway.rows(Instance)[0]
    gateway.store.delete(lost.object_key)
    assert gateway.send(*files) == len(files)
    gateway.wait_stored(3)
    for file in files:
        assert data_set_bytes(gateway.stored_bytes(sop_uid(file))) == data_set_bytes(file)


COMPRESSED = [
    "JPEG2000.dcm",
    "JPEG-lossy.dcm",
    "JPEGLSNearLossless_16.dcm",
    "SC_rgb_jpeg_dcmtk.dcm",
    "MR_small_RLE.dcm",
    "ExplVR_BigEnd.dcm",
    "image_dfl.dcm",
    "MR_small_implicit.dcm",
    "HTJ2K_08_RGB.dcm",
    "test-SR.dcm",
    "waveform_ecg.dcm",
]


def test_every_transfer_syntax_is_taken_as_it_is(gateway: RunningGateway, shared_data: Path | None) -> None:
    files = [PYDICOM_FILES / name for name in COMPRESSED if (PYDICOM_FILES / name).exists()]
    files += sorted((shared_data / "syntaxes").glob("*.dcm")) if shared_data else []
    whole = [file for file in files if has_all_uids(file)]
    assert len(whole) >= 7
    report = send(files, "127.0.0.1", gateway.port, "T01_CT", AE_TITLE)
    assert report.accepted == len(whole)
    assert {problem.path for problem in report.problems} == set(files) - set(whole)
    assert {problem.reason for problem in report.problems} <= {"refused with status 0xC000"}
    wait_until(lambda: not gateway.spooled(), 30, "the spool to drain")
    kept = {row.sop_instance_uid: row for row in gateway.rows(Instance)}
    aside = {row.sop_instance_uid for row in gateway.rows(Quarantine)}
    assert {sop_uid(file) for file in whole} <= set(kept) | aside
    for file in whole:
        if (uid := sop_uid(file)) not in aside:
            assert kept[uid].transfer_syntax_uid == pydicom.dcmread(file).file_meta.TransferSyntaxUID
            assert data_set_bytes(gateway.stored_bytes(uid)) == data_set_bytes(file)


@pytest.mark.parametrize("sop_class", ["1.2.840.113619.4.27", "1.3.12.2.1107.5.9.1", "1.2.840.10008.5.1.4.1.1.999.1"])
def test_private_and_future_storage_classes_are_taken(gateway: RunningGateway, tmp_path: Path, sop_class: str) -> None:
    with gateway.database.write() as work:
        work.session.execute(update(Device).values(unknown_sop_classes=True))
    file = save(tmp_path / "private.dcm", data_set(SOPClassUID=sop_class))
    wait_until(lambda: _is_taken(gateway, file), 30, "the changed rule to count")
    gateway.wait_stored(1)


def _is_taken(gateway: RunningGateway, file: Path) -> bool:
    try:
        return not send([file], "127.0.0.1", gateway.port, "T01_CT", AE_TITLE).problems
    except PeerUnavailable:
        return False


def test_storescu_may_choose_the_syntax(gateway: RunningGateway, tmp_path: Path) -> None:
    (file,) = make_study(tmp_path / "study", 1)
    result = dcmtk.store(gateway.port, [file], calling="T01_CT", called=AE_TITLE, options=["-xi"])
    assert result.ok, result.output
    gateway.wait_stored(1)
    assert gateway.rows(Instance)[0].transfer_syntax_uid == ImplicitVRLittleEndian


@pytest.mark.parametrize("declared", [None, "ISO_IR 100", "GBK"])
def test_a_console_that_writes_gbk_is_understood(gateway: RunningGateway, tmp_path: Path, declared: str | None) -> None:
    made = data_set()
    encoded = with_raw_name(encode(made), "张^三".encode("gbk"))
    if declared:
        value = declared.encode() + b" " * (len(declared) % 2)
        encoded = b"\x08\x00\x05\x00CS" + len(value).to_bytes(2, "little") + value + encoded
    file = tmp_path / "gbk.dcm"
    file.write_bytes(file_of(encoded, uid=made.SOPInstanceUID))
    assert send([file], "127.0.0.1", gateway.port, "T01_CT", AE_TITLE).accepted == 1
    gateway.wait_stored(1)
    assert gateway.rows(Patient)[0].name == "张三"
    assert gateway.rows(Instance)[0].charset_repair.startswith(f"declares {declared or 'nothing'}, read as GB18030: ")
    assert data_set_bytes(gateway.stored_bytes(made.SOPInstanceUID)) == encoded


def test_unknown_devices_are_rejected_and_listed(gateway: RunningGateway, tmp_path: Path) -> None:
    files = make_study(tmp_path / "study", 1)
    for _ in range(2):
        result = dcmtk.store(gateway.port, files, calling="STRANGER", called=AE_TITLE)
        assert not result.ok
        assert "Calling AE Title Not Recognized" in result.output
        assert "Rejected Permanent" in result.output
    wait_until(lambda: sum(row.attempts for row in gateway.rows(UnknownCaller)) == 2, 10, "the caller to be listed")
    (caller,) = gateway.rows(UnknownCaller)
    assert (caller.ae_title, caller.address, caller.reason) == (
        "STRANGER",
        "127.0.0.1",
        "calling_ae_title_not_recognized",
    )
    with gateway.database.write() as work:
        institution = work.session.execute(select(Device.institution_id)).scalars().first()
        work.session.add(Device(ae_title="STRANGER", institution_id=institution))
    assert gateway.send(*files, calling="STRANGER") == 1
    gateway.wait_stored(1)


def test_a_device_that_was_switched_off_is_rejected_before_long(gateway: RunningGateway) -> None:
    assert dcmtk.echo(gateway.port, calling="T01_CT", called=AE_TITLE).ok
    with gateway.database.write() as work:
        work.session.execute(update(Device).where(Device.ae_title == "T01_CT").values(active=False))
    wait_until(
        lambda: not dcmtk.echo(gateway.port, calling="T01_CT", called=AE_TITLE).ok, 20, "the device to be rejected"
    )


def test_calls_for_somebody_else_are_rejected(gateway: RunningGateway) -> None:
    result = dcmtk.echo(gateway.port, calling="T01_CT", called="OTHER")
    assert not result.ok
    assert "Called AE Title Not Recognized" in result.output
    wait_until(
        lambda: any(row.called_ae_title == "OTHER" for row in gateway.rows(UnknownCaller)), 10, "the call to be listed"
    )


def test_the_installations_own_check_may_ask_and_not_send(gateway: RunningGateway, tmp_path: Path) -> None:
    echo("127.0.0.1", gateway.port, "COUNTYREAD_ECHO", AE_TITLE)
    with pytest.raises(PeerUnavailable, match="called AE title"):
        echo("127.0.0.1", gateway.port, "COUNTYREAD_ECHO", "OTHER")
    files = make_study(tmp_path / "study", 1)
    assert gateway.send(*files, calling="COUNTYREAD_ECHO") == 0
    assert not gateway.rows(Instance)


def test_the_gateway_shows_signs_of_life(gateway: RunningGateway) -> None:
    assert gateway.life("gateway").report["free_bytes"] > 0
    assert gateway.life("intake").report["spool_files"] == 0
    assert gateway.life("spool").process == (gateway.spool / "identity").read_text()


def test_an_orderly_stop_ends_associations_and_leaves_nothing(gateway: RunningGateway, tmp_path: Path) -> None:
    files = make_study(tmp_path / "study", 30)
    assert gateway.send(*files) == len(files)
    gateway.stop()
    assert not gateway.spooled()
    assert gateway.count(Instance, state="stored") == 30
    assert all(row.ended_at is not None for row in gateway.rows(Association))
    assert not gateway.incoming()
