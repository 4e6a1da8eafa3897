from django.urls import path

from shop.storefront import basket
from shop.storefront.same_origin import same_origin_only

urlpatterns = [
    path("", basket.BasketView.as_view(), name="summary"),
    # Cards stand on pages that set no cookie and may be cached: they carry no token.
    path("them/", same_origin_only(basket.AddView.as_view()), name="add"),
]
