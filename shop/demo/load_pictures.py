"""Product pictures of the demo: the original into the media store, and its renditions."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from shop.catalogue.images import renditions_make
from shop.demo.source import PICTURES, Goods

#: Pillow lets go of Python's lock while it scales and encodes, so threads do use every core.
WORKERS = 4


def picture_name(goods: Goods) -> str:
    """Name of the original in the media store."""
    return f"images/products/{goods.slug}.webp"


def pictures_store(wanted: Iterable[Goods]) -> int:
    """Store originals and renditions that are missing; gives the number of originals written.

    Touches files only, so it runs outside any transaction and a broken run is simply repeated.
    """
    with ThreadPoolExecutor(WORKERS) as pool:
        return sum(pool.map(_store, wanted))


def _store(goods: Goods) -> int:
    name = picture_name(goods)
    absent = not default_storage.exists(name)
    if absent:
        default_storage.save(name, ContentFile((PICTURES / goods.picture).read_bytes()))
    renditions_make(name)
    return int(absent)
