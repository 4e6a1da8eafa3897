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

#: Parameter of a product's page: the size that is chosen on it.
SIZE = "quy-cach"


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
        """The page of the product; a size is chosen there already."""
        family = self.family
        address = reverse("catalogue:detail", kwargs={"product_slug": family.slug, "pk": family.pk})
        return f"{address}?{SIZE}={self.pk}" if self.is_child else address

    # -- Sizes: a parent is shown, its children are sold (shop.variants) ----------------------------------------

    @property
    def family(self) -> "Product":
        """The product that has the page, the pictures and the listing: the parent of a size, else itself."""
        return self.parent if self.is_child else self

    @cached_property
    def sizes(self) -> list["Product"]:
        """The sizes on sale, in the seller's order; none for a product that is sold as it is."""
        if not self.is_parent:
            return []
        found = [child for child in self.children.all() if child.size and child.size.is_active]
        return sorted(found, key=lambda child: (child.size.position, child.pk))

    @property
    def size(self) -> Any:
        """What is particular to a child product: its label and weights; None for any other."""
        return getattr(self, "variant", None) if self.is_child else None

    @cached_property
    def cheapest(self) -> "Product":
        """What the price on a card buys: the cheapest size that can be had (of all when none can); else itself."""
        priced = [child for child in self.sizes if child.card_price is not None]
        return min(priced, key=lambda child: (child.sold_out, child.card_price), default=self)

    @property
    def price_from(self) -> bool:
        """Whether another size costs more than the price shown."""
        return any((child.card_price or 0) > (self.card_price or 0) for child in self.sizes)

    @property
    def to_basket(self) -> "Product | None":
        """What the one button of a card puts into the basket; None when the shopper has to choose a size first."""
        if not self.is_parent:
            return self
        return self.sizes[0] if len(self.sizes) == 1 else None

    def get_title(self) -> str:
        """A size is called after its product: "Vú sữa Lò Rèn, túi 500 g"."""
        return f"{self.parent.title}, {self.size.label_vi}" if self.size else super().get_title()

    def __str__(self) -> str:
        return self.get_title()

    # -- What a card shows; reads prefetched rows only ---------------------------------------------------------

    @cached_property
    def stock_record(self) -> Any:
        """The one stock record (one partner sells a product), or None; a parent has none."""
        return next(iter(self.stockrecords.all()), None)

    @property
    def card_price(self) -> int | None:
        """Price of one unit in dong, tax included; the lowest when there are sizes."""
        record = self.cheapest.stock_record
        return int(record.price) if record and record.price is not None else None

    @property
    def stock_left(self) -> int:
        """Units that can still be ordered, of all sizes together."""
        if self.is_parent:
            return sum(child.stock_left for child in self.sizes)
        return max(0, self.stock_record.net_stock_level) if self.stock_record else 0

    @property
    def sold_out(self) -> bool:
        return self.stock_left == 0

    @cached_property
    def first_image(self) -> Any:
        """The picture with the lowest display order, or None; sizes share those of their product."""
        return next(iter(self.family.images.all()), None)

    @property
    def image_400(self) -> str:
        """Address of the picture for a card, 400 px square."""
        return rendition_url(self.first_image.original.name, 400) if self.first_image else ""

    @property
    def image_800(self) -> str:
        """Address of the picture for the product page, 800 px square."""
        return rendition_url(self.first_image.original.name, 800) if self.first_image else ""


from oscar.apps.catalogue.models import *  # noqa: E402, F403  completes the fork; must come last
