"""What buyers say about goods that they received: Oscar's review, tied to the order line that it stands on."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.cooperatives.models import Cooperative
from shop.core.private import private_storage


class LineReview(models.Model):
    """The order line behind a review (one each), the cooperative's reply, and why it waits or is hidden.

    Stars, words, name and state are the review's own (``catalogue.reviews``); a guest's has no user.
    """

    review = models.OneToOneField("reviews.ProductReview", on_delete=models.CASCADE, related_name="from_line")
    line = models.OneToOneField("order.Line", on_delete=models.PROTECT, related_name="review")
    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="reviews")
    # Words that a person should look at first; such a review is never published by the clock.
    is_held = models.BooleanField(default=False)
    reply = models.TextField(max_length=600, blank=True)
    replied_by = models.CharField(max_length=254, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=254, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["cooperative", "-id"], name="line_review_coop")]
        verbose_name = _("Review of an order line")
        verbose_name_plural = _("Reviews of order lines")

    def __str__(self) -> str:
        return f"{self.line_id}"

    @property
    def stars(self) -> int:
        return int(self.review.score)

    @property
    def is_public(self) -> bool:
        return self.review.status == self.review.APPROVED

    @property
    def is_new(self) -> bool:
        return self.review.status == self.review.FOR_MODERATION

    @property
    def is_hidden(self) -> bool:
        return self.review.status == self.review.REJECTED


def photo_path(photo: Any, name: str) -> str:
    """By the order line; the storage adds what makes it unique."""
    return f"reviews/{photo.line_review.line_id}/{name}"


class ReviewPhoto(models.Model):
    """A buyer's picture; everybody sees it while its review is public."""

    line_review = models.ForeignKey(LineReview, on_delete=models.CASCADE, related_name="photos")
    file = models.FileField(storage=private_storage, upload_to=photo_path)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("Photo of a review")
        verbose_name_plural = _("Photos of reviews")

    def __str__(self) -> str:
        return f"{self.line_review_id}/{self.pk}"
