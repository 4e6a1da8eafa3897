"""A picture in parts: a lost line costs the last part, not the whole picture."""

import io

from django.db import transaction
from django.db.models import Sum

from shop.core.codes import token
from shop.listings.errors import ListingError
from shop.listings.models import Listing, PhotoPart, PhotoUpload
from shop.listings.photos import MAX_BYTES, photo_add, picture_store
from shop.listings.rows import listing_lock

#: Bytes that a page should send at a time, and the most that is taken.
PART, MAX_PART = 256 * 1024, 1024 * 1024
#: What one cooperative may have on its way.
MAX_WAITING = 150 * 1024 * 1024
MAX_OPEN = 30


@transaction.atomic
def upload_start(*, listing: Listing, size: int, by: str) -> PhotoUpload:
    """Room for a picture of ``size`` bytes. Raises ListingError ``too_big`` or ``quota``."""
    if not 0 < size <= MAX_BYTES:
        raise ListingError("too_big", "photos")
    locked = listing_lock(listing)
    waiting = PhotoUpload.objects.filter(cooperative_id=locked.cooperative_id, photo_name="")
    taken = waiting.aggregate(total=Sum("size"))["total"] or 0
    if taken + size > MAX_WAITING or waiting.count() >= MAX_OPEN:
        raise ListingError("quota", "photos")
    return PhotoUpload.objects.create(
        listing=locked, cooperative_id=locked.cooperative_id, token=token(24).lower(), size=size
    )


@transaction.atomic
def upload_put(*, upload: PhotoUpload, offset: int, content: bytes) -> PhotoUpload:
    """Keep the bytes from ``offset`` on; a part that is there already is passed over.

    Raises ListingError ``offset`` (``left``: where to go on) or ``too_big``.
    """
    locked = PhotoUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if offset + len(content) <= locked.received:
        return locked
    if offset != locked.received:
        raise ListingError("offset", "photos", left=locked.received)
    if not content or len(content) > MAX_PART or offset + len(content) > locked.size:
        raise ListingError("too_big", "photos")
    PhotoPart.objects.create(upload=locked, offset=offset, content=content)
    locked.received += len(content)
    locked.save(update_fields=["received"])
    return locked


def upload_finish(*, upload: PhotoUpload, by: str) -> Listing:
    """The parts become a picture of the listing, once. Raises ListingError ``offset`` while some are missing, and
    ``UploadRefused`` for what is no picture: its parts are dropped."""
    if upload.photo_name:
        return upload.listing
    if upload.received != upload.size:
        raise ListingError("offset", "photos", left=upload.received)
    parts = PhotoPart.objects.filter(upload=upload).order_by("offset").values_list("content", flat=True)
    whole = io.BytesIO(b"".join(bytes(part) for part in parts))
    try:
        name = picture_store(upload.listing, whole)
    except Exception:
        upload.delete()
        raise
    return upload_settle(upload, name, by)


@transaction.atomic
def upload_settle(upload: PhotoUpload, name: str, by: str) -> Listing:
    """The picture is the listing's, and its parts are gone; the second of two calls adds nothing."""
    listing = listing_lock(upload.listing)
    locked = PhotoUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if locked.photo_name:
        return listing
    listing = photo_add(listing=listing, name=name, by=by)
    locked.photo_name = name
    locked.save(update_fields=["photo_name"])
    locked.parts.all().delete()
    return listing
