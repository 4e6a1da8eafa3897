"""How a cooperative sends its goods: services by zone, rates by weight."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.cooperatives.models import Cooperative
from shop.core.lang import Bilingual


class Zone(models.TextChoices):
    """How far an address is from the cooperative's commune, nearest first."""

    PICKUP = "pickup", _("Collected by the buyer")
    COMMUNE = "commune", _("Same commune")
    PROVINCE = "province", _("Same province")
    SOUTH = "south", _("The South")
    COUNTRY = "country", _("The whole country")


#: A service of a zone serves its own and every nearer zone.
REACH = {Zone.COMMUNE: 1, Zone.PROVINCE: 2, Zone.SOUTH: 3, Zone.COUNTRY: 4}


class DeliveryService(models.Model):
    """One way to get a parcel from a cooperative to a zone."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="delivery_services")
    code = models.SlugField(max_length=40)
    name_vi = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    note_vi = models.CharField(max_length=160, blank=True)
    note_en = models.CharField(max_length=160, blank=True)
    zone = models.CharField(max_length=10, choices=Zone)
    days_min = models.PositiveSmallIntegerField(default=0)
    days_max = models.PositiveSmallIntegerField(default=0)
    extra_per_kg = models.PositiveIntegerField(_("Dong per further kilogram"), default=0)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    name = Bilingual()
    note = Bilingual()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["cooperative", "code"], name="delivery_code_per_cooperative")]
        verbose_name = _("Delivery service")
        verbose_name_plural = _("Delivery services")

    def __str__(self) -> str:
        return f"{self.cooperative}: {self.name_vi}"

    @property
    def is_pickup(self) -> bool:
        return self.zone == Zone.PICKUP


class DeliveryRate(models.Model):
    """Price in dong of a parcel of up to that many grams."""

    service = models.ForeignKey(DeliveryService, on_delete=models.CASCADE, related_name="rates")
    up_to_g = models.PositiveIntegerField(_("Up to grams"))
    price = models.PositiveIntegerField(_("Dong"))

    class Meta:
        ordering = ["up_to_g"]
        constraints = [models.UniqueConstraint(fields=["service", "up_to_g"], name="one_rate_per_weight")]
        verbose_name = _("Delivery rate")
        verbose_name_plural = _("Delivery rates")

    def __str__(self) -> str:
        return f"{self.up_to_g} g: {self.price}"
