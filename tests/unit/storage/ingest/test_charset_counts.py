from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.db.models import CharsetCount, Device
from storage.db.queries.charsets import (
    CharsetFinding,
    CharsetProposal,
    charset_findings,
    count_repairs,
    propose_charset,
)
from storage.db.session import Database
from storage.domain.charsets import CharsetReason, CharsetRepair
from storage.domain.devices import CharsetRule
from tests.unit.storage.ingest.samples import data_set, encode, with_raw_name
from tests.unit.storage.ingest.shelf import Shelf, make_county, rows

pytestmark = pytest.mark.thorough


GUESSED = CharsetRepair("ISO_IR 100", "GB18030", CharsetReason.BYTES)
UNDECLARED = CharsetRepair("nothing", "GB18030", CharsetReason.BYTES)


def finding(repair: CharsetRepair, objects: int, charset: str = "", rule: str = "undeclared") -> CharsetFinding:
    return CharsetFinding(7, "T01_CT", charset, rule, repair, objects, "2026-01-02")


def test_repairs_are_counted_as_objects_are_catalogued(sqlite_database: Database, tmp_path) -> None:
    make_county(sqlite_database)
    shelf = Shelf(sqlite_database, tmp_path / "spool")
    for title in ("T01_CT", "T01_CT", "T02_CT"):
        made = encode(data_set(SpecificCharacterSet="ISO_IR 100"))
        shelf.add(with_raw_name(made, "张三".encode("gbk")), ae_title=title)
    shelf.add(data_set(), ae_title="T02_CT")
    with sqlite_database.read() as work:
        found = charset_findings(work)
    assert [(one.ae_title, one.repair, one.objects) for one in found] == [
        ("T01_CT", GUESSED, 2),
        ("T02_CT", GUESSED, 1),
    ]


def test_names_of_character_sets_that_nobody_knows_are_counted_together(sqlite_database: Database, tmp_path) -> None:
    make_county(sqlite_database)
    shelf = Shelf(sqlite_database, tmp_path / "spool")
    for number in range(3):
        made = encode(data_set(SpecificCharacterSet="ISO_IR 100")).replace(b"ISO_IR 100", b"NONSENSE %d" % number)
        shelf.add(with_raw_name(made, "张三".encode("gbk")))
    (counted,) = rows(sqlite_database, CharsetCount)
    assert counted.objects == 3
    assert "an unknown name" in counted.repair


def test_counts_of_a_day_add_up_and_old_days_are_forgotten(sqlite_database: Database) -> None:
    make_county(sqlite_database)
    with sqlite_database.write() as work:
        device_id = work.session.execute(select(Device.id).where(Device.ae_title == "T01_CT")).scalar_one()
        today = work.now
        for ago in (0, 0, 10, 40):
            work.now = today - timedelta(days=ago)
            count_repairs(work, [(device_id, str(GUESSED)), (device_id, str(GUESSED)), (device_id, "")])
    with sqlite_database.read() as work:
        (found,) = charset_findings(work)
    assert (found.objects, found.last_day) == (6, today.date().isoformat())


def test_a_character_set_is_proposed_where_guesses_agree() -> None:
    found = [finding(GUESSED, 60), finding(UNDECLARED, 40)]
    assert propose_charset(found) == [CharsetProposal(7, "T01_CT", "GB18030", CharsetRule.UNDECLARED, 100, 100)]


def test_nothing_is_proposed_for_few_objects_or_where_they_disagree_or_it_is_set() -> None:
    other = CharsetRepair("nothing", "ISO_IR 192", CharsetReason.BYTES)
    assert propose_charset([finding(GUESSED, 5)]) == []
    assert propose_charset([finding(GUESSED, 60), finding(other, 40)]) == []
    assert propose_charset([finding(GUESSED, 60, "GB18030")]) == []
    assert propose_charset([]) == []


def test_a_misspelt_name_needs_no_setting() -> None:
    assert propose_charset([finding(CharsetRepair("GB2312", "GB18030", CharsetReason.SPELLING), 100)]) == []


def test_a_device_that_declares_what_its_bytes_could_be_is_not_to_be_believed() -> None:
    wrong = CharsetRepair("GB18030", "ISO_IR 192", CharsetReason.BYTES)
    (proposal,) = propose_charset([finding(wrong, 100)])
    assert (proposal.charset, proposal.charset_rule) == ("ISO_IR 192", CharsetRule.ALWAYS)
    assert propose_charset([finding(wrong, 100, "ISO_IR 192")]) == [proposal]
    assert propose_charset([finding(wrong, 100, "ISO_IR 192", "always")]) == []
