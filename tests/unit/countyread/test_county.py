"""The demonstration county."""

from zoneinfo import ZoneInfo

import pytest

from countyread.county import make_county, place_orders
from storage.db.queries.orders import OrderFilter, list_orders
from storage.db.session import Database

pytestmark = pytest.mark.thorough


def test_it_has_orders_to_show_and_the_same_ones_the_next_time(sqlite_database: Database) -> None:
    for _ in range(2):
        with sqlite_database.write() as work:
            make_county(work, "a long enough password")
            place_orders(work, ZoneInfo("Asia/Shanghai"))
    with sqlite_database.read() as work:
        orders = list_orders(work, OrderFilter(), 10).orders
    assert [(order.modality, order.state) for order in orders] == [
        ("US", "scheduled"),
        ("DX", "scheduled"),
        ("CT", "scheduled"),
    ]
    assert {order.institution.code for order in orders} == {"t01"}
