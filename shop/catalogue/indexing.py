"""Products that were written in bulk, put into the index of Wagtail's choosers."""

from collections.abc import Iterable

from django_tasks import task
from oscar.core.loading import get_model
from wagtail.search.backends import get_search_backends


def products_index_later(pks: Iterable[int]) -> None:
    """After this transaction, in one task: writing in bulk sends none of the signals that the index hears."""
    products_index.enqueue(list(pks))


@task()
def products_index(pks: list[int]) -> None:
    """Put these products into the index; those that are gone by now are passed over."""
    Product = get_model("catalogue", "Product")
    products = list(Product.get_indexed_objects().filter(pk__in=pks))
    if products:
        for backend in get_search_backends(with_auto_update=True):
            backend.add_bulk(Product, products)
