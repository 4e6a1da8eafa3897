"""How editors pick goods: a searching list of what is on sale, with its cooperative, price and stars."""

from typing import Any

from django import forms
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet

from shop.catalogue.models import Product
from shop.certifications.models import Certification
from shop.listings.models import Listing
from shop.templatetags.shop_tags import dong, stars_label
from shop.variants.queries import stock_prefetches


class ProductFilterForm(BaseFilterForm):
    """Searches as the shop's own search does: without marks, by product, cooperative, commune or set."""

    q = forms.CharField(label=_("Search term"), required=False, widget=forms.TextInput({"type": "search"}))

    def filter(self, objects: QuerySet[Product]) -> QuerySet[Product]:
        objects = super().filter(objects)
        self.search_query = (self.cleaned_data.get("q") or "").strip()
        self.is_searching = bool(self.search_query)
        if self.is_searching:
            objects = objects.filter(listing__in=Listing.objects.matching(self.search_query))
        return objects


def _stars(product: Product) -> str:
    certificate = product.listing.certificate
    return stars_label(certificate.stars) if certificate else ""


def _stock(product: Product) -> str:
    return str(_("Sold out")) if product.sold_out else str(product.stock_left)


class ProductListMixin:
    """Only what shoppers may see; four queries a page of the list."""

    filter_form_class = ProductFilterForm
    ordering = "title"

    @property
    def columns(self) -> list[Column]:
        title = self.title_column
        title.label = _("Product")
        return [
            title,
            Column("cooperative", label=_("Cooperative"), accessor=lambda product: product.listing.cooperative.name),
            Column("price", label=_("Price"), accessor=lambda product: dong(product.card_price)),
            Column("stars", label=_("Stars"), accessor=_stars),
            Column("stock", label=_("In stock"), accessor=_stock),
        ]


class ProductChooseView(ProductListMixin, chooser.ChooseView):
    """The dialogue."""


class ProductChooseResultsView(ProductListMixin, chooser.ChooseResultsView):
    """Its list, after each letter typed."""


class ProductChooserViewSet(ChooserViewSet):
    """Chooser of published products; creates and edits nothing."""

    model = Product
    icon = "tag"
    choose_one_text = _("Choose a product")
    choose_another_text = _("Choose another product")
    choose_view_class = ProductChooseView
    choose_results_view_class = ProductChooseResultsView
    register_widget = False
    per_page = 15

    def get_object_list(self, *args: Any) -> QuerySet[Product]:
        certificates = Certification.objects.order_by("-stars", "-decision_date")
        return (
            Product.objects.filter(listing__in=Listing.objects.published())
            .select_related("listing__cooperative")
            .prefetch_related(*stock_prefetches(), Prefetch("listing__certifications", certificates))
        )


product_chooser = ProductChooserViewSet("product_chooser", url_prefix="san-pham-chooser")
