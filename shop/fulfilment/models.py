"""The cooperative's side of an order: accept, pack, hand over, deliver, take back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.cooperatives.models import Cooperative
from shop.fulfilment.carriers import carrier_label, tracking_url


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
    # Who carries it: a code out of ``shop.fulfilment.carriers``, the name for drivers and buses, the carrier's number.
    carrier = models.CharField(max_length=12, blank=True)
    carrier_name = models.CharField(max_length=60, blank=True)
    tracking = models.CharField(max_length=40, blank=True)
    # Folded name, telephone and number of the order, for the search box of the workspace.
    search_text = models.CharField(max_length=400, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["cooperative", "state"], name="consignment_coop_state")]
        verbose_name = _("Consignment")
        verbose_name_plural = _("Consignments")

    def __str__(self) -> str:
        return f"{self.order_id} {self.state}"

    @property
    def carried_by(self) -> str:
        """The carrier as people call it; empty until the parcel is handed over."""
        return carrier_label(self.carrier, self.carrier_name)

    @property
    def tracking_url(self) -> str:
        """Where the carrier shows the parcel; empty when it has no such page."""
        return tracking_url(self.carrier, self.tracking)


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


class ParcelLot(models.Model):
    """The lot that the goods of one order line were taken from, as the cooperative calls it."""

    consignment = models.ForeignKey(Consignment, on_delete=models.CASCADE, related_name="lots")
    line = models.OneToOneField("order.Line", on_delete=models.CASCADE, related_name="lot")
    code = models.CharField(_("Lot"), max_length=40)
    # When it was harvested or packed.
    made_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("Lot of a parcel")
        verbose_name_plural = _("Lots of parcels")

    def __str__(self) -> str:
        return self.code


class Reduction(models.Model):
    """Fewer goods than ordered: what was, what is, why. The order's rows hold what is; this keeps what was agreed.

    ``before`` and ``after``: ``{"lines": [{"line", "title", "quantity", "dong"}], "delivery": dong, "total": dong}``.
    """

    consignment = models.ForeignKey(Consignment, on_delete=models.CASCADE, related_name="reductions")
    reason = models.CharField(max_length=300)
    before = models.JSONField()
    after = models.JSONField()
    # Dong owed back to the buyer for it; nothing when it was not paid yet.
    owed = models.PositiveBigIntegerField(default=0)
    by = models.CharField(max_length=254, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("Reduction of an order")
        verbose_name_plural = _("Reductions of orders")

    def __str__(self) -> str:
        return f"{self.consignment_id}: {self.before['total']} -> {self.after['total']}"

    @property
    def difference(self) -> int:
        """Dong by which the order became cheaper."""
        return self.before["total"] - self.after["total"]

    @property
    def changes(self) -> list[dict[str, object]]:
        """Lines that changed: ``title``, ``was`` and ``now`` in units."""
        return [
            {"title": old["title"], "was": old["quantity"], "now": new["quantity"]}
            for old, new in zip(self.before["lines"], self.after["lines"], strict=True)
            if old["quantity"] != new["quantity"]
        ]
