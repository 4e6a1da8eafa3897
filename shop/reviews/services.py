"""Reviews by buyers whose goods arrived: written once for each line, read before everybody sees them, answered once."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from oscar.core.loading import get_model

from shop.audit.services import entry_add
from shop.core.plain import plain_text
from shop.fulfilment.models import Consignment
from shop.payment.books import order_lock
from shop.reviews.models import LineReview, ReviewPhoto
from shop.reviews.words import needs_person

ProductReview = get_model("reviews", "ProductReview")

TEXT_LIMIT, REPLY_LIMIT, NAME_LIMIT, MOST_PHOTOS = 1000, 600, 60, 3
#: Published by the clock after this time when no word holds it back and nobody decided before.
QUIET_TIME = timedelta(hours=24)


class ReviewError(Exception):
    """The step does not follow. ``code``: ``undelivered``, ``product`` (no longer sold here), ``stars``, ``text``,
    ``name``, ``photos``, ``state``, ``replied``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def review_write(
    *, line: Any, stars: int, text: str, name: str, by: str, user: Any = None, photos: Sequence[ContentFile] = ()
) -> LineReview:
    """The buyer's word on one line of a delivered order; written twice, the first stays. ``photos`` are clean already.

    A signed-in buyer's review carries the user; a second one of the same product stands under the name alone, since
    Oscar keeps one for each person and product.
    """
    order = order_lock(line.order)
    known = LineReview.objects.filter(line=line).first()
    if known:
        return known
    if order.consignment.state != Consignment.State.DELIVERED:
        raise ReviewError("undelivered")
    product = product_of(line)
    text, name = plain_text(text, TEXT_LIMIT), plain_text(name, NAME_LIMIT, lines=False)
    check(product, stars, text, name, photos)
    if user is not None and ProductReview.objects.filter(product=product, user=user).exists():
        user = None
    review = ProductReview.objects.create(
        product=product, user=user, name=name, score=stars, title=str(line.title)[:255], body=text,
        status=ProductReview.FOR_MODERATION,
    )  # fmt: skip
    row = LineReview.objects.create(
        review=review,
        line=line,
        cooperative_id=order.consignment.cooperative_id,
        is_held=needs_person(f"{name} {text}"),
    )
    for photo in photos:
        ReviewPhoto.objects.create(line_review=row, file=photo)
    return row


def check(product: Any, stars: int, text: str, name: str, photos: Sequence[Any]) -> None:
    """Raise ReviewError for what a review may not be."""
    problems = {
        "product": product is None,
        "stars": stars not in range(1, 6),
        "text": not text,
        "name": not name,
        "photos": len(photos) > MOST_PHOTOS,
    }
    code = next((code for code, wrong in problems.items() if wrong), "")
    if code:
        raise ReviewError(code)


def product_of(line: Any) -> Any:
    """What is reviewed: of a variant its parent, where all reviews stand together."""
    product = line.product
    return product.parent if product and product.parent_id else product


@transaction.atomic
def review_publish(*, row: LineReview, by: str) -> bool:
    """Show it to everybody; True when this call did it."""
    return review_decide(row, ProductReview.APPROVED, by, "")


@transaction.atomic
def review_hide(*, row: LineReview, by: str, reason: str) -> bool:
    """Take it away from everybody's eyes; the row stays. True when this call did it."""
    return review_decide(row, ProductReview.REJECTED, by, plain_text(reason, 300, lines=False))


def review_decide(row: LineReview, status: int, by: str, reason: str) -> bool:
    """Set what the review is to be; saving Oscar's review works out the product's average again."""
    locked = row_lock(row)
    if locked.review.status == status:
        return False
    if status == ProductReview.REJECTED and not reason:
        raise ReviewError("text")
    before = locked.review.status
    locked.review.status = status
    locked.review.save(update_fields=["status"])
    locked.decided_by, locked.decided_at, locked.hidden_reason = by[:254], timezone.now(), reason
    locked.save(update_fields=["decided_by", "decided_at", "hidden_reason"])
    entry_add(
        action="review.hide" if reason else "review.publish",
        subject=f"review:{locked.review_id}",
        by=by,
        scope=f"cooperative:{locked.cooperative_id}",
        before={"status": before},
        after={"status": status, "reason": reason},
    )
    return True


@transaction.atomic
def review_reply(*, row: LineReview, text: str, by: str) -> bool:
    """The cooperative's one answer, below a public review; the same words again change nothing."""
    locked = row_lock(row)
    text = plain_text(text, REPLY_LIMIT)
    if locked.reply and locked.reply == text:
        return False
    if locked.reply:
        raise ReviewError("replied")
    if not locked.is_public:
        raise ReviewError("state")
    if not text:
        raise ReviewError("text")
    locked.reply, locked.replied_by, locked.replied_at = text, by[:254], timezone.now()
    locked.save(update_fields=["reply", "replied_by", "replied_at"])
    return True


def reviews_publish_due(limit: int = 200) -> int:
    """Publish what waited long enough without a reason to be read first; how many."""
    due = LineReview.objects.filter(
        review__status=ProductReview.FOR_MODERATION,
        review__date_created__lte=timezone.now() - QUIET_TIME,
        is_held=False,
    )
    return sum(review_publish(row=row, by="clock") for row in due.order_by("pk")[:limit])


def row_lock(row: LineReview) -> LineReview:
    """The row with its review, locked until the transaction ends."""
    rows = LineReview.objects.select_for_update(of=("self",))
    return rows.select_related("review__product").get(pk=row.pk)
