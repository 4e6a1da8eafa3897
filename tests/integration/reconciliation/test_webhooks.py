"""The address that banks' services call: signed news credits once, everything else is refused and leaves nothing."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from shop.payment.books import balance_of
from shop.payment.vietqr.models import BankLine
from shop.payment.vietqr.services import feed_disconnect
from tests.factories import cooperative_make
from tests.factories.bank import SECRET, feed_make, sepay_body, sepay_post, transfer_of
from tests.fakes.banks import casso_sign, payos_sign, sepay_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed(cooperative):
    return feed_make(cooperative)


@pytest.fixture
def account(cooperative):
    return cooperative.bank_accounts.get().number


def nothing_kept():
    return not BankLine.objects.exists() and not DBTaskResult.objects.filter(task_path__contains="lines_match").exists()


def url_of(feed):
    return reverse("reconciliation:bank", kwargs={"code": feed.code, "token": feed.token})


def test_signed_news_credits_and_repeats_do_nothing(client, feed, account, order, run_tasks):
    body = sepay_body(account, f"MBVCB.1.{transfer_of(order).memo}.CT", 120_000)

    answers = [sepay_post(client, feed, body) for _ in range(3)]
    run_tasks()

    assert [(a.status_code, a.json()) for a in answers] == [(200, {"success": True})] * 3
    assert BankLine.objects.get().state == "placed"
    assert balance_of(order).received == 120_000
    feed.refresh_from_db()
    assert feed.last_heard_at


def test_news_is_answered_with_few_queries(client, feed, account, order, django_assert_max_num_queries):
    body = sepay_body(account, transfer_of(order).memo, 120_000)

    with django_assert_max_num_queries(11):
        assert sepay_post(client, feed, body).status_code == 200


def test_api_key_form(client, cooperative, account, order, run_tasks):
    feed = feed_make(cooperative, api_key="khoá bí mật".encode().hex())
    body = sepay_body(account, transfer_of(order).memo, 120_000)
    headers = sepay_key("khoá bí mật".encode().hex())

    assert client.post(url_of(feed), body, content_type="application/json", headers=headers).status_code == 200
    run_tasks()

    assert balance_of(order).received == 120_000


@pytest.mark.parametrize(("seconds", "status"), [(299, 200), (-299, 200), (302, 401), (-302, 401)])
def test_stale(client, feed, account, order, seconds, status):
    body = sepay_body(account, transfer_of(order).memo, 120_000)

    answer = sepay_post(client, feed, body, now=timezone.now() - timedelta(seconds=seconds))

    assert answer.status_code == status
    assert nothing_kept() == (status != 200)


def test_forged(client, feed, account, order):
    body = sepay_body(account, transfer_of(order).memo, 120_000)

    assert sepay_post(client, feed, body, secret="guess").status_code == 401
    assert client.post(url_of(feed), body, content_type="application/json").status_code == 401
    assert nothing_kept()


def test_account_of_somebody_else(client, feed, order):
    other = cooperative_make().bank_accounts.get().number
    body = sepay_body(other, transfer_of(order).memo, 120_000)

    answer = sepay_post(client, feed, body)

    assert (answer.status_code, answer.json()["error"]) == (422, "account")
    assert nothing_kept()


def test_virtual_account_of_the_cooperative(client, cooperative, order, run_tasks):
    feed = feed_make(cooperative)
    feed.virtual_accounts = "963NTK01"
    feed.save()
    body = sepay_body("12345678", transfer_of(order).memo, 120_000, subAccount="963NTK01")

    assert sepay_post(client, feed, body).status_code == 200
    run_tasks()

    assert BankLine.objects.get().account == "963NTK01"
    assert balance_of(order).received == 120_000


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'{"id": 1}', 400),
        (b'\xff\xfe{"id": 1}', 400),
        (b"[" * 5000, 400),
        (b"x" * 300_000, 413),
    ],
)
def test_bodies_that_are_no_news(client, feed, body, status):
    assert sepay_post(client, feed, body).status_code == status
    assert nothing_kept()


@pytest.mark.parametrize("amount", [0, -1, 1.5, True, "120000", None, 10**20, float("nan")])
def test_amounts_that_are_no_money(client, feed, account, order, amount):
    body = sepay_body(account, transfer_of(order).memo, amount)

    assert sepay_post(client, feed, body).status_code == 400
    assert nothing_kept()


def test_money_that_went_out_is_kept_and_never_credited(client, feed, account, order, run_tasks):
    body = sepay_body(account, transfer_of(order).memo, 120_000, transferType="out")

    assert sepay_post(client, feed, body).status_code == 200
    run_tasks()

    assert BankLine.objects.get().state == "out"
    assert balance_of(order).received == 0


def test_unknown_address_closed_feed_and_other_methods(client, feed, account):
    body = sepay_body(account, "x", 1_000)
    strange = reverse("reconciliation:bank", kwargs={"code": "sepay", "token": "guess"})

    assert client.post(strange, body, content_type="application/json").status_code == 404
    assert client.get(url_of(feed)).status_code == 405
    feed_disconnect(feed=feed, by="chủ nhiệm")
    assert sepay_post(client, feed, body).status_code == 404
    assert nothing_kept()


def test_address_of_another_service(client, feed, account):
    url = reverse("reconciliation:bank", kwargs={"code": "casso", "token": feed.token})

    assert client.post(url, sepay_body(account, "x", 1_000), content_type="application/json").status_code == 404


def test_credentials_are_sealed_and_a_lost_key_says_later(client, feed, account, settings):
    assert SECRET not in feed.sealed
    settings.CREDENTIALS_KEYS = ["another key of at least some length"]

    answer = sepay_post(client, feed, sepay_body(account, "x", 1_000))

    assert (answer.status_code, answer.json()["error"]) == (503, "later")
    assert nothing_kept()


PAYOS_KEY = "1a54716c8f0efb2744fb28b6e38b25da7f67a925d98bc1c18bd8faaecadd7675"


def payos_body(account, memo, amount):
    data = {
        "orderCode": 77,
        "amount": amount,
        "description": memo,
        "accountNumber": account,
        "reference": "TF24112400001",
        "transactionDateTime": "2026-11-24 10:00:00",
        "currency": "VND",
        "paymentLinkId": "0a1b2c3d4e5f",
        "code": "00",
        "desc": "success",
        "counterAccountBankId": "970436",
        "counterAccountBankName": "",
        "counterAccountName": "NGUYEN VAN MAU",
        "counterAccountNumber": "0123499999",
        "virtualAccountName": "",
        "virtualAccountNumber": "",
    }
    return {"code": "00", "desc": "success", "success": True, "data": data, "signature": payos_sign(data, PAYOS_KEY)}


def test_payos_credits_and_knows_where_the_money_came_from(client, cooperative, account, order, run_tasks):
    feed = feed_make(cooperative, "payos", checksum_key=PAYOS_KEY)
    body = json.dumps(payos_body(account, transfer_of(order).memo, 150_000)).encode()

    for _ in range(2):
        assert client.post(url_of(feed), body, content_type="application/json").status_code == 200
    run_tasks()

    line = BankLine.objects.get()
    assert (line.outcome, line.payer_number) == ("over", "0123499999")
    assert balance_of(order).received == 150_000


def test_payos_with_a_changed_sum_is_refused(client, cooperative, account, order):
    feed = feed_make(cooperative, "payos", checksum_key=PAYOS_KEY)
    told = payos_body(account, transfer_of(order).memo, 1_000)
    told["data"]["amount"] = 120_000

    assert client.post(url_of(feed), json.dumps(told), content_type="application/json").status_code == 401
    assert nothing_kept()


def test_casso_v2_credits(client, cooperative, account, order, run_tasks):
    feed = feed_make(cooperative, "casso", checksum_key="casso-key")
    told = {
        "error": 0,
        "data": {
            "id": 501,
            "reference": "FT26328000001",
            "description": f"{transfer_of(order).memo} chuyển khoản",
            "amount": 120_000,
            "runningBalance": 5_120_000,
            "transactionDateTime": "2026-11-24 10:00:00",
            "accountNumber": account,
            "bankName": "Agribank",
            "bankAbbreviation": "VBA",
            "virtualAccountNumber": "",
            "virtualAccountName": "",
            "counterAccountName": "",
            "counterAccountNumber": "",
            "counterAccountBankId": "",
            "counterAccountBankName": "",
        },
    }
    body = json.dumps(told, ensure_ascii=False).encode()
    headers = casso_sign(body, "casso-key", timezone.now())

    assert client.post(url_of(feed), body, content_type="application/json", headers=headers).status_code == 200
    run_tasks()

    assert balance_of(order).received == 120_000
