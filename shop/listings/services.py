"""Every change that a cooperative makes to its goods; each function is one transaction and safe to call twice.

The province's side is in ``shop.listings.review``, pictures in ``shop.listings.photos``. Locks are taken in the order
listing, stock record, audit entry.
"""

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from oscar.core.loading import get_model

from shop.cooperatives.models import Cooperative
from shop.core.dates import ALL_YEAR
from shop.listings.changes import change_put
from shop.listings.copying import pictures_copy, sizes_copy
from shop.listings.creating import Draft, listings_create
from shop.listings.errors import ListingError
from shop.listings.fields import (
    FREE,
    LIMITS,
    MAX_PRICE,
    MAX_STOCK,
    REVIEWED,
    ListingFields,
    fields_clean,
    ship_weight_of,
)
from shop.listings.models import Listing
from shop.listings.reading import fields_of, missing_of
from shop.listings.review import (
    change_accept,
    change_refuse,
    change_withdraw,
    listing_publish,
    listing_refuse,
    listing_take_down,
)
from shop.listings.rows import (
    category_set,
    listing_lock,
    listing_log,
    slug_of,
    state_move,
    stock_record_of,
)

__all__ = [
    "Draft",
    "ListingError",
    "ListingFields",
    "change_accept",
    "change_refuse",
    "change_withdraw",
    "fields_of",
    "listing_archive",
    "listing_copy",
    "listing_create",
    "listing_pause",
    "listing_publish",
    "listing_refuse",
    "listing_restore",
    "listing_resume",
    "listing_send",
    "listing_take_down",
    "listing_update",
    "listings_create",
    "price_stock_set",
    "season_set",
]

State = Listing.State
#: The cooperative's own desk: changes are applied at once, because no shopper has read the text yet.
UNSEEN = (State.DRAFT, State.REVIEW, State.REFUSED)


@transaction.atomic
def listing_create(
    *, cooperative: Cooperative, fields: ListingFields, by: str, key: str | None = None, sku: str = ""
) -> Listing:
    """A draft with its product and stock record; raises ListingError for a value that cannot be kept.

    A second call with the same ``key`` (at most 40 characters) gives the first one's listing, unchanged. ``sku`` is the
    cooperative's own number for the product; made up when empty. ``by`` is kept with later decisions, not with a draft.
    """
    draft = Draft(fields=fields, key=key or None, sku=sku)
    return listings_create(cooperative=cooperative, drafts=[draft], by=by)[0]


@transaction.atomic
def listing_update(*, listing: Listing, fields: ListingFields, by: str, stock_seen: int | None = None) -> Listing:
    """Take over what the cooperative says now; raises ListingError, and then nothing is changed.

    What shoppers have already read waits as the listing's one pending ``ListingChange``; price, stock, season, reach
    are free at once. ``stock_seen``: as in ``price_stock_set``.
    """
    cleaned = fields_clean(fields)
    locked = listing_lock(listing)
    if locked.state == State.ARCHIVED:
        raise ListingError("archived")
    if locked.state in UNSEEN:
        unseen_update(locked, cleaned)
    else:
        free_update(locked, cleaned)
        change_put(locked, cleaned, by)
    before = price_stock_put(locked, cleaned.price, cleaned.stock, stock_seen)
    price_log(locked, before, cleaned.price, by)
    return locked


def unseen_update(listing: Listing, cleaned: ListingFields) -> None:
    """Everything at once; the revision grows when a reviewer would read something else."""
    before = {name: getattr(fields_of(listing), name) for name in REVIEWED}
    values_put(listing, cleaned)
    after = {name: getattr(cleaned, name) for name in REVIEWED}
    listing.revision += before != after
    product = listing.product
    if product.title != cleaned.title:
        product.title = cleaned.title
        product.slug = slug_of(cleaned.title) if listing.published_at is None else product.slug
        product.save(update_fields=["title", "slug", "date_updated"])
    category_set(product, cleaned.ocop_set)
    listing.save()


def free_update(listing: Listing, cleaned: ListingFields) -> None:
    """What needs no review: season, weight on the carrier's scale, reach."""
    listing.season = cleaned.season
    listing.ship_weight_g = ship_weight_of(cleaned.net_weight_g, cleaned.ship_weight_g) or listing.ship_weight_g
    listing.max_transit_days = cleaned.max_transit_days
    listing.save(update_fields=[*FREE, "search_text"])


def values_put(listing: Listing, cleaned: ListingFields) -> None:
    """The fields onto the row, unsaved; the title belongs to the product."""
    for name in (*LIMITS, "ocop_set", "ward_code", "net_weight_g", "season", "max_transit_days"):
        if name != "title":
            setattr(listing, name, getattr(cleaned, name))
    listing.ship_weight_g = ship_weight_of(cleaned.net_weight_g, cleaned.ship_weight_g)


# -- Price, stock, season -------------------------------------------------------------------------------------------


@transaction.atomic
def price_stock_set(
    *, listing: Listing, price: int | None = None, stock: int | None = None, by: str, stock_seen: int | None = None
) -> Listing:
    """Price of one unit in dong, and how many units can still be ordered; None leaves a value as it is.

    Units held by open orders come on top of ``stock`` and are never given away. With ``stock_seen``, the number on the
    page that the person looked at, an order placed meanwhile raises ListingError ``stock_moved`` (with ``left``) and
    nothing is changed; a second press of the same button is harmless.
    """
    if price is not None and not 1 <= price <= MAX_PRICE:
        raise ListingError("price", "price")
    if stock is not None and not 0 <= stock <= MAX_STOCK:
        raise ListingError("stock", "stock")
    locked = listing_lock(listing)
    if locked.state == State.ARCHIVED:
        raise ListingError("archived")
    before = price_stock_put(locked, price, stock, stock_seen)
    price_log(locked, before, price, by)
    return locked


def price_stock_put(
    listing: Listing, price: int | None, stock: int | None, stock_seen: int | None = None
) -> int | None:
    """Both onto the stock record, the stock by one conditional UPDATE; gives the price before."""
    if price is None and stock is None:
        return None
    record = stock_record_of(listing)
    before = int(record.price) if record.price is not None else None
    rows = get_model("partner", "StockRecord").objects.filter(pk=record.pk)
    held = Coalesce(F("num_allocated"), 0)
    if stock is not None:
        free = rows if stock_seen is None else rows.filter(num_in_stock=held + stock_seen)
        if not free.update(num_in_stock=held + stock):
            record.refresh_from_db()
            left = max(0, record.net_stock_level)
            if left != stock:
                raise ListingError("stock_moved", "stock", left=left)
    if price is not None and price != before:
        rows.update(price=price, date_updated=timezone.now())
    return before


def price_log(listing: Listing, before: int | None, price: int | None, by: str) -> None:
    """A changed price is told when shoppers may have seen the old one."""
    if listing.published_at and price is not None and before != price:
        listing_log("price", listing, by, before={"price": before}, after={"price": price})


@transaction.atomic
def season_set(*, listing: Listing, season: int, by: str) -> Listing:
    """Months with goods: twelve bits, January the lowest, at least one; raises ListingError ``season``."""
    if not 0 < season <= ALL_YEAR:
        raise ListingError("season", "season")
    locked = listing_lock(listing)
    if locked.season != season:
        locked.season = season
        locked.save(update_fields=["season", "search_text"])
    return locked


# -- States ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def listing_send(*, listing: Listing, by: str) -> Listing:
    """Ask the province to look at it. Raises ListingError ``incomplete`` with what is missing, or ``state``."""
    locked = listing_lock(listing)
    if locked.state == State.REVIEW:
        return locked
    if locked.state not in (State.DRAFT, State.REFUSED):
        raise ListingError("state")
    missing = missing_of(locked)
    if missing:
        raise ListingError("incomplete", missing[0], missing=missing)
    before = {"state": locked.state}
    state_move(locked, State.REVIEW, sent_at=timezone.now(), refusal="")
    listing_log("sent", locked, by, before=before, after={"state": locked.state, "revision": locked.revision})
    return locked


@transaction.atomic
def listing_pause(*, listing: Listing, by: str) -> Listing:
    """Off the shelf for a while; whoever has it in the basket is told. Raises ListingError ``state``."""
    return step(listing, by, "paused", State.PAUSED, (State.PUBLISHED,))


@transaction.atomic
def listing_resume(*, listing: Listing, by: str) -> Listing:
    """Back on the shelf as it was, without another review. Raises ListingError ``state``."""
    return step(listing, by, "resumed", State.PUBLISHED, (State.PAUSED,))


@transaction.atomic
def listing_archive(*, listing: Listing, by: str) -> Listing:
    """Out of the way; the row is kept for a year at least (decree 52/2013 and its successors ask for it).

    A change that was waiting is withdrawn.
    """
    locked = listing_lock(listing)
    if locked.state == State.ARCHIVED:
        return locked
    if locked.changes.filter(state="pending").exists():
        change_withdraw(listing=locked, by=by)
    return step(locked, by, "archived", State.ARCHIVED, tuple(State), archived_at=timezone.now())


@transaction.atomic
def listing_restore(*, listing: Listing, by: str) -> Listing:
    """Out of the archive: paused when shoppers knew it and nobody objected, else a draft."""
    locked = listing_lock(listing)
    known = locked.published_at is not None and not locked.refusal
    target = State.PAUSED if known else State.DRAFT
    return step(locked, by, "restored", target, (State.ARCHIVED,), archived_at=None)


def step(listing: Listing, by: str, action: str, target: str, allowed: tuple[str, ...], **also: Any) -> Listing:
    """From one of the allowed states to the target, told in the audit trail; there already: nothing happens."""
    locked = listing_lock(listing)
    if locked.state == target:
        return locked
    if locked.state not in allowed:
        raise ListingError("state")
    before = {"state": locked.state}
    state_move(locked, target, **also)
    listing_log(action, locked, by, before=before, after={"state": target})
    return locked


@transaction.atomic
def listing_copy(*, listing: Listing, by: str, key: str | None = None) -> Listing:
    """A draft with the same words, pictures and sizes, to be changed into something similar; nothing in stock.

    A second call with the same ``key`` gives the first copy.
    """
    fields = replace(fields_of(listing), stock=None)
    copied = listing_create(cooperative=listing.cooperative, fields=fields, by=by, key=key)
    pictures_copy(listing, copied)
    sizes_copy(listing, copied, by)
    return copied
