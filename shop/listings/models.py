"""What is sold: the OCOP side of a product, as shoppers and searches need it."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from shop.cooperatives.models import Cooperative
from shop.core import ocop, places
from shop.core.dates import today
from shop.core.lang import Bilingual, pick
from shop.core.money import per_kilo
from shop.core.text import search_key, search_terms
from shop.variants.queries import stock_prefetches

if TYPE_CHECKING:
    from shop.certifications.models import Certification

ALL_YEAR = 0b1111_1111_1111
#: What people type before the thing they look for; every listing is one.
ANY_LISTING = "đặc sản OCOP specialities"


def month_bit(month: int) -> int:
    """Bit of a month in ``Listing.season``; January is 1."""
    return 1 << (month - 1)


@dataclass(frozen=True)
class SeasonMonth:
    """One cell of the season bar."""

    number: int
    on: bool
    now: bool


class ListingQuerySet(models.QuerySet["Listing"]):
    def published(self) -> "ListingQuerySet":
        """Those that shoppers may see and buy."""
        return self.filter(state=Listing.State.PUBLISHED, cooperative__is_published=True)

    def in_season(self, month: int) -> "ListingQuerySet":
        """Harvested or made in that month (1 to 12)."""
        return self.annotate(_bit=F("season").bitand(month_bit(month))).filter(_bit__gt=0)

    def seasonal(self) -> "ListingQuerySet":
        """Those that are not to be had all year."""
        return self.exclude(season=ALL_YEAR)

    def matching(self, query: str) -> "ListingQuerySet":
        """Every word of a query typed with or without marks must start a word of the listing."""
        found = self
        for alternatives in search_terms(query):
            condition = Q()
            for term in alternatives:
                condition |= Q(search_text__contains=f" {term}")
            found = found.filter(condition)
        return found

    def for_cards(self) -> "ListingQuerySet":
        """With everything that a card shows: five queries whatever the number of listings, six with sizes."""
        ProductImage = get_model("catalogue", "ProductImage")
        Certification = get_model("certifications", "Certification")
        return self.select_related("product", "cooperative").prefetch_related(
            *stock_prefetches("product__"),
            Prefetch("product__images", ProductImage.objects.order_by("display_order")),
            Prefetch("certifications", Certification.objects.order_by("-stars", "-decision_date")),
        )


class Listing(models.Model):
    """A product's OCOP set, season, unit, weight, origin, reach and moderation state."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REVIEW = "review", _("Waiting for review")
        PUBLISHED = "published", _("On sale")
        REFUSED = "refused", _("Refused")
        PAUSED = "paused", _("Paused")
        ARCHIVED = "archived", _("Archived")

    product = models.OneToOneField("catalogue.Product", on_delete=models.CASCADE, related_name="listing")
    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="listings")
    title_en = models.CharField(max_length=255, blank=True)
    summary_vi = models.CharField(max_length=400, blank=True)
    summary_en = models.CharField(max_length=400, blank=True)
    # Empty in a draft only.
    ocop_set = models.PositiveSmallIntegerField(_("OCOP product set"), null=True, blank=True, db_index=True)
    ward_code = models.CharField(_("Commune of origin"), max_length=5, db_index=True)
    season = models.PositiveSmallIntegerField(_("Season"), default=ALL_YEAR)
    unit_vi = models.CharField(_("Unit"), max_length=60)
    unit_en = models.CharField(max_length=60, blank=True)
    net_weight_g = models.PositiveIntegerField(_("Net weight in grams"), null=True, blank=True)
    ship_weight_g = models.PositiveIntegerField(_("Shipping weight in grams"))
    max_transit_days = models.PositiveSmallIntegerField(_("Longest time on the road in days"), null=True, blank=True)
    ingredients_vi = models.TextField(blank=True)
    ingredients_en = models.TextField(blank=True)
    storage_vi = models.CharField(max_length=200, blank=True)
    storage_en = models.CharField(max_length=200, blank=True)
    shelf_life_vi = models.CharField(max_length=120, blank=True)
    shelf_life_en = models.CharField(max_length=120, blank=True)
    # "VietGAP, số 123/2025", as the producer claims it; shown after the province has looked at it.
    claims = models.CharField(_("Standards with their numbers"), max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT, db_index=True)
    picture_is_render = models.BooleanField(default=False)
    search_text = models.CharField(max_length=900, editable=False, db_index=True)
    published_at = models.DateTimeField(null=True, blank=True)
    # Why the province sent it back; the cooperative reads it.
    refusal = models.CharField(_("Why it came back"), max_length=500, blank=True)
    # Grows with every change of what shoppers read: nobody approves what they have not seen.
    revision = models.PositiveIntegerField(default=1)
    # One key, one listing: a form sent twice does not make two.
    create_key = models.CharField(max_length=40, null=True, blank=True, editable=False)  # noqa: DJ001  unique or none
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    summary = Bilingual()
    unit = Bilingual()
    ingredients = Bilingual()
    storage = Bilingual()
    shelf_life = Bilingual()

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cooperative", "create_key"], name="one_listing_for_a_key")]
        verbose_name = _("Listing")
        verbose_name_plural = _("Listings")

    def __str__(self) -> str:
        return self.product.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = self.build_search_text()
        super().save(*args, **kwargs)

    def build_search_text(self) -> str:
        """Folded names that the search looks through: product, cooperative, commune, product set.

        Summaries stay out: "thơm" in one means fragrant, in a search it means pineapple.
        """
        commune = self.commune
        product_set = ocop.set_(self.ocop_set) if self.ocop_set else None
        return search_key(
            self.product.title,
            self.title_en,
            self.cooperative.name,
            self.cooperative.name_en,
            commune.name if commune else "",
            product_set.name_vi if product_set else "",
            product_set.name_en if product_set else "",
            ANY_LISTING,
        )[:900]

    # -- Words --------------------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        return pick(self.product.title, self.title_en)

    @property
    def commune(self) -> places.Commune | None:
        return places.commune(self.ward_code)

    @property
    def product_set(self) -> ocop.OcopSet:
        """The set of the programme; a draft may have none yet (KeyError)."""
        return ocop.set_(self.ocop_set)

    # -- Season -------------------------------------------------------------------------------------------------

    def in_season(self, on: date | None = None) -> bool:
        return bool(self.season & month_bit((on or today()).month))

    @property
    def all_year(self) -> bool:
        return self.season == ALL_YEAR

    @property
    def in_season_now(self) -> bool:
        """In season this month and not all year: worth saying on a card."""
        return not self.all_year and self.in_season()

    @property
    def months(self) -> list[SeasonMonth]:
        now = today().month
        return [SeasonMonth(number, bool(self.season & month_bit(number)), number == now) for number in range(1, 13)]

    # -- Rules of the set ---------------------------------------------------------------------------------------

    @property
    def is_alcohol(self) -> bool:
        """Sets that may only be sold to adults."""
        return self.ocop_set in ocop.ALCOHOL

    @property
    def is_functional_food(self) -> bool:
        """Sets that must say that they are no medicine."""
        return self.ocop_set in ocop.FUNCTIONAL_FOOD

    # -- Price --------------------------------------------------------------------------------------------------

    @property
    def card_unit(self) -> str:
        """What the price on a card buys: the cheapest size, or the unit when there are none."""
        size = self.product.cheapest.size
        return size.label if size else self.unit

    @property
    def kilo_price(self) -> int | None:
        """Dong per kilogram at the price on the card, or None when that is for a kilogram or not by weight."""
        size = self.product.cheapest.size
        if size:
            return size.kilo_price
        price = self.product.card_price
        return per_kilo(price, self.net_weight_g) if price and self.net_weight_g and self.net_weight_g != 1000 else None

    # -- Certificates: computed when asked, never stored ----------------------------------------------------------

    @property
    def certificate(self) -> "Certification | None":
        """The best certificate in force today in Viet Nam, out of the prefetched rows."""
        return next((row for row in self.certifications.all() if row.in_force()), None)

    @property
    def lapsed_certificate(self) -> "Certification | None":
        """When none is in force: the latest that was, to be named without its stars' badge."""
        if self.certificate:
            return None
        lapsed = [row for row in self.certifications.all() if row.has_lapsed()]
        return max(lapsed, key=lambda row: row.expires_on, default=None)


class ListingChange(models.Model):
    """What a cooperative wants to change of a listing that shoppers know already; the old words stay until then.

    ``values`` and ``before`` have the same keys: fields of ``shop.listings.fields.REVIEWED``; ``values`` may have
    ``photos`` on top, the file names of pictures to be added.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for review")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="changes")
    values = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    revision = models.PositiveIntegerField(default=1)
    reason = models.CharField(max_length=500, blank=True)
    asked_by = models.CharField(max_length=254, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.CharField(max_length=254, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["listing"], condition=models.Q(state="pending"), name="one_pending_change_each"
            )
        ]
        verbose_name = _("Change of a listing")
        verbose_name_plural = _("Changes of listings")

    def __str__(self) -> str:
        return f"{self.listing_id}: {', '.join(self.values)}"

    @property
    def photos(self) -> list[str]:
        """File names of pictures that wait to be added."""
        return list(self.values.get("photos", []))


class WarningPhrase(models.Model):
    """Words that a reviewer should look at twice; kept by the province's officers."""

    phrase = models.CharField(_("Phrase"), max_length=60, unique=True)

    class Meta:
        ordering = ["phrase"]
        verbose_name = _("Phrase to look at twice")
        verbose_name_plural = _("Phrases to look at twice")

    def __str__(self) -> str:
        return self.phrase


class PhotoUpload(models.Model):
    """A picture that arrives in parts over a bad line; nobody sees it before it is whole and checked."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="uploads")
    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="photo_uploads")
    token = models.CharField(max_length=40, unique=True)
    size = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    # The picture it became; finishing a second time adds nothing.
    photo_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("Picture on its way")
        verbose_name_plural = _("Pictures on their way")

    def __str__(self) -> str:
        return f"{self.received}/{self.size}"


class PhotoPart(models.Model):
    """Bytes of a picture on its way, from ``offset`` on."""

    upload = models.ForeignKey(PhotoUpload, on_delete=models.CASCADE, related_name="parts")
    offset = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["offset"]
        constraints = [models.UniqueConstraint(fields=["upload", "offset"], name="one_part_at_an_offset")]

    def __str__(self) -> str:
        return f"{self.upload_id}@{self.offset}"
