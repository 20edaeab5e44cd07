"""Phrases are found by a few letters, the nearest of one code counts, and what is used comes first."""

import pytest
from sqlalchemy import select

from reading_queue.templates import phrases
from reading_queue.templates.phrases import PhraseText, Wanted
from reading_queue.templates.shipped import shipped_phrases
from storage.db.models import AuditEvent, PhraseUse
from storage.db.queries.templates import Place
from storage.domain.errors import Forbidden, Invalid, NotFound
from storage.domain.templates import Level
from tests.unit.reading_queue.county import County

OWN, COUNTY = Place(Level.OWN), Place(Level.COUNTY)
CHEST = ("DX", "CHEST")


def found(county: County, letters: str, modality: str = "DX", body_part: str = "CHEST", **more: str) -> list[str]:
    with county.write() as work:
        wanted = Wanted(letters, modality, body_part, **more)
        return [one.id for one in phrases.find(work, county.actor("radiologist"), wanted)]


def test_enough_is_shipped_in_both_languages_with_a_code_each() -> None:
    rows = shipped_phrases()
    assert len(rows) >= 120
    assert all(row["zh"] and row["en"] and row["code"] for row in rows)
    assert {modality for row in rows for modality in row.get("modalities", [])} == {"DX", "CR", "CT", "MR", "US", "ECG"}
    assert all(row["zh"].count("{") == row["en"].count("{") == row["zh"].count("}") for row in rows)


@pytest.mark.parametrize("letters", ["xbzc", "lfwl", "liangfeiwenli", "纹理清晰", "LFWL"])
def test_a_phrase_is_found_by_code_initials_pinyin_and_words(county: County, letters: str) -> None:
    assert "cxr-normal" in found(county, letters)


def test_a_code_comes_before_initials_and_these_before_pinyin(county: County) -> None:
    reader = county.actor("radiologist")
    with county.write() as work:
        made = [
            phrases.create(work, reader, OWN, PhraseText(zh, code=code)).id
            for zh, code in (("完全无关", "zzqq"), ("枣庄秦桥", ""), ("杂志", "zhi"))
        ]
    assert found(county, "zzqq") == made[:2]


def test_another_modality_does_not_see_it_and_another_body_part_later(county: County) -> None:
    assert found(county, "fc", "ECG", "") == ["ecg-af"]
    assert "ecg-af" not in found(county, "fc")
    gz = found(county, "lgz", "CT", "HEAD")
    assert gz.index("head-fracture") < gz.index("cxr-rib-i")


def test_a_section_narrows(county: County) -> None:
    assert "cxr-normal" not in found(county, "xbzc", section="impression")


def test_what_is_used_comes_first(county: County) -> None:
    before = found(county, "")
    last = before[-1]
    with county.write() as work:
        for _ in range(2):
            phrases.note_use(work, county.actor("radiologist"), last)
    assert found(county, "")[0] == last
    with county.database.read() as work:
        assert work.session.execute(select(PhraseUse.uses)).scalars().all() == [2]
    with pytest.raises(NotFound), county.write() as work:
        phrases.note_use(work, county.actor("radiologist"), "no-such")


def test_the_nearest_of_one_code_counts(county: County) -> None:
    manager, reader = county.actor("manager"), county.actor("radiologist")
    text = PhraseText("县里的写法。", code="xfg", section="impression", modalities=("DX",))
    assert "cxr-normal-i" in found(county, "xfg")
    with county.write() as work:
        shared = phrases.create(work, manager, COUNTY, text)
    assert found(county, "xfg") == [shared.id]
    with county.write() as work:
        own = phrases.create(work, reader, OWN, text)
    assert found(county, "xfg") == [own.id]


def test_only_the_manager_changes_what_is_shared_and_nobody_anothers_own(county: County) -> None:
    manager, reader, other = (county.actor(name) for name in ("manager", "radiologist", "radiologist2"))
    text = PhraseText("心影增大。")
    with pytest.raises(Forbidden), county.write() as work:
        phrases.create(work, reader, COUNTY, text)
    with county.write() as work:
        shared, own = phrases.create(work, manager, COUNTY, text), phrases.create(work, reader, OWN, text)
    for actor, phrase_id, refusal in (
        (reader, shared.id, Forbidden),
        (other, own.id, NotFound),
        (reader, "cxr-normal", Forbidden),
    ):
        with pytest.raises(refusal), county.write() as work:
            phrases.change(work, actor, phrase_id, text)
    with county.write() as work:
        assert phrases.change(work, reader, own.id, PhraseText("主动脉硬化。")).initials == "zdmyh"
        phrases.delete(work, reader, own.id)
    with county.database.read() as work:
        query = select(AuditEvent.action).where(AuditEvent.subject == f"phrase:{own.id}").order_by(AuditEvent.seq)
        assert work.session.execute(query).scalars().all() == ["phrase.create", "phrase.change", "phrase.delete"]


@pytest.mark.parametrize("text", [PhraseText(""), PhraseText("x" * 2001), PhraseText("x", section="title")])
def test_a_phrase_that_makes_no_sense_is_refused(county: County, text: PhraseText) -> None:
    with pytest.raises(Invalid), county.write() as work:
        phrases.create(work, county.actor("radiologist"), OWN, text)
