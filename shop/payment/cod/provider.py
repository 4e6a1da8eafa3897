"""Pay the carrier in cash; the cooperative says whether it takes that."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shop.payment.attempts.models import Attempt
from shop.payment.providers import Availability


class CashOnDelivery:
    """No money moves before the parcel arrives, so the stock is held without a clock."""

    code = "cod"
    label = _("Cash on delivery")
    hint = _("The driver calls before coming")
    icon = "cash"
    holds_stock_until_paid = False

    def availability(self, cooperative: Any, total: int) -> Availability:
        if not cooperative.accepts_cod:
            return Availability(False, _("This cooperative does not take cash yet"))
        limit = settings.COD_LIMIT if cooperative.cod_limit is None else min(cooperative.cod_limit, settings.COD_LIMIT)
        return Availability(total <= limit, _("This sum is too large for cash"))

    def start(self, attempt: Attempt) -> None:
        """Nothing to prepare."""
