"""Payment pages: asked for, shown, paid, declined, ended."""

from typing import Any
from urllib.parse import urlsplit

from tests.fakes.stripe_double.errors import ApiError
from tests.fakes.stripe_double.money import MAXIMUM, MINIMUM, intent_decline, intent_new, intent_succeed
from tests.fakes.stripe_double.shapes import SESSION, shape
from tests.fakes.stripe_double.store import Store, Thing, new_id

SHORTEST, LONGEST = 30 * 60, 24 * 3600
PLAIN, DECLINED, SECURE = "4242424242424242", "4000000000000002", "4000002500003155"
REFERENCE, ITEMS = 200, 100
COPIED = ("allowed_payment_method_types", "cancel_url", "client_reference_id", "locale", "metadata", "success_url")


def session_create(store: Store, account: str, params: dict[str, Any], base: str) -> Thing:
    """A new page; ApiError for everything that Stripe would not take."""
    check_account(store, account)
    check_addresses(params)
    items = [item_of(item, f"line_items[{i}]") for i, item in enumerate(check_items(params))]
    total = check_total(sum(item["amount"] for item in items))
    expires = check_expiry(store.now(), params)
    if len(params.get("client_reference_id", "")) > REFERENCE:
        raise ApiError(f"client_reference_id is longer than {REFERENCE} characters", param="client_reference_id")
    name = new_id("cs_test_", 58)
    session = shape(
        SESSION,
        id=name,
        amount_subtotal=total,
        amount_total=total,
        created=store.now(),
        currency="vnd",
        expires_at=expires,
        total_details={"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        url=f"{base}/c/pay/{name}",
        **{copied: params[copied] for copied in COPIED if copied in params},
    )
    store.asked[name] = {"items": items, "payment": params.get("payment_intent_data", {}), "card": "", "error": ""}
    return store.add(account, session)


def check_account(store: Store, account: str) -> None:
    """A connected account must be allowed to charge."""
    if account and not store.accounts[account]["charges_enabled"]:
        raise ApiError("Your account cannot currently make live charges.", code="account_invalid", status=403)


def check_addresses(params: dict[str, Any]) -> None:
    """This double knows pages that take one payment and lead back."""
    if params.get("mode") != "payment":
        raise ApiError("This double only knows mode=payment", param="mode")
    if "success_url" not in params:
        raise ApiError("Missing required param: success_url.", code="parameter_missing", param="success_url")
    for name in ("success_url", "cancel_url"):
        address = urlsplit(params.get(name, "https://x.test"))
        if address.scheme not in ("http", "https") or not address.netloc:
            raise ApiError("Not a valid URL", code="url_invalid", param=name)


def check_items(params: dict[str, Any]) -> list[dict[str, Any]]:
    """Between one and a hundred lines."""
    items = params.get("line_items") or []
    if not 0 < len(items) <= ITEMS:
        raise ApiError("You must specify between 1 and 100 line_items", code="parameter_missing", param="line_items")
    return items


def item_of(item: dict[str, Any], path: str) -> Thing:
    """One line: name and dong. A price in VND has no decimals."""
    price = item.get("price_data")
    if price is None or "price" in item:
        raise ApiError("This double only knows price_data", param=f"{path}[price_data]")
    if price["currency"] != "vnd":
        raise ApiError(f"Invalid currency: {price['currency']}", param=f"{path}[price_data][currency]")
    if "product_data" not in price or "unit_amount" not in price:
        raise ApiError("You must specify product_data and unit_amount", param=f"{path}[price_data]")
    if price["unit_amount"] < 0 or item.get("quantity", 0) < 1:
        raise ApiError("Invalid amount or quantity", code="parameter_invalid_integer", param=path)
    name = price["product_data"]["name"]
    if not name.strip():
        raise ApiError("You passed an empty string", code="parameter_invalid_empty", param=f"{path}[price_data]")
    return {"name": name, "amount": price["unit_amount"] * item["quantity"]}


def check_total(total: int) -> int:
    """About 0.50 US dollars to eight digits."""
    if total < MINIMUM:
        text = "The Checkout Session's total amount must convert to at least 50 cents."
        raise ApiError(text, code="amount_too_small", param="line_items")
    if total > MAXIMUM:
        raise ApiError(f"The total must be no more than ₫{MAXIMUM}", code="amount_too_large", param="line_items")
    return total


def check_expiry(now: int, params: dict[str, Any]) -> int:
    """Between 30 minutes and 24 hours from now; a day without a word."""
    expires = params.get("expires_at", now + LONGEST)
    if not now + SHORTEST <= expires <= now + LONGEST:
        raise ApiError("The `expires_at` timestamp must be from 30 minutes to 24 hours from now.", param="expires_at")
    return expires


def session_expire(store: Store, account: str, name: str) -> Thing:
    """End an open page."""
    session = store.get(account, name)
    if session["status"] != "open":
        text = f'Only Checkout Sessions with a status in ["open"] can be expired. It is {session["status"]}.'
        raise ApiError(text, kept=True)
    session_end(store, account, session)
    return session


def session_end(store: Store, account: str, session: Thing) -> None:
    """Nobody can pay it any more."""
    session.update(status="expired", url=None)
    store.emit(account, "checkout.session.expired", session)


def sweep(store: Store) -> None:
    """End the pages whose time is over."""
    for (account, _), thing in list(store.things.items()):
        if thing["object"] == "checkout.session" and thing["status"] == "open" and thing["expires_at"] <= store.now():
            session_end(store, account, thing)


# -- What the buyer does ------------------------------------------------------------------------------------------


def session_intent(store: Store, account: str, session: Thing) -> Thing:
    """The payment, made when a buyer first tries."""
    if session["payment_intent"]:
        return store.get(account, session["payment_intent"])
    intent = intent_new(store, account, session["amount_total"], store.asked[session["id"]]["payment"])
    session["payment_intent"] = intent["id"]
    store.emit(account, "payment_intent.created", intent)
    return intent


def session_pay(store: Store, account: str, session: Thing, card: str) -> None:
    """A card that is taken, or one that the bank declines."""
    intent = session_intent(store, account, session)
    store.asked[session["id"]]["error"] = ""
    if card == DECLINED:
        intent_decline(store, account, intent, card, "card_declined")
        store.asked[session["id"]]["error"] = "card_declined"
        return
    intent_succeed(store, account, intent, card)
    session_complete(store, account, session, "paid")


def session_challenge(store: Store, account: str, session: Thing) -> None:
    """The bank wants to be sure first."""
    intent = session_intent(store, account, session)
    intent.update(status="requires_action", next_action={"type": "redirect_to_url"})
    store.emit(account, "payment_intent.requires_action", intent)


def session_answer(store: Store, account: str, session: Thing, confirmed: bool) -> None:
    """What the buyer told the bank."""
    intent = session_intent(store, account, session)
    if intent["status"] != "requires_action":
        raise ApiError("Nothing to confirm.")
    if confirmed:
        session_pay(store, account, session, SECURE)
        return
    intent_decline(store, account, intent, SECURE, "payment_intent_authentication_failure")
    store.asked[session["id"]]["error"] = "authentication_failed"


def session_later(store: Store, account: str, session: Thing) -> None:
    """A way to pay that takes days: the page is done, the money is not there."""
    session_intent(store, account, session)["status"] = "processing"
    session_complete(store, account, session, "unpaid")


def session_complete(store: Store, account: str, session: Thing, payment_status: str) -> None:
    """The page has done its work."""
    session.update(status="complete", payment_status=payment_status, url=None)
    store.emit(account, "checkout.session.completed", session)


def async_finish(store: Store, name: str, ok: bool) -> Thing:
    """The money of a slow payment comes, or does not."""
    account = store.owner(name)
    session = store.get(account, name)
    intent = store.get(account, session["payment_intent"])
    if intent["status"] != "processing":
        raise ApiError("This payment is not under way.")
    if ok:
        intent_succeed(store, account, intent, PLAIN)
        session["payment_status"] = "paid"
        store.emit(account, "checkout.session.async_payment_succeeded", session)
    else:
        intent_decline(store, account, intent, PLAIN, "card_declined")
        store.emit(account, "checkout.session.async_payment_failed", session)
    return session
