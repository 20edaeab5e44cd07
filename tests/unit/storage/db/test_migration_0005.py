"""Studies that were there before C-FIND get their keys from their objects."""

import json
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, text

from storage.db.migrate import _config
from storage.db.session import make_engine

pytestmark = pytest.mark.thorough


HEADER = {
    "00080020": {"vr": "DA", "Value": ["20260102"]},
    "00080030": {"vr": "TM", "Value": ["1011"]},
    "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Zhang^San", "Ideographic": "张^三"}]},
    "00200010": {"vr": "SH", "Value": ["S1"]},
}
BEFORE = {
    "institution": {"id": 1, "code": "t01", "name": "x", "name_en": "", "kind": "clinic", "result_seq": 0},
    "patient": dict.fromkeys(("patient_id", "name", "sex", "birth_date", "fingerprint"), "")
    | {"id": 1, "institution_id": 1},
    "study": dict.fromkeys(("modality", "body_part", "description", "accession_number", "priority", "state"), "")
    | {"id": 1, "study_instance_uid": "1.2", "patient_id": 1, "institution_id": 1, "rendition_state": ""}
    | {"first_received_at": "2026-01-02 00:00:00", "last_received_at": "2026-01-02 00:00:00"}
    | {"series_count": 1, "instance_count": 1, "rendition_attempts": 0, "rendition_error": ""},
    "series": {"id": 1, "series_instance_uid": "1.3", "study_id": 1, "institution_id": 1, "modality": "CT"}
    | {"description": "", "body_part": "", "laterality": "", "instance_count": 1},
    "instance": dict.fromkeys(("dataset_sha256", "sha256", "object_key", "state", "gateway", "spool_name"), "")
    | {"id": 1, "sop_instance_uid": "1.4", "sop_class_uid": "1.5", "transfer_syntax_uid": "1.6", "study_id": 1}
    | {"series_id": 1, "institution_id": 1, "frames": 1, "size": 1, "received_at": "2026-01-02 00:00:00"}
    | {"header": json.dumps(HEADER), "charset_repair": ""},
}


def insert(connection: Connection, table: str, row: dict[str, object]) -> None:
    columns = ", ".join(row)
    values = ", ".join(f":{column}" for column in row)
    connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), row)


def test_studies_of_before_are_found_by_what_their_objects_say(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/old.sqlite")
    with engine.connect() as connection, connection.begin():
        command.upgrade(_config(connection), "0004")
        for table, row in BEFORE.items():
            insert(connection, table, row)
        command.upgrade(_config(connection), "0005")
        found = connection.execute(text("SELECT * FROM study")).one()._mapping
    engine.dispose()
    assert (found["study_date"], found["study_time"], found["dicom_study_id"]) == ("20260102", "101100.000000", "S1")
    assert (found["name_alphabetic"], found["name_ideographic"]) == ("zhang san", "张三")
    assert found["patient_name"] == "Zhang^San=张^三"
