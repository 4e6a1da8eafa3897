"""Pay by bank transfer: a VietQR code to the cooperative's own account."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from shop.cooperatives.models import Cooperative
from shop.core.codes import memo_new
from shop.payment.attempts.models import Attempt
from shop.payment.providers import Availability
from shop.payment.vietqr.models import TransferRequest
from shop.payment.vietqr.services import account_current


class NoAccount(Exception):
    """The cooperative has no active bank account."""


class VietQR:
    """The buyer's money goes straight to the seller; the code carries amount and memo."""

    code = "vietqr"
    label = _("Bank transfer by VietQR")
    hint = _("Straight to the cooperative's account")
    icon = "qr"
    holds_stock_until_paid = True

    def availability(self, cooperative: Any, total: int) -> Availability:
        return Availability(
            account_current(cooperative) is not None, _("This cooperative has no bank account here yet")
        )

    def start(self, attempt: Attempt) -> TransferRequest:
        """Freeze account, amount and a memo that no other order ever had."""
        order = attempt.source.order
        account = account_current(Cooperative.objects.get(consignments__order=order))
        if account is None:
            raise NoAccount(order.number)
        return TransferRequest.objects.create(
            attempt=attempt,
            memo=self.fresh_memo(),
            bin=account.bin,
            number=account.number,
            holder=account.holder,
            amount=int(attempt.source.amount_allocated),
        )

    def fresh_memo(self) -> str:
        memo = memo_new()
        while TransferRequest.objects.filter(memo=memo).exists():
            memo = memo_new()
        return memo
