"""Payments, charges, refunds, disputes and transfers: what the money does after (and without) the payment page."""

from typing import Any

from tests.fakes.stripe_double.errors import ApiError
from tests.fakes.stripe_double.shapes import CHARGE, DISPUTE, INTENT, REFUND, REVERSAL, TRANSFER, shape
from tests.fakes.stripe_double.store import Store, Thing, new_id

#: Dong: about 0.50 US dollars, and eight digits.
MINIMUM, MAXIMUM = 13_150, 99_999_999
#: Of these refunds the money stays with the seller.
OFF = ("failed", "canceled")
#: Disputes that are only a question.
INQUIRIES = ("warning_needs_response", "warning_under_review", "warning_closed")
MESSAGES = {
    "card_declined": "Your card was declined.",
    "payment_intent_authentication_failure": "The provided PaymentMethod has failed authentication.",
}


def intent_new(store: Store, account: str, amount: int, data: dict[str, Any]) -> Thing:
    """A payment that nothing has happened to yet."""
    wanted = {name: data[name] for name in ("description", "metadata", "transfer_group") if name in data}
    intent = shape(INTENT, id=new_id("pi_"), amount=amount, created=store.now(), currency="vnd", **wanted)
    return store.add(account, intent)


def intent_succeed(store: Store, account: str, intent: Thing, card: str) -> Thing:
    """The money is there."""
    paid = {"status": "succeeded", "paid": True, "captured": True, "amount_captured": intent["amount"]}
    charge = charge_new(store, account, intent, card, balance_transaction=new_id("txn_"), **paid)
    intent.update(status="succeeded", amount_received=intent["amount"], next_action=None, last_payment_error=None)
    store.emit(account, "charge.succeeded", charge)
    store.emit(account, "payment_intent.succeeded", intent)
    return charge


def intent_decline(store: Store, account: str, intent: Thing, card: str, code: str) -> None:
    """The bank (or the buyer's check with it) says no; the buyer may try again."""
    if code == "card_declined":
        failed = {"status": "failed", "failure_code": code, "failure_message": MESSAGES[code]}
        charge = charge_new(store, account, intent, card, **failed)
        store.emit(account, "charge.failed", charge)
    error = {"type": "card_error", "code": code, "message": MESSAGES[code]}
    intent.update(status="requires_payment_method", next_action=None, last_payment_error=error)
    store.emit(account, "payment_intent.payment_failed", intent)


def charge_new(store: Store, account: str, intent: Thing, card: str, **values: Any) -> Thing:
    """One try to take the money."""
    same = {name: intent[name] for name in ("amount", "currency", "description", "metadata", "transfer_group")}
    charge = shape(CHARGE, id=new_id("ch_"), created=store.now(), payment_intent=intent["id"], **same, **values)
    details = {"brand": "visa", "last4": card[-4:], "country": "US"}
    charge.update(payment_method=new_id("pm_"), payment_method_details={"type": "card", "card": details})
    intent["latest_charge"] = charge["id"]
    return store.add(account, charge)


# -- Refunds ------------------------------------------------------------------------------------------------------


def refund_create(store: Store, account: str, params: dict[str, Any]) -> Thing:
    """Back to the card: never more than was taken, and nothing that a dispute has taken already."""
    charge = refund_charge(store, account, params)
    left = charge["amount"] - charge["amount_refunded"]
    amount = params.get("amount", left)
    refund_allow(charge, amount, left, params)
    refund = shape(
        REFUND,
        id=new_id("re_"),
        amount=amount,
        balance_transaction=new_id("txn_"),
        charge=charge["id"],
        created=store.now(),
        currency=charge["currency"],
        metadata=params.get("metadata") or {},
        payment_intent=charge["payment_intent"],
        reason=params.get("reason"),
        status=store.refund_status,
    )
    store.add(account, refund)
    refund_sum(store, account, charge)
    store.emit(account, "refund.created", refund)
    store.emit(account, "charge.refunded", charge)
    return refund


def refund_charge(store: Store, account: str, params: dict[str, Any]) -> Thing:
    """The charge that is meant; one of two parameters names it."""
    if ("charge" in params) == ("payment_intent" in params):
        raise ApiError("One of the following params should be provided: charge, payment_intent.")
    if "charge" in params:
        return store.get(account, params["charge"])
    intent = store.get(account, params["payment_intent"])
    if not intent["latest_charge"]:
        raise ApiError(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.", kept=True)
    return store.get(account, intent["latest_charge"])


def refund_allow(charge: Thing, amount: int, left: int, params: dict[str, Any]) -> None:
    """Every reason to refuse."""
    if not charge["paid"]:
        raise ApiError("This charge has not been paid.", code="charge_not_refundable", kept=True)
    if charge["disputed"]:
        raise ApiError("This charge is disputed.", code="charge_disputed", kept=True)
    positive(amount, "amount", allowed=not left)
    if not left:
        text = f"Charge {charge['id']} has already been refunded."
        raise ApiError(text, code="charge_already_refunded", kept=True)
    if amount > left:
        text = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise ApiError(text, param="amount", kept=True)
    if params.get("reverse_transfer") and not charge["transfer_data"]:
        raise ApiError("Cannot reverse transfer: no transfer belongs to this charge.", param="reverse_transfer")


def refund_sum(store: Store, account: str, charge: Thing) -> None:
    """What has gone back of a charge."""
    mine = [refund for refund in store.all(account, "refund") if refund["charge"] == charge["id"]]
    charge["amount_refunded"] = sum(refund["amount"] for refund in mine if refund["status"] not in OFF)
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]


def refund_finish(store: Store, refund_id: str, status: str, reason: str = "unknown") -> Thing:
    """A refund that took its time ends, or one that was thought done comes back: ``succeeded`` or ``failed``."""
    account = store.owner(refund_id)
    refund = store.get(account, refund_id)
    refund["status"] = status
    if status in OFF:
        refund["failure_reason"] = reason
        refund["failure_balance_transaction"] = new_id("txn_")
    refund_sum(store, account, store.get(account, refund["charge"]))
    store.emit(account, "refund.updated", refund)
    if status in OFF:
        store.emit(account, "refund.failed", refund)
    return refund


# -- Disputes -----------------------------------------------------------------------------------------------------


def dispute_open(store: Store, intent_id: str, *, amount: int | None = None, status: str = "needs_response") -> Thing:
    """The buyer's bank wants the money back, or (``warning_needs_response``) only asks."""
    account = store.owner(intent_id)
    charge = store.get(account, store.get(account, intent_id)["latest_charge"])
    dispute = shape(
        DISPUTE,
        id=new_id("du_"),
        amount=charge["amount"] if amount is None else amount,
        charge=charge["id"],
        created=store.now(),
        currency=charge["currency"],
        is_charge_refundable=status in INQUIRIES,
        payment_intent=charge["payment_intent"],
        status=status,
    )
    charge["disputed"] = status not in INQUIRIES
    store.emit(account, "charge.dispute.created", dispute)
    return store.add(account, dispute)


def dispute_close(store: Store, dispute_id: str, status: str) -> Thing:
    """The end: ``won``, ``lost`` or ``warning_closed``."""
    account = store.owner(dispute_id)
    dispute = store.get(account, dispute_id)
    dispute["status"] = status
    store.get(account, dispute["charge"])["disputed"] = status == "lost"
    store.emit(account, "charge.dispute.closed", dispute)
    return dispute


# -- Transfers ----------------------------------------------------------------------------------------------------


def transfer_create(store: Store, account: str, params: dict[str, Any]) -> Thing:
    """From the platform to a connected account; out of one charge never more than it brought."""
    if params["destination"] not in store.accounts:
        raise ApiError(f"No such destination: '{params['destination']}'", code="resource_missing", param="destination")
    if params["currency"] != "vnd":
        raise ApiError(f"Invalid currency: {params['currency']}", param="currency")
    positive(params.get("amount", 0), "amount")
    transfer_allow(store, account, params)
    names = ("amount", "currency", "description", "destination", "metadata", "source_transaction", "transfer_group")
    wanted = {name: params[name] for name in names if name in params}
    transfer = shape(TRANSFER, id=new_id("tr_"), created=store.now(), destination_payment=new_id("py_"), **wanted)
    store.add(account, transfer)
    store.emit(account, "transfer.created", transfer)
    return transfer


def transfer_allow(store: Store, account: str, params: dict[str, Any]) -> None:
    """All transfers out of one charge together are no more than it brought."""
    if "source_transaction" not in params:
        return
    charge = store.get(account, params["source_transaction"])
    others = [each for each in store.all(account, "transfer") if each["source_transaction"] == charge["id"]]
    if params["amount"] + sum(each["amount"] for each in others) > charge["amount"]:
        raise ApiError("Transfers out of a charge cannot be larger than the charge.", param="amount", kept=True)


def transfer_reverse(store: Store, account: str, transfer_id: str, params: dict[str, Any]) -> Thing:
    """Back from the connected account; never more than went there, nor than it still has."""
    transfer = store.get(account, transfer_id)
    left = transfer["amount"] - transfer["amount_reversed"]
    amount = params.get("amount", left)
    positive(amount, "amount")
    if amount > left:
        raise ApiError(f"Reversal amount is greater than unreversed amount ({left}).", param="amount", kept=True)
    if store.accounts[transfer["destination"]].get("empty"):
        raise ApiError("Insufficient funds in the account.", code="balance_insufficient", kept=True)
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    reversal = shape(
        REVERSAL,
        id=new_id("trr_"),
        amount=amount,
        created=store.now(),
        currency=transfer["currency"],
        metadata=params.get("metadata") or {},
        transfer=transfer["id"],
    )
    transfer["reversals"]["data"].insert(0, reversal)
    store.emit(account, "transfer.reversed", transfer)
    return reversal


def positive(amount: int, name: str, *, allowed: bool = False) -> None:
    """At least one dong."""
    if amount < 1 and not allowed:
        raise ApiError("Invalid positive integer", code="parameter_invalid_integer", param=name)
