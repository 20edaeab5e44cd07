"""Statements for a spreadsheet: UTF-8 with a byte order mark, amounts in yuan with two decimals."""

from collections.abc import Iterable
from datetime import tzinfo
from decimal import Decimal

from viewer_api.settlement.schemas import EarnedLine, LineOut
from viewer_api.spreadsheets import BYTE_ORDER_MARK, line

_KINDS = {
    "reading": ("阅片", "Reading"),
    "duplicate": ("重复（不计费）", "Duplicate (free)"),
    "amendment": ("更正（不计费）", "Amendment (free)"),
    "withdrawal": ("撤回（退费）", "Withdrawal (given back)"),
    "unreadable": ("逾期未重拍", "Unreadable, not retaken"),
    "correction": ("更正上期", "Correction"),
}
_LINES = (
    ("序号", "No."),
    ("类别", "Kind"),
    ("时间", "Time"),
    ("机构代码", "Institution"),
    ("机构", "Name"),
    ("任务号", "Task"),
    ("报告版本", "Version"),
    ("检查类型", "Modality"),
    ("优先级", "Class"),
    ("收费项目", "Item"),
    ("价目版本", "Price list"),
    ("报告医师", "Author"),
    ("签发医师", "Signer"),
    ("费用（元）", "Fee (CNY)"),
    ("阅片劳务（元）", "Author earns (CNY)"),
    ("审核劳务（元）", "Signer earns (CNY)"),
    ("说明", "Words"),
)
_READERS = (
    ("用户名", "User"),
    ("姓名", "Name"),
    ("阅片", "Readings"),
    ("审核", "Audits"),
    ("阅片劳务（元）", "Readings (CNY)"),
    ("审核劳务（元）", "Audits (CNY)"),
    ("合计（元）", "Sum (CNY)"),
)


def lines_sheet(lines: Iterable[LineOut], zone: tzinfo, *, english: bool) -> bytes:
    """One row a line; what readers earn is left out where it was."""
    rows = [line(pair[english] for pair in _LINES)]
    rows += [line(_cells(number, one, zone, english=english)) for number, one in enumerate(lines, start=1)]
    return (BYTE_ORDER_MARK + "".join(rows)).encode()


def readers_sheet(readers: Iterable[EarnedLine], *, english: bool) -> bytes:
    """One row a reader."""
    rows = [line(pair[english] for pair in _READERS)]
    for one in readers:
        amounts = (one.read_pay, one.audit_pay, one.read_pay + one.audit_pay)
        rows.append(line([one.username, one.name, one.read, one.audited, *map(_yuan, amounts)]))
    return (BYTE_ORDER_MARK + "".join(rows)).encode()


def _cells(number: int, one: LineOut, zone: tzinfo, *, english: bool) -> list[object]:
    return [
        number,
        _KINDS[one.kind][english],
        one.at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
        one.institution,
        (one.institution_name_en if english else "") or one.institution_name,
        one.task_id,
        one.version,
        one.modality,
        one.priority,
        one.item_name_en if english else one.item_name,
        one.edition,
        one.reader_name,
        one.signer_name,
        *(None if amount is None else _yuan(amount) for amount in (one.fee, one.read_pay, one.audit_pay)),
        one.words,
    ]


def _yuan(amount: int) -> Decimal:
    return Decimal(amount).scaleb(-2)
