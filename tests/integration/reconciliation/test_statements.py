"""Statements from upload to books: every movement once, however often, in whatever order and form it is uploaded."""

import time
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from oscar.core.loading import get_model

from shop.audit.models import AuditEntry
from shop.messaging.models import Message
from shop.order.models import Order
from shop.payment.books import balance_of
from shop.payment.vietqr.models import BankLine, StatementFile, StatementLayout
from shop.payment.vietqr.statements import StatementError, lines_of, mapping_by_hand
from shop.reconciliation.matching import line_match
from shop.reconciliation.statements import (
    known_keys,
    mapping_for,
    statement_import,
    statement_keep,
    statement_table,
)
from tests.bench.statements import EVERY, Row, as_csv, as_xlsx, row_made, rows_made, statement_take
from tests.concurrency.race import race, tally
from tests.factories import basket_of, cooperative_make, listing_make, place
from tests.factories.bank import line_make, transfer_of

Transaction = get_model("payment", "Transaction")

pytestmark = pytest.mark.django_db

MANY = 10_000
BY = "kế toán"


@pytest.fixture
def figures(capsys):
    """Call it with a sentence: figures are printed whatever pytest does with the output."""

    def show(text):
        with capsys.disabled():
            print(f"\n    {text}", end="", flush=True)

    return show


@pytest.fixture
def take(cooperative, run_tasks):
    """Call it with a file: kept, imported and matched; the number of new lines."""

    def work(content, name="sao-ke.csv"):
        new = statement_take(cooperative, name, content).new_rows
        run_tasks()
        return new

    return work


@pytest.fixture
def orders(cooperative):
    """Call it for open orders of 120,000 dong."""

    def make(number):
        listing = listing_make(cooperative, price=100_000, stock=number)
        return [place(basket_of(listing)).group.members.get().order for _ in range(number)]

    return make


def keep(cooperative, content, name="sao-ke.csv"):
    account = cooperative.bank_accounts.get().number
    return statement_keep(cooperative=cooperative, account=account, name=name, content=content, by=BY)


def transfers(orders, *, first=0, step=1):
    """Memo and sum by index of row: each order is paid by one row."""
    return {
        first + n * step: (f"IBFT {transfer_of(order).memo} GD 1", order.total_dong) for n, order in enumerate(orders)
    }


def states():
    return Counter(BankLine.objects.values_list("state", flat=True))


def all_paid_once(orders):
    rows = Order.objects.filter(pk__in=[order.pk for order in orders])
    return {(row.status, balance_of(row).received - row.total_dong) for row in rows} == {("confirmed", 0)}


# -- Every movement once ------------------------------------------------------------------------------------------


def test_10_000_rows_again_shuffled_overlapping_and_in_another_encoding(take, orders, figures):
    paid = orders(30)
    coded = transfers(paid, first=50, step=333)
    rows, later = rows_made(MANY, transfers=coded), rows_made(MANY, start=MANY // 2, transfers=coded)
    uploads = {
        "CSV": (as_csv(rows), MANY),
        "Excel, shuffled": (as_xlsx(rows, shuffled=True), 0),
        "Windows' Vietnamese": (as_csv(rows, encoding="cp1258"), 0),
        "half of it new": (as_csv(later, shuffled=True), MANY // 2),
    }
    seconds = []
    for title, (content, new) in uploads.items():
        begin = time.perf_counter()
        assert (title, take(content, title)) == (title, new)
        seconds.append(f"{title} {time.perf_counter() - begin:.1f} s")

    total = MANY + MANY // 2
    out = sum(row.amount < 0 for row in rows_made(total, transfers=coded))
    figures(f"{connection.vendor}, 10,000 rows with matching: {', '.join(seconds)}")
    assert out == total // EVERY - sum(n % EVERY == EVERY - 1 for n in coded)
    assert states() == {"placed": 30, "out": out, "open": total - out - 30}
    assert all_paid_once(paid)
    assert (Transaction.objects.count(), Message.objects.filter(kind="money_received").count()) == (30, 30)
    assert list(StatementFile.objects.order_by("pk").values_list("rows", "new_rows", "content")) == [
        (MANY, new, None) for _content, new in uploads.values()
    ]
    assert AuditEntry.objects.filter(action="statement.imported").count() == len(uploads)


def test_workbook_first(take, order):
    coded = transfers([order], first=3)
    rows = rows_made(20, transfers=coded)

    assert [take(as_xlsx(rows)), take(as_csv(rows)), take(as_csv(rows, encoding="cp1258"))] == [20, 0, 0]

    assert all_paid_once([order])


def test_equal_movements_of_one_day_are_counted_not_merged(take, order):
    """Two halves that the bank prints alike, without reference; another export shows both again."""
    at = timezone.localtime().replace(tzinfo=None, microsecond=0) - timedelta(days=1)
    half = Row(at, "", 60_000, transfer_of(order).memo, 0)

    assert [take(as_csv([half])), take(as_csv([half, half])), take(as_xlsx([half, half]))] == [1, 1, 0]

    assert states() == {"placed": 2}
    assert all_paid_once([order])


def test_file_that_was_imported_counts_once_and_its_content_is_gone(cooperative, order, run_tasks):
    file = keep(cooperative, as_csv(rows_made(5, transfers=transfers([order]))))
    mapping = mapping_for(file, statement_table(file))

    first, second = (statement_import(file=file, mapping=mapping, by=BY) for _ in range(2))
    run_tasks()

    assert (first.new_rows, second.new_rows, BankLine.objects.count()) == (5, 5, 5)
    assert DBTaskResult.objects.filter(task_path__contains="lines_match").count() == 1
    file.refresh_from_db()
    with pytest.raises(StatementError) as error:
        statement_table(file)
    assert error.value.code == "imported"
    assert all_paid_once([order])


def test_same_statement_of_two_cooperatives_is_two_statements(cooperative, run_tasks):
    content = as_csv(rows_made(10))

    assert [statement_take(one, "x.csv", content).new_rows for one in (cooperative, cooperative_make())] == [10, 10]


def test_known_rows_are_told_in_the_preview(cooperative, take):
    take(as_csv(rows_made(10)))
    file = keep(cooperative, as_xlsx(rows_made(15)))
    table = statement_table(file)

    reading = lines_of(table, mapping_for(file, table))

    assert (len(reading.lines), len(known_keys(file, reading))) == (15, 10)
    assert BankLine.objects.count() == 10


# -- Told by SePay as well ----------------------------------------------------------------------------------------


def told_by_sepay(cooperative, rows):
    """What SePay tells of these movements: the same reference, and a memo in the bank's own words."""
    at = timezone.get_current_timezone()
    for row in rows:
        line_make(cooperative, row.memo, row.amount, occurred_at=row.at.replace(tzinfo=at), reference=row.reference)


def test_movements_that_sepay_told_before_are_twins(cooperative, take, orders, run_tasks):
    paid = orders(40)
    coded = transfers(paid, step=5)
    rows = rows_made(1_000, transfers=coded)
    told = [rows[n] for n in coded][:30] + [row for row in rows[300:350] if row.amount > 0]
    told_by_sepay(cooperative, told)
    for line in BankLine.objects.order_by("pk"):
        line_match(line=line)
    assert states() == {"placed": 30, "open": 45}

    assert take(as_csv(rows, shuffled=True)) == 1_000
    assert take(as_xlsx(rows)) == 0

    out = sum(row.amount < 0 for row in rows)
    mine = BankLine.objects.filter(feed="statement")
    assert Counter(mine.values_list("state", flat=True)) == {
        "twin": 75,
        "placed": 10,
        "out": out,
        "open": 1_000 - out - 85,
    }
    assert mine.exclude(twin_of=None).values("twin_of").distinct().count() == 75
    assert all_paid_once(paid)
    assert Transaction.objects.count() == 40


def test_movements_that_sepay_tells_afterwards_are_twins(cooperative, take, orders, run_tasks):
    paid = orders(10)
    rows = rows_made(100, transfers=transfers(paid, step=3))
    take(as_csv(rows))

    told_by_sepay(cooperative, [row for row in rows if row.amount > 0])
    for line in BankLine.objects.filter(feed="sepay").order_by("pk"):
        line_match(line=line)

    told = BankLine.objects.filter(feed="sepay")
    assert set(told.values_list("state", flat=True)) == {"twin"}
    assert told.values("twin_of").distinct().count() == told.count()
    assert all_paid_once(paid)


def test_statement_with_days_only_and_a_shorter_memo_is_still_a_twin(cooperative, take, order):
    at = (timezone.localtime() - timedelta(days=2)).replace(hour=21, minute=14, second=3, microsecond=0)
    memo = f"MBVCB.3278907687.{transfer_of(order).memo}.CT tu 0071000000001 NGUYEN THI MAU toi 0650000000009"
    line_match(line=line_make(cooperative, memo, 120_000, occurred_at=at, reference="MBVCB.1"))
    midnight = at.replace(hour=0, minute=0, second=0, tzinfo=None)

    assert take(as_csv([Row(midnight, "", 120_000, memo[:40])])) == 1

    assert states() == {"placed": 1, "twin": 1}
    assert all_paid_once([order])


def test_two_equal_payments_of_which_sepay_told_one_are_two(cooperative, take, order):
    at = timezone.localtime().replace(tzinfo=None, microsecond=0) - timedelta(hours=2)
    half = Row(at, "", 60_000, transfer_of(order).memo, 0)
    told_by_sepay(cooperative, [half])
    line_match(line=BankLine.objects.get())

    assert take(as_csv([half, half])) == 2

    assert states() == {"placed": 2, "twin": 1}
    assert all_paid_once([order])


def test_money_without_a_code_is_in_the_inbox_once(cooperative, take):
    row = row_made(7)
    told_by_sepay(cooperative, [row])
    line_match(line=BankLine.objects.get())

    take(as_csv([row]))
    take(as_xlsx([row]))

    assert states() == {"open": 1, "twin": 1}


# -- Columns ------------------------------------------------------------------------------------------------------

UNKNOWN = "Cột A;Cột B;Cột C\r\n{day};120.000;{memo}\r\n"


def test_columns_chosen_by_hand_are_remembered(cooperative, order, run_tasks):
    day = timezone.localtime().strftime("%d/%m/%Y")
    content = UNKNOWN.format(day=day, memo=transfer_of(order).memo).encode()
    file = keep(cooperative, content)
    table = statement_table(file)
    assert mapping_for(file, table) is None
    mapping = mapping_by_hand(table, header_row=0, columns={"date": 0, "credit": 1, "memo": 2})

    assert statement_import(file=file, mapping=mapping, by=BY).new_rows == 1
    run_tasks()

    assert all_paid_once([order])
    later = keep(cooperative, b"Ngan hang Mau;Sao ke\r\n\r\n" + content)
    found = mapping_for(later, statement_table(later))
    assert (found.credit, found.memo) == (1, 2)
    assert statement_import(file=later, mapping=found, by=BY).new_rows == 0
    assert StatementLayout.objects.count() == 1


def test_remembered_columns_give_way_to_another_header(cooperative, take):
    take(as_csv(rows_made(3)))
    other = b'Date,Description,Credit\r\n01/11/2026,abc,"5,000"\r\n'
    file = keep(cooperative, other)

    mapping = mapping_for(file, statement_table(file))

    assert (mapping.date, mapping.memo, mapping.credit) == (0, 1, 2)


def test_columns_that_do_not_fit_import_nothing(cooperative):
    file = keep(cooperative, as_csv(rows_made(3)))
    stranger = keep(cooperative_make(), b'Date,Description,Credit\r\n01/11/2026,abc,"5,000"\r\n')
    wrong = mapping_for(stranger, statement_table(stranger))

    with pytest.raises(StatementError) as error:
        statement_import(file=file, mapping=wrong, by=BY)

    assert error.value.code == "mapping"
    file.refresh_from_db()
    assert (file.imported_at, bool(file.content)) == (None, True)
    assert (BankLine.objects.exists(), StatementLayout.objects.exists()) == (False, False)


# -- In parallel --------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_one_upload_imported_twice_at_once_counts_once(cooperative, order, run_tasks):
    file = keep(cooperative, as_csv(rows_made(400, transfers=transfers([order]))))
    mapping = mapping_for(file, statement_table(file))

    outcomes = race([partial(statement_import, file=file, mapping=mapping, by=BY)] * 4, workers=4)
    run_tasks()

    assert tally(outcomes) == {"ok": 4}
    assert (BankLine.objects.count(), DBTaskResult.objects.filter(task_path__contains="lines_match").count()) == (
        400,
        1,
    )
    assert AuditEntry.objects.filter(action="statement.imported").count() == 1
    assert all_paid_once([order])


@pytest.mark.django_db(transaction=True)
def test_two_files_of_the_same_days_imported_at_once_count_once(cooperative, orders, run_tasks):
    paid = orders(5)
    rows = rows_made(600, transfers=transfers(paid, step=7))
    account = cooperative.bank_accounts.get().number
    files = [
        StatementFile.objects.create(cooperative=cooperative, account=account, name=f"{n}.csv", content=content, by=BY)
        for n, content in enumerate([as_csv(rows), as_csv(rows[::-1]), as_csv(rows, shuffled=True)])
    ]
    mapping = mapping_for(files[0], statement_table(files[0]))

    outcomes = race([partial(statement_import, file=file, mapping=mapping, by=BY) for file in files], workers=3)
    run_tasks()

    assert tally(outcomes) == {"ok": 3}
    assert BankLine.objects.count() == 600
    assert sum(outcome.value.new_rows for outcome in outcomes) == 600
    assert all_paid_once(paid)
    assert Transaction.objects.count() == 5
