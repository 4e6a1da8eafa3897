"""The page of the stand-in, as a browser without scripts meets it."""

import http.client
from urllib.parse import urlencode, urlsplit

import pytest

from tests.unit.payment.stripe.conftest import page_params

PLAIN, DECLINED, SECURE = "4242424242424242", "4000000000000002", "4000002500003155"


@pytest.fixture
def browse(double):
    """Call it with an address and the pressed button: status, address of a redirect, text."""

    def browsed(address, **pressed):
        where = urlsplit(address)
        connection = http.client.HTTPConnection(urlsplit(double.url).netloc, timeout=10)
        if pressed:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", where.path, urlencode(pressed), headers)
        else:
            connection.request("GET", where.path)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location"), answer.read().decode()

    return browsed


@pytest.fixture
def state(client, page):
    """The page as the API shows it now."""

    def now():
        found = client.v1.checkout.sessions.retrieve(page.id, {"expand": ["payment_intent"]})
        return found.status, found.payment_status

    return now


def kinds(double):
    return [event["type"] for event in double.events]


def test_page_in_vietnamese(browse, page):
    status, _, text = browse(page.url)

    assert status == 200
    assert '<html lang="vi">' in text
    assert "Đây là trang trình diễn" in text
    assert "HTX &lt;Một&gt; &amp; bạn" in text
    assert "120.000\u00a0₫" in text
    assert "<script" not in text
    assert text.count("<button") == 5


def test_page_in_english(browse, client):
    page = client.v1.checkout.sessions.create(page_params(locale="en"))
    text = browse(page.url)[2]

    assert '<html lang="en">' in text
    assert "This is a demonstration" in text
    assert "120,000\u00a0₫" in text


def test_pay(double, browse, page, state):
    assert browse(page.url, card=PLAIN)[:2] == (303, f"http://shop.test/ok?s={page.id}")
    assert state() == ("complete", "paid")
    assert kinds(double) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


def test_pay_twice_is_paid_once(double, browse, page):
    browse(page.url, card=PLAIN)

    assert browse(page.url, card=PLAIN)[:2] == (303, f"http://shop.test/ok?s={page.id}")
    assert browse(page.url)[0] == 303
    assert len(double.listed("charge")) == 1


def test_declined(double, browse, page, state):
    assert browse(page.url, card=DECLINED)[:2] == (303, f"/c/pay/{page.id}")

    assert "Ngân hàng đã từ chối thẻ này" in browse(page.url)[2]
    assert state() == ("open", "unpaid")
    assert kinds(double) == ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]


def test_another_card_after_the_first_was_declined(double, browse, page, state):
    browse(page.url, card=DECLINED)
    browse(page.url, card=PLAIN)

    assert state() == ("complete", "paid")
    assert [charge["paid"] for charge in double.listed("charge")] == [False, True]
    assert len(double.listed("payment_intent")) == 1


def test_bank_asks_and_is_told_yes(double, browse, page, state):
    status, where, _ = browse(page.url, card=SECURE)
    assert (status, where, state()) == (303, f"/c/challenge/{page.id}", ("open", "unpaid"))
    assert "Xác nhận với ngân hàng" in browse(where)[2]

    assert browse(where, answer="complete")[:2] == (303, f"http://shop.test/ok?s={page.id}")
    assert state() == ("complete", "paid")
    assert "payment_intent.requires_action" in kinds(double)


def test_bank_asks_and_is_told_no(double, browse, page, state):
    _, where, _ = browse(page.url, card=SECURE)
    assert browse(where, answer="fail")[:2] == (303, f"/c/pay/{page.id}")

    assert "Chưa xác nhận được" in browse(page.url)[2]
    assert state() == ("open", "unpaid")
    assert double.listed("payment_intent")[0]["last_payment_error"]["code"] == "payment_intent_authentication_failure"
    assert double.listed("charge") == []


def test_cancel(double, browse, page, state):
    assert browse(page.url, card="cancel")[:2] == (303, "http://shop.test/no")
    assert state() == ("open", "unpaid")
    assert double.events == []


def test_pay_later_and_the_money_comes(double, browse, page, state):
    assert browse(page.url, card="later")[:2] == (303, f"http://shop.test/ok?s={page.id}")
    assert state() == ("complete", "unpaid")

    double.async_finish(page.id, ok=True)
    assert state() == ("complete", "paid")
    assert kinds(double)[-1] == "checkout.session.async_payment_succeeded"


def test_pay_later_and_no_money_comes(double, browse, page, state):
    browse(page.url, card="later")
    double.async_finish(page.id, ok=False)

    assert state() == ("complete", "unpaid")
    assert double.listed("payment_intent")[0]["status"] == "requires_payment_method"
    assert kinds(double)[-1] == "checkout.session.async_payment_failed"


def test_expired(double, browse, page):
    double.advance(25 * 3600)

    status, _, text = browse(page.url, card=PLAIN)
    assert (status, "đã hết hạn" in text) == (410, True)
    assert double.listed("charge") == []


@pytest.mark.parametrize("path", ["/c/pay/cs_test_x", "/c/pay/", "/c/other/x", "/c/"])
def test_no_such_page(browse, path):
    assert browse(path)[0] == 404


def test_unknown_button(double, browse, page, state):
    assert browse(page.url, card="4111111111111111")[:2] == (303, f"/c/pay/{page.id}")
    assert state() == ("open", "unpaid")
    assert double.listed("charge") == []


def test_page_of_a_payment_is_none(browse, payment):
    assert browse(f"/c/pay/{payment}")[0] == 404


def test_controls(double, browse, page):
    assert browse("/_control/nonsense", a="b")[0] == 404
    assert browse("/_control/resend", a="b")[0] == 400
    assert browse("/_control/hold", a="b")[0] == 200
    browse(page.url, card="later")
    assert browse("/_control/finish", session=page.id, ok="1")[0] == 200
    assert '"async' in browse("/_control/events")[2] or "async_payment_succeeded" in browse("/_control/events")[2]
    assert browse("/_control/dispute", payment_intent=double.sessions[0]["payment_intent"], amount="5000")[0] == 200
    assert double.listed("dispute")[0]["amount"] == 5_000
    assert page.id in browse("/_control/sessions")[2]
