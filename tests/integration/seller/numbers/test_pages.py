"""Numbers in the workspace: figures, statements, files, and whom they are for."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from shop.core.dates import today
from shop.core.money import format_dong
from shop.numbers.orders import order_rows, orders_with_money
from shop.numbers.statement import statement_of
from tests.factories.history import history_make
from tests.factories.market import listing_make

NUMBERS = "/ban-hang/so-lieu/"
EXPORT = "/ban-hang/so-lieu/xuat/"
EVIL = '=HYPERLINK("http://evil.example","Xoài")'


def month_url(name="numbers-statement", month=None):
    month = month or today()
    return reverse(f"seller:{name}", kwargs={"year": month.year, "month": month.month})


def wide(**extra):
    return {"tu": f"{today() - timedelta(days=60):%Y-%m-%d}", "den": f"{today():%Y-%m-%d}"} | extra


def body(answer):
    return b"".join(answer.streaming_content)


@pytest.fixture
def history(cooperative):
    return history_make(cooperative, 11, goods=[listing_make(cooperative, title=EVIL, price=70_001, stock=999)])


def test_page_has_the_figures_and_no_neighbour(owner_client, history, neighbour):
    history_make(neighbour, 3, ("delivered",), goods=[listing_make(neighbour, title="Xoài láng giềng", stock=99)])
    for query in ({}, {"ky": "hom-nay"}, {"ky": "tuan"}, {"ky": "nonsense"}, wide()):
        answer = owner_client.get(NUMBERS, query)
        assert answer.status_code == 200 and "Xoài láng giềng" not in answer.content.decode()
    overview = answer.context["overview"]
    text = answer.content.decode()
    assert overview.revenue and format_dong(overview.revenue) in text and format_dong(overview.received) in text
    assert '<rect width="1000"' in text and "style=" not in text.split("<main")[1]


def test_page_costs_the_same_for_any_number_of_orders(
    owner_client, cooperative, history, django_assert_max_num_queries
):
    owner_client.get(NUMBERS)
    with django_assert_max_num_queries(22):
        owner_client.get(NUMBERS, wide())
    with django_assert_max_num_queries(26):
        owner_client.get(month_url())


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"tu": "2026-11-10", "den": "2026-11-09"}, "den"),
        ({"tu": "2024-01-01", "den": "2026-01-01"}, "den"),
        ({"tu": "1999-01-01", "den": "1999-01-02"}, "tu"),
        ({"tu": "hôm qua", "den": "2026-01-01"}, "tu"),
        ({"tu": "2026-01-01"}, "den"),
    ],
)
def test_wrong_days_are_told_beside_their_field(owner_client, typed, field):
    for address in (NUMBERS, EXPORT):
        answer = owner_client.get(address, typed)
        assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
        if typed["tu"] == "hôm qua":
            assert 'value="hôm qua"' in answer.content.decode()


def test_statement_on_screen_on_paper_and_as_excel(owner_client, cooperative, history, monkeypatch):
    found = statement_of(cooperative, today())
    numbers = {row.number for row in order_rows(found.orders)}
    for name in ("numbers-statement", "numbers-print"):
        text = owner_client.get(month_url(name)).content.decode()
        assert all(number in text for number in numbers) and format_dong(found.sums.received) in text
        assert "tự kê khai" in text or "declare it yourself" in text
    paper = owner_client.get(month_url("numbers-pdf"))
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
    monkeypatch.setattr("shop.numbers.paper.MAX_ORDERS", 1)
    assert owner_client.get(month_url("numbers-pdf")).status_code == 409
    book = load_workbook(io.BytesIO(body(owner_client.get(month_url("numbers-excel")))))
    summary = [row[1] for row in book.worksheets[0].iter_rows(values_only=True)]
    for dong in (found.sums.total, found.sums.received, found.sums.refunded, found.tax.base):
        assert dong in summary
    rows = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert {row[0] for row in rows} == numbers
    assert [sum(row[at] for row in rows) for at in (12, 13, 14)] == [
        found.sums.total, found.sums.received, found.sums.refunded,
    ]  # fmt: skip
    assert all(isinstance(row[12], int) for row in rows)


@pytest.mark.parametrize("month", ["2026-13", "2019-12", "2026-0", "2999-1"])
def test_months_without_a_statement(owner_client, month):
    for end in ("", "in/", "excel/"):
        assert owner_client.get(f"{NUMBERS}thang/{month}/{end}").status_code == 404


def test_export_as_csv_and_excel_is_safe(owner_client, cooperative, history):
    answer = owner_client.get(EXPORT, wide(dang="csv"))
    assert answer.streaming and "no-store" in answer["Cache-Control"]
    raw = body(answer)
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    orders = list(order_rows(orders_with_money(cooperative)))
    assert [row[0] for row in rows[1:]] == [row.number for row in orders]
    assert [int(row[12]) for row in rows[1:]] == [row.total for row in orders]
    assert "'+84901234567" in rows[1] and "Chị Thảo" in rows[1]
    book = load_workbook(io.BytesIO(body(owner_client.get(EXPORT, wide(dang="excel")))))
    lines = list(book.worksheets[1].iter_rows(min_row=2))
    assert lines and all(row[1].data_type == "s" and row[1].value == "'" + EVIL for row in lines)


def test_who_may_see_what(client, cooperative, member, history):
    client.force_login(member(cooperative, "accountant"))
    text = body(client.get(EXPORT, wide(dang="csv"))).decode()
    assert history[0].order.number[2:6] in text and "901234567" not in text and "Thảo" not in text
    sheet = load_workbook(io.BytesIO(body(client.get(month_url("numbers-excel"))))).worksheets[1]
    assert "Chị Thảo" not in str(list(sheet.iter_rows(values_only=True)))
    client.force_login(member(cooperative, "packer"))
    for address in (NUMBERS, EXPORT, month_url(), month_url("numbers-excel"), month_url("numbers-print")):
        assert client.get(address, wide()).status_code == 403
