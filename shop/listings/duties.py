"""What the clock clears away."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from oscar.core.loading import get_model

from shop.listings.models import Listing, PhotoUpload

UPLOAD_LIFE = timedelta(days=1)
#: Data of a listing are kept for a year after it was taken off (e-commerce decree).
ARCHIVE_LIFE = timedelta(days=365)


def uploads_expire() -> int:
    """Drop pictures that did not arrive within a day, and the notes of those that did; returns how many."""
    old = PhotoUpload.objects.filter(created_at__lt=timezone.now() - UPLOAD_LIFE)
    count = old.count()
    old.delete()
    return count


def archive_clear(limit: int = 200) -> int:
    """Delete goods that have been in the archive for a year and were never ordered; what was ordered stays for good.

    Their picture files stay: other rows may show them.
    """
    Product, Line = get_model("catalogue", "Product"), get_model("order", "Line")
    its_own = Q(product_id=OuterRef("product_id")) | Q(product__parent_id=OuterRef("product_id"))
    ordered = Line.objects.filter(its_own)
    gone = timezone.now() - ARCHIVE_LIFE
    old = Listing.objects.filter(~Exists(ordered), state=Listing.State.ARCHIVED, archived_at__lt=gone)
    count = 0
    for pk in old.order_by("pk").values_list("pk", flat=True)[:limit]:
        with transaction.atomic():
            row = old.select_for_update(of=("self",)).filter(pk=pk).first()
            if row:
                Product.objects.get(pk=row.product_id).delete()
                count += 1
    return count
