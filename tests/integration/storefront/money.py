"""The purchase's pages in both languages, and money as it arrives."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, override

from shop.core.money import format_dong
from shop.fulfilment.services import order_expire
from shop.payment.attempts.models import Attempt
from shop.payment.books import attempts_of
from shop.payment.stripe.models import CheckoutSession
from shop.payment.vietqr.models import BankLine
from shop.reconciliation.arrivals import money_arrive
from tests.factories.bank import line_make, transfer_of

LANGUAGES = pytest.mark.parametrize("language", ["vi", "en"])
ACCOUNT = {"bin": "970436", "number": "0123456789", "holder": "NGUYEN THI THAO"}
PAYER = {"payer_bin": "970422", "payer_number": "99990000111", "payer_name": "TRAN VAN CHONG"}
TOTAL = 120_000


def words(msgid: str, language: str, **values: Any) -> str:
    """A sentence as the page says it; sums are given in dong."""
    shown = {name: format_dong(value, language) if isinstance(value, int) else value for name, value in values.items()}
    with override(language):
        return gettext(msgid) % shown if values else gettext(msgid)


def page_url(group: Any, tail: str = "", language: str = "vi") -> str:
    """Address of the purchase's page, or of something below it."""
    return f"{'/en' if language == 'en' else ''}/don-hang/{group.code}/{tail}"


def order_url(group: Any, order: Any, tail: str = "", language: str = "vi") -> str:
    """Address of one order's page, or of something below it."""
    return page_url(group, f"{order.number}/{tail}", language)


def pay(order: Any, amount: int, key: str = "money") -> Any:
    """Money as the matching books it."""
    with transaction.atomic():
        return money_arrive(attempt=attempts_of(order).first(), amount=amount, key=key, by="bank", reference="FT777")


def over(order: Any) -> None:
    """The time to pay is over."""
    past = timezone.now() - timedelta(seconds=1)
    Attempt.objects.filter(source__order=order, expires_at__isnull=False).update(expires_at=past)
    assert order_expire(order=order)


def stray(order: Any, **extra: Any) -> BankLine:
    """Money with the order's code that no order took."""
    fields = {"state": "open", "outcome": "late", **PAYER}
    memo = f"MBVCB.5.{transfer_of(order).memo} tra tien vu sua"
    return line_make(order.consignment.cooperative, memo, TOTAL, **(fields | extra))


def panel_of(client: Any, group: Any, language: str = "vi") -> Any:
    """The only order of the purchase, as its page shows it."""
    response = client.get(page_url(group, language=language))
    assert response.status_code == 200
    return response.context["panels"][0]


# -- Cards ---------------------------------------------------------------------------------------------------------


def orders_of(group: Any) -> list[Any]:
    """The orders of a purchase, in its order."""
    return [member.order for member in group.members.all()]


def press(client: Any, group: Any, language: str = "vi", **data: str) -> Any:
    """The button that leads to the card service."""
    return client.post(page_url(group, "the/", language), data)


def page_now(group: Any) -> CheckoutSession:
    """The payment page that was opened last."""
    return CheckoutSession.objects.filter(group_code=group.code).latest("pk")


def states(client: Any, group: Any) -> list[str]:
    """What the purchase's page says of each order."""
    return [panel.state for panel in client.get(page_url(group)).context["panels"]]


def come_back(client: Any, page: CheckoutSession, group: Any, language: str = "vi") -> Any:
    """The buyer's browser on its way back from the payment page."""
    return client.get(page_url(group, f"the/xong/?session_id={page.session_id}", language))
