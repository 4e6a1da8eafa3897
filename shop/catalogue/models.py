"""Oscar's catalogue with the few things of ours that a product and a category know."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from oscar.apps.catalogue.abstract_models import AbstractCategory, AbstractProduct
from wagtail.search import index

from shop.catalogue.images import rendition_url
from shop.core import ocop
from shop.core.text import fold


class Category(AbstractCategory):
    """A sector or a product set of the OCOP programme; addressed by its slug alone."""

    def get_absolute_url(self, parent_slug: str | None = None) -> str:
        return reverse("catalogue:category", kwargs={"category_slug": self.slug})

    @property
    def display_name(self) -> str:
        """The name in the visitor's language when the category is one of the programme's."""
        kind, _, number = (self.code or "").partition("-")
        table = {"sector": ocop.SECTORS, "set": ocop.SETS}.get(kind, ())
        return table[int(number) - 1].name if table and number.isdigit() else self.name


class Product(index.Indexed, AbstractProduct):
    """A product; what is sold, where it comes from and when is on its ``listing``.

    Indexed so that Wagtail's choosers can search it, without marks too. Variants stay out of the index.
    """

    search_fields = [
        index.SearchField("folded_title"),
        index.AutocompleteField("folded_title"),
        index.FilterField("structure"),
        index.FilterField("is_public"),
    ]

    @classmethod
    def get_indexed_objects(cls) -> QuerySet["Product"]:
        return super().get_indexed_objects().exclude(structure=cls.CHILD)

    def folded_title(self) -> str:
        return f"{self.title} {fold(self.title)}"

    def get_absolute_url(self) -> str:
        return reverse("catalogue:detail", kwargs={"product_slug": self.slug, "pk": self.pk})

    # -- What a card shows; reads prefetched rows only ---------------------------------------------------------

    @cached_property
    def stock_record(self) -> Any:
        """The one stock record (one partner sells a product), or None."""
        return next(iter(self.stockrecords.all()), None)

    @property
    def card_price(self) -> int | None:
        """Price of one unit in dong, tax included."""
        return int(self.stock_record.price) if self.stock_record and self.stock_record.price is not None else None

    @property
    def stock_left(self) -> int:
        """Units that can still be ordered."""
        return max(0, self.stock_record.net_stock_level) if self.stock_record else 0

    @property
    def sold_out(self) -> bool:
        return self.stock_left == 0

    @cached_property
    def first_image(self) -> Any:
        """The picture with the lowest display order, or None."""
        return next(iter(self.images.all()), None)

    @property
    def image_400(self) -> str:
        """Address of the picture for a card, 400 px square."""
        return rendition_url(self.first_image.original.name, 400) if self.first_image else ""

    @property
    def image_800(self) -> str:
        """Address of the picture for the product page, 800 px square."""
        return rendition_url(self.first_image.original.name, 800) if self.first_image else ""


from oscar.apps.catalogue.models import *  # noqa: E402, F403  completes the fork; must come last
