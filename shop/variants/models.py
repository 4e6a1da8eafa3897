"""The sizes that one product is sold in: 500 g, 1 kg, a box. Each is an Oscar child product with its own stock."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.core.lang import Bilingual
from shop.core.money import per_kilo


class Variant(models.Model):
    """One size of a parent product; ``product`` is the child that carries its price and stock.

    Weights in grams: ``net_weight_g`` is what the buyer eats (None when it is not sold by weight), ``ship_weight_g``
    what the carrier weighs. An inactive one is no longer sold, but old orders still show it.
    """

    product = models.OneToOneField("catalogue.Product", on_delete=models.CASCADE, related_name="variant")
    label_vi = models.CharField(_("Size"), max_length=60)
    label_en = models.CharField(_("Size in English"), max_length=60, blank=True)
    net_weight_g = models.PositiveIntegerField(_("Net weight in grams"), null=True, blank=True)
    ship_weight_g = models.PositiveIntegerField(_("Shipping weight in grams"))
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    changed_by = models.CharField(max_length=254, blank=True, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    label = Bilingual()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("Size")
        verbose_name_plural = _("Sizes")

    def __str__(self) -> str:
        return self.label_vi

    @property
    def kilo_price(self) -> int | None:
        """Dong per kilogram, or None when the size is a kilogram already or is not sold by weight."""
        price = self.product.card_price
        return per_kilo(price, self.net_weight_g) if price and self.net_weight_g and self.net_weight_g != 1000 else None
