"""The statement equals the orders and their books to the dong, recomputed another way."""

from datetime import date

import pytest
from django.db import connection

from shop.cooperatives.models import Cooperative
from shop.core.dates import add_months, today
from shop.fulfilment.models import Consignment
from shop.numbers.models import TaxRate
from shop.numbers.orders import order_rows, orders_with_money
from shop.numbers.spans import Span, month_span
from shop.numbers.statement import statement_of
from shop.numbers.sums import overview_of
from shop.numbers.tax import rate_on, tax_base, tax_of
from shop.order.models import Line, Order
from shop.payment.books import balance_of
from tests.factories.history import FATES, history_make
from tests.factories.market import cooperative_make

pytestmark = pytest.mark.django_db

MOVED = """
    SELECT t.txn_type, SUM(t.amount) FROM payment_transaction t
    JOIN payment_source s ON s.id = t.source_id
    JOIN fulfilment_consignment c ON c.order_id = s.order_id
    WHERE c.cooperative_id = %s AND t.date_created >= %s AND t.date_created < %s
    GROUP BY t.txn_type
"""


def moved(cooperative, span):
    """Received and paid back, straight from the table."""
    with connection.cursor() as cursor:
        cursor.execute(MOVED, [cooperative.pk, span.start, span.end])
        sums = {kind: int(dong) for kind, dong in cursor.fetchall()}
    return sums.get("Debit", 0) - sums.get("Reversal", 0), sums.get("Refund", 0)


def delivered_in(cooperative, span):
    """Delivered orders whose last step of that kind lies in the span, one by one."""
    found = []
    for consignment in Consignment.objects.filter(cooperative=cooperative, state="delivered"):
        at = consignment.events.filter(kind="delivered").last().at
        if span.start <= at < span.end:
            found.append(consignment.order)
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_statement_equals_orders_and_books(seed):
    cooperative, other = cooperative_make(), cooperative_make()
    history_make(cooperative, seed)
    history_make(other, seed + 50, ("paid", "damaged"))
    for month in (today(), add_months(today(), -1)):
        span = month_span(month)
        statement = statement_of(cooperative, month)
        mine = [
            order
            for order in Order.objects.filter(consignment__cooperative=cooperative)
            if span.start <= order.date_placed < span.end
        ]
        balances = [balance_of(order) for order in mine]
        sums, rows = statement.sums, list(order_rows(statement.orders))
        assert {row.order.pk for row in rows} == {order.pk for order in mine} and sums.orders == len(mine)
        for row in rows:
            balance = balance_of(row.order)
            assert (row.total, row.received, row.refunded, row.owed) == (
                balance.total, balance.received, balance.paid_back, balance.owed,
            )  # fmt: skip
            assert row.goods - row.discount + row.delivery == row.total
        assert sums.total == sum(balance.total for balance in balances) == sums.goods - sums.discount + sums.delivery
        assert sums.received == sum(balance.received for balance in balances)
        assert sums.refunded == sum(balance.paid_back for balance in balances)
        assert sums.owed == sum(balance.owed for balance in balances)
        assert sums.kept == sum(balance.kept for balance in balances)
        assert (sums.goods, sums.delivery) == (sum(r.goods for r in rows), sum(r.delivery for r in rows))
        received, refunded = moved(cooperative, span)
        assert statement.movements.all_received == received
        assert statement.movements.all_refunded == refunded
        assert sum(back.amount for back in statement.earlier_refunds) == statement.movements.refunded_earlier
        assert statement.tax.revenue == sum(order.total_dong for order in delivered_in(cooperative, span))


@pytest.mark.parametrize("seed", [4])
def test_overview_adds_up_like_single_orders(seed, django_assert_num_queries):
    cooperative = cooperative_make()
    history_make(cooperative, seed)
    history_make(cooperative_make(), seed, ("cash", "delivered"))
    span = Span(add_months(today(), -2), today())
    with django_assert_num_queries(10):
        overview = overview_of(cooperative, span)
    orders = delivered_in(cooperative, span)
    lines = Line.objects.filter(order__in=orders)
    assert overview.placed == len(FATES) and overview.ended == 4
    assert (overview.delivered, overview.revenue) == (len(orders), sum(order.total_dong for order in orders))
    assert overview.units == sum(line.quantity for line in lines)
    assert sum(row.dong for row in overview.products) == sum(int(line.line_price_incl_tax) for line in lines)
    assert sum(row.dong for row in overview.places) == sum(row.dong for row in overview.time) == overview.revenue
    assert [place.name for place in overview.places] == ["Đồng Tháp"]
    assert (overview.received, overview.refunded) == moved(cooperative, span)
    assert overview.average == round(overview.revenue / len(orders))


def test_money_back_for_goods_lowers_the_base_once_and_not_when_it_bounced():
    cooperative = cooperative_make(kind="ho_kinh_doanh")
    damaged, bounced = history_make(cooperative, 8, ("damaged", "bounced"))
    Order.objects.update(date_placed=damaged.order.date_placed)
    back = balance_of(damaged.order).paid_back
    base = tax_base(cooperative, Span(add_months(today(), -2), today()))
    assert base.returned == back > 0
    assert base.base == damaged.order.total_dong + bounced.order.total_dong - back
    assert (base.vat, base.pit) == (tax_of(base.base, 100), tax_of(base.base, 50))
    assert base.is_free and base.rate.yearly_threshold == 1_000_000_000


def test_rates_go_by_legal_form_and_day():
    assert rate_on("ho_kinh_doanh", date(2025, 12, 31)).yearly_threshold is None
    assert rate_on("ho_kinh_doanh", date(2026, 1, 1)).yearly_threshold == 1_000_000_000
    assert rate_on("ho_kinh_doanh", date(2025, 6, 30)) is None
    assert rate_on(Cooperative.Kind.COOPERATIVE, date(2026, 6, 1)) is rate_on("doanh_nghiep", date(2026, 6, 1)) is None
    TaxRate.objects.create(kind="ho_kinh_doanh", effective_from=date(2027, 1, 1), vat=150, pit=70, source="mới")
    assert [rate_on("ho_kinh_doanh", date(year, 12, 31)).vat for year in (2026, 2027)] == [100, 150]
    assert (tax_of(150, 100), tax_of(149, 100), tax_of(-5, 100)) == (2, 1, 0)


def test_rows_take_two_queries_a_batch(django_assert_num_queries, monkeypatch):
    cooperative = cooperative_make()
    history_make(cooperative, 5, ("paid",) * 4)
    monkeypatch.setattr("shop.numbers.orders.BATCH", 2)
    with django_assert_num_queries(1 + 2 * 2):
        rows = list(order_rows(orders_with_money(cooperative)))
        assert [row.goods_text.count("×") for row in rows] == [2, 2, 2, 2]
