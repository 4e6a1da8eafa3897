"""The cooperative's side of an order: accept, pack, hand over, deliver, take back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.cooperatives.models import Cooperative


class Consignment(models.Model):
    """One parcel of one cooperative."""

    class State(models.TextChoices):
        NEW = "new", _("New")
        ACCEPTED = "accepted", _("Accepted")
        PACKED = "packed", _("Packed")
        HANDED_OVER = "handed_over", _("On the way")
        DELIVERED = "delivered", _("Delivered")
        RETURNED = "returned", _("Returned")
        CANCELLED = "cancelled", _("Cancelled")

    order = models.OneToOneField("order.Order", on_delete=models.PROTECT, related_name="consignment")
    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="consignments")
    state = models.CharField(max_length=12, choices=State, default=State.NEW)
    # The service chosen at the time of order, as text: services and names change later.
    service_name_vi = models.CharField(max_length=80, blank=True)
    service_name_en = models.CharField(max_length=80, blank=True)
    is_pickup = models.BooleanField(default=False)
    expected_from = models.DateField(null=True, blank=True)
    expected_to = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["cooperative", "state"], name="consignment_coop_state")]
        verbose_name = _("Consignment")
        verbose_name_plural = _("Consignments")

    def __str__(self) -> str:
        return f"{self.order_id} {self.state}"


class ConsignmentEvent(models.Model):
    """What happened to a consignment, when and by whom; never changed afterwards."""

    consignment = models.ForeignKey(Consignment, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20)
    note = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=254, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("Consignment event")
        verbose_name_plural = _("Consignment events")

    def __str__(self) -> str:
        return f"{self.consignment_id} {self.kind}"
