"""Reviews as they are shown: of a product, of a cooperative."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, QuerySet
from oscar.core.loading import get_model

from shop.reviews.models import LineReview

ProductReview = get_model("reviews", "ProductReview")


@dataclass(frozen=True)
class Average:
    """Out of the public reviews of one product; ``value`` has one decimal."""

    value: float
    count: int

    @property
    def whole(self) -> int:
        """Full stars."""
        return round(self.value)


def average_of(product: Any) -> Average | None:
    """None without a review. Products that nobody reviewed cost no query."""
    if product.rating is None:
        return None
    rows = public_of(product).aggregate(value=Avg("review__score"), count=Count("pk"))
    return Average(round(float(rows["value"]), 1), rows["count"]) if rows["count"] else None


def public_of(product: Any) -> QuerySet[LineReview]:
    """What everybody may read about a product, newest first."""
    rows = LineReview.objects.filter(review__product=product, review__status=ProductReview.APPROVED)
    return rows.select_related("review", "cooperative").prefetch_related("photos").order_by("-pk")
