"""Oscar's vouchers: a code that was used in an order which came to nothing can be used again."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from oscar.apps.voucher.abstract_models import AbstractVoucher


class Voucher(AbstractVoucher):
    """A code that opens offers. ``code`` is stored folded: see ``shop.promotions.codes``."""

    def is_available_to_user(self, user: Any = None) -> tuple[bool, str]:
        """Oscar's answer, except that cancelled orders do not count as uses."""
        if self.usage == self.MULTI_USE:
            return True, ""
        if self.usage == self.ONCE_PER_CUSTOMER and not (user and user.is_authenticated):
            return super().is_available_to_user(AnonymousUser())
        used = self.applications.exclude(order__status="cancelled")
        if self.usage == self.ONCE_PER_CUSTOMER:
            used = used.filter(user=user)
        return (False, super().is_available_to_user(user)[1]) if used.exists() else (True, "")

    def record_usage(self, order: Any, user: Any) -> None:
        """``user`` may be None for a guest."""
        super().record_usage(order, user or AnonymousUser())

    record_usage.alters_data = True

    def record_discount(self, discount: dict) -> None:
        """Oscar adds to what was read when the page was computed; the row is locked by now, so read it again."""
        self.refresh_from_db()
        super().record_discount(discount)

    record_discount.alters_data = True


from oscar.apps.voucher.models import *  # noqa: E402, F403  completes the fork; must come last
