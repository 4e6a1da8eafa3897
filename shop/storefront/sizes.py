"""The sizes of a product as the shopper chooses them: tiles of a form, and what an address or a form asked for."""

import re
from dataclasses import dataclass

from django.http import Http404

from shop.catalogue.models import Product
from shop.listings.models import Listing

NUMBER = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True)
class Tile:
    """One size to choose: ``product`` is what goes into the basket."""

    product: Product
    is_chosen: bool

    @property
    def label(self) -> str:
        return self.product.size.label

    @property
    def kilo_price(self) -> int | None:
        """Dong per kilogram, said of a kilogram too: that is what the sizes are compared by."""
        return self.product.size.kilo_price or (self.product.card_price if self.product.size.net_weight_g else None)


def tiles_of(product: Product, chosen: Product) -> list[Tile]:
    """The sizes on sale that have a price; none when there is nothing to choose."""
    sizes = [size for size in product.sizes if size.card_price is not None]
    return [Tile(size, size.pk == chosen.pk) for size in sizes] if len(sizes) > 1 else []


def chosen_of(product: Product, asked: str = "") -> Product:
    """The size that an address asks for by its number when it can be had, else the cheapest; itself without sizes."""
    found = (size for size in product.sizes if str(size.pk) == asked and not size.sold_out)
    return next(found, product.cheapest)


def kilo_price_of(goods: Product, listing: Listing) -> int | None:
    """Dong per kilogram of what is chosen; None when it is a kilogram already or not sold by weight."""
    return goods.size.kilo_price if goods.size else listing.kilo_price


def goods_or_404(typed: str) -> tuple[Listing, Product]:
    """The published listing of a product or size by its number, and what of it goes into the basket.

    That is the parent itself when a size has still to be chosen, or when the one asked for is no longer sold.
    """
    pk = int(typed) if NUMBER.fullmatch(typed) else 0
    published = Listing.objects.published().for_cards()
    listing = published.filter(product_id=pk).first() or published.filter(product__children__pk=pk).first()
    if listing is None:
        raise Http404
    product = listing.product
    if product.pk == pk:
        return listing, product.to_basket or product
    return listing, next((size for size in product.sizes if size.pk == pk), product)


def family_address(pk: int) -> str:
    """Where the size of that number is chosen; 404 when it is none, or of a product that shoppers may not see."""
    children = Product.objects.filter(structure=Product.CHILD).select_related("parent")
    child = children.filter(pk=pk).first() if pk < 2**63 else None
    if child is None or not Listing.objects.published().filter(product=child.parent_id).exists():
        raise Http404
    return child.get_absolute_url()
