"""Every house rule has a sample that keeps it and one that breaks it."""

import ast
from pathlib import Path, PurePosixPath

import pytest

from scripts import house_rules
from scripts.house_rules import breaches

KEPT = [
    ("commits-at-the-edge", "storage/db/session.py", "session.commit()"),
    ("commits-at-the-edge", "storage/db/queries/tasks.py", "session.flush()"),
    ("commits-at-the-edge", "tests/unit/test_x.py", "session.commit()"),
    ("no-wall-clock", "storage/domain/clock.py", "from datetime import datetime, UTC\ndatetime.now(UTC)"),
    ("no-wall-clock", "reading_queue/sla.py", "clock.now()"),
    ("no-wall-clock", "dicom_gateway/server.py", "import time\ntime.monotonic()"),
    ("no-formatting-in-log-calls", "storage/audit.py", 'log.info("stored %s", uid)'),
    ("no-formatting-in-log-calls", "storage/audit.py", 'math.log(f"{x}")'),
    ("no-patients-in-logs", "storage/audit.py", 'log.info("stored %s", instance.sop_instance_uid)'),
    ("no-patients-in-logs", "viewer_api/app.py", "render(patient_name)"),
    ("no-sleep-in-tests", "tests/unit/test_x.py", "wait_until(lambda: done)"),
    ("no-sleep-in-tests", "countyread/supervisor.py", "import time\ntime.sleep(1)"),
    ("imports-of-pure-folders", "storage/domain/clock.py", "import datetime\nfrom storage.domain import errors"),
    ("imports-of-pure-folders", "reading_queue/preprocessing/window.py", "import numpy as np\nfrom skimage import io"),
    ("imports-of-pure-folders", "storage/db/session.py", "import sqlalchemy"),
]

BROKEN = [
    ("commits-at-the-edge", "reading_queue/service.py", "self.session.commit()"),
    ("commits-at-the-edge", "viewer_api/app.py", "with x:\n    session.connection().commit()"),
    ("no-wall-clock", "reading_queue/sla.py", "from datetime import datetime, UTC\ndatetime.now(UTC)"),
    ("no-wall-clock", "reading_queue/sla.py", "import datetime as dt\ndt.datetime.utcnow()"),
    ("no-wall-clock", "dicom_gateway/server.py", "from time import time as now\nnow()"),
    ("no-wall-clock", "storage/audit.py", "import time\ntime.time_ns()"),
    ("no-wall-clock", "storage/audit.py", "from datetime import date\ndate.today()"),
    ("no-formatting-in-log-calls", "storage/audit.py", 'log.info(f"stored {uid}")'),
    ("no-formatting-in-log-calls", "storage/audit.py", 'self._logger.warning("stored %s" % uid)'),
    ("no-formatting-in-log-calls", "storage/audit.py", 'logging.error("stored {}".format(uid))'),
    ("no-formatting-in-log-calls", "storage/audit.py", 'log.log(20, "stored " + uid)'),
    ("no-patients-in-logs", "dicom_gateway/store.py", 'log.info("stored %s", dataset.PatientName)'),
    ("no-patients-in-logs", "dicom_gateway/store.py", 'log.info("stored", extra={"patient_id": value})'),
    ("no-patients-in-logs", "dicom_gateway/store.py", 'log.info("stored", extra=dict(x=row["birth_date"]))'),
    ("no-patients-in-logs", "dicom_gateway/store.py", 'logger.exception("failed for %s", str(patient.patient_id))'),
    ("no-sleep-in-tests", "tests/unit/test_x.py", "import time\ntime.sleep(1)"),
    ("no-sleep-in-tests", "tests/functional/test_x.py", "from time import sleep\nsleep(1)"),
    ("imports-of-pure-folders", "storage/domain/studies.py", "import sqlalchemy"),
    ("imports-of-pure-folders", "storage/domain/studies.py", "from storage.db.session import unit_of_work"),
    ("imports-of-pure-folders", "reading_queue/preprocessing/ecg/filters.py", "from storage import settings"),
    ("imports-of-pure-folders", "reading_queue/preprocessing/window.py", "import celery"),
]


@pytest.mark.parametrize("rule,path,source", KEPT)
def test_rule_leaves_good_code_alone(rule: str, path: str, source: str) -> None:
    assert rule not in {breach.rule for breach in breaches(PurePosixPath(path), source)}


@pytest.mark.parametrize("rule,path,source", BROKEN)
def test_rule_finds_the_breach_on_its_line(rule: str, path: str, source: str) -> None:
    found = [breach for breach in breaches(PurePosixPath(path), source) if breach.rule == rule]
    assert found
    assert found[-1].line == len(source.splitlines())


def test_every_rule_has_both_samples() -> None:
    names = {rule.__name__.replace("_", "-") for rule in house_rules.RULES}
    assert {rule for rule, _, _ in KEPT} == names
    assert {rule for rule, _, _ in BROKEN} == names


def test_command_names_file_line_and_advice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "storage").mkdir()
    (tmp_path / "storage" / "service.py").write_text("def save(session):\n    session.commit()\n")
    assert house_rules.main([str(tmp_path)]) == 1
    assert "storage/service.py:2: commits-at-the-edge: only storage/db/session.py commits" in capsys.readouterr().out


def test_dicom_keywords_read_as_field_names() -> None:
    spelled = [house_rules.snake_case(word) for word in ("PatientName", "patient_id", "SOPInstanceUID")]
    assert spelled[:2] == ["patient_name", "patient_id"]


def test_formatting_is_recognised_in_nested_additions() -> None:
    assert house_rules.is_formatted(ast.parse('"a " + b + " c"', mode="eval").body)
