"""What the cooperative is told about the province's decisions; each decision once."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from shop.listings.models import Listing, ListingChange
from shop.messaging.services import message_send

REASON_IN_MESSAGE = 200


def published(listing: Listing) -> None:
    send(
        listing,
        f"listing-published-{listing.pk}-{listing.revision}-{stamp(listing)}",
        lambda: _("%(title)s is on sale now. %(url)s") % words(listing),
    )


def refused(listing: Listing, reason: str) -> None:
    send(
        listing,
        f"listing-refused-{listing.pk}-{listing.revision}-{stamp(listing)}",
        lambda: (
            _("The province sent back %(title)s: %(reason)s Please mend it and send it again: %(url)s")
            % {**words(listing), "reason": sentence(reason)}
        ),
    )


def change_accepted(change: ListingChange) -> None:
    send(
        change.listing,
        f"listing-change-{change.pk}-accepted",
        lambda: _("Your changes of %(title)s can be seen now. %(url)s") % words(change.listing),
    )


def change_refused(change: ListingChange) -> None:
    send(
        change.listing,
        f"listing-change-{change.pk}-refused",
        lambda: (
            _("The province did not take your changes of %(title)s: %(reason)s %(url)s")
            % {**words(change.listing), "reason": sentence(change.reason)}
        ),
    )


def send(listing: Listing, key: str, text: "object") -> None:
    """To the cooperative's number, in Vietnamese, once for a key."""
    with override("vi"):
        message_send(kind="listing_reviewed", to=listing.cooperative.phone, body=str(text()), key=key)


def words(listing: Listing) -> dict[str, str]:
    url = f"{settings.SITE_URL}/ban-hang/hang/{listing.pk}/"
    return {"title": f"“{listing.product.title}”", "url": url}


def sentence(reason: str) -> str:
    """The reason, short and with its full stop."""
    text = reason if len(reason) <= REASON_IN_MESSAGE else reason[: REASON_IN_MESSAGE - 1] + "…"
    return text if text[-1:] in ".!?…" else f"{text}."


def stamp(listing: Listing) -> str:
    """Which sending the decision answers."""
    return f"{listing.sent_at:%Y%m%d%H%M%S}" if listing.sent_at else "0"
