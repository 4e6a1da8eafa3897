"""Pictures of a product: checked, stored, put in order. What shoppers do not see yet is applied at once."""

from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from oscar.core.loading import get_model

from shop.catalogue.images import MAX_PIXELS, renditions_make
from shop.core.codes import token
from shop.core.uploads import image_clean
from shop.listings.changes import pending_of, values_put
from shop.listings.errors import ListingError
from shop.listings.models import Listing
from shop.listings.review import photos_append
from shop.listings.rows import listing_lock

#: Bytes of one file as a phone makes it.
MAX_BYTES = 50 * 1024 * 1024
MAX_PHOTOS = 10
State = Listing.State


def photos_of(listing: Listing) -> list[Any]:
    """The product's pictures, first one first."""
    rows = get_model("catalogue", "ProductImage").objects.filter(product_id=listing.product_id)
    return list(rows.order_by("display_order", "pk"))


def picture_store(listing: Listing, file: Any) -> str:
    """The picture written anew with its renditions; gives its name. Raises ``shop.core.uploads.UploadRefused``.

    Touches files only and takes a while: call it outside any transaction.
    """
    content = image_clean(file, max_bytes=MAX_BYTES, max_pixels=MAX_PIXELS)
    name = default_storage.save(f"images/products/{listing.pk}-{token(16).lower()}.jpg", content)
    renditions_make(name)
    return name


@transaction.atomic
def photo_add(*, listing: Listing, name: str, by: str) -> Listing:
    """A stored picture behind the others; of a listing that shoppers know it waits for the province.

    Raises ListingError ``photos`` (ten are enough) or ``archived``. The same picture twice is added once.
    """
    locked = listing_lock(listing)
    if locked.state == State.ARCHIVED:
        raise ListingError("archived")
    pending = pending_of(locked)
    waiting = pending.photos if pending else []
    there = [row.original.name for row in photos_of(locked)]
    if name in waiting or name in there:
        return locked
    if len(there) + len(waiting) >= MAX_PHOTOS:
        raise ListingError("photos", "photos")
    if locked.state in (State.PUBLISHED, State.PAUSED):
        values = dict(pending.values) if pending else {}
        values_put(locked, pending, values | {"photos": [*waiting, name]}, by)
    else:
        photos_append(locked, [name])
        revision_grow(locked)
    return locked


@transaction.atomic
def photo_first(*, listing: Listing, photo_id: int, by: str) -> None:
    """That picture stands on the card; the others keep their order."""
    locked, rows, index = photo_find(listing, photo_id)
    order_put(locked, [rows[index], *rows[:index], *rows[index + 1 :]])


@transaction.atomic
def photo_up(*, listing: Listing, photo_id: int, by: str) -> None:
    """One place towards the front."""
    locked, rows, index = photo_find(listing, photo_id)
    if index:
        rows[index - 1], rows[index] = rows[index], rows[index - 1]
        order_put(locked, rows)


@transaction.atomic
def photo_delete(*, listing: Listing, photo_id: int, by: str) -> None:
    """Take a picture off; its file stays, other rows may show it. ListingError ``last_photo``: shoppers need one."""
    locked, rows, index = photo_find(listing, photo_id)
    if len(rows) == 1 and locked.state in (State.PUBLISHED, State.PAUSED, State.REVIEW):
        raise ListingError("last_photo", "photos")
    rows.pop(index).delete()
    order_put(locked, rows)


@transaction.atomic
def photo_withdraw(*, listing: Listing, name: str, by: str) -> None:
    """Take back a picture that waits for the province; nothing when it does not."""
    locked = listing_lock(listing)
    pending = pending_of(locked)
    if pending is None or name not in pending.photos:
        return
    values = {**pending.values, "photos": [other for other in pending.photos if other != name]}
    if not values["photos"]:
        del values["photos"]
    values_put(locked, pending, values, by)


def photo_find(listing: Listing, photo_id: int) -> tuple[Listing, list[Any], int]:
    """The locked listing, its pictures, and where that one stands. ListingError ``photo_gone``: not one of them."""
    locked = listing_lock(listing)
    if locked.state == State.ARCHIVED:
        raise ListingError("archived")
    rows = photos_of(locked)
    index = next((n for n, row in enumerate(rows) if row.pk == photo_id), None)
    if index is None:
        raise ListingError("photo_gone", "photos")
    return locked, rows, index


def order_put(listing: Listing, rows: list[Any]) -> None:
    for position, row in enumerate(rows):
        if row.display_order != position:
            row.display_order = position
            row.save(update_fields=["display_order"])
    revision_grow(listing)


def revision_grow(listing: Listing) -> None:
    """A reviewer who looks at the old pictures is told."""
    listing.revision += 1
    listing.save(update_fields=["revision", "search_text"])
