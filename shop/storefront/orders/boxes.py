"""What is paid by card in one go: a whole purchase, or each order by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone

from shop.checkout.models import OrderGroup
from shop.payment.attempts.models import Attempt
from shop.payment.stripe.models import CheckoutSession
from shop.payment.stripe.provider import per_order
from shop.storefront.orders.panels import OrderPanel

State = CheckoutSession.State


@dataclass
class CardBox:
    """Orders behind one button, and the latest payment page that was opened over one of them."""

    panels: list[OrderPanel]
    page: CheckoutSession | None = None

    @property
    def total(self) -> int:
        """Dong to be paid."""
        return sum(panel.due for panel in self.panels)

    @property
    def number(self) -> str:
        """The order to name in the post; empty when the whole purchase is paid."""
        return self.panels[0].order.number if per_order() else ""

    @property
    def attempts(self) -> list[Attempt]:
        return [panel.attempt for panel in self.panels]

    @property
    def names(self) -> str:
        return ", ".join(panel.cooperative.display_name for panel in self.panels)

    @property
    def first_over(self) -> OrderPanel:
        """The order whose goods are let go first."""
        return min(self.panels, key=lambda panel: panel.attempt.expires_at)

    @cached_property
    def is_possible(self) -> bool:
        """Whether cards are taken now."""
        return all(
            panel.provider is not None and panel.provider.availability(panel.cooperative, panel.order.total_dong).ok
            for panel in self.panels
        )

    @property
    def state(self) -> str:
        """Of the latest page: ``open``, ``expired``, ``failed``; empty when the buyer never saw one.

        A page whose time is over counts as open until the card service has said that nobody paid.
        """
        return "" if self.page is None or self.page.state == State.PAID else self.page.state


def boxes_of(group: OrderGroup, panels: Sequence[OrderPanel]) -> list[CardBox]:
    """One box over everything that is to be paid by card, or one for each order, as the market collects."""
    by_card = [panel for panel in panels if panel.state == "card"]
    if not by_card:
        return []
    boxes = [CardBox([panel]) for panel in by_card] if per_order() else [CardBox(by_card)]
    pages = CheckoutSession.objects.filter(group_code=group.code).exclude(session_id=None).prefetch_related("shares")
    for page in pages.order_by("pk"):
        paid_for = {share.attempt_id for share in page.shares.all()}
        for box in boxes:
            if paid_for & {attempt.pk for attempt in box.attempts}:
                box.page = page
    return boxes


def boxes_place(boxes: Sequence[CardBox]) -> CardBox | None:
    """A box over one order stands on its panel; one over several stands above them and is returned."""
    for box in boxes:
        if len(box.panels) == 1:
            box.panels[0].box = box
    return next((box for box in boxes if len(box.panels) > 1), None)


def page_of(group: OrderGroup, pk: int) -> CheckoutSession | None:
    """A payment page of this purchase that can still be paid."""
    page = CheckoutSession.objects.filter(group_code=group.code, pk=pk).exclude(session_id=None).first()
    if page is None or page.state != State.OPEN or not page.url or page.expires_at <= timezone.now():
        return None
    waits = all(share.attempt.state == Attempt.State.PENDING for share in page.shares.select_related("attempt"))
    return page if waits else None


def shares_of(page: CheckoutSession) -> list[dict[str, Any]]:
    """Whose order, and how much."""
    rows = page.shares.select_related("attempt__source__order__consignment__cooperative").order_by("pk")
    return [
        {"order": share.attempt.source.order, "cooperative": share.attempt.source.order.consignment.cooperative,
         "amount": share.amount}
        for share in rows
    ]  # fmt: skip
