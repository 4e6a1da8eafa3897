"""The field for a code in basket and checkout, and what is said about the codes that are in."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shop.checkout.parcels import Cart
from shop.checkout.vouchers import VoucherLine
from shop.core.money import format_dong
from shop.promotions.entering import VoucherRefused, basket_voucher_add, basket_voucher_remove
from shop.templatetags.shop_tags import daymonth

FIELD, REMOVE = "voucher", "voucher_remove"


@dataclass
class VoucherField:
    """What was typed, and why it was not taken. ``changed``: a code went in or out."""

    typed: str = ""
    error: str = ""
    changed: bool = False


def vouchers_change(request: HttpRequest) -> VoucherField:
    """Take a posted code in, or one out; what is refused stays in the field."""
    if not request.basket.pk:
        return VoucherField()
    pk = request.POST.get(REMOVE, "")
    if pk.isascii() and pk.isdigit() and len(pk) < 16:
        basket_voucher_remove(basket=request.basket, pk=int(pk))
        return VoucherField(changed=True)
    typed = request.POST.get(FIELD, "")[:80]
    if not typed.strip():
        return VoucherField()
    try:
        basket_voucher_add(basket=request.basket, typed=typed)
    except VoucherRefused as refusal:
        return VoucherField(typed, refusal_text(refusal.code))
    return VoucherField(changed=True)


def refusal_text(code: str) -> str:
    """Why a code was not taken."""
    texts = {
        "too_many": _("There are enough codes in this basket. Take one out first."),
        "placed": _("This basket was ordered a moment ago. Please try again."),
    }
    return texts.get(code, _("No cooperative here has this code. Please check the letters."))


def voucher_rows(cart: Cart) -> list[dict[str, Any]]:
    """The codes of a basket for the template."""
    return [{"row": row, "text": reason_text(row)} for row in cart.vouchers]


def reason_text(row: VoucherLine) -> str:
    """Why a code does nothing; whose it is when it saves something."""
    seller = row.cooperative.display_name if row.cooperative else ""
    if row.saved:
        return _("from %(name)s") % {"name": seller} if seller else ""
    texts = {
        "early": _("Counts from %(day)s on.") % {"day": daymonth(row.starts_at)},
        "ended": _("This code has ended."),
        "used": _("This code has been used."),
        "sign_in": _("This code is for one use by each customer: please sign in."),
        "elsewhere": _("Only for goods of %(name)s: there are none in your basket.") % {"name": seller},
        "more": _("Counts when goods of %(name)s for %(sum)s more are in the basket.")
        % {"name": seller, "sum": format_dong(row.missing, get_language() or "vi")},
        "others": _("Not for these goods, or not for so few of them."),
    }
    return texts[row.reason] if row.reason in texts else _("It takes nothing off now.")
