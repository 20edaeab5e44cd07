"""Figures as CSV that a Chinese Excel opens without asking: UTF-8 with a byte order mark (RFC 4180)."""

import csv
import io
from collections.abc import Sequence

from viewer_api.quality.schemas import FigureOut
from viewer_api.spreadsheets import cell

_HEAD = (
    ("label", "项目", "Item"),
    ("exams", "已签发检查数", "Signed exams"),
    ("graded", "已评级", "Graded"),
    ("grade_a", "甲", "A"),
    ("grade_b", "乙", "B"),
    ("grade_c", "丙", "C"),
    ("grade_reject", "废", "Reject"),
    ("grade_a_rate", "甲片率", "Rate of A"),
    ("flawed", "评级中的原因", "Graded with this reason"),
    ("retakes", "退回重拍", "Retakes"),
    ("redone", "已重拍", "Redone"),
    ("waived", "不再重拍", "Waived"),
    ("expired", "逾期未答", "Expired"),
    ("retake_rate", "重拍率", "Retake rate"),
)


def as_csv(lines: Sequence[FigureOut], *, english: bool) -> bytes:
    """One row a line, the head in one language."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(en if english else zh for _, zh, en in _HEAD)
    for line in lines:
        label = line.label_en if english else line.label
        writer.writerow([cell(label), *(cell(getattr(line, name)) for name, _, _ in _HEAD[1:])])
    return out.getvalue().encode("utf-8-sig")
