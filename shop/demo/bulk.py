"""Many listings at once, to measure pages and searches at the size of a whole province and beyond.

Not part of the demo: rows are plain variations of its goods, sold by the producers that are there already.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from oscar.core.loading import get_model

from shop.catalogue.reference import categories_ensure, product_class_ensure
from shop.certifications.models import Certification
from shop.cooperatives.models import Cooperative
from shop.core.dates import today
from shop.demo.load_cooperatives import cooperatives_ensure
from shop.demo.load_pictures import picture_name
from shop.demo.source import Goods, goods
from shop.listings.models import Listing

Product = get_model("catalogue", "Product")
ProductCategory = get_model("catalogue", "ProductCategory")
ProductImage = get_model("catalogue", "ProductImage")
StockRecord = get_model("partner", "StockRecord")

PREFIX = "HANG-LOAT-"
BATCH = 1000


def listings_make(count: int) -> list[Listing]:
    """Create that many published listings with stock, picture row and certificate; about a second per thousand.

    Can be called again for more. Picture files are not written: rows share the pictures of the demo's goods. Nothing
    is put into the search index of the back office, as signals do not fire.
    """
    first = _next_number()
    with transaction.atomic():
        sellers = _sellers()
        categories, product_class = categories_ensure(), product_class_ensure()
        templates = goods()
        made = []
        for start in range(first, first + count, BATCH):
            numbers = range(start, min(start + BATCH, first + count))
            batch = [(number, templates[number % len(templates)]) for number in numbers]
            made += _batch_make(batch, sellers, categories, product_class)
    return made


def _next_number() -> int:
    last = Product.objects.filter(code__startswith=PREFIX).aggregate(last=Max("code"))["last"]
    return int(last.removeprefix(PREFIX)) + 1 if last else 1


def _sellers() -> list[Cooperative]:
    """Producers of the sample, without ways of delivery when this has to create them."""
    by_name, _ = cooperatives_ensure()
    return list(by_name.values())


def _batch_make(
    batch: list[tuple[int, Goods]], sellers: list[Cooperative], categories: dict[int, Any], product_class: Any
) -> list[Listing]:
    products = Product.objects.bulk_create(_product(number, item, product_class) for number, item in batch)
    rows = [(number, item, product) for (number, item), product in zip(batch, products, strict=True)]
    ProductCategory.objects.bulk_create(
        ProductCategory(product=product, category=categories[item.ocop_set]) for _, item, product in rows
    )
    StockRecord.objects.bulk_create(_stock(row, sellers) for row in rows)
    ProductImage.objects.bulk_create(
        ProductImage(product=product, original=picture_name(item), caption=product.title) for _, item, product in rows
    )
    listings = Listing.objects.bulk_create(_listing(row, sellers) for row in rows)
    certified = [(listing, row) for listing, row in zip(listings, rows, strict=True) if row[1].stars]
    Certification.objects.bulk_create(_certificate(listing, row[1]) for listing, row in certified)
    return listings


def _product(number: int, item: Goods, product_class: Any) -> Any:
    title = f"{item.title} số {number}"
    slug = f"{item.slug}-so-{number}"
    return Product(code=f"{PREFIX}{number:06d}", title=title, slug=slug, product_class=product_class, is_public=True)


def _stock(row: tuple[int, Goods, Any], sellers: list[Cooperative]) -> Any:
    number, item, product = row
    return StockRecord(
        product=product,
        partner=sellers[number % len(sellers)].partner,
        partner_sku=product.code,
        price_currency="VND",
        price=item.price + number % 20 * 1000,
        num_in_stock=number % 50,
    )


def _listing(row: tuple[int, Goods, Any], sellers: list[Cooperative]) -> Listing:
    number, item, product = row
    seller = sellers[number % len(sellers)]
    listing = Listing(
        product=product,
        cooperative=seller,
        title_en=f"{item.title_en} no. {number}",
        summary_vi=item.summary,
        summary_en=item.summary_en,
        ocop_set=item.ocop_set,
        ward_code=seller.ward_code,
        season=item.season,
        unit_vi=item.unit,
        unit_en=item.extras["unit_en"],
        net_weight_g=item.extras["net_weight_g"],
        ship_weight_g=item.weight_g,
        max_transit_days=item.transit_days,
        state=Listing.State.PUBLISHED,
        picture_is_render=True,
        published_at=timezone.now() - timedelta(minutes=number),
    )
    listing.search_text = listing.build_search_text()
    return listing


def _certificate(listing: Listing, item: Goods) -> Certification:
    return Certification(
        listing=listing,
        stars=item.stars,
        decision_no="1/QĐ-UBND",
        decision_date=today() - timedelta(days=200),
        issuer="UBND tỉnh Đồng Tháp (dữ liệu mẫu)",
        status=Certification.Status.VERIFIED,
        is_sample=True,
    )
