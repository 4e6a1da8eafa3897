"""Changes to the sizes of a product: each one a transaction that leaves baskets, orders and their stock whole.

Locks: the product, then basket lines, then the stock record: the order in which a purchase takes them.
"""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from shop.core.text import fold, slugify_vi
from shop.variants.models import Variant

#: More tiles than this nobody reads on a phone.
MOST_SIZES = 12
HEAVIEST_G = 200_000
DEAREST = 1_000_000_000
MOST_STOCK = 100_000


class VariantError(Exception):
    """Nothing was changed. ``code`` says why.

    ``child``: the product is itself a size; ``stock``: it has not exactly one stock record; ``sizes``: it has children
    that are no sizes; ``not_parent``: it has no sizes yet; ``same_label``; ``too_many``; ``last``: something must stay
    on sale; ``held``: open orders hold some of that weight; ``stock_moved``: ``left`` units can be ordered by now;
    ``label``, ``weights``, ``price``, ``quantity``: a value that makes no sense.
    """

    def __init__(self, code: str, left: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.left = left


@transaction.atomic
def variants_start(
    *, product: Any, label_vi: str, label_en: str = "", net_weight_g: int | None, ship_weight_g: int, by: str
) -> Variant:
    """Sell a product in sizes from here on: it becomes the parent, and what was sold so far its first size.

    The stock record goes over to the size with all that is held of it, and so do open baskets. Orders keep the product
    that they were made for; what they hold is still that record's, so they free and use it up as before. Called
    again, it answers with the first size.
    """
    parent = _locked(product)
    if parent.is_child:
        raise VariantError("child")
    if parent.is_parent:
        first = Variant.objects.filter(product__parent=parent).order_by("pk").first()
        if first is None:
            raise VariantError("sizes")
        return first
    _values_check(label_vi, net_weight_g, ship_weight_g)
    records = list(get_model("partner", "StockRecord").objects.filter(product=parent)[:2])
    if len(records) != 1:
        raise VariantError("stock")
    type(parent).objects.filter(pk=parent.pk).update(structure=parent.PARENT)
    parent.structure = parent.PARENT
    variant = _variant_create(parent, label_vi, label_en, net_weight_g, ship_weight_g, by)
    _baskets_move(parent, variant.product, records[0])
    # By its key alone: what parallel orders hold meanwhile stays as it is.
    type(records[0]).objects.filter(pk=records[0].pk).update(product=variant.product)
    return variant


@transaction.atomic
def variant_add(
    *,
    parent: Any,
    label_vi: str,
    label_en: str = "",
    net_weight_g: int | None,
    ship_weight_g: int,
    price: int,
    stock: int,
    by: str,
) -> Variant:
    """One more size at ``price`` dong with ``stock`` units. The same one again, as by a double click, is made once."""
    _values_check(label_vi, net_weight_g, ship_weight_g, price, stock)
    locked = _locked(parent)
    siblings = list(Variant.objects.filter(product__parent=locked, is_active=True).select_related("product"))
    if not siblings:
        raise VariantError("not_parent")
    twin = _same_label(siblings, label_vi)
    if twin:
        weights = (twin.net_weight_g, twin.ship_weight_g)
        if weights == (net_weight_g, ship_weight_g) and twin.product.card_price == price:
            return twin
        raise VariantError("same_label")
    if len(siblings) >= MOST_SIZES:
        raise VariantError("too_many")
    record = get_model("partner", "StockRecord").objects.filter(product__parent=locked).order_by("pk").first()
    variant = _variant_create(locked, label_vi, label_en, net_weight_g, ship_weight_g, by)
    get_model("partner", "StockRecord").objects.create(
        product=variant.product,
        partner=record.partner,
        partner_sku=f"quy-cach-{variant.product_id}",
        price_currency=record.price_currency,
        price=price,
        num_in_stock=stock,
    )
    return variant


@transaction.atomic
def variant_update(
    *,
    variant: Variant,
    label_vi: str,
    label_en: str = "",
    net_weight_g: int | None,
    ship_weight_g: int,
    price: int,
    stock: int,
    stock_seen: int,
    by: str,
) -> Variant:
    """Change a size. ``stock`` is how many can be ordered from now on, ``stock_seen`` how many that were on the page.

    Orders that came in between are not overwritten: the stock is then left alone and "stock_moved" raised. The net
    weight of what open orders hold cannot be changed: that would be another size.
    """
    _values_check(label_vi, net_weight_g, ship_weight_g, price, stock)
    _locked(variant.product.parent)
    locked = Variant.objects.select_related("product").get(pk=variant.pk)
    siblings = Variant.objects.filter(product__parent=locked.product.parent_id, is_active=True).exclude(pk=locked.pk)
    if _same_label(siblings, label_vi):
        raise VariantError("same_label")
    record = get_model("partner", "StockRecord").objects.filter(product=locked.product).first()
    if record is None:
        raise VariantError("stock")
    if net_weight_g != locked.net_weight_g and record.num_allocated:
        raise VariantError("held")
    locked.label_vi, locked.label_en = label_vi, label_en
    locked.net_weight_g, locked.ship_weight_g = net_weight_g, ship_weight_g
    locked.changed_by = by[:254]
    locked.save()
    _positions_set(locked.product.parent_id)
    _stock_set(record, price, stock, stock_seen)
    return locked


@transaction.atomic
def variant_retire(*, variant: Variant, by: str) -> Variant:
    """Sell that size no more. Orders keep it, baskets say so; the last one on sale stays."""
    _locked(variant.product.parent)
    locked = Variant.objects.select_related("product").get(pk=variant.pk)
    if not locked.is_active:
        return locked
    others = Variant.objects.filter(product__parent=locked.product.parent_id, is_active=True).exclude(pk=locked.pk)
    if not others.exists():
        raise VariantError("last")
    return _active_set(locked, False, by)


@transaction.atomic
def variant_restore(*, variant: Variant, by: str) -> Variant:
    """Sell a retired size again, with the price and the stock that it has."""
    _locked(variant.product.parent)
    locked = Variant.objects.select_related("product").get(pk=variant.pk)
    if locked.is_active:
        return locked
    siblings = list(Variant.objects.filter(product__parent=locked.product.parent_id, is_active=True))
    if _same_label(siblings, locked.label_vi):
        raise VariantError("same_label")
    if len(siblings) >= MOST_SIZES:
        raise VariantError("too_many")
    return _active_set(locked, True, by)


# -- Parts --------------------------------------------------------------------------------------------------------


def _locked(product: Any) -> Any:
    """The product, locked against other changes of its sizes; orders may still point at it meanwhile."""
    return type(product).objects.select_for_update(of=("self",), no_key=True).get(pk=product.pk)


def _values_check(
    label: str, net_weight_g: int | None, ship_weight_g: int, price: int | None = None, stock: int | None = None
) -> None:
    if not label.strip() or len(label) > 60:
        raise VariantError("label")
    if not (net_weight_g is None or 0 < net_weight_g <= HEAVIEST_G) or not (net_weight_g or 1) <= ship_weight_g:
        raise VariantError("weights")
    if ship_weight_g > HEAVIEST_G:
        raise VariantError("weights")
    if price is not None and not 0 < price <= DEAREST:
        raise VariantError("price")
    if stock is not None and not 0 <= stock <= MOST_STOCK:
        raise VariantError("quantity")


def _same_label(siblings: Any, label: str) -> Variant | None:
    return next((one for one in siblings if fold(one.label_vi) == fold(label)), None)


def _variant_create(
    parent: Any, label_vi: str, label_en: str, net_weight_g: int | None, ship_weight_g: int, by: str
) -> Variant:
    child = type(parent).objects.create(
        structure=parent.CHILD,
        parent=parent,
        slug=slugify_vi(f"{parent.slug} {label_vi}")[:255],
        is_discountable=parent.is_discountable,
    )
    variant = Variant.objects.create(
        product=child,
        label_vi=label_vi,
        label_en=label_en,
        net_weight_g=net_weight_g,
        ship_weight_g=ship_weight_g,
        changed_by=by[:254],
    )
    _positions_set(parent.pk)
    return variant


def _positions_set(parent_id: int) -> None:
    """The lightest size comes first, those without a weight last."""
    rows = list(Variant.objects.filter(product__parent=parent_id))
    rows.sort(key=lambda one: (one.net_weight_g is None, one.net_weight_g or 0, one.ship_weight_g, one.pk))
    for position, row in enumerate(rows):
        if row.position != position:
            Variant.objects.filter(pk=row.pk).update(position=position)


def _baskets_move(parent: Any, child: Any, record: Any) -> None:
    """Lines of baskets that are not ordered yet go over to the size, under the name that Oscar gives such a line."""
    Basket, Line = get_model("basket", "Basket"), get_model("basket", "Line")
    done = [Basket.SUBMITTED, Basket.MERGED]
    lines = Line.objects.filter(product=parent, stockrecord=record).exclude(basket__status__in=done)
    lines.update(product=child, line_reference=f"{child.pk}_{record.pk}")


def _stock_set(record: Any, price: int, stock: int, stock_seen: int) -> None:
    """The price, and as many free units as wanted unless orders have changed their number meanwhile."""
    rows = type(record).objects.filter(pk=record.pk)
    free = Coalesce(F("num_in_stock"), 0) - Coalesce(F("num_allocated"), 0)
    rows.update(price=price)
    if stock == stock_seen:
        return
    as_seen = rows.annotate(free=free).filter(free=stock_seen)
    if as_seen.update(num_in_stock=Coalesce(F("num_allocated"), 0) + stock):
        return
    left = max(0, rows.get().net_stock_level)
    if left != stock:
        raise VariantError("stock_moved", left)


def _active_set(variant: Variant, active: bool, by: str) -> Variant:
    variant.is_active, variant.changed_by = active, by[:254]
    variant.save(update_fields=["is_active", "changed_by", "changed_at"])
    # Oscar's own flag says the same.
    type(variant.product).objects.filter(pk=variant.product_id).update(is_public=active)
    return variant
