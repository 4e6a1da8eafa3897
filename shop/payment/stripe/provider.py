"""Pay by card on Stripe's own page: no card number ever reaches this shop."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shop.payment.attempts.models import Attempt
from shop.payment.providers import Availability

CODE = "stripe"
#: Dong. Stripe takes no payment below about 0.50 US dollars, whatever the rate of the day.
MINIMUM = 15_000
#: Dong. Stripe takes amounts of up to eight digits.
MAXIMUM = 99_999_999


def per_order() -> bool:
    """Whether each order is charged to its cooperative's own Stripe account."""
    return settings.STRIPE_COLLECTS == "order"


class Card:
    """The buyer pays on a page of Stripe's; the goods are held until that page has ended."""

    code = CODE
    label = _("Card (Visa, Mastercard, JCB)")
    hint = _("On a secure page of Stripe, also from abroad")
    icon = "card"
    holds_stock_until_paid = True

    def availability(self, cooperative: Any, total: int) -> Availability:
        if not settings.STRIPE_SECRET_KEY:
            return Availability(False, _("Cards are not taken here"))
        if per_order() and not takes_cards(cooperative):
            return Availability(False, _("This cooperative does not take cards yet"))
        if total < MINIMUM:
            return Availability(False, _("This sum is too small for a card"))
        return Availability(total <= MAXIMUM, _("This sum is too large for a card"))

    def start(self, attempt: Attempt) -> None:
        """Nothing inside the order's transaction: Stripe is asked when the buyer goes to its page."""


def takes_cards(cooperative: Any) -> bool:
    """Whether the cooperative has an account at Stripe that may charge cards."""
    account = getattr(cooperative, "stripe_account", None)
    return account is not None and account.charges_enabled
