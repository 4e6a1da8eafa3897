"""Who sells: the cooperative beside Oscar's partner, and the people who work in it."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop.core import places
from shop.core.lang import Bilingual, pick
from shop.core.text import search_key


class CooperativeQuerySet(models.QuerySet["Cooperative"]):
    def published(self) -> "CooperativeQuerySet":
        """Those that shoppers may see."""
        return self.filter(is_published=True)


class Cooperative(models.Model):
    """An OCOP producer ("chủ thể OCOP"). ``partner`` is what Oscar sells through."""

    class Kind(models.TextChoices):
        COOPERATIVE = "hop_tac_xa", _("Cooperative")
        GROUP = "to_hop_tac", _("Cooperative group")
        COMPANY = "doanh_nghiep", _("Company")
        HOUSEHOLD = "ho_kinh_doanh", _("Household business")

    partner = models.OneToOneField("partner.Partner", on_delete=models.PROTECT, related_name="cooperative")
    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(_("Name"), max_length=128)
    name_en = models.CharField(_("Name in English"), max_length=128, blank=True)
    kind = models.CharField(_("Legal form"), max_length=16, choices=Kind, default=Kind.COOPERATIVE)
    legal_name = models.CharField(_("Legal name"), max_length=200)
    tax_code = models.CharField(_("Tax code"), max_length=14, blank=True)
    representative = models.CharField(_("Representative"), max_length=120, blank=True)
    phone = models.CharField(_("Phone number"), max_length=16)
    zalo = models.CharField(_("Zalo number"), max_length=16, blank=True)
    email = models.EmailField(_("E-mail address"), blank=True)
    ward_code = models.CharField(_("Commune"), max_length=5)
    address = models.CharField(_("Street, hamlet"), max_length=200, blank=True)
    emblem = models.CharField(max_length=40, blank=True)
    scene = models.CharField(max_length=40, blank=True)
    intro_vi = models.TextField(blank=True)
    intro_en = models.TextField(blank=True)
    pickup_vi = models.CharField(max_length=200, blank=True)
    pickup_en = models.CharField(max_length=200, blank=True)
    accepts_cod = models.BooleanField(_("Takes cash on delivery"), default=False)
    # Dong; the market's own limit when empty.
    cod_limit = models.PositiveBigIntegerField(_("Cash up to (dong)"), null=True, blank=True)
    is_published = models.BooleanField(default=False)
    is_sample = models.BooleanField(default=False)
    search_text = models.CharField(max_length=600, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    intro = Bilingual()
    pickup = Bilingual()

    objects = CooperativeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("Cooperative")
        verbose_name_plural = _("Cooperatives")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.search_text = search_key(self.name, self.name_en, self.commune.name if self.commune else "")[:600]
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("cooperatives:detail", kwargs={"slug": self.slug})

    @property
    def display_name(self) -> str:
        return pick(self.name, self.name_en)

    @property
    def commune(self) -> places.Commune | None:
        return places.commune(self.ward_code)

    @property
    def province(self) -> places.Province | None:
        return self.commune.province if self.commune else None

    @property
    def full_address(self) -> str:
        """Street, commune, province in one line."""
        commune = self.commune
        parts = [self.address] + ([commune.name, commune.province.name] if commune else [])
        return ", ".join(part for part in parts if part)


class Membership(models.Model):
    """A person who works for a cooperative, with one role."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        SELLER = "seller", _("Seller")
        PACKER = "packer", _("Packer")
        ACCOUNTANT = "accountant", _("Accountant")

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cooperative", "user"], name="one_membership_each")]
        verbose_name = _("Membership")
        verbose_name_plural = _("Memberships")

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.cooperative}"
