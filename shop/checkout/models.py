"""One press of the order button: the group that ties together an order per cooperative."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class OrderGroup(models.Model):
    """The orders placed from one basket. ``code`` is the secret in the buyer's link.

    ``basket`` is unique: the same basket submitted again finds this group instead of making another.
    """

    code = models.CharField(max_length=32, unique=True)
    basket = models.OneToOneField("basket.Basket", on_delete=models.PROTECT, related_name="order_group")
    # Lines that could not be ordered went on in this basket; a browser that missed the answer finds it again.
    rest = models.OneToOneField(
        "basket.Basket", on_delete=models.SET_NULL, null=True, blank=True, related_name="left_by_group"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="order_groups"
    )
    phone = models.CharField(max_length=16, db_index=True)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    ward_code = models.CharField(max_length=5, blank=True)
    language = models.CharField(max_length=5, default="vi")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("Order group")
        verbose_name_plural = _("Order groups")

    def __str__(self) -> str:
        return f"{self.pk} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("order:group", kwargs={"code": self.code})


class GroupOrder(models.Model):
    """One order of a group."""

    group = models.ForeignKey(OrderGroup, on_delete=models.PROTECT, related_name="members")
    order = models.OneToOneField("order.Order", on_delete=models.PROTECT, related_name="membership")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        verbose_name = _("Order of a group")
        verbose_name_plural = _("Orders of groups")

    def __str__(self) -> str:
        return f"{self.group_id}/{self.position}"
