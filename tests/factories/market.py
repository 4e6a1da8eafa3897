"""A cooperative with an account and rates, a listing with stock, a basket, a placed purchase."""

from itertools import count
from typing import Any

from django.utils import timezone
from oscar.core.loading import get_model

from shop.basket.models import Basket
from shop.checkout.parcels import Choice, cart_build
from shop.checkout.services import Placement, Recipient, purchase_place
from shop.cooperatives.models import Cooperative
from shop.delivery.models import DeliveryRate, DeliveryService
from shop.listings.models import ALL_YEAR, Listing
from shop.partner.strategy import MarketStrategy
from shop.payment.vietqr.models import BankAccount

Partner = get_model("partner", "Partner")
StockRecord = get_model("partner", "StockRecord")
Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")

numbers = count(1)
VINH_KIM, MY_THO, HOAN_KIEM = "28576", "28261", "00070"


def cooperative_make(name: str = "", *, rate: int = 20_000, ward_code: str = VINH_KIM, **extra: Any) -> Cooperative:
    """A published cooperative with a bank account, pick-up, and one rate for each zone."""
    n = next(numbers)
    name = name or f"HTX Thử {n}"
    cooperative = Cooperative.objects.create(
        partner=Partner.objects.create(name=name, code=f"coop-{n}"),
        name=name,
        legal_name=f"Hợp tác xã {n}",
        ward_code=ward_code,
        **{
            "slug": f"coop-{n}",
            "phone": f"+849000{n:05d}",
            "is_published": True,
            "accepts_cod": True,
            "emblem": "mango",
            **extra,
        },
    )
    BankAccount.objects.create(
        cooperative=cooperative, bin="970405", number=f"000099900{n:05d}", holder=f"HTX THU {n} MAU"
    )
    for position, (zone, price) in enumerate(
        [("province", rate), ("south", rate + 10_000), ("country", rate + 25_000), ("pickup", 0)]
    ):
        service = DeliveryService.objects.create(
            cooperative=cooperative,
            code=zone,
            name_vi=zone,
            name_en=zone,
            zone=zone,
            days_min=1,
            days_max={"country": 5}.get(zone, 2),
            extra_per_kg=4_000,
            position=position,
        )
        DeliveryRate.objects.create(service=service, up_to_g=5_000, price=price)
    return cooperative


def listing_make(
    cooperative: Cooperative | None = None, *, title: str = "", price: int = 100_000, stock: int = 10, **extra: Any
) -> Listing:
    """A published listing with one stock record."""
    n = next(numbers)
    cooperative = cooperative or cooperative_make()
    title = title or f"Món thử {n}"
    product_class, _ = ProductClass.objects.get_or_create(slug="hang", defaults={"name": "Hàng", "track_stock": True})
    product = Product.objects.create(title=title, slug=f"mon-{n}", product_class=product_class, structure="standalone")
    StockRecord.objects.create(
        product=product,
        partner=cooperative.partner,
        partner_sku=f"sku-{n}",
        price=price,
        price_currency="VND",
        num_in_stock=stock,
    )
    fields = {"ocop_set": 1, "ward_code": cooperative.ward_code, "season": ALL_YEAR, "unit_vi": "hộp 1 kg"}
    fields |= {"ship_weight_g": 1_000, "state": Listing.State.PUBLISHED, "published_at": timezone.now()}
    return Listing.objects.create(product=product, cooperative=cooperative, **(fields | extra))


def basket_of(*goods: Listing | tuple[Listing, int], owner: Any = None) -> Basket:
    """An open basket with the listings, one unit each unless ``(listing, units)``."""
    basket = Basket.objects.create(owner=owner)
    basket.strategy = MarketStrategy()
    for entry in goods:
        listing, units = entry if isinstance(entry, tuple) else (entry, 1)
        basket.add_product(listing.product, units)
    return fresh(basket)


def fresh(basket: Basket) -> Basket:
    """The basket as the next request would load it."""
    loaded = Basket.objects.get(pk=basket.pk)
    loaded.strategy = MarketStrategy()
    return loaded


def recipient(**extra: Any) -> Recipient:
    """Somebody in Mỹ Tho."""
    fields = {"name": "Chị Thảo", "phone": "+84901234567", "ward_code": MY_THO, "street": "18 Trưng Trắc"}
    return Recipient(**(fields | extra))


def choices_for(basket: Basket, **choice: str) -> dict[int, Choice]:
    """The same choice for every cooperative in the basket."""
    cart = cart_build(fresh(basket), ward_code=MY_THO)
    return {parcel.cooperative.pk: Choice(**choice) for parcel in cart.parcels}


def place(basket: Basket, *, provider: str = "", service: str = "", to: Recipient | None = None) -> Placement:
    """Order everything in the basket as a guest who agrees to the sum that the page shows."""
    to = to or recipient()
    choices = choices_for(basket, provider=provider, service=service)
    cart = cart_build(fresh(basket), ward_code=to.ward_code, choices=choices)
    return purchase_place(basket_id=basket.pk, recipient=to, choices=choices, shown_total=cart.total, by=to.phone)
