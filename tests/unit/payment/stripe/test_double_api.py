"""The stand-in is as strict as Stripe: who asks, with what, how often, and for how much."""

import http.client
import json
import time
from typing import get_args
from urllib.parse import urlencode, urlsplit

import pytest
import stripe
from stripe.params.checkout import SessionCreateParams

from tests.fakes.stripe_double.forms import decode
from tests.fakes.stripe_double.schema import fields_of
from tests.unit.payment.stripe.conftest import page_params


def refusal(ask, error=stripe.InvalidRequestError):
    """Param and code of the refusal that must come."""
    with pytest.raises(error) as trouble:
        ask()
    return getattr(trouble.value, "param", None), trouble.value.code


@pytest.fixture
def create(client):
    """Ask for a page with changed parameters."""
    return lambda options=None, **changes: client.v1.checkout.sessions.create(page_params(**changes), options)


def item(**price):
    """Line items with one changed price."""
    whole = {"currency": "vnd", "unit_amount": 120_000, "product_data": {"name": "x"}} | price
    return [{"price_data": {name: value for name, value in whole.items() if value is not None}, "quantity": 1}]


class TestParameters:
    @pytest.mark.parametrize(
        ("changes", "param", "code"),
        [
            ({"colour": "red"}, "colour", "parameter_unknown"),
            ({"line_items": item(color="x")}, "line_items[0][price_data][color]", "parameter_unknown"),
            ({"line_items": item(currency=None)}, "line_items[0][price_data][currency]", "parameter_missing"),
            (
                {"line_items": item(product_data={})},
                "line_items[0][price_data]",
                None,
            ),
            (
                {"line_items": item(unit_amount="120000.00")},
                "line_items[0][price_data][unit_amount]",
                "parameter_invalid_integer",
            ),
            (
                {"line_items": item(unit_amount="1e5")},
                "line_items[0][price_data][unit_amount]",
                "parameter_invalid_integer",
            ),
            ({"line_items": item(unit_amount=-5)}, "line_items[0]", "parameter_invalid_integer"),
            ({"line_items": item(unit_amount=13_149)}, "line_items", "amount_too_small"),
            ({"line_items": item(unit_amount=100_000_000)}, "line_items", "amount_too_large"),
            ({"line_items": item(currency="usd")}, "line_items[0][price_data][currency]", None),
            ({"line_items": item(product_data={"name": " "})}, "line_items[0][price_data]", "parameter_invalid_empty"),
            ({"line_items": None}, "line_items", "parameter_missing"),
            ({"line_items": item() * 101}, "line_items", "parameter_missing"),
            ({"line_items": "x"}, "line_items", None),
            ({"line_items": {"7": item()[0]}}, "line_items", None),
            ({"success_url": None}, "success_url", "parameter_missing"),
            ({"success_url": "/ok"}, "success_url", "url_invalid"),
            ({"success_url": "javascript:alert(1)"}, "success_url", "url_invalid"),
            ({"cancel_url": "shop.test"}, "cancel_url", "url_invalid"),
            ({"mode": None}, "mode", None),
            ({"mode": "gift"}, "mode", None),
            ({"mode": "subscription"}, "mode", None),
            ({"locale": "vn"}, "locale", None),
            ({"allowed_payment_method_types": ["cash"]}, "allowed_payment_method_types[0]", None),
            ({"client_reference_id": "x" * 201}, "client_reference_id", None),
            ({"metadata": {"x" * 41: "y"}}, f"metadata[{'x' * 41}]", None),
            ({"metadata": {"x": "y" * 501}}, "metadata[x]", None),
            ({"metadata": {f"x{i}": "y" for i in range(51)}}, "metadata", None),
            ({"metadata": {"x": {"y": "z"}}}, "metadata[x]", None),
            ({"adaptive_pricing": {"enabled": "maybe"}}, "adaptive_pricing[enabled]", None),
            ({"expand": ["currency"]}, "expand", None),
        ],
    )
    def test_refused(self, double, create, changes, param, code):
        assert refusal(lambda: create(**changes)) == (param, code)
        assert double.sessions == []

    @pytest.mark.parametrize("seconds", [30 * 60 - 5, 24 * 3600 + 5, -60])
    def test_ends_too_soon_or_too_late(self, double, create, seconds):
        assert refusal(lambda: create(expires_at=int(time.time()) + seconds)) == ("expires_at", None)
        assert double.sessions == []

    @pytest.mark.parametrize("seconds", [30 * 60 + 5, 24 * 3600 - 5])
    def test_ends_in_time(self, create, seconds):
        wanted = int(time.time()) + seconds
        assert create(expires_at=wanted).expires_at == wanted

    def test_all_parameters_of_the_library_are_known(self):
        assert {"adaptive_pricing", "line_items", "ui_mode", "wallet_options"} <= set(fields_of(SessionCreateParams))
        assert not {"idempotency_key", "stripe_account"} & set(fields_of(SessionCreateParams))

    @pytest.mark.parametrize("text", ["a=1&a=2", "a[b]=1&a=2", "a=1&a[b]=2", "a", "a[[b]]=1", "A=1", "a=%ff", "=1"])
    def test_form_is_read_strictly(self, text):
        from tests.fakes.stripe_double.errors import ApiError

        with pytest.raises(ApiError):
            decode(text)

    def test_form(self):
        read = decode("a[0][b]=1&a[1][b]=2&expand[]=x&expand[]=y&d=%C4%91+x&e=")
        assert read == {
            "a": {"0": {"b": "1"}, "1": {"b": "2"}},
            "expand": {"0": "x", "1": "y"},
            "d": "đ x",
            "e": "",
        }


class TestWhoAsks:
    @pytest.mark.parametrize("key", ["sk_live_real", "pk_test_public", "rk_test_x", "nonsense"])
    def test_only_secret_test_keys(self, double, create, key):
        refusal(lambda: create({"api_key": key}), stripe.AuthenticationError)
        assert double.sessions == []

    def test_no_key(self, double):
        assert self.raw(double, Authorization="")[0] == 401

    def test_real_key_is_not_repeated(self, double):
        status, body = self.raw(double, Authorization="Bearer sk_live_abcdefgh12345")
        assert (status, "abcdefgh" in body) == (401, False)

    def test_other_version(self, create):
        assert refusal(lambda: create({"stripe_version": "2020-08-27"})) == (None, None)

    def test_unknown_account(self, double, create):
        refusal(lambda: create({"stripe_account": "acct_1"}), stripe.PermissionError)
        assert double.sessions == []

    def test_accounts_do_not_see_each_other(self, double, client, create):
        double.account_add("acct_1")
        page = create({"stripe_account": "acct_1"})

        assert client.v1.checkout.sessions.retrieve(page.id, None, {"stripe_account": "acct_1"}).id == page.id
        assert refusal(lambda: client.v1.checkout.sessions.retrieve(page.id)) == ("id", "resource_missing")

    def test_account_that_may_not_charge(self, double, create):
        double.account_add("acct_1", charges_enabled=False)
        refusal(lambda: create({"stripe_account": "acct_1"}), stripe.PermissionError)
        assert double.sessions == []

    def test_account_is_shown(self, double, client):
        double.account_add("acct_1", charges_enabled=False)
        assert client.v1.accounts.retrieve("acct_1").charges_enabled is False
        assert refusal(lambda: client.v1.accounts.retrieve("acct_2")) == ("id", "resource_missing")

    def test_json_is_not_taken(self, double):
        status, body = self.raw(double, **{"Content-Type": "application/json"})
        assert (status, json.loads(body)["error"]["type"]) == (400, "invalid_request_error")

    def test_unknown_address(self, double):
        assert self.raw(double, target="/v1/customers")[0] == 404

    def test_too_large(self, double):
        assert self.raw(double, **{"Content-Length": "1000001"})[0] == 413

    @staticmethod
    def raw(double, *, target="/v1/checkout/sessions", **headers):
        """A request without the library."""
        wanted = {"Authorization": f"Bearer {double.api_key}", "Stripe-Version": stripe.api_version}
        wanted |= {"Content-Type": "application/x-www-form-urlencoded"} | headers
        connection = http.client.HTTPConnection(urlsplit(double.url).netloc, timeout=10)
        connection.request("POST", target, urlencode({"mode": "payment"}), wanted)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


class TestIdempotency:
    def test_same_question_same_answer(self, double, create):
        first, second = create({"idempotency_key": "k"}), create({"idempotency_key": "k"})

        assert first.id == second.id
        assert "Idempotent-Replayed" not in first.last_response.headers
        assert second.last_response.headers["Idempotent-Replayed"] == "true"
        assert len(double.sessions) == 1

    def test_other_question(self, double, create):
        create({"idempotency_key": "k"})
        refusal(lambda: create({"idempotency_key": "k"}, locale="en"), stripe.IdempotencyError)
        assert len(double.sessions) == 1

    def test_other_address(self, double, client, create, payment):
        options = {"idempotency_key": "k"}
        create(options)
        ask = lambda: client.v1.refunds.create({"payment_intent": payment}, options)  # noqa: E731
        refusal(ask, stripe.IdempotencyError)
        assert double.listed("refund") == []

    def test_other_account(self, double, create):
        double.account_add("acct_1")
        assert create({"idempotency_key": "k"}).id != create({"idempotency_key": "k", "stripe_account": "acct_1"}).id

    def test_refused_parameters_are_not_kept(self, create):
        refusal(lambda: create({"idempotency_key": "k"}, locale="vn"))
        assert create({"idempotency_key": "k"}).id

    def test_refused_deed_is_kept(self, double, client, payment):
        options = {"idempotency_key": "k"}
        ask = lambda: client.v1.refunds.create({"payment_intent": payment, "amount": 120_001}, options)  # noqa: E731
        assert refusal(ask) == ("amount", None)
        double.store.get("", double.listed("charge")[0]["id"])["amount"] = 500_000
        assert refusal(ask) == ("amount", None)

    def test_long_key(self, create):
        refusal(lambda: create({"idempotency_key": "k" * 256}), stripe.IdempotencyError)

    def test_library_asks_again_after_a_lost_answer(self, double, create):
        double.faults += ["lost", "error"]
        page = create({"idempotency_key": "k"})

        assert [page.id] == [known["id"] for known in double.sessions]
        assert page.last_response.headers["Idempotent-Replayed"] == "true"
        assert len(double.requests) == 3

    def test_breakdowns(self, double, create):
        double.faults += ["error"] * 3
        refusal(create, stripe.APIError)
        double.faults += ["limit"]
        refusal(create, stripe.RateLimitError)
        assert double.sessions == []


class TestMoney:
    def test_refund_in_parts(self, double, client, payment):
        made = [client.v1.refunds.create({"payment_intent": payment, "amount": amount}) for amount in (20_000, 100_000)]

        charge = client.v1.charges.retrieve(made[0].charge)
        assert [refund.status for refund in made] == ["succeeded", "succeeded"]
        assert (charge.amount_refunded, charge.refunded) == (120_000, True)
        assert client.v1.refunds.retrieve(made[0].id).amount == 20_000
        listed = client.v1.refunds.list({"payment_intent": payment, "limit": 1})
        assert [refund.id for refund in listed.auto_paging_iter()] == [made[1].id, made[0].id]

    def test_refund_of_everything_without_a_word(self, client, payment):
        assert client.v1.refunds.create({"payment_intent": payment}).amount == 120_000

    @pytest.mark.parametrize(
        ("first", "second", "code"), [(0, 120_001, None), (1, 120_000, None), (120_000, 1, "charge_already_refunded")]
    )
    def test_over_refund(self, double, client, payment, first, second, code):
        if first:
            client.v1.refunds.create({"payment_intent": payment, "amount": first})
        found = refusal(lambda: client.v1.refunds.create({"payment_intent": payment, "amount": second}))

        assert found[1] == code
        assert sum(refund["amount"] for refund in double.listed("refund")) == first

    @pytest.mark.parametrize("amount", [0, -1, "12.5"])
    def test_wrong_sum(self, double, client, payment, amount):
        found = refusal(lambda: client.v1.refunds.create({"payment_intent": payment, "amount": amount}))
        assert found == ("amount", "parameter_invalid_integer")
        assert double.listed("refund") == []

    def test_nothing_to_refund(self, double, client, page):
        double.pay(page.id, "4000000000000002")
        intent = double.sessions[0]["payment_intent"]
        assert refusal(lambda: client.v1.refunds.create({"payment_intent": intent}))[1] == "charge_not_refundable"
        refusal(lambda: client.v1.refunds.create({}))
        refusal(lambda: client.v1.refunds.create({"payment_intent": intent, "charge": "ch_1"}))
        assert refusal(lambda: client.v1.refunds.create({"payment_intent": "pi_x"})) == ("id", "resource_missing")

    def test_disputed_charge_is_not_refunded(self, double, client, payment):
        dispute = double.dispute_open(payment)
        ask = lambda: client.v1.refunds.create({"payment_intent": payment})  # noqa: E731
        assert refusal(ask)[1] == "charge_disputed"

        double.dispute_close(dispute["id"], "won")
        assert ask().amount == 120_000
        assert client.v1.disputes.retrieve(dispute["id"]).status == "won"

    def test_failed_refund_brings_the_money_back(self, double, client, payment):
        refund = client.v1.refunds.create({"payment_intent": payment})
        double.refund_finish(refund.id, "failed")

        assert client.v1.refunds.retrieve(refund.id).failure_reason == "unknown"
        assert client.v1.charges.retrieve(refund.charge).amount_refunded == 0
        assert client.v1.refunds.create({"payment_intent": payment}).amount == 120_000

    def test_transfers(self, double, client, payment):
        double.account_add("acct_1")
        charge = double.listed("charge")[0]["id"]
        wanted = {"amount": 100_000, "currency": "vnd", "destination": "acct_1", "source_transaction": charge}
        transfer = client.v1.transfers.create(wanted)

        assert refusal(lambda: client.v1.transfers.create(wanted | {"amount": 20_001})) == ("amount", None)
        assert refusal(lambda: client.v1.transfers.create(wanted | {"destination": "acct_2"}))[1] == "resource_missing"
        assert refusal(lambda: client.v1.transfers.create(wanted | {"currency": "usd"})) == ("currency", None)
        assert client.v1.transfers.reversals.create(transfer.id, {"amount": 60_000}).amount == 60_000
        over = lambda: client.v1.transfers.reversals.create(transfer.id, {"amount": 40_001})  # noqa: E731
        assert refusal(over) == ("amount", None)
        assert client.v1.transfers.reversals.create(transfer.id).amount == 40_000
        assert client.v1.transfers.retrieve(transfer.id).reversed is True

    def test_expire(self, double, client, page, payment):
        refusal(lambda: client.v1.checkout.sessions.expire(page.id))
        other = client.v1.checkout.sessions.create(page_params())
        assert client.v1.checkout.sessions.expire(other.id).status == "expired"
        refusal(lambda: client.v1.checkout.sessions.expire(other.id))

    def test_time_ends_a_page(self, double, client, page):
        double.advance(24 * 3600 - 5)
        assert client.v1.checkout.sessions.retrieve(page.id).status == "open"
        double.advance(10)
        assert client.v1.checkout.sessions.retrieve(page.id).status == "expired"
        assert len(double.events_of("checkout.session.expired")) == 1

    def test_expanding(self, client, page, payment):
        found = client.v1.checkout.sessions.retrieve(page.id, {"expand": ["payment_intent.latest_charge"]})
        assert found.payment_intent.latest_charge.paid is True
        found = client.v1.checkout.sessions.list({"payment_intent": payment, "expand": ["data.payment_intent"]})
        assert found.data[0].payment_intent.amount_received == 120_000


CLASSES = {
    "checkout.session": stripe.checkout.Session,
    "payment_intent": stripe.PaymentIntent,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "dispute": stripe.Dispute,
    "transfer": stripe.Transfer,
}


def test_objects_have_the_fields_of_the_library(double, client, payment):
    """Nothing that Stripe does not have, and everything that it always has."""
    double.account_add("acct_1")
    client.v1.refunds.create({"payment_intent": payment, "amount": 1_000})
    client.v1.transfers.create({"amount": 1_000, "currency": "vnd", "destination": "acct_1"})
    double.dispute_open(payment)
    for kind, cls in CLASSES.items():
        known = {name: kind for name, kind in cls.__annotations__.items() if "ClassVar" not in str(kind)}
        known = {name: kind for name, kind in known.items() if not name.startswith("_")}
        needed = {name for name, kind in known.items() if type(None) not in get_args(kind)}
        for thing in double.listed(kind):
            assert set(thing) - set(known) == set(), kind
            assert needed - set(thing) == set(), kind
            assert not {name for name in needed if thing[name] is None}, kind
