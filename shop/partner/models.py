"""Oscar's stock record with a hold that cannot oversell."""

from django.core.exceptions import ValidationError
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from oscar.apps.partner.abstract_models import AbstractStockRecord


class OutOfStock(Exception):
    """Fewer units are left than were asked for. Carries the stock record."""

    def __init__(self, stockrecord: "StockRecord") -> None:
        super().__init__(f"stock record {stockrecord.pk} is short")
        self.stockrecord = stockrecord


class StockRecord(AbstractStockRecord):
    """Stock of one product. ``num_in_stock`` minus ``num_allocated`` units can still be ordered."""

    def clean(self) -> None:
        """Prices are whole dong: there is no smaller coin, and bank transfers carry none."""
        super().clean()
        if self.price is not None and self.price % 1:
            raise ValidationError({"price": _("Prices are whole dong.")})

    def allocate(self, quantity: int) -> None:
        """Hold ``quantity`` units, or raise OutOfStock and hold none.

        One conditional UPDATE decides, so any number of parallel buyers get exactly what is there.
        """
        if not self.can_track_allocations:
            return
        changed = (
            type(self)
            .objects.filter(pk=self.pk, num_in_stock__gte=Coalesce(F("num_allocated"), 0) + quantity)
            .update(num_allocated=Coalesce(F("num_allocated"), 0) + quantity)
        )
        if not changed:
            raise OutOfStock(self)
        self.refresh_from_db(fields=["num_allocated"])

    allocate.alters_data = True


from oscar.apps.partner.models import *  # noqa: E402, F403  completes the fork; must come last
