"""What an offer does, in one line and by an example."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.promotions.benefits import percent_off
from shop.promotions.models import CooperativeOffer
from shop.promotions.services import OfferError
from shop.seller.money.words import dong_text

Kind, State = CooperativeOffer.Kind, CooperativeOffer.State

KINDS = [
    (Kind.PERCENT, "gift", gettext_lazy("Percent off"), gettext_lazy("10% off each item")),
    (Kind.UNIT, "edit-price", gettext_lazy("Dong off each item"), gettext_lazy("20.000 ₫ off every box")),
    (Kind.AMOUNT, "cash", gettext_lazy("Dong off the order"), gettext_lazy("30.000 ₫ off orders from 300.000 ₫")),
    (Kind.MULTIBUY, "plus", gettext_lazy("Buy some, get one free"), gettext_lazy("Buy 2, get the cheapest one free")),
]
CHIPS = {State.RUNNING: "good", State.PLANNED: "wait", State.STOPPED: "", State.ENDED: "", State.USED_UP: ""}

PROBLEMS = {
    "value": ("value", gettext_lazy("That is too much or nothing.")),
    "goods": ("listings", gettext_lazy("Please choose among your goods.")),
    "dates": ("ends", gettext_lazy("These days are over, or the last one is before the first one.")),
    "code": ("code", gettext_lazy("A code has 4 to 20 letters and digits.")),
    "taken": ("code", gettext_lazy("This code is taken. Please choose another one.")),
    "too_many": (None, gettext_lazy("There are enough offers or codes. Stop one first.")),
    "stopped": (None, gettext_lazy("This offer has been stopped.")),
}


def problem_of(error: OfferError) -> tuple[str | None, Any]:
    """The field that an error belongs to, and what to say there."""
    if error.code == "overlap":
        text = _(
            "“%(title)s” already lowers the price of some of these goods in that time. Stop it first, or use a code."
        )
        return None, text % {"title": error.offer.title}
    return PROBLEMS[error.code]


def effect_text(kind: str, value: int, cap: int | None, min_spend: int) -> str:
    """What the offer gives: "10% off, at most 50.000 ₫, for goods from 300.000 ₫"."""
    parts = {
        Kind.PERCENT: _("%(percent)d%% off") % {"percent": value},
        Kind.UNIT: _("%(sum)s off each item") % {"sum": dong_text(value)},
        Kind.AMOUNT: _("%(sum)s off the order") % {"sum": dong_text(value)},
        Kind.MULTIBUY: _("Buy %(count)d, get 1 free") % {"count": value},
    }
    texts = [parts[Kind(kind)]]
    if cap:
        texts.append(_("at most %(sum)s an order") % {"sum": dong_text(cap)})
    if min_spend:
        texts.append(_("for goods from %(sum)s") % {"sum": dong_text(min_spend)})
    return ", ".join(texts)


def example_of(
    kind: str, value: int | None, listing: Any, min_spend: int = 0, cap: int | None = None
) -> dict[str, Any]:
    """What one of the goods would cost: name, units, dong before and after; empty without goods."""
    price = listing.product.card_price if listing else None
    if not price or not value:
        return {}
    units = value + 1 if kind == Kind.MULTIBUY else max(1, -(-min_spend // price))
    before = price * units
    off = {
        Kind.PERCENT: percent_off(price, value) * units,
        Kind.UNIT: min(price, value) * units,
        Kind.AMOUNT: min(before, value),
        Kind.MULTIBUY: price,
    }[Kind(kind)]
    return {"title": listing.title, "units": units, "before": before, "after": before - min(off, cap or off)}
