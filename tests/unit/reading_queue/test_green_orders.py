"""Which orders of a hospital's own system are on the green channel: by priority, coded reason or words, as the county says."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from dicom_gateway.hl7.desk import OrderDesk
from dicom_gateway.hl7.message import parse_message
from dicom_gateway.hl7.reading import read_wishes
from reading_queue import service
from reading_queue.green_orders import GREEN_CHANNEL, parse
from reading_queue.rulebook import publish
from storage.db.models import ExamOrder, GreenChannelCase, Study
from storage.domain.errors import Invalid
from storage.domain.readiness import ReadyTimes
from tests.unit.reading_queue.county import County

ZONE = ZoneInfo("Asia/Shanghai")
SHIPPED = parse(GREEN_CHANNEL.shipped)


def _message(*more: str, obr27: str = "", reason: str = "", text: str = "") -> str:
    obr = [
        "OBR",
        "1",
        "P1",
        "",
        "CT01^颅脑CT平扫",
        *[""] * 8,
        text,
        *[""] * 10,
        "CT",
        "",
        "",
        obr27,
        "",
        "",
        "",
        reason,
    ]
    segments = (
        "MSH|^~\\&|HIS|T01|||20260309083000||ORM^O01|1|P|2.4||||||UNICODE UTF-8",
        "PID|||0007||张三||19580321|F",
    )
    return "\r".join([*segments, "ORC|NW|P1", "|".join(obr), *more])


@pytest.mark.parametrize(
    "message,kind",
    [
        (_message(obr27="^^^^^GC-ST"), "stroke"),
        (_message(obr27="^^^^^gc-cp"), "chest_pain"),
        (_message("TQ1|1||||||||S~GC-TR"), "trauma"),
        (_message(reason="GC-CP^急性胸痛"), "chest_pain"),
        (_message(reason="R51^头痛~GC-ST^卒中"), "stroke"),
        (_message(text="突发失语，卒中绿色通道"), "stroke"),
        (_message("DG1|1||X^y|创伤中心转入"), "trauma"),
        (_message(obr27="^^^^^S", reason="I63.9^脑梗死"), ""),
        (_message(), ""),
    ],
)
def test_an_order_says_it_by_priority_reason_or_words(message: str, kind: str) -> None:
    (wish,) = read_wishes(parse_message(message), ZONE, SHIPPED)
    assert wish.content.get("green_channel", "") == kind


def test_a_county_names_its_own_codes_and_families_of_codes() -> None:
    rules = parse({"orders": [{"kind": "stroke", "reasons": ["I63*", "g45.9"]}]})
    assert rules.kind_of([], ["I63.902"], "") == "stroke"
    assert rules.kind_of([], ["G45.9"], "") == "stroke"
    assert rules.kind_of([], ["G45.90"], "") == ""
    assert rules.kind_of(["I63.9"], [], "I63.9") == ""


@pytest.mark.parametrize(
    "line,fault",
    [
        ({"kind": "stroke"}, "orders.0"),
        ({"kind": "cold", "words": ["x"]}, "orders.0.kind"),
        ({"kind": "stroke", "reasons": ["*"]}, "orders.0.reasons"),
        ({"kind": "stroke", "reason": ["x"]}, "orders.0.reason"),
        ({"kind": "stroke", "words": [" "]}, "orders.0.words.0"),
    ],
)
def test_what_would_mark_no_order_or_all_is_refused_by_name(line: dict[str, object], fault: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse({"orders": [line]})
    assert getattr(refused.value, "field", "") == fault


def test_a_message_under_the_rules_in_force_opens_a_case_when_its_images_come(county: County) -> None:
    with county.write() as work:
        publish(work, county.actor("manager"), GREEN_CHANNEL, {"orders": [{"kind": "stroke", "reasons": ["LZ01"]}]})
    desk = OrderDesk(county.database, county.clock, ZONE)
    assert b"MSA|AA|1" in desk.answer(_message(reason="LZ01^突发偏瘫").encode())
    study_id = county.study(modality="CT")
    with county.write() as work:
        order = work.session.execute(select(ExamOrder)).scalar_one()
        assert (order.green_channel, order.priority) == ("stroke", "P0")
        order.study_id = study_id
    county.clock.advance(seconds=11)
    with county.write() as work:
        service.open_ready_studies(work, ReadyTimes(idle=10))
        case = work.session.execute(select(GreenChannelCase)).scalar_one()
        assert (case.kind, case.opened_by, work.session.get_one(Study, study_id).priority) == ("stroke", "system", "P0")
