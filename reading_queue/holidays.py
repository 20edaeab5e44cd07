"""The working calendar as the product ships it: ordinary office hours, and the public holidays of China.

2025 and 2026 are as the State Council arranged them (notices of 2024-11-12 and 2025-11-04). The arrangement of 2027 is not
known: its days here are those that the regulation on holidays (as amended in 2024) fixes by itself, without days moved
for longer breaks and without make-up workdays. `arranged_until` says so, and `doctor` warns before it is reached.
"""

from collections.abc import Mapping
from typing import Any

_2025: Mapping[str, list[Any]] = {
    "holidays": [
        {"from": "2025-01-01", "to": "2025-01-01", "name": "元旦"},
        {"from": "2025-01-28", "to": "2025-02-04", "name": "春节"},
        {"from": "2025-04-04", "to": "2025-04-06", "name": "清明节"},
        {"from": "2025-05-01", "to": "2025-05-05", "name": "劳动节"},
        {"from": "2025-05-31", "to": "2025-06-02", "name": "端午节"},
        {"from": "2025-10-01", "to": "2025-10-08", "name": "国庆节、中秋节"},
    ],
    "workdays": ["2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"],
}
_2026: Mapping[str, list[Any]] = {
    "holidays": [
        {"from": "2026-01-01", "to": "2026-01-03", "name": "元旦"},
        {"from": "2026-02-15", "to": "2026-02-23", "name": "春节"},
        {"from": "2026-04-04", "to": "2026-04-06", "name": "清明节"},
        {"from": "2026-05-01", "to": "2026-05-05", "name": "劳动节"},
        {"from": "2026-06-19", "to": "2026-06-21", "name": "端午节"},
        {"from": "2026-09-25", "to": "2026-09-27", "name": "中秋节"},
        {"from": "2026-10-01", "to": "2026-10-07", "name": "国庆节"},
    ],
    "workdays": ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"],
}
_2027_BY_REGULATION: Mapping[str, list[Any]] = {
    "holidays": [
        {"from": "2027-01-01", "to": "2027-01-01", "name": "元旦"},
        {"from": "2027-02-05", "to": "2027-02-08", "name": "春节"},
        {"from": "2027-04-05", "to": "2027-04-05", "name": "清明节"},
        {"from": "2027-05-01", "to": "2027-05-02", "name": "劳动节"},
        {"from": "2027-06-09", "to": "2027-06-09", "name": "端午节"},
        {"from": "2027-09-15", "to": "2027-09-15", "name": "中秋节"},
        {"from": "2027-10-01", "to": "2027-10-03", "name": "国庆节"},
    ],
}

SHIPPED_CALENDAR: Mapping[str, Any] = {
    "arranged_until": "2026-12-31",
    "weekdays": [1, 2, 3, 4, 5],
    "hours": [["08:00", "12:00"], ["13:30", "17:30"]],
    "holidays": [*_2025["holidays"], *_2026["holidays"], *_2027_BY_REGULATION["holidays"]],
    "workdays": [*_2025["workdays"], *_2026["workdays"]],
    "centres": {},
}
