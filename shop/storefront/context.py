"""What every page of the shop knows: the basket's count, the shop's name, whether this is a demo."""

from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from shop.basket.models import Basket
from shop.core.lang import shop_name
from shop.storefront.delivery_place import deliver_to


def page(request: HttpRequest) -> dict[str, Any]:
    """Context for templates; values that cost a query are computed when a template asks."""
    return {
        "shop_name": shop_name(),
        "demo": settings.DEMO,
        "support_phone": settings.SUPPORT_PHONE,
        "deliver_to": SimpleLazyObject(lambda: deliver_to(request)),
        "basket_count": SimpleLazyObject(lambda: basket_count(request)),
    }


def basket_count(request: HttpRequest) -> int:
    """Units in the visitor's basket: no query for visitors who have none, one for all others."""
    basket = known_basket(request)
    if basket is None:
        return 0
    return basket.lines.aggregate(units=Sum("quantity"))["units"] or 0


def known_basket(request: HttpRequest) -> Basket | None:
    """The visitor's basket when there is reason to think that there is one."""
    if not hasattr(request, "basket_hash"):
        return None
    has_cookie = settings.OSCAR_BASKET_COOKIE_OPEN in request.COOKIES
    if not has_cookie and not (request.user.is_authenticated and request.user.pk):
        cached = getattr(request, "_basket_cache", None)
        return cached if cached is not None and cached.pk else None
    return request.basket if request.basket.pk else None
