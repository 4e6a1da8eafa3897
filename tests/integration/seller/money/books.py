"""What the tests of pages about money look at in the books."""

from shop.audit.models import AuditEntry
from shop.messaging.models import Message
from shop.payment.books import balance_of
from shop.payment.refunds.models import Refund
from shop.payment.vietqr.models import BankLine, LineShare


def line_url(line, step=""):
    return f"/ban-hang/tien/{line.pk}/" + (f"{step}/" if step else "")


def refund_url(refund, step=""):
    return f"/ban-hang/tien/tra-lai/{refund.pk}/" + (f"{step}/" if step else "")


def shown(order):
    """The order's number as pages show it."""
    return f"{order.number[:2]}-{order.number[2:6]}-{order.number[6:]}"


def received(consignment):
    return balance_of(consignment.order).received


def reload(row):
    row.refresh_from_db()
    return row


def snapshot():
    """Everything that a step could change, for comparing before and after."""
    return (
        list(BankLine.objects.order_by("pk").values_list("pk", "state", "note", "handled_by", "refund")),
        list(LineShare.objects.order_by("pk").values_list("line", "attempt", "amount", "undone_by")),
        list(Refund.objects.order_by("pk").values_list("pk", "state", "amount", "number", "reference", "closed_by")),
        AuditEntry.objects.count(),
        Message.objects.count(),
    )
