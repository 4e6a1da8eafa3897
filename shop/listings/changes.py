"""The one pending change of a listing that shoppers know already."""

from typing import Any

from django.utils import timezone

from shop.listings.fields import REVIEWED, ListingFields
from shop.listings.models import Listing, ListingChange
from shop.listings.reading import fields_of


def pending_of(listing: Listing) -> ListingChange | None:
    """What waits for the province, or None."""
    return ListingChange.objects.filter(listing=listing, state=ListingChange.State.PENDING).first()


def proposed_fields(listing: Listing, change: ListingChange | None) -> ListingFields:
    """The listing as the cooperative wants it: the editor shows this, shoppers do not."""
    said = fields_of(listing)
    wanted = {name: value for name, value in (change.values if change else {}).items() if name in REVIEWED}
    return ListingFields(**{**{name: getattr(said, name) for name in said.__dataclass_fields__}, **wanted})


def change_put(listing: Listing, cleaned: ListingFields, by: str) -> ListingChange | None:
    """What differs from the live listing becomes its pending change; a pending one that no longer differs goes."""
    live = fields_of(listing)
    differs = [name for name in REVIEWED if getattr(live, name) != getattr(cleaned, name)]
    pending = pending_of(listing)
    values: dict[str, Any] = {name: getattr(cleaned, name) for name in differs}
    if pending and pending.photos:
        values["photos"] = pending.photos
    return values_put(listing, pending, values, by)


def values_put(
    listing: Listing, pending: ListingChange | None, values: dict[str, Any], by: str
) -> ListingChange | None:
    """Store these values as the pending change; the revision grows when they are others than before."""
    live = fields_of(listing)
    before = {name: getattr(live, name) for name in values if name != "photos"}
    if not values:
        if pending:
            pending.state, pending.decided_by, pending.decided_at = "withdrawn", by, timezone.now()
            pending.save(update_fields=["state", "decided_by", "decided_at"])
        return None
    if pending is None:
        return ListingChange.objects.create(listing=listing, values=values, before=before, asked_by=by)
    if pending.values != values:
        pending.values, pending.before, pending.asked_by = values, before, by
        pending.revision += 1
        pending.save(update_fields=["values", "before", "asked_by", "revision"])
    return pending
