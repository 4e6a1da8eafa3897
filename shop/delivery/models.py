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
    # Dong of the parcel's goods after discounts, from which on delivery and packing cost nothing.
    free_over = models.PositiveIntegerField(_("Free from (dong)"), null=True, blank=True)
    # Dong per parcel for the foam box, ice, crate; part of the delivery price.
    packing_fee = models.PositiveIntegerField(_("Packing per parcel (dong)"), default=0)
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


#: Bit 0 is Monday.
EVERY_DAY = 0b1111111


class DeliveryRules(models.Model):
    """When a cooperative's parcels leave. Without a row they leave every day at any hour."""

    cooperative = models.OneToOneField(Cooperative, on_delete=models.CASCADE, related_name="delivery_rules")
    # Vietnamese time; an order at this minute or later leaves a day later. Empty: no such hour.
    cut_off = models.TimeField(_("Last hour for today's parcels"), null=True, blank=True)
    weekdays = models.PositiveSmallIntegerField(default=EVERY_DAY)
    # For goods that do not bear the road for ever: none shall lie in a depot over Sunday.
    fresh_weekdays = models.PositiveSmallIntegerField(default=EVERY_DAY)

    class Meta:
        verbose_name = _("Delivery rules")
        verbose_name_plural = _("Delivery rules")

    def __str__(self) -> str:
        return str(self.cooperative)


class ClosedDays(models.Model):
    """Days on which nothing leaves and nothing can be collected; both ends included."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="closed_days")
    first_day = models.DateField(_("First day"))
    last_day = models.DateField(_("Last day"))
    reason = models.CharField(_("Reason"), max_length=80)

    class Meta:
        ordering = ["first_day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cooperative", "first_day", "last_day"], name="closed_once"),
            models.CheckConstraint(condition=models.Q(last_day__gte=models.F("first_day")), name="closed_in_order"),
        ]
        verbose_name = _("Closed days")
        verbose_name_plural = _("Closed days")

    def __str__(self) -> str:
        return f"{self.first_day} - {self.last_day}"
