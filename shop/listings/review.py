"""The province looks at goods before shoppers read about them; every decision is one transaction, told once.

``revision`` is the number on the page that the officer read: a listing or change that is another by now raises
ListingError ``revision``.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override
from oscar.core.loading import get_model

from shop.core.plain import plain_text
from shop.listings import told
from shop.listings.changes import pending_of
from shop.listings.errors import ListingError
from shop.listings.fields import LIMITS
from shop.listings.models import Listing, ListingChange
from shop.listings.reading import fields_of, missing_of
from shop.listings.rows import category_set, listing_lock, listing_log, state_move

State = Listing.State
REASON_LIMIT = 500


@transaction.atomic
def listing_publish(*, listing: Listing, by: str, revision: int | None = None) -> Listing:
    """On sale from now on. Raises ListingError ``state``, ``revision``, ``incomplete`` or ``closed``."""
    locked = listing_lock(listing)
    if locked.state == State.PUBLISHED:
        return locked
    if locked.state != State.REVIEW:
        raise ListingError("state")
    if revision is not None and revision != locked.revision:
        raise ListingError("revision")
    if not locked.cooperative.is_published:
        raise ListingError("closed")
    missing = missing_of(locked)
    if missing:
        raise ListingError("incomplete", missing[0], missing=missing)
    state_move(locked, State.PUBLISHED, published_at=locked.published_at or timezone.now(), refusal="")
    told.published(locked)
    after = {"state": locked.state, "revision": locked.revision, "said": said_of(locked)}
    listing_log("published", locked, by, before={"state": State.REVIEW.value}, after=after)
    return locked


@transaction.atomic
def listing_refuse(*, listing: Listing, reason: str, by: str, revision: int | None = None) -> Listing:
    """Back to the cooperative, with the reason; it may mend and send it again. ListingError ``state``, ``reason``."""
    return send_back(listing, reason, by, action="refused", allowed=(State.REVIEW,), revision=revision)


@transaction.atomic
def listing_take_down(*, listing: Listing, reason: str, by: str) -> Listing:
    """Off the shelf at once by the province; on again only after another review. ListingError as for a refusal."""
    return send_back(listing, reason, by, action="taken_down", allowed=(State.PUBLISHED, State.PAUSED))


def send_back(
    listing: Listing, reason: str, by: str, *, action: str, allowed: tuple[str, ...], revision: int | None = None
) -> Listing:
    """One of the allowed states becomes refused; refused for the same reason already: nothing happens."""
    reason = reason_clean(reason)
    locked = listing_lock(listing)
    if locked.state == State.REFUSED and locked.refusal == reason:
        return locked
    if locked.state not in allowed:
        raise ListingError("state")
    if revision is not None and revision != locked.revision:
        raise ListingError("revision")
    before = {"state": locked.state, "revision": locked.revision, "said": said_of(locked)}
    pending = pending_of(locked)
    if pending:
        decide(pending, ListingChange.State.REFUSED, by, reason)
    state_move(locked, State.REFUSED, refusal=reason)
    told.refused(locked, reason)
    listing_log(action, locked, by, before=before, after={"state": locked.state, "reason": reason})
    return locked


# -- Changes of what is on sale --------------------------------------------------------------------------------------


@transaction.atomic
def change_accept(*, change: ListingChange, by: str, revision: int | None = None) -> ListingChange:
    """The words of the change replace the live ones. Raises ListingError ``state`` or ``revision``."""
    listing, locked = change_lock(change)
    if locked.state == ListingChange.State.ACCEPTED:
        return locked
    change_check(listing, locked, revision)
    before = {name: getattr(fields_of(listing), name) for name in locked.values if name != "photos"}
    change_apply(listing, locked.values)
    decide(locked, ListingChange.State.ACCEPTED, by)
    told.change_accepted(locked)
    listing_log("change_accepted", listing, by, before=before, after=dict(locked.values))
    return locked


@transaction.atomic
def change_refuse(*, change: ListingChange, reason: str, by: str, revision: int | None = None) -> ListingChange:
    """The live words stay; the cooperative reads why. Raises ListingError ``state``, ``revision``, ``reason``."""
    reason = reason_clean(reason)
    listing, locked = change_lock(change)
    if locked.state == ListingChange.State.REFUSED:
        return locked
    change_check(listing, locked, revision)
    decide(locked, ListingChange.State.REFUSED, by, reason)
    told.change_refused(locked)
    listing_log("change_refused", listing, by, before=dict(locked.values), after={"reason": reason})
    return locked


@transaction.atomic
def change_withdraw(*, listing: Listing, by: str) -> None:
    """The cooperative does not want the pending change any more; nothing when there is none."""
    locked = listing_lock(listing)
    pending = pending_of(locked)
    if pending:
        decide(pending, ListingChange.State.WITHDRAWN, by)


def change_lock(change: ListingChange) -> tuple[Listing, ListingChange]:
    """The listing first, then its change, as they are now."""
    listing = listing_lock(change.listing)
    return listing, ListingChange.objects.select_for_update(of=("self",)).get(pk=change.pk)


def change_check(listing: Listing, change: ListingChange, revision: int | None) -> None:
    if change.state != ListingChange.State.PENDING or listing.state not in (State.PUBLISHED, State.PAUSED):
        raise ListingError("state")
    if revision is not None and revision != change.revision:
        raise ListingError("revision")


def change_apply(listing: Listing, values: dict[str, Any]) -> None:
    """The values onto listing, product and category; pictures behind those that are there."""
    for name, value in values.items():
        if name == "title":
            listing.product.title = value
            listing.product.save(update_fields=["title", "date_updated"])
        elif name != "photos":
            setattr(listing, name, value)
    if "ocop_set" in values:
        category_set(listing.product, values["ocop_set"])
    photos_append(listing, values.get("photos", []))
    listing.revision += 1
    listing.save()


def photos_append(listing: Listing, names: list[str]) -> None:
    """Stored pictures behind those that the product has; described by the title as long as they have no caption."""
    ProductImage = get_model("catalogue", "ProductImage")
    last = ProductImage.objects.filter(product_id=listing.product_id).order_by("-display_order").first()
    start = last.display_order + 1 if last else 0
    for position, name in enumerate(names, start):
        ProductImage.objects.create(product_id=listing.product_id, original=name, display_order=position)


def decide(change: ListingChange, state: str, by: str, reason: str = "") -> None:
    change.state, change.decided_by, change.decided_at, change.reason = state, by, timezone.now(), reason
    change.save(update_fields=["state", "decided_by", "decided_at", "reason"])


def reason_clean(reason: str) -> str:
    text = plain_text(reason, REASON_LIMIT, lines=False)
    if not text:
        raise ListingError("reason", "reason")
    return text


def said_of(listing: Listing) -> dict[str, Any]:
    """The words that were judged, for the audit trail."""
    with override("vi"):
        said = fields_of(listing)
    return {name: getattr(said, name) for name in (*LIMITS, "ocop_set", "ward_code") if getattr(said, name)}
