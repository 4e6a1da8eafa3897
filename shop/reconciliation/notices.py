"""What buyers are told about their money: one message for one movement."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext, override

from shop.core.codes import display_number
from shop.core.lang import shop_name
from shop.core.money import format_dong
from shop.messaging.services import message_send
from shop.payment.attempts.models import Attempt
from shop.payment.books import balance_of, paid_amount
from shop.payment.refunds.models import Refund


def group_of(order: Any) -> Any:
    """The purchase that the order belongs to; None for an order that was made some other way."""
    membership = getattr(order, "membership", None)
    return membership.group if membership else None


def buyer_notice(*, order: Any, attempt: Attempt, entry: Any, is_late: bool = False) -> None:
    """Money came: all of it, or what is still missing; with what was too much, and that a late order goes on."""
    group = group_of(order)
    if group is None:
        return
    with override(group.language):
        body = " ".join(part for part in received_parts(order, attempt, entry, is_late) if part)
        body = f"{body} {settings.SITE_URL}{group.get_absolute_url()}"
    message_send(kind="money_received", to=group.phone, body=body, key=f"money-{entry.pk}")


def received_parts(order: Any, attempt: Attempt, entry: Any, is_late: bool) -> list[str]:
    """The sentences of the message."""
    missing = int(attempt.source.amount_allocated) - paid_amount(attempt.source)
    excess = balance_of(order).owed
    values = {
        "shop": shop_name(),
        "name": order.consignment.cooperative.display_name,
        "sum": format_dong(int(entry.amount)),
        "number": display_number(order.number),
        "missing": format_dong(max(0, missing)),
        "excess": format_dong(excess),
    }
    parts = [gettext("%(shop)s: %(name)s received %(sum)s for order %(number)s.") % values]
    if attempt.state != Attempt.State.CONFIRMED:
        parts.append(gettext("%(missing)s is still missing: please transfer it with the same memo.") % values)
    if is_late:
        parts.append(gettext("The money came late, but the goods were still there: your order goes on.") % values)
    if excess:
        parts.append(gettext("You paid %(excess)s too much; the cooperative sends it back.") % values)
    return parts


def refund_notice(refund: Refund) -> None:
    """The money is on its way back."""
    group = group_of(refund.order) if refund.order_id else None
    if group is None:
        return
    with override(group.language):
        body = gettext("%(shop)s: %(name)s paid back %(sum)s for order %(number)s. Bank reference: %(reference)s.") % {
            "shop": shop_name(),
            "name": refund.cooperative.display_name,
            "sum": format_dong(refund.amount),
            "number": display_number(refund.order.number),
            "reference": refund.reference,
        }
    message_send(kind="money_returned", to=group.phone, body=body, key=f"refund-{refund.pk}")
