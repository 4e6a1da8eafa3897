"""Asking SePay for what its webhooks missed: a lost call is found and counts once, and trouble changes nothing."""

import logging
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from shop.messaging.models import Message
from shop.payment.books import balance_of
from shop.payment.vietqr.feeds import http
from shop.payment.vietqr.feeds.sepay import client as sepay
from shop.payment.vietqr.models import BankLine
from shop.payment.vietqr.services import feed_disconnect
from shop.reconciliation.asking import FIRST, OVERLAP, feeds_ask
from tests.factories import cooperative_make, listing_make
from tests.factories.bank import SECRET, feed_make, sepay_post, transfer_of
from tests.fakes.banks import FakeBanks, Reply, Transaction

pytestmark = pytest.mark.django_db

TOKEN = "sepay-token-73919"


class Time:
    """Seconds that pass only when somebody waits."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now

    def wait(self, seconds):
        self.now += seconds


@pytest.fixture
def banks(settings, monkeypatch):
    time = Time()
    monkeypatch.setattr(sepay, "clock", time)
    monkeypatch.setattr(sepay, "pause", time.wait)
    monkeypatch.setattr(sepay, "_pace", sepay.Pace())
    with FakeBanks(clock=time) as banks:
        banks.api_token = TOKEN
        settings.SEPAY_API = banks.sepay_api
        yield banks


def connect(cooperative, token=TOKEN, **extra):
    feed = feed_make(cooperative, hmac_secret=SECRET, api_token=token)
    for name, value in extra.items():
        setattr(feed, name, value)
    feed.save()
    return feed


@pytest.fixture
def feed(cooperative):
    return connect(cooperative)


@pytest.fixture
def paid(banks, order):
    """Call it with a sum: the buyer's bank moves it, and SePay knows; returns the movement."""

    def transfer(amount=120_000, memo="", **extra):
        account = order.consignment.cooperative.bank_accounts.get().number
        known = {"account": account, "at": timezone.now() - timedelta(hours=1), "number": len(banks.transactions) + 1}
        memo = memo or f"MBVCB.1.{transfer_of(order).memo}.CT"
        banks.transactions.append(Transaction(amount=amount, memo=memo, **(known | extra)))
        return banks.transactions[-1]

    return transfer


def credited(order):
    return balance_of(order).received


def asked_since(banks):
    return [query["transaction_date_from"] for _path, query in banks.asked]


def written(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")


# -- What was lost ------------------------------------------------------------------------------------------------


def test_lost_webhook_is_found_and_credited_once(feed, paid, order, run_tasks):
    paid()

    assert feeds_ask() == 1
    run_tasks()

    assert BankLine.objects.get().state == "placed"
    assert credited(order) == 120_000
    order.refresh_from_db()
    assert order.status == "confirmed"
    assert Message.objects.filter(kind="money_received").count() == 1


def test_asking_again_finds_nothing(feed, paid, order, run_tasks):
    paid()
    feeds_ask()
    run_tasks()

    assert [feeds_ask() for _ in range(3)] == [0, 0, 0]
    run_tasks()

    assert (BankLine.objects.count(), credited(order)) == (1, 120_000)


def test_told_one_is_not_doubled(client, feed, paid, order, run_tasks):
    movement = paid()
    assert sepay_post(client, feed, movement.webhook()).status_code == 200
    run_tasks()

    assert feeds_ask() == 0
    run_tasks()

    assert (BankLine.objects.count(), credited(order)) == (1, 120_000)


def test_webhook_that_comes_after_the_answer_is_not_doubled(client, feed, paid, order, run_tasks):
    movement = paid()
    feeds_ask()
    run_tasks()

    assert sepay_post(client, feed, movement.webhook()).status_code == 200
    run_tasks()

    assert (BankLine.objects.count(), credited(order)) == (1, 120_000)


def test_two_equal_transfers_stay_two(client, feed, paid, order, run_tasks):
    first = paid(60_000, reference="FT1")
    paid(60_000, reference="FT2")
    sepay_post(client, feed, first.webhook())

    assert feeds_ask() == 1
    run_tasks()

    assert (BankLine.objects.count(), credited(order)) == (2, 120_000)


def test_among_hundreds_of_known_ones_over_several_pages(client, banks, feed, paid, order, run_tasks):
    for n in range(240):
        paid(5_000, memo=f"tien phan bon {n}", reference=f"FT{n:04d}")
    paid()

    assert feeds_ask() == 241
    run_tasks()

    assert [query["page"] for _path, query in banks.asked] == ["1", "2", "3"]
    assert sorted(set(BankLine.objects.values_list("state", flat=True))) == ["open", "placed"]
    assert credited(order) == 120_000


def test_money_that_went_out_is_kept_and_never_credited(feed, paid, order, run_tasks):
    paid(incoming=False)

    assert feeds_ask() == 1
    run_tasks()

    assert (BankLine.objects.get().state, credited(order)) == ("out", 0)


def test_movement_of_another_account_of_the_company_is_dropped(feed, paid, order):
    paid(account="55550000")

    assert feeds_ask() == 0

    assert (BankLine.objects.count(), credited(order)) == (0, 0)


# -- Virtual accounts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("knows_real_one", [True, False])
def test_virtual_account(cooperative, paid, order, run_tasks, knows_real_one):
    """SePay tells the real account and the virtual one: the movement counts once, whichever of them is known."""
    connect(cooperative, virtual_accounts="963NTK01,963NTK02")
    account = {} if knows_real_one else {"account": "12345678"}
    paid(virtual_account="963NTK01", **account)

    assert feeds_ask() == 1
    run_tasks()

    line = BankLine.objects.get()
    assert line.account == (cooperative.bank_accounts.get().number if knows_real_one else "963NTK01")
    assert credited(order) == 120_000


def test_virtual_account_told_by_webhook_before(client, cooperative, paid, order, run_tasks):
    feed = connect(cooperative, virtual_accounts="963NTK01")
    movement = paid(virtual_account="963NTK01", account="12345678")
    assert sepay_post(client, feed, movement.webhook()).status_code == 200

    assert feeds_ask() == 0
    run_tasks()

    assert (BankLine.objects.count(), credited(order)) == (1, 120_000)


# -- How far back -------------------------------------------------------------------------------------------------


def test_goes_back_over_the_end_of_the_last_question(banks, feed):
    feeds_ask()
    feed.refresh_from_db()
    first = feed.asked_until
    feeds_ask()

    assert asked_since(banks) == [written(first - FIRST - OVERLAP), written(first - OVERLAP)]


def test_person_may_ask_further_back(banks, feed, paid):
    paid(at=timezone.now() - timedelta(days=20))
    assert feeds_ask() == 0

    assert feeds_ask(since=timedelta(days=30)) == 1


# -- Trouble ------------------------------------------------------------------------------------------------------

TROUBLES = {
    "too often": [Reply(429, {}, {"Retry-After": "3600"})],
    "too often, again and again": [Reply(429, {}, {"Retry-After": "1"})] * 3,
    "broken": [Reply(500, b"<html>oops")],
    "wrong token": [Reply(401, {"status": "error"})],
    "not JSON": [Reply(200, b"\xff{")],
    "another form": [Reply(200, {"status": "success", "data": "none"})],
    "elsewhere": [Reply(302, {}, {"Location": "http://127.0.0.1:1/"})],
}


@pytest.fixture
def nothing_changed(feed, order):
    """Call it: no line, no task, and the next question begins where this one did."""

    def check():
        feed.refresh_from_db()
        tasks = DBTaskResult.objects.filter(task_path__contains="lines_match").count()
        assert (BankLine.objects.count(), tasks, feed.asked_until, credited(order)) == (0, 0, None, 0)

    return check


@pytest.mark.parametrize("replies", TROUBLES.values(), ids=TROUBLES)
def test_trouble_is_logged_and_found_next_time(banks, feed, paid, order, run_tasks, nothing_changed, caplog, replies):
    paid()
    banks.replies.extend(replies)

    assert feeds_ask() == 0

    nothing_changed()
    assert [(r.name, r.levelno) for r in caplog.records] == [("shop.reconciliation.asking", logging.WARNING)]
    assert TOKEN not in caplog.text

    assert feeds_ask() == 1
    run_tasks()
    assert credited(order) == 120_000


def test_trouble_on_the_second_page_keeps_nothing_of_the_first(banks, feed, paid, nothing_changed):
    for n in range(150):
        paid(5_000, memo=f"tien phan bon {n}", reference=f"FT{n:04d}")
    real, pages = banks.get, []

    def second_page_fails(path, headers, query):
        pages.append(query)
        return real(path, headers, query) if len(pages) == 1 else Reply(500, {})

    banks.get = second_page_fails

    assert feeds_ask() == 0
    assert len(pages) == 2
    nothing_changed()


def test_no_answer_in_time(monkeypatch, banks, feed, paid, nothing_changed, caplog):
    paid()
    monkeypatch.setattr(http, "TIMEOUT", (0.2, 0.2))
    banks.awake.clear()

    assert feeds_ask() == 0

    banks.awake.set()
    nothing_changed()
    assert "unreachable" in caplog.text


def test_nobody_at_the_address(settings, feed, nothing_changed, caplog):
    settings.SEPAY_API = "http://127.0.0.1:9/v2"

    assert feeds_ask() == 0

    nothing_changed()
    assert "unreachable" in caplog.text


def test_credentials_that_cannot_be_opened(settings, banks, feed, paid, nothing_changed, caplog):
    paid()
    settings.CREDENTIALS_KEYS = ["another key of at least some length"]

    assert feeds_ask() == 0

    nothing_changed()
    assert banks.asked == []
    assert "did not answer" in caplog.text


def test_trouble_of_one_cooperative_does_not_stop_the_others(banks, paid, order, run_tasks):
    connect(cooperative_make(), token="wrong")
    connect(order.consignment.cooperative)
    paid()

    assert feeds_ask() == 1
    run_tasks()

    assert credited(order) == 120_000


def test_only_active_feeds_with_a_token_are_asked(banks, cooperative, paid):
    feed_make(cooperative, hmac_secret=SECRET)
    feed_disconnect(feed=connect(cooperative_make()), by="chủ nhiệm")
    feed_make(cooperative_make(), "payos", checksum_key="key")
    paid()

    assert feeds_ask() == 0
    assert (banks.asked, BankLine.objects.count()) == ([], 0)


def test_movement_of_a_neighbour_goes_to_the_neighbour(banks, feed, paid, order, run_tasks):
    """Both cooperatives ask with tokens of the same company; each keeps the movements of its own accounts."""
    neighbour = cooperative_make()
    listing_make(neighbour)
    connect(neighbour)
    paid()

    assert feeds_ask() == 1
    run_tasks()

    assert BankLine.objects.get().cooperative == order.consignment.cooperative
    assert credited(order) == 120_000
