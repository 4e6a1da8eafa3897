"""What a quote means, in words for buyers."""

from django.utils.translation import gettext as _

from shop.core.dates import today
from shop.delivery.quoting import Quote
from shop.templatetags.shop_tags import daymonth, dong


def arrival_text(quote: Quote) -> str:
    """When the goods are in the buyer's hands; for collection, the cooperative's own words."""
    if quote.is_pickup:
        return quote.service.note or quote.service.cooperative.pickup
    first, last = daymonth(quote.expected_from), daymonth(quote.expected_to)
    if quote.expected_to == today():
        return _("Arrives today")
    if first == last:
        return _("Arrives on %(day)s") % {"day": last}
    return _("Arrives between %(first)s and %(last)s") % {"first": first, "last": last}


def terms_text(quote: Quote) -> str:
    """What the price of a delivery holds, and what it waits for."""
    service, texts = quote.service, []
    if quote.closed and not quote.is_pickup:
        day = daymonth(quote.leaves_on)
        texts.append(_("%(reason)s: sent from %(day)s on") % {"reason": quote.closed.reason, "day": day})
    elif quote.closed:
        texts.append(
            _("%(reason)s: open again on %(day)s") % {"reason": quote.closed.reason, "day": daymonth(quote.leaves_on)}
        )
    if quote.packing:
        texts.append(_("packing %(sum)s included") % {"sum": dong(quote.packing)})
    if service.free_over and not quote.is_free and quote.price:
        texts.append(_("free from %(sum)s") % {"sum": dong(service.free_over)})
    if quote.is_free:
        texts.append(_("free: goods of %(sum)s or more") % {"sum": dong(service.free_over)})
    return " · ".join(texts)
