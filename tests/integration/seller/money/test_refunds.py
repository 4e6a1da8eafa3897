"""Paying back: the buyer's account, the code for the bank app, and that the money has gone."""

import sys
from types import ModuleType

import pytest

from shop.fulfilment.services import consignment_refuse
from shop.messaging.models import Message
from shop.payment.books import balance_of
from shop.payment.refunds.models import Refund
from shop.payment.refunds.services import refund_drop
from shop.payment.stripe.client import StripeRefused, StripeUnavailable
from shop.payment.vietqr import emv
from shop.payment.vietqr.models import BankLine
from shop.reconciliation.services import line_return, refund_settle
from tests.factories.bank import transfer_of
from tests.integration.seller.money.books import line_url, refund_url, reload, shown, snapshot

pytestmark = pytest.mark.django_db

ACCOUNT = {"bin": "970436", "number": "0123 456-789", "holder": "Nguyễn Thị Thảo"}


def page_of(client, refund):
    return client.get("/en" + refund_url(refund))


def post(client, refund, step, **data):
    return client.post(refund_url(refund, step), data)


# -- Lists --------------------------------------------------------------------------------------------------------


def test_owed_first_then_what_is_over(owner_client, cooperative, owed, arrive):
    line = arrive(cooperative, "nham", 5_000)
    line_return(line=line, reason="Nhầm", by="x")
    unplaced = reload(line).refund
    assert list(owner_client.get("/ban-hang/tien/tra-lai/").context["refunds"]) == [owed, unplaced]
    refund_settle(refund=unplaced, reference="FT5", by="x")
    refund_drop(refund=owed, by="x")
    assert list(owner_client.get("/ban-hang/tien/tra-lai/").context["refunds"]) == []
    done = owner_client.get("/ban-hang/tien/tra-lai/?xong=1")
    assert list(done.context["refunds"]) == [owed, unplaced]
    assert "FT5" in done.content.decode()


def test_pages_of_the_list(owner_client, cooperative, arrive, monkeypatch):
    monkeypatch.setattr("shop.seller.money.refunds.PAGE_SIZE", 1)
    for n in range(2):
        line_return(line=arrive(cooperative, f"nham {n}"), reason="x", by="x")
    second = owner_client.get("/ban-hang/tien/tra-lai/?page=2")
    assert list(second.context["refunds"]) == [Refund.objects.order_by("pk").last()]


def test_queries_do_not_grow_with_the_refunds(owner_client, cooperative, arrive, django_assert_max_num_queries):
    for count in (1, 5):
        for n in range(count):
            line_return(line=arrive(cooperative, f"nham {count} {n}"), reason="x", by="x")
        with django_assert_max_num_queries(13):
            owner_client.get("/ban-hang/tien/tra-lai/")


# -- Account ------------------------------------------------------------------------------------------------------


def test_the_account_is_cleaned_and_shown_as_a_code(owner_client, owed):
    assert page_of(owner_client, owed).context["qr"] is None
    for _ in range(2):
        answer = post(owner_client, owed, "tai-khoan", **ACCOUNT)
        assert (answer.status_code, answer["Location"]) == (303, refund_url(owed))
    reload(owed)
    assert (owed.bin, owed.number, owed.holder) == ("970436", "0123456789", "NGUYEN THI THAO")
    page = page_of(owner_client, owed)
    text = page.content.decode()
    for words in (
        "0123456789",
        "NGUYEN THI THAO",
        owed.memo,
        'data-copy="220000"',
        f'd="{page.context["qr"]["path"]}"',
    ):
        assert words in text


def test_the_code_says_account_sum_and_memo(owner_client, owed, monkeypatch):
    post(owner_client, owed, "tai-khoan", **ACCOUNT)
    seen = []
    monkeypatch.setattr("shop.payment.vietqr.image.svg_path", lambda payload: seen.append(payload) or (1, "M0 0"))
    page_of(owner_client, owed)
    code = emv.decode(seen[0])
    assert (code.bin, code.account, code.amount, code.memo) == ("970436", "0123456789", 220_000, owed.memo)


def test_the_code_as_a_picture(owner_client, owed):
    assert owner_client.get(refund_url(owed) + "ma-qr.png").status_code == 404
    post(owner_client, owed, "tai-khoan", **ACCOUNT)
    answer = owner_client.get(refund_url(owed) + "ma-qr.png")
    assert (answer.status_code, answer["Content-Type"], answer.content[:4]) == (200, "image/png", b"\x89PNG")
    assert f"{owed.memo}.png" in answer["Content-Disposition"]
    refund_settle(refund=owed, reference="FT1", by="x")
    assert owner_client.get(refund_url(owed) + "ma-qr.png").status_code == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [("bin", ""), ("bin", "000000"), ("bin", "x"), ("number", ""), ("number", "12345"), ("number", "1" * 20)]
    + [("number", "0123*456"), ("number", "١٢٣٤٥٦٧"), ("number", "1\x0023456"), ("holder", ""), ("holder", "?")]
    + [("holder", "a" * 81), ("holder", "Ж Ж Ж")],
)  # fmt: skip
def test_an_account_that_cannot_be(owner_client, owed, name, value):
    before = snapshot()
    answer = post(owner_client, owed, "tai-khoan", **(ACCOUNT | {name: value}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "aria-invalid" in page
    kept = {key: typed for key, typed in ACCOUNT.items() if key not in (name, "bin")}
    assert all(f'value="{typed}"' in page for typed in kept.values())
    assert snapshot() == before


def test_the_payers_account_is_offered_not_taken(owner_client, cooperative, order_of, arrive):
    consignment = order_of(cooperative)
    payer = {"payer_bin": "970436", "payer_number": "0123456789", "payer_name": "TRAN VAN HAI"}
    arrive(cooperative, transfer_of(consignment.order).memo, **payer)
    consignment_refuse(consignment=consignment, reason="x", by="x")
    refund = Refund.objects.get()
    page = page_of(owner_client, refund)
    assert page.context["account_form"].initial == {
        "bin": "970436",
        "number": "0123456789",
        "holder": "TRAN VAN HAI",
    }
    assert (page.context["qr"], refund.number) == (None, "")


@pytest.mark.parametrize("number", ["***6789", "x" * 40, "VA/123456"])
def test_a_payer_told_in_part_is_not_offered(owner_client, owed, number):
    BankLine.objects.update(payer_number=number, payer_bin="970436")
    assert page_of(owner_client, owed).context["account_form"].initial == {}


def test_an_account_that_makes_no_code_is_asked_for_again(owner_client, owed):
    Refund.objects.update(bin="123", number="***", holder="X")
    page = page_of(owner_client, owed)
    assert (page.status_code, page.context["qr"]) == (200, None)


# -- Paid, dropped ------------------------------------------------------------------------------------------------


def test_paid_back_once_and_the_buyer_is_told_once(owner_client, cooperative, owed):
    for _ in range(2):
        answer = post(owner_client, owed, "da-tra", reference="FT26329")
        assert (answer.status_code, answer["Location"]) == (303, "/ban-hang/tien/tra-lai/")
    person = cooperative.memberships.get().user
    assert (reload(owed).state, owed.reference, owed.closed_by) == ("paid", "FT26329", person.phone)
    assert balance_of(owed.order).paid_back == 220_000
    assert Message.objects.filter(kind="money_returned").count() == 1
    page = page_of(owner_client, owed).content.decode()
    assert "FT26329" in page
    assert "Lành" in page


def test_paid_back_needs_the_banks_reference(owner_client, owed):
    before = snapshot()
    for reference in ("", "  ", "x" * 101, "\x00"):
        assert post(owner_client, owed, "da-tra", reference=reference).status_code == 422
    assert snapshot() == before


def test_money_without_an_order_is_paid_back(owner_client, cooperative, arrive):
    line = arrive(cooperative, "nham")
    line_return(line=line, reason="x", by="x")
    assert post(owner_client, reload(line).refund, "da-tra", reference="FT1").status_code == 303
    assert reload(line).state == "returned"
    assert not Message.objects.filter(kind="money_returned").exists()
    before = snapshot()
    assert owner_client.post(line_url(line, "hoan-tac")).status_code == 409
    assert snapshot() == before


def test_not_owed_after_all(owner_client, owed):
    before = snapshot()
    assert post(owner_client, owed, "bo", **{"drop-reason": " "}).status_code == 422
    assert snapshot() == before
    for _ in range(2):
        assert post(owner_client, owed, "bo", **{"drop-reason": "Đã giao bù"}).status_code == 303
    assert (reload(owed).state, owed.reason) == ("dropped", "Đã giao bù")
    before = snapshot()
    answer = post(owner_client, owed, "da-tra", reference="FT1")
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()
    assert snapshot() == before


def test_a_dropped_transfer_waits_in_the_inbox_again(owner_client, cooperative, arrive):
    line = arrive(cooperative, "nham")
    line_return(line=line, reason="x", by="x")
    refund = reload(line).refund
    assert post(owner_client, refund, "bo", **{"drop-reason": "Nhầm"}).status_code == 303
    assert (reload(line).state, line.is_likely, reload(refund).state) == ("open", True, "dropped")


def test_what_is_paid_is_not_dropped_and_keeps_its_account(owner_client, owed):
    refund_settle(refund=owed, reference="FT1", by="x")
    before = snapshot()
    assert post(owner_client, owed, "bo", **{"drop-reason": "x"}).status_code == 409
    assert post(owner_client, owed, "tai-khoan", **ACCOUNT).status_code == 409
    assert snapshot() == before


# -- Cards --------------------------------------------------------------------------------------------------------


@pytest.fixture
def card(owed, monkeypatch):
    """The refund of something paid by card, and the way back to the card; ``calls`` is what was sent."""
    Refund.objects.update(provider="stripe")
    cards = ModuleType("shop.reconciliation.cards")
    cards.calls = []

    def refund_by_card(*, refund, by):
        cards.calls.append((refund.pk, by))
        return refund_settle(refund=refund, reference="re_1", by=by)

    cards.refund_by_card = refund_by_card
    monkeypatch.setitem(sys.modules, "shop.reconciliation.cards", cards)
    return cards


def test_back_to_the_card(owner_client, cooperative, owed, card):
    page = page_of(owner_client, owed).content.decode()
    assert "Pay 220,000\xa0₫ back to the card" in page
    assert "da-tra" not in page
    answer = post(owner_client, owed, "ve-the")
    assert (answer.status_code, answer["Location"]) == (303, refund_url(owed))
    assert card.calls == [(owed.pk, cooperative.memberships.get().user.phone)]
    assert reload(owed).state == "paid"


@pytest.mark.parametrize(("error", "status"), [(StripeRefused("charge_disputed"), 409), (StripeUnavailable(), 503)])
def test_a_card_service_that_says_no(owner_client, owed, card, error, status):
    def refuse(**_):
        raise error

    card.refund_by_card = refuse
    before = snapshot()
    answer = post(owner_client, owed, "ve-the")
    assert answer.status_code == status
    assert 'role="alert"' in answer.content.decode()
    assert snapshot() == before


def test_what_came_by_transfer_does_not_go_to_a_card(owner_client, owed):
    before = snapshot()
    assert post(owner_client, owed, "ve-the").status_code == 409
    assert snapshot() == before


def test_without_cards_the_page_says_so(owner_client, owed, monkeypatch):
    Refund.objects.update(provider="stripe")
    monkeypatch.setitem(sys.modules, "shop.reconciliation.cards", None)
    assert post(owner_client, owed, "ve-the").status_code == 409
    assert reload(owed).state == "owed"


# -- On the order's page ------------------------------------------------------------------------------------------


def test_the_order_shows_how_its_money_came_and_went(owner_client, cooperative, owed):
    order = owed.order
    line = order.sources.get().attempt.line_shares.get().line
    page = owner_client.get(f"/ban-hang/don/{order.number}/").content.decode()
    assert f'href="{line_url(line)}"' in page
    assert f'href="{refund_url(owed)}"' in page
    refund_settle(refund=owed, reference="FT1", by=cooperative.memberships.get().user.phone)
    page = owner_client.get(f"/en/ban-hang/don/{order.number}/").content.decode()
    assert "-220,000" in page
    assert shown(order) in page


def test_packers_see_sums_and_no_links(client, cooperative, member, owed):
    client.force_login(member(cooperative, "packer"))
    page = client.get(f"/ban-hang/don/{owed.order.number}/").content.decode()
    assert "220.000" in page
    assert "/ban-hang/tien/" not in page
    assert "tra-lai" not in page
