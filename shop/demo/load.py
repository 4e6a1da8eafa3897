"""The demo as a whole. Creates what is absent and leaves alone what is there."""

from dataclasses import dataclass

from django.db import transaction

from shop.catalogue.reference import categories_ensure, product_class_ensure
from shop.cooperatives.models import Cooperative
from shop.demo.bank import feeds_create
from shop.demo.load_certificates import certificates_create
from shop.demo.load_cooperatives import cooperatives_ensure
from shop.demo.load_delivery import delivery_create
from shop.demo.load_people import COOPERATIVE, people_ensure
from shop.demo.load_pictures import pictures_store
from shop.demo.load_products import goods_absent, goods_pictured, product_create
from shop.demo.load_reference import country_ensure, legal_bases_ensure
from shop.demo.source import goods


@dataclass(frozen=True)
class Summary:
    """What one run created."""

    cooperatives: int
    products: int
    pictures: int


def demo_load() -> Summary:
    """Load the sample shop; a second run creates nothing and changes nothing.

    A row and all that hangs from it (stock, picture, certificate, delivery) are created together, so what a user
    deletes under an existing product or producer stays deleted.
    """
    absent = {item.code: item for item in goods_absent()}
    wanted = absent | {item.code: item for item in goods_pictured()}
    pictures = pictures_store(wanted.values())
    with transaction.atomic():
        country_ensure()
        by_name, created = cooperatives_ensure()
        _deliveries_create(created)
        feeds_create(created)
        _products_create(set(absent), by_name)
        people_ensure(by_name[COOPERATIVE])
    return Summary(len(created), len(absent), pictures)


def _deliveries_create(created: list[Cooperative]) -> None:
    for cooperative in created:
        delivery_create(cooperative, [item.transit_days for item in goods() if item.cooperative == cooperative.name])


def _products_create(codes: set[str], by_name: dict[str, Cooperative]) -> None:
    categories, product_class, bases = categories_ensure(), product_class_ensure(), legal_bases_ensure()
    certificates_create(
        {
            item.slug: product_create(item, by_name[item.cooperative], categories[item.ocop_set], product_class)
            for item in goods()
            if item.code in codes
        },
        bases,
    )
