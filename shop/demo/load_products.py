"""Products of the demo with stock, picture and listing."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from oscar.core.loading import get_model

from shop.cooperatives.models import Cooperative
from shop.demo.load_pictures import picture_name
from shop.demo.source import Goods, draw, goods, sizes
from shop.listings.models import Listing
from shop.variants.services import variant_add, variants_start

Product = get_model("catalogue", "Product")
ProductCategory = get_model("catalogue", "ProductCategory")
ProductImage = get_model("catalogue", "ProductImage")
StockRecord = get_model("partner", "StockRecord")

EXTRAS = ("unit_en", "net_weight_g", "ingredients_vi", "ingredients_en")
KEEPING = ("storage_vi", "storage_en", "shelf_life_vi", "shelf_life_en")


def goods_absent() -> list[Goods]:
    """Goods of the source that the shop does not have yet."""
    there = set(Product.objects.filter(code__in=[item.code for item in goods()]).values_list("code", flat=True))
    return [item for item in goods() if item.code not in there]


def goods_pictured() -> list[Goods]:
    """Goods whose picture some product still shows, so its file must be there."""
    names = [picture_name(item) for item in goods()]
    shown = set(ProductImage.objects.filter(original__in=names).values_list("original", flat=True))
    return [item for item in goods() if picture_name(item) in shown]


def product_create(item: Goods, cooperative: Cooperative, category: Any, product_class: Any) -> Listing:
    """A product with everything that hangs from it; the title is Vietnamese."""
    product = Product.objects.create(
        code=item.code, title=item.title, slug=item.slug, product_class=product_class, is_public=True
    )
    ProductCategory.objects.create(product=product, category=category)
    StockRecord.objects.create(
        product=product,
        partner=cooperative.partner,
        partner_sku=item.code,
        price_currency="VND",
        price=item.price,
        num_in_stock=item.extras["stock"],
    )
    ProductImage.objects.create(
        product=product, original=picture_name(item), caption=f"{item.title} (ảnh minh họa)", display_order=0
    )
    listing = _listing_create(item, product, cooperative)
    _sizes_create(item, product)
    return listing


def _sizes_create(item: Goods, product: Any) -> None:
    """Some products are sold in several sizes; the first is the one of their row."""
    more = sizes().get(item.title, [])
    if not more:
        return
    variants_start(
        product=product,
        label_vi=item.unit,
        label_en=item.extras["unit_en"],
        net_weight_g=item.extras["net_weight_g"],
        ship_weight_g=item.weight_g,
        by="demo",
    )
    for size in more:
        variant_add(parent=product, by="demo", **size)


def _listing_create(item: Goods, product: Any, cooperative: Cooperative) -> Listing:
    return Listing.objects.create(
        product=product,
        cooperative=cooperative,
        title_en=item.title_en,
        summary_vi=item.summary,
        summary_en=item.summary_en,
        ocop_set=item.ocop_set,
        ward_code=item.ward_code,
        season=item.season,
        unit_vi=item.unit,
        ship_weight_g=item.weight_g,
        max_transit_days=item.transit_days,
        state=Listing.State.PUBLISHED,
        picture_is_render=True,
        published_at=timezone.now() - timedelta(days=draw(f"published {item.slug}", 1, 240)),
        **{name: item.extras[name] for name in EXTRAS + KEEPING},
    )
