"""Blocks about goods. Their values are primary keys: the page loads all its goods in one go (``cms.market``)."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.widgets import BaseChooser

from cms.choosers import product_chooser
from cms.market import market_in


class KeyChooserMixin:
    """A chooser whose value is the primary key, not the row: reading a page then costs no query for it."""

    def to_python(self, value: Any) -> Any:
        return value

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        return list(values)

    def get_prep_value(self, value: Any) -> Any:
        return getattr(value, "pk", value)

    def value_from_form(self, value: Any) -> Any:
        return getattr(value, "pk", value)

    def extract_references(self, value: Any) -> Iterator[tuple[type, str, str, str]]:
        if value is not None:
            yield self.model_class, str(value), "", ""

    def render_basic(self, value: Any, context: Any = None) -> str:
        """The title, for comparing two versions of a page."""
        return str(self.model_class.objects.filter(pk=value).first() or "")


class ProductChooserBlock(KeyChooserMixin, blocks.ChooserBlock):
    """One product out of those on sale."""

    target_model = "catalogue.Product"

    @cached_property
    def widget(self) -> BaseChooser:
        return product_chooser.widget_class()

    class Meta:
        icon = "tag"


class ProductsBlock(blocks.StructBlock):
    """Goods in the middle of a text, with today's price and an add button."""

    products = blocks.ListBlock(ProductChooserBlock(label=_("Product")), label=_("Products"), min_num=1, max_num=6)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        context["products"] = market_in(context).products(value["products"])
        return context

    class Meta:
        icon = "tag"
        label = _("Products with price")
        template = "cms/blocks/products.html"


def keys_in(block: Any, value: Any, kind: type) -> Iterator[Any]:
    """The key of every chooser of class ``kind`` in a stream, at any depth; empty ones are left out."""
    if isinstance(block, kind):
        if value is not None:
            yield value
        return
    if isinstance(block, blocks.StructBlock):
        inner = [(child, value.get(name)) for name, child in block.child_blocks.items()]
    elif isinstance(block, blocks.ListBlock):
        inner = [(block.child_block, item) for item in value or ()]
    elif isinstance(block, blocks.StreamBlock):
        inner = [(child.block, child.value) for child in value or ()]
    else:
        return
    for child, item in inner:
        yield from keys_in(child, item, kind)
