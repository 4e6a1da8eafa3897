"""The register of tax rates; for whoever has Django's permissions on it."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet

from shop.numbers.models import TaxRate


class TaxRateViewSet(ModelViewSet):
    """Rows are added with a date rather than changed, so that old statements keep their figures."""

    model = TaxRate
    icon = "list-ul"
    menu_label = _("Tax rates")
    menu_order = 700
    add_to_admin_menu = True
    name = "desk_tax_rates"
    url_prefix = "thue-suat"
    form_fields = ("kind", "effective_from", "effective_to", "vat", "pit", "yearly_threshold", "source")
    list_display = ("__str__", "vat", "pit", "yearly_threshold", "source")
    inspect_view_enabled = False
    copy_view_enabled = False


@hooks.register("register_admin_viewset")
def tax_rates() -> TaxRateViewSet:
    return TaxRateViewSet()
