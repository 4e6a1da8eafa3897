"""What buyers are told about their money: one message for one movement."""

from typing import Any

from django.conf import settings
from django.utils.translation import override

from shop.core.codes import display_number
from shop.core.lang import shop_name
from shop.core.money import format_dong
from shop.notices.services import buyer_tell, group_of, order_tell
from shop.notices.texts import EXCESS, KINDS, LATE, MISSING, RECEIVED
from shop.payment.attempts.models import Attempt
from shop.payment.books import balance_of, paid_amount
from shop.payment.refunds.models import Refund


def buyer_notice(*, order: Any, attempt: Attempt, entry: Any, is_late: bool = False) -> None:
    """Money came: all of it, or what is still missing; with what was too much, and that a late order goes on."""
    group = group_of(order)
    if group is None:
        return
    with override(group.language):
        body = " ".join(part for part in received_parts(order, attempt, entry, is_late) if part)
        body = f"{body} {settings.SITE_URL}{group.get_absolute_url()}"
    buyer_tell(order=order, kind=KINDS["money_received"], body=body, key=f"money-{entry.pk}")


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
    parts = [str(RECEIVED) % values]
    if attempt.state != Attempt.State.CONFIRMED:
        parts.append(str(MISSING) % values)
    if is_late:
        parts.append(str(LATE))
    if excess:
        parts.append(str(EXCESS) % values)
    return parts


def refund_notice(refund: Refund) -> None:
    """The money is on its way back."""
    if refund.order_id:
        values = {"sum": format_dong(refund.amount), "reference": refund.reference}
        order_tell(order=refund.order, kind="money_returned", key=f"refund-{refund.pk}", values=values)
