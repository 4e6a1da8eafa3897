"""From a new order to a decision, as the cooperative's people press the buttons."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.fulfilment.models import Consignment
from shop.fulfilment.services import order_expire
from shop.payment.attempts.models import Attempt
from shop.payment.services import attempts_of, provider_switch
from shop.payment.vietqr.models import TransferRequest

pytestmark = pytest.mark.django_db


def address(consignment, step=""):
    return f"/ban-hang/don/{consignment.order.number}/" + (f"{step}/" if step else "")


def confirm(client, consignment):
    attempt = attempts_of(consignment.order).first()
    return client.post(address(consignment, "da-nhan-tien"), {"attempt": attempt.pk})


def paid(consignment):
    return [int(entry.amount) for source in consignment.order.sources.all() for entry in source.transactions.all()]


def stock(consignment):
    record = consignment.order.lines.get().stockrecord
    record.refresh_from_db()
    return record.num_in_stock, record.num_allocated or 0


def events(consignment):
    return list(consignment.events.values_list("kind", flat=True))


def test_list_shows_what_a_seller_needs(owner_client, cooperative, order_of):
    consignment = order_of(cooperative)
    page = owner_client.get("/ban-hang/").content.decode()
    number = consignment.order.number
    for text in (
        f"{number[:2]}-{number[2:6]}-{number[6:]}",
        "2 × Vú sữa Lò Rèn",
        "Chị Thảo",
        "Mỹ Tho",
        'href="tel:+84901234567"',
        "https://zalo.me/0901234567",
        "220.000",
        "data-until=",
        "province",
    ):
        assert text in page


def test_filters_and_counts(owner_client, cooperative, order_of):
    waiting, new, accepted, ended = (order_of(cooperative, provider=p) for p in ("vietqr", "cod", "cod", "cod"))
    owner_client.post(address(accepted, "da-goi"))
    owner_client.post(address(ended, "tu-choi"), {"reason": "Hết hàng"})
    for tab, expected in {"waiting": waiting, "new": new, "accepted": accepted, "ended": ended}.items():
        answer = owner_client.get("/ban-hang/", {"tab": tab})
        assert [panel.consignment for panel in answer.context["panels"]] == [expected]
        assert answer.context["counts"][tab] == 1
    answer = owner_client.get("/ban-hang/", {"tab": "nonsense"})
    assert [panel.consignment for panel in answer.context["panels"]] == [ended, accepted, new, waiting]


def test_pages_of_the_list(owner_client, cooperative, order_of, monkeypatch):
    monkeypatch.setattr("shop.seller.orders.today.PAGE_SIZE", 2)
    orders = [order_of(cooperative, provider="cod") for _ in range(3)]
    second = owner_client.get("/ban-hang/", {"tab": "new", "page": "2"})
    assert [panel.consignment for panel in second.context["panels"]] == [orders[0]]
    assert "tab=new" in second.content.decode()


def test_queries_do_not_grow_with_the_orders(owner_client, cooperative, order_of, django_assert_max_num_queries):
    for _ in range(4):
        order_of(cooperative)
    with django_assert_max_num_queries(20):
        owner_client.get("/ban-hang/")
    for _ in range(4):
        order_of(cooperative)
    with django_assert_max_num_queries(20):
        owner_client.get("/ban-hang/")


def test_transfer_is_confirmed_then_taken(owner_client, cooperative, order_of):
    consignment = order_of(cooperative)
    page = owner_client.get(address(consignment)).content.decode()
    assert TransferRequest.objects.get().memo in page
    assert address(consignment, "nhan") not in page

    answer = confirm(owner_client, consignment)
    assert (answer.status_code, answer["Location"]) == (303, address(consignment))
    assert paid(consignment) == [220_000]
    assert events(consignment) == ["placed", "paid"]

    answer = owner_client.post(address(consignment, "nhan"), {"next": "/ban-hang/?tab=new"})
    assert (answer.status_code, answer["Location"]) == (303, "/ban-hang/?tab=new")
    consignment.refresh_from_db()
    assert consignment.state == Consignment.State.ACCEPTED
    person = cooperative.memberships.get().user
    assert consignment.events.get(kind="accepted").by == person.phone


def test_confirming_twice_credits_once(owner_client, cooperative, order_of):
    consignment = order_of(cooperative)
    assert [confirm(owner_client, consignment).status_code for _ in range(3)] == [303, 303, 303]
    assert paid(consignment) == [220_000]
    assert events(consignment).count("paid") == 1


def test_taking_twice_is_one_step(owner_client, cooperative, order_of):
    consignment = order_of(cooperative)
    confirm(owner_client, consignment)
    for _ in range(2):
        assert owner_client.post(address(consignment, "nhan")).status_code == 303
    assert events(consignment) == ["placed", "paid", "accepted"]


def test_an_unpaid_order_is_not_taken(owner_client, cooperative, order_of):
    consignment = order_of(cooperative)
    answer = owner_client.post(address(consignment, "nhan"))
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()
    consignment.refresh_from_db()
    assert consignment.state == Consignment.State.NEW


def test_refusing_needs_a_reason(owner_client, cooperative, order_of):
    consignment = order_of(cooperative)
    for reason in ("", "   ", "x" * 301):
        answer = owner_client.post(address(consignment, "tu-choi"), {"reason": reason})
        assert answer.status_code == 422
        assert "aria-invalid" in answer.content.decode()
    assert stock(consignment) == (10, 2)


def test_refusing_frees_the_stock_once(owner_client, cooperative, order_of):
    consignment = order_of(cooperative)
    for _ in range(2):
        assert owner_client.post(address(consignment, "tu-choi"), {"reason": "Chưa chín"}).status_code == 303
    assert stock(consignment) == (10, 0)
    assert events(consignment) == ["placed", "refused"]
    consignment.refresh_from_db()
    assert (consignment.reason, consignment.order.status) == ("Chưa chín", "cancelled")
    assert attempts_of(consignment.order).get().state == Attempt.State.CANCELLED


def test_refusing_a_paid_order_says_who_sends_the_money_back(owner_client, cooperative, order_of):
    consignment = order_of(cooperative)
    confirm(owner_client, consignment)
    assert "note--warn" in owner_client.get(address(consignment)).content.decode()
    owner_client.post(address(consignment, "tu-choi"), {"reason": "Chưa chín"})
    page = owner_client.get(address(consignment))
    assert page.context["panel"].to_send_back == 220_000
    assert "note--bad" in page.content.decode()
    assert paid(consignment) == [220_000]


def test_money_after_the_end_is_refused_with_words(owner_client, cooperative, order_of):
    consignment = order_of(cooperative)
    attempts_of(consignment.order).update(expires_at=timezone.now() - timedelta(minutes=1))
    assert "data-until" not in owner_client.get(address(consignment)).content.decode()
    assert order_expire(order=consignment.order)
    assert confirm(owner_client, consignment).status_code == 409
    assert owner_client.post(address(consignment, "nhan")).status_code == 409
    assert owner_client.post(address(consignment, "tu-choi"), {"reason": "Trễ"}).status_code == 409
    assert paid(consignment) == []
    assert stock(consignment) == (10, 0)


def test_money_seen_in_time_counts_though_the_clock_is_over(owner_client, cooperative, order_of):
    consignment = order_of(cooperative)
    attempts_of(consignment.order).update(expires_at=timezone.now() - timedelta(minutes=1))
    assert confirm(owner_client, consignment).status_code == 303
    assert not order_expire(order=consignment.order)


def test_an_old_page_does_not_confirm_another_way_to_pay(owner_client, cooperative, order_of):
    consignment = order_of(cooperative)
    old = attempts_of(consignment.order).first()
    provider_switch(order=consignment.order, provider_code="cod", by="+84901234567")
    new = attempts_of(consignment.order).first()
    for pk in (old.pk, new.pk, "", "x"):
        answer = owner_client.post(address(consignment, "da-nhan-tien"), {"attempt": pk})
        assert answer.status_code == 409
    assert paid(consignment) == []


def test_decisions_are_posts(owner_client, cooperative, order_of):
    consignment = order_of(cooperative)
    for step in ("da-nhan-tien", "nhan", "tu-choi"):
        assert owner_client.get(address(consignment, step)).status_code == 405


def test_next_never_leads_away(owner_client, cooperative, order_of):
    consignment = order_of(cooperative, provider="cod")
    for wanted in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        answer = owner_client.post(address(consignment, "da-goi"), {"next": wanted})
        assert answer["Location"] == address(consignment)


@pytest.mark.parametrize(("prefix", "word"), [("", "Chào Lành"), ("/en", "Hello Lành")])
def test_both_languages(owner_client, cooperative, order_of, prefix, word):
    consignment = order_of(cooperative)
    assert word in owner_client.get(f"{prefix}/ban-hang/").content.decode()
    page = owner_client.get(prefix + address(consignment)).content.decode()
    assert f'lang="{prefix.strip("/") or "vi"}"' in page
    answer = owner_client.post(prefix + address(consignment, "tu-choi"), {"reason": "Sold at the gate"})
    assert answer["Location"] == prefix + address(consignment)


def test_pages_are_not_kept_anywhere(owner_client, cooperative, order_of):
    for url in ("/ban-hang/", address(order_of(cooperative))):
        assert "no-store" in owner_client.get(url)["Cache-Control"]


def test_names_of_buyers_are_text(owner_client, cooperative, order_of):
    from tests.factories.market import recipient

    evil = "<script>alert(1)</script>"
    consignment = order_of(cooperative, to=recipient(name=evil, street=evil, note=evil))
    for url in ("/ban-hang/", address(consignment)):
        assert evil not in owner_client.get(url).content.decode()
