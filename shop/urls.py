"""Public addresses: a contract with everyone who has ever shared a link. English lives under ``/en/``."""

from django.apps import apps
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path

from shop.accounts.safety.sign_in import OtherDoorView
from shop.storefront import health
from shop.storefront.media import media


def family(module: str, namespace: str) -> tuple:
    """One family of the shopper's pages, under Oscar's namespace where Oscar has one."""
    return include((f"shop.storefront.urls.{module}", namespace), namespace=namespace)


urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
urlpatterns += [
    path("webhooks/stripe/", include("shop.payment.stripe.urls")),
    path("", include("shop.reconciliation.urls")),
]
if settings.SERVE_MEDIA:
    urlpatterns.append(re_path(r"^media/(?P<path>.+)$", media, name="media"))

if settings.DEMO:
    urlpatterns.append(path("", include("shop.demo.urls")))

urlpatterns += i18n_patterns(
    path("", family("catalogue", "catalogue")),
    path("", family("search", "search")),
    path("", family("cooperatives", "cooperatives")),
    path("", family("places", "places")),
    path("gio-hang/", family("basket", "basket")),
    path("thanh-toan/", family("checkout", "checkout")),
    path("", family("order", "order")),
    path("tai-khoan/", family("account", "customer")),
    path("tai-khoan/", include("shop.accounts.urls")),
    path("ban-hang/", include("shop.seller.urls")),
    # One sign-in for all: these would not ask for the second step.
    path("quan-tri/login/", OtherDoorView.as_view(), name="desk_login"),
    path("_util/login/", OtherDoorView.as_view(), name="pages_login"),
    path("quan-tri/", include("wagtail.admin.urls")),
    path("dieu-hanh/", apps.get_app_config("dashboard").urls),
    path("", include("wagtail.urls")),
    prefix_default_language=False,
)
