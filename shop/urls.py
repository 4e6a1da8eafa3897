"""Public addresses: a contract with everyone who has ever shared a link. English lives under ``/en/``."""

from importlib.util import find_spec

from django.apps import apps
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path

from shop.storefront import health
from shop.storefront.media import media


def family(module: str, namespace: str) -> tuple:
    """URLs of one family of pages under Oscar's or our namespace."""
    return include((f"shop.storefront.urls.{module}", namespace), namespace=namespace)


def maybe(route: str, module: str, namespace: str):
    try:
        return [path(route, family(module, namespace))] if find_spec(f"shop.storefront.urls.{module}") else []
    except ImportError:
        return []


urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
if settings.SERVE_MEDIA:
    urlpatterns.append(re_path(r"^media/(?P<path>.+)$", media, name="media"))

urlpatterns += i18n_patterns(
    *maybe("", "catalogue", "catalogue"),
    *maybe("", "search", "search"),
    *maybe("", "cooperatives", "cooperatives"),
    *maybe("", "places", "places"),
    path("gio-hang/", family("basket", "basket")),
    path("thanh-toan/", family("checkout", "checkout")),
    path("", family("order", "order")),
    *maybe("tai-khoan/", "account", "customer"),
    *([path("tai-khoan/", include("shop.accounts.urls"))] if find_spec("shop.accounts.urls") else []),
    *([path("ban-hang/", include("shop.seller.urls"))] if find_spec("shop.seller.urls") else []),
    path("quan-tri/", include("wagtail.admin.urls")),
    path("dieu-hanh/", apps.get_app_config("dashboard").urls),
    path("", include("wagtail.urls")),
    prefix_default_language=False,
)
